"""The mouse over a picture that is steered: a stick, a click, a box, a wheel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QWheelEvent

from console.sdk import Context, Undo
from console.sdk.media import Tile
from plugins.cameras.desktop.steering.drive import STILL, Drive
from plugins.cameras.desktop.steering.marks import paint_box, paint_stick

DEAD = 0.08
"""Part of the way from the middle to the edge within which the stick does nothing."""
DRAG = 6.0
"""Logical pixels: less is a click."""
WHEEL, WHEEL_FOR = 0.6, 0.25
"""Speed of the zoom for a notch of the wheel, and for how many seconds."""
LEFT = Qt.MouseButton.LeftButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Mouse:
    """Drag: turn, the faster the farther from the middle. Ctrl and click: that into the middle. Shift and
    drag: that shall fill the picture. Wheel: zoom. Each method says whether it took the event."""

    def __init__(self, ctx: Context, tile: Tile, drive: Drive, place: Callable[[], QRectF | None]) -> None:
        self._ctx, self._tile, self._drive, self._place = ctx, tile, drive, place
        self._from: QPointF | None = None
        self._at = QPointF()
        self._kind = ""
        self._stop_wheel: Undo = lambda: None

    def press(self, event: QMouseEvent) -> bool:
        """A button went down."""
        place = self._place()
        if event.button() != LEFT or place is None or not place.contains(event.position()):
            return False
        modifiers = event.modifiers()
        self._kind = "centre" if modifiers & CONTROL else "box" if modifiers & SHIFT else "stick"
        self._from = self._at = event.position()
        return self._kind != "stick"

    def move(self, event: QMouseEvent) -> bool:
        """It moves with a button down."""
        place = self._place()
        if self._from is None or place is None:
            return False
        self._at = event.position()
        if self._far(self._from):
            if self._kind == "stick":
                self._drive.move((*stick(place, self._at), 0.0))
            self._tile.refresh()
        return True

    def release(self, event: QMouseEvent) -> bool:
        """The button went up."""
        begun, place = self._from, self._place()
        if begun is None or event.button() != LEFT:
            return False
        self._at = event.position()
        if self._kind == "centre" and place is not None and not self._far(begun):
            self._aim(place, QRectF(begun, begun), 1.0)
        elif self._kind == "box" and place is not None and self._far(begun):
            box = QRectF(begun, self._at).normalized() & place
            part = max(box.width() / place.width(), box.height() / place.height())
            self._aim(place, box, max(part, 0.02))
        taken = self._kind != "stick" or self._far(begun)
        self.end()
        return taken

    def end(self) -> None:
        """Whatever was begun is over."""
        if self._from is not None and self._kind == "stick":
            self._drive.move(STILL)
        self._from = None
        self._tile.refresh()

    def wheel(self, event: QWheelEvent) -> bool:
        """A notch up is closer."""
        notch = event.angleDelta().y()
        if not notch:
            return False
        self._stop_wheel()
        self._drive.move((0.0, 0.0, WHEEL if notch > 0 else -WHEEL))
        self._stop_wheel = self._ctx.tasks.later(WHEEL_FOR, lambda: self._drive.move(STILL))
        return True

    def paint(self, painter: QPainter, place: QRectF) -> None:
        """Stick or box, over the picture."""
        dragged = self._from is not None and self._far(self._from)
        if dragged and self._kind == "box" and self._from is not None:
            paint_box(painter, QRectF(self._from, self._at).normalized() & place)
        else:
            paint_stick(painter, place, self._at if dragged and self._kind == "stick" else None)

    def _far(self, begun: QPointF) -> bool:
        return (self._at - begun).manhattanLength() > DRAG

    def _aim(self, place: QRectF, box: QRectF, width: float) -> None:
        at, look = box.center() - place.topLeft(), self._drive.look
        x, y = look.to_camera(at.x() / place.width(), at.y() / place.height())
        shape = place.width() / place.height()
        body = {
            "x": min(max(float(x) - 0.5, -0.5), 0.5),
            "y": min(max(float(y) - 0.5, -0.5), 0.5),
            "width": width,
            "shape": min(max(1 / shape if look.turns % 2 else shape, 0.2), 10.0),
        }
        self._drive.order("aim", body)


def stick(place: QRectF, at: QPointF) -> tuple[float, float]:
    """Right and up, -1 to 1, of a stick that is at *at*; slow near the middle, where one aims."""
    away = at - place.center()
    half = min(place.width(), place.height()) / 2
    return eased(away.x() / half), -eased(away.y() / half)


def eased(part: float) -> float:
    """Speed of a stick that is *part* of its way out, -1 to 1."""
    beyond = min(max((abs(part) - DEAD) / (1 - DEAD), 0.0), 1.0)
    return (1 if part > 0 else -1) * beyond**1.5
