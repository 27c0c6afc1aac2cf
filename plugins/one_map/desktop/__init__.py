"""Desktop half of the one map: every tool binds its own commands and panel."""

from __future__ import annotations

from typing import Any

from console.sdk import Context
from plugins.one_map.desktop.bookmarks import Bookmarks, BookmarksPanel
from plugins.one_map.desktop.coordinates import CoordinatesPanel, Probe
from plugins.one_map.desktop.identify import Identify, IdentifyPanel
from plugins.one_map.desktop.layer_panel import LayerPanel
from plugins.one_map.desktop.map_signals import MapSignals
from plugins.one_map.desktop.measure_panel import MeasurePanel
from plugins.one_map.desktop.measure_tool import MeasureTool
from plugins.one_map.desktop.navigation import bind_navigation
from plugins.one_map.desktop.search import Search
from plugins.one_map.desktop.search_panel import SearchPanel


def bind(ctx: Context) -> None:
    """Build the tools and bind commands and panels."""
    signals = MapSignals(ctx)
    bind_navigation(ctx, signals)
    measure = MeasureTool(ctx)
    identify = Identify(ctx)
    search = Search(ctx)
    probe = Probe(ctx, signals)
    bookmarks = Bookmarks(ctx)
    panels = {
        "onemap.one_map.layers": lambda: LayerPanel(ctx, signals),
        "onemap.one_map.search": lambda: SearchPanel(ctx, search),
        "onemap.one_map.measure": lambda: MeasurePanel(ctx, measure),
        "onemap.one_map.identified": lambda: IdentifyPanel(ctx, identify),
        "onemap.one_map.coordinates": lambda: CoordinatesPanel(ctx, probe),
        "onemap.one_map.bookmarks": lambda: BookmarksPanel(ctx, bookmarks),
    }
    parts: list[Any] = [signals, measure, identify, search, probe, bookmarks]
    ctx.undo(parts.clear)  # the parts live exactly as long as the plugin is active
    ctx.services.provide("places", search)
    for panel_id, factory in panels.items():
        ctx.panels.bind(panel_id, factory)
