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
        # Lambdas keep this object alive as long as the map calls it; bound signals do not.
        ctx.map.layers.on_change(lambda: self.layers_changed.emit())
        ctx.map.on_view_changed(lambda: self.view_changed.emit())
        ctx.map.on_pointer(lambda lon, lat: self.pointer.emit(lon, lat))
        ctx.map.on_click(lambda lon, lat: self.clicked.emit(lon, lat))
