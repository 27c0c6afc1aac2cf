"""Desktop half of printing."""

from __future__ import annotations

from typing import Any

from console.sdk import Context
from plugins.printing.desktop.panel import PrintPanel
from plugins.printing.desktop.quick import export_view
from plugins.printing.desktop.room import PrintRoom

PANEL = "onemap.printing.sheet"


def bind(ctx: Context) -> None:
    """One sheet, whose recipe is remembered."""
    room = PrintRoom(ctx)
    parts: list[Any] = [room]
    ctx.undo(parts.clear)  # it lives exactly as long as the plugin is active

    def here() -> None:
        ctx.panels.show(PANEL)
        place = ctx.map.last_context_point()
        if place is not None:
            room.put_at(place)

    ctx.panels.bind(PANEL, lambda: PrintPanel(ctx, room))
    ctx.commands.bind("onemap.printing.view", lambda: export_view(ctx, room))
    ctx.commands.bind("onemap.printing.here", here)
