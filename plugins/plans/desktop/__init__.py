"""Desktop half of the plans plugin: one desk, with a map layer and the panel around it."""

from __future__ import annotations

from typing import Any

from console.sdk import Context
from plugins.plans.desktop.desk import PANEL, PlansDesk
from plugins.plans.desktop.layer import PlanLayer
from plugins.plans.desktop.panel import PlansPanel


def bind(ctx: Context) -> None:
    """Build the parts and bind commands and panel."""
    desk = PlansDesk(ctx)
    layer = PlanLayer(desk)
    parts: list[Any] = [desk, layer]
    ctx.undo(parts.clear)  # the parts live exactly as long as the plugin is active

    def for_event() -> None:
        ctx.panels.show(PANEL)
        desk.for_event.emit()

    ctx.panels.bind(PANEL, lambda: PlansPanel(desk, layer))
    ctx.commands.bind("onemap.plans.for_event", for_event)
    ctx.commands.bind("onemap.plans.new", desk.new)
