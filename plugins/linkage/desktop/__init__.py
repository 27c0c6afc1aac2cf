"""Desktop half of the linkage: one desk, the calibration that is being made, the panel around them."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from console.sdk import Context, MissingService
from console.sdk.records import LonLat
from console.sdk.ui import EmptyState
from plugins.linkage.desktop.calibrating import Calibrating
from plugins.linkage.desktop.desk import KEY, PANEL, Desk
from plugins.linkage.desktop.names import Names
from plugins.linkage.desktop.panel import LinkagePanel


def bind(ctx: Context) -> None:
    """Build the parts and bind commands and panel."""
    desk = Desk(ctx)
    calibrating = Calibrating(desk)
    names = Names(ctx, desk.ground)
    parts: list[Any] = [desk, calibrating, names]
    ctx.undo(parts.clear)  # the parts live exactly as long as the plugin is active

    def selected() -> None:
        current = ctx.selection.current
        if current is None or current[0] != "camera":
            ctx.notify(ctx.tr("Select a camera first"), key=KEY)
            return
        ctx.panels.show(PANEL)
        desk.choose(current[1])

    async def look_here() -> None:
        where: LonLat | None = ctx.map.last_context_point()
        if where is not None:
            ctx.panels.show(PANEL)
            await desk.look(where)

    def panel() -> QWidget:
        try:
            return LinkagePanel(desk, calibrating, names)
        except MissingService:
            hint = ctx.tr("Switch on the plugin of cameras: it gives the pictures.")
            return EmptyState(ctx.tr("No cameras"), hint, icon="tower")

    ctx.panels.bind(PANEL, panel)
    ctx.commands.bind("onemap.linkage.selected", selected)
    ctx.commands.bind("onemap.linkage.look_here", look_here)
