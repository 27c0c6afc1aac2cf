"""Desktop half of dispatch: one desk, with map layers, notices and panel around it."""

from __future__ import annotations

from typing import Any

from console.sdk import Context
from console.sdk.records import ClosureShape
from plugins.dispatch.desktop import (
    coverage,
    order_details,
    order_settings,
    reach,
    rules_form,
    stations,
    together,
)
from plugins.dispatch.desktop.closure_news import ClosureNews
from plugins.dispatch.desktop.coverage import CoverageLayer, CoveragePanel
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.drawing import draw_closure
from plugins.dispatch.desktop.help_news import HelpNews
from plugins.dispatch.desktop.layers import ClosureLayer, PreviewLayer, RouteLayer, StepLayer
from plugins.dispatch.desktop.messages import MessageNews
from plugins.dispatch.desktop.news import OrderNews
from plugins.dispatch.desktop.order_details import OrderDetails
from plugins.dispatch.desktop.order_settings import OrderSettings
from plugins.dispatch.desktop.panel import PANEL, DispatchPanel
from plugins.dispatch.desktop.proposals import Proposer
from plugins.dispatch.desktop.reach import Reacher, ReachPanel
from plugins.dispatch.desktop.reshaping import Reshaper
from plugins.dispatch.desktop.rules_form import RulesForm
from plugins.dispatch.desktop.survey import Surveyor
from plugins.dispatch.desktop.together import TogetherPanel
from plugins.dispatch.desktop.whereabouts import PlaceNamer


def bind(ctx: Context) -> None:
    """Build the parts and bind commands and panel."""
    desk = DispatchDesk(ctx)
    proposer, surveyor, reacher = Proposer(desk), Surveyor(desk), Reacher(desk)
    closures = ClosureLayer(desk)
    reshaper = Reshaper(desk, closures)
    parts: list[Any] = [desk, closures, RouteLayer(desk), PreviewLayer(desk), OrderNews(desk)]
    parts += [
        ClosureNews(desk),
        HelpNews(desk),
        proposer,
        surveyor,
        CoverageLayer(surveyor),
        reacher,
        StepLayer(desk),
        MessageNews(desk),
    ]
    ctx.undo(parts.clear)  # the parts live exactly as long as the plugin is active
    ctx.services.provide("whereabouts", PlaceNamer(ctx))
    ctx.panels.bind(PANEL, lambda: DispatchPanel(desk))
    ctx.panels.bind(together.PANEL, lambda: TogetherPanel(proposer))
    ctx.panels.bind(coverage.PANEL, lambda: CoveragePanel(surveyor))
    ctx.panels.bind(reach.PANEL, lambda: ReachPanel(reacher))
    ctx.panels.bind(rules_form.PANEL, lambda: RulesForm(desk))
    ctx.panels.bind(order_details.PANEL, lambda: OrderDetails(desk))
    ctx.panels.bind(order_settings.PANEL, lambda: OrderSettings(desk))
    ctx.panels.bind(stations.PANEL, lambda: stations.HelpPanel(desk))
    ctx.commands.bind("onemap.dispatch.send", desk.send_chosen)
    ctx.commands.bind("onemap.dispatch.next_candidate", desk.choose_next)
    ctx.commands.bind("onemap.dispatch.reach_from", reacher.ask_place)
    ctx.commands.bind("onemap.dispatch.edit_closure", reshaper.edit)
    for shape in ClosureShape:
        ctx.commands.bind(f"onemap.dispatch.close_{shape}", lambda shape=shape: draw_closure(desk, shape))
