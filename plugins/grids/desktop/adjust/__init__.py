"""Adjusting grids: borders moved, grids split, merged and drawn, in a plan that is put in force."""

from __future__ import annotations

from typing import Any

from console.sdk import Context
from plugins.grids.desktop.adjust.desk import AdjustDesk
from plugins.grids.desktop.adjust.drawn import Drawn
from plugins.grids.desktop.adjust.panel import AdjustPanel
from plugins.grids.desktop.adjust.sharing import Sharing
from plugins.grids.desktop.adjust.tools import Tools
from plugins.grids.desktop.directory import Directory

PANEL = "onemap.grids.adjust"


def bind(ctx: Context, directory: Directory) -> list[Any]:
    """Bind panel and commands; returns what must live as long as the plugin is active."""
    desk = AdjustDesk(ctx, directory)
    sharing, tools = Sharing(desk), Tools(desk)
    ctx.panels.bind(PANEL, lambda: AdjustPanel(desk, tools, sharing))
    for name, act in tools.acts.items():
        ctx.commands.bind(f"onemap.grids.{name}", act)
    ctx.commands.bind("onemap.grids.undo", desk.undo)
    ctx.commands.bind("onemap.grids.redo", desk.redo)
    return [desk, sharing, tools, Drawn(desk)]
