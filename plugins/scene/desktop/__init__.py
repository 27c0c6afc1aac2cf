"""Desktop half of the 3D one map."""

from __future__ import annotations

from console.sdk import Context
from plugins.scene.desktop.align import AlignDesk
from plugins.scene.desktop.align_panel import AlignPanel
from plugins.scene.desktop.measures import Measures
from plugins.scene.desktop.model_list import ModelList
from plugins.scene.desktop.model_panel import ModelPanel
from plugins.scene.desktop.sight import SightTools
from plugins.scene.desktop.sight_panel import SightPanel
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
