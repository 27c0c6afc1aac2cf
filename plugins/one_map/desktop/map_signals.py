"""The map's events as Qt signals, so that panels may come and go without undoing anything."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from console.sdk import Context


class MapSignals(QObject):
    """Lives as long as the plugin is active."""

    layers_changed = Signal()
    view_changed = Signal()
    pointer = Signal(float, float)
    """Longitude and latitude under the pointer, at most 30 times a second."""
    clicked = Signal(float, float)
    """Place of a click that hit no live symbol."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        ctx.map.layers.on_change(self.layers_changed.emit)
        ctx.map.on_view_changed(self.view_changed.emit)
        ctx.map.on_pointer(self.pointer.emit)
        ctx.map.on_click(self.clicked.emit)
