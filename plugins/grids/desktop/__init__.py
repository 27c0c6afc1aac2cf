"""Desktop half of the grids plugin: directory of areas, counts, outline, panel."""

from __future__ import annotations

from typing import Any

from console.sdk import Context
from plugins.grids.desktop import adjust
from plugins.grids.desktop.directory import Directory
from plugins.grids.desktop.outline import Outline
from plugins.grids.desktop.overview import Overview
from plugins.grids.desktop.panel import GridPanel
from plugins.grids.desktop.theme import GridTheme
from plugins.grids.desktop.theme_hover import GridHover
from plugins.grids.desktop.theme_panel import ThemePanel


def bind(ctx: Context) -> None:
    """Build the parts, offer the service ``areas``, bind commands and panels."""
    directory = Directory(ctx)
    overview = Overview(ctx, directory)
    outline = Outline(ctx, directory)
    theme = GridTheme(ctx, overview)
    parts: list[Any] = [directory, overview, outline, theme, GridHover(ctx, theme, outline.select_here)]
    parts += adjust.bind(ctx, directory)
    ctx.undo(parts.clear)  # the parts live exactly as long as the plugin is active
    ctx.services.provide("areas", directory)
    ctx.panels.bind("onemap.grids.grids", lambda: GridPanel(overview))
    ctx.panels.bind("onemap.grids.theme", lambda: ThemePanel(ctx, theme))
    ctx.commands.bind("onemap.grids.colour", theme.toggle)
