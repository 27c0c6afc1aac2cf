"""Desktop half of the 3D one map."""

from __future__ import annotations

from console.sdk import Context
from plugins.scene.desktop.align import AlignDesk
from plugins.scene.desktop.align_panel import AlignPanel
from plugins.scene.desktop.comparison import Comparison
from plugins.scene.desktop.measures import Measures
from plugins.scene.desktop.model_list import ModelList
from plugins.scene.desktop.model_panel import ModelPanel
from plugins.scene.desktop.picture_desk import PictureDesk
from plugins.scene.desktop.picture_panel import PicturePanel
from plugins.scene.desktop.shape_desk import UNCUT, ShapeDesk
from plugins.scene.desktop.shape_panel import ShapePanel
from plugins.scene.desktop.shape_picks import PANEL, WINDOW, ShapePicks
from plugins.scene.desktop.shape_store import ShapeStore
from plugins.scene.desktop.sight import SightTools
from plugins.scene.desktop.sight_panel import SightPanel
from plugins.scene.desktop.survey import SurveyTools
from plugins.scene.desktop.survey_panel import SurveyPanel
from plugins.scene.desktop.terrain import Terrain
from plugins.scene.desktop.trip_panel import TripPanel
from plugins.scene.desktop.trips import TripList
from plugins.scene.desktop.window import WindowPanel


def bind(ctx: Context) -> None:
    """Build the parts and bind commands and panels."""
    models, trips, measures = ModelList(ctx), TripList(ctx), Measures(ctx)
    Terrain(ctx)
    ctx.panels.bind("onemap.scene.window", lambda: WindowPanel(ctx, measures))
    ctx.panels.bind("onemap.scene.models", lambda: ModelPanel(ctx, models))
    aligning = AlignDesk(ctx, models)
    ctx.panels.bind("onemap.scene.align", lambda: AlignPanel(ctx, aligning))
    sight = SightTools(ctx)
    ctx.panels.bind("onemap.scene.sight", lambda: SightPanel(ctx, sight))
    ctx.services.provide("sight", ctx.scene.sight)
    ctx.panels.bind("onemap.scene.trips", lambda: TripPanel(ctx, trips))
    ctx.commands.bind("onemap.scene.keep_view", trips.keep)
    ctx.commands.bind("onemap.scene.record", trips.record)
    ctx.commands.bind("onemap.scene.open_folder", models.ask_folder)
    ctx.commands.bind("onemap.scene.link", lambda: ctx.scene.link(not ctx.scene.linked))
    ctx.undo(models.end)
    _bind_shape(ctx)
    _bind_survey(ctx)
    pictures = PictureDesk(ctx)
    ctx.panels.bind("onemap.scene.pictures", lambda: PicturePanel(ctx, pictures))
    ctx.commands.bind("onemap.scene.picture", pictures.save)


def _bind_survey(ctx: Context) -> None:
    """Profiles, sections, volumes."""
    tools = SurveyTools(ctx)
    ctx.panels.bind("onemap.scene.survey", lambda: SurveyPanel(ctx, tools))
    ctx.commands.bind("onemap.scene.profile", tools.profile)
    ctx.commands.bind("onemap.scene.section", tools.section)
    ctx.commands.bind("onemap.scene.volume", tools.volume)


def _bind_shape(ctx: Context) -> None:
    """Cutting, flattening, comparing."""
    desk, comparison = ShapeDesk(ctx), Comparison(ctx)
    picks = ShapePicks(ctx, desk)
    ShapeStore(ctx, desk, comparison)

    def compare() -> None:
        started = comparison.toggle()
        told = "" if started else ctx.tr("Tick what is shown on the left, and what on the right")
        desk.tell(told)
        ctx.panels.show(WINDOW if comparison.under_way else PANEL)

    ctx.panels.bind(PANEL, lambda: ShapePanel(ctx, desk, picks, comparison))
    ctx.commands.bind("onemap.scene.cut_box", picks.box)
    ctx.commands.bind("onemap.scene.cut_plane", picks.upright)
    ctx.commands.bind("onemap.scene.cut_level", picks.level)
    ctx.commands.bind(UNCUT, desk.uncut)
    ctx.commands.bind("onemap.scene.flatten", picks.flatten)
    ctx.commands.bind("onemap.scene.swipe", compare)
    shape = ctx.scene.shape
    ctx.commands.bind("onemap.scene.underground", lambda: shape.set_underground(not shape.underground))
