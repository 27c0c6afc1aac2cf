"""Desktop half of the data sources."""

from __future__ import annotations

from typing import Any

from console.sdk import Context
from plugins.sources.desktop.attribute_panel import AttributePanel
from plugins.sources.desktop.choosing import FileChooser
from plugins.sources.desktop.file_opener import FileOpener
from plugins.sources.desktop.own_layers import LedgerLines
from plugins.sources.desktop.panel import SourcesPanel
from plugins.sources.desktop.raster_opener import RasterOpener
from plugins.sources.desktop.services.opener import ServiceOpener
from plugins.sources.desktop.sources import Sources

PANEL = "onemap.sources.sources"
TABLE = "onemap.sources.attributes"


def bind(ctx: Context) -> None:
    """Open what was open the last time, and take what is dropped onto the map."""
    sources = Sources(ctx, [RasterOpener(ctx), ServiceOpener(ctx), FileOpener(ctx)])

    def add(paths: Any) -> None:
        ctx.panels.show(PANEL)
        sources.add(paths)

    chooser = FileChooser(ctx, add)
    lines = LedgerLines(sources)
    ctx.services.provide("own_layers", lines)
    parts: list[Any] = [sources, chooser, lines]
    ctx.undo(parts.clear)  # they live exactly as long as the plugin is active
    ctx.panels.bind(PANEL, lambda: SourcesPanel(ctx, sources, chooser))
    ctx.panels.bind(TABLE, lambda: AttributePanel(ctx, sources))
    sources.table_wanted.connect(lambda _: ctx.panels.show(TABLE))
    ctx.commands.bind("onemap.sources.open", chooser.show)
    ctx.map.on_drop(add)
