"""A tool that asks for a piece of ground: a box, or whatever is drawn round it with the button held."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from console.map.aim import Aim, AimHost
from console.map.live.sprites import Colors
from console.map.tools import Tool
from console.map.viewport import Viewport
from console.model.records import LonLat
from console.sdk.ui.words import word

Outline = Literal["box", "lasso"]
NEAR = 3.0
"""Logical pixels between points of a lasso at least."""
MOST = 4000
"""Points of a lasso."""
_CORNERS = 3
_PLACE = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class OutlineTool(Tool):
    """Drag; or click corner by corner. By keys: the arrows, Space for a corner, Enter."""

    def __init__(self, prompt: str, shape: Outline, host: AimHost) -> None:
        super().__init__(prompt)
        self._shape, self._host = shape, host
        self._aim = Aim(host)
        self._points: list[LonLat] = []
        self._held = False

    @property
    def hints(self) -> str:
        if self._shape == "box":
            return word("Drag, or arrow keys and Space at two corners · Esc: cancel")
        return word("Drag around it, or click and Enter; arrow keys and Space · Esc: cancel")

    def move(self, place: LonLat) -> None:
        self._aim.set(place)
        if self._held and self._shape == "lasso" and self._is_far(place) and len(self._points) < MOST:
            self._points.append(place)

    def grab(self, viewport: Viewport, px: float, py: float) -> bool:
        self._held = True
        place = viewport.place_at(px, py)
        self._aim.set(place)
        self._points.append(place)
        return True

    def drop(self, dragged: bool) -> None:
        self._held = False
        if dragged or (self._shape == "box" and len(self._points) > 1):
            self._end()

    def double_click(self) -> None:
        self._end()

    def key(self, key: int, fast: bool = False) -> bool:
        if self._aim.key(key, fast):
            return True
        if key not in _PLACE:
            return super().key(key)
        if key == Qt.Key.Key_Space or self._shape == "box":
            self._points.append(self._aim.place)
        if key != Qt.Key.Key_Space or (self._shape == "box" and len(self._points) > 1):
            self._end()
        return True

    def wants(self, key: int) -> bool:
        return key in _PLACE

    def undo(self) -> None:
        if self._points:
            self._points.pop()

    def draw(self, painter: QPainter, viewport: Viewport, colors: Colors) -> None:
        if not self._held:
            self._aim.draw(painter, viewport, colors)
        ring = [QPointF(*viewport.pixel_of(*place)) for place in self._ring()]
        if len(ring) > 1:
            color = QColor(colors("map.selection"))
            painter.setPen(QPen(color, 1.5))
            color.setAlphaF(0.12)
            painter.setBrush(color)
            painter.drawPolygon(QPolygonF(ring))

    def _ring(self) -> list[LonLat]:
        """As it would be if it ended here."""
        if not self._points:
            return []
        (west, south), (east, north) = self._points[0], self._aim.place
        if self._shape == "box":
            return [(west, south), (east, south), (east, north), (west, north)]
        return self._points if self._held else [*self._points, self._aim.place]

    def _is_far(self, place: LonLat) -> bool:
        viewport = self._host.viewport
        (x, y), (px, py) = viewport.pixel_of(*place), viewport.pixel_of(*self._points[-1])
        return abs(x - px) + abs(y - py) >= NEAR

    def _end(self) -> None:
        """Unless it holds nothing yet."""
        ring = self._ring() if self._shape == "box" else self._points
        if len({*ring}) >= _CORNERS:
            self.finish(ring)
