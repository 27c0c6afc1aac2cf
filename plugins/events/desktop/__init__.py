"""Desktop half of the events plugin: one desk, with a layer, notices and panel around it."""

from __future__ import annotations

from typing import Any

from console.sdk import Context
from plugins.events.desktop.assessing.assessor import Assessor
from plugins.events.desktop.assessing.panel import PANEL as ASSESSMENTS
from plugins.events.desktop.assessing.panel import AssessmentsPanel
from plugins.events.desktop.desk import EventDesk
from plugins.events.desktop.export import export_events
from plugins.events.desktop.layer import EventLayer
from plugins.events.desktop.news import News
from plugins.events.desktop.panel import PANEL, EventPanel
from plugins.events.desktop.report import report_at, report_by_click
from plugins.events.model import EventAction


def bind(ctx: Context) -> None:
    """Build the parts and bind commands and panel."""
    desk = EventDesk(ctx)
    assessor = Assessor(desk)
    parts: list[Any] = [desk, assessor, EventLayer(desk), News(desk)]
    ctx.undo(parts.clear)  # the parts live exactly as long as the plugin is active
    ctx.services.provide("events", desk)
    ctx.panels.bind(PANEL, lambda: EventPanel(desk, assessor))
    ctx.panels.bind(ASSESSMENTS, lambda: AssessmentsPanel(assessor))
    bind_command = ctx.commands.bind
    bind_command("onemap.events.create", lambda: report_by_click(desk))
    bind_command("onemap.events.create_here", lambda: report_at(desk, ctx.map.last_context_point()))
    for action in (EventAction.ACCEPT, EventAction.CLOSE, EventAction.RETURN, EventAction.CANCEL):
        bind_command(f"onemap.events.{action}", lambda action=action: desk.ask(action))
    bind_command("onemap.events.next", desk.select_next)
    bind_command("onemap.events.show", desk.show_selected)
    bind_command("onemap.events.export", lambda: export_events(desk))
