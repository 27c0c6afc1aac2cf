"""The crosshair that arrow keys move, so that tools of the map can be used without a pointer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from console.map.live.sprites import Colors
from console.map.viewport import Viewport
from console.model.records import LonLat

STEP, FAST_STEP = 8.0, 64.0
"""Logical pixels that one press of an arrow key moves it."""
EDGE = 48.0
"""Logical pixels from the edge of the view; nearer than that the map moves instead."""
ARM, GAP = 26.0, 5.0
"""Outer and inner end of the crosshair's arms, in logical pixels from its centre."""
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class AimHost(Protocol):
    """The view, as the crosshair knows it."""

    @property
    def viewport(self) -> Viewport: ...
    def show_view(self, viewport: Viewport) -> None: ...


class InUse:
    """The view that the user works in, whichever that is by now."""

    def __init__(self, view: Callable[[], AimHost]) -> None:
        self._view = view

    @property
    def viewport(self) -> Viewport:
        return self._view().viewport

    def show_view(self, viewport: Viewport) -> None:
        self._view().show_view(viewport)


class Aim:
    """Stands in the middle of the view until pointer or keys move it."""

    def __init__(self, host: AimHost) -> None:
        self._host = host
        self._place: LonLat | None = None

    @property
    def place(self) -> LonLat:
        """Where it is, in degrees."""
        return self._host.viewport.center if self._place is None else self._place

    def set(self, place: LonLat) -> None:
        """Follow the pointer."""
        self._place = place

    def key(self, key: int, fast: bool) -> bool:
        """Move by an arrow key; False for other keys."""
        step = _STEPS.get(Qt.Key(key))
        if step is None:
            return False
        length = FAST_STEP if fast else STEP
        viewport = self._host.viewport
        px, py = viewport.pixel_of(*self.place)
        px, py = px + step[0] * length, py + step[1] * length
        self._place = viewport.place_at(px, py)
        dx, dy = _beyond(px, viewport.width), _beyond(py, viewport.height)
        if dx or dy:
            self._host.show_view(viewport.panned(-dx, -dy))
        return True

    def draw(self, painter: QPainter, viewport: Viewport, colors: Colors) -> None:
        """Four arms with a free middle, dark beneath light, so that it is seen on any map."""
        x, y = viewport.pixel_of(*self.place)
        for pen in (QPen(QColor(0, 0, 0, 190), 6.0), QPen(QColor(colors("map.selection")), 3.0)):
            painter.setPen(pen)
            for dx, dy in _STEPS.values():
                painter.drawLine(QPointF(x + dx * GAP, y + dy * GAP), QPointF(x + dx * ARM, y + dy * ARM))


def _beyond(at: float, size: float) -> float:
    """How far a pixel lies outside of the view's inner part; 0 inside."""
    edge = min(EDGE, size / 4)
    return min(at - edge, 0.0) + max(at - (size - edge), 0.0)
