"""Desktop half of the polling plugin: one desk, the panel around it."""

from __future__ import annotations

from typing import Any

from console.sdk import Context
from plugins.polling.desktop.desk import PANEL, Desk
from plugins.polling.desktop.inspection import Inspection
from plugins.polling.desktop.panel import PollingPanel


def bind(ctx: Context) -> None:
    """Build the parts and bind commands and panel."""
    desk = Desk(ctx)
    inspection = Inspection(desk)
    parts: list[Any] = [desk, inspection]
    ctx.undo(parts.clear)  # the parts live exactly as long as the plugin is active
    ctx.panels.bind(PANEL, lambda: PollingPanel(desk, inspection))
    ctx.commands.bind("onemap.polling.view", desk.play_view)
    ctx.commands.bind("onemap.polling.event", desk.play_event)
