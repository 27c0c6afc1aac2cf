"""The compass over a scene: where north is and how slanted one looks; a drag turns and tilts."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from console.map.live.sprites import FAMILY
from console.scene.pose import Pose
from console.sdk.ui.theming import color

SIZE = 56
"""Logical pixels."""
DRAG = 4.0
_FLATTEST = 0.45
"""However flat one looks, the disc is as high as this share of its width."""


class Compass(QWidget):
    """Told of each pose by ``show_pose``."""

    def __init__(
        self, parent: QWidget, took: Callable[[], None], turned: Callable[[float, float], None]
    ) -> None:
        """*took* is called when a drag begins, *turned* with each step of it, in logical pixels."""
        super().__init__(parent)
        self.clicked: Callable[[], None] = lambda: None
        self._took, self._turned = took, turned
        self._heading = self._tilt = 0.0
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._dragging = False
        self.setFixedSize(SIZE, SIZE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(SIZE, SIZE)

    def show_pose(self, pose: Pose) -> None:
        """Paint anew only what looks different."""
        found = round(pose.heading * 2) / 2, round(pose.tilt)
        if found != (self._heading, self._tilt):
            self._heading, self._tilt = found
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._last = event.position()
            self._dragging = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        now = event.position()
        if not self._dragging:
            if (now - self._pressed).manhattanLength() < DRAG:
                return
            self._dragging = True
            self._took()
        step, self._last = now - self._last, now
        self._turned(step.x(), step.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None and not self._dragging:
            self.clicked()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, ink = QColor(color("surface.raised")), QColor(color("text"))
        painter.setPen(QPen(QColor(color("border")), 1.0))
        painter.setBrush(ground)
        painter.drawEllipse(QRectF(0.5, 0.5, SIZE - 1, SIZE - 1))
        painter.translate(SIZE / 2, SIZE / 2)
        flat = max(abs(math.cos(math.radians(self._tilt))), _FLATTEST)
        _paint_needle(painter, self._heading, flat, QColor(color("error")), ink)


def _paint_needle(painter: QPainter, heading: float, flat: float, north: QColor, ink: QColor) -> None:
    """About the origin, on a disc that is *flat* times as high as wide; the letter stands upright."""
    faint = QColor(ink)
    faint.setAlphaF(0.35)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.save()
    painter.scale(1.0, flat)
    painter.rotate(-heading)
    for y, brush in ((-14.0, north), (22.0, faint)):
        painter.setBrush(brush)
        painter.drawPolygon(QPolygonF([QPointF(0, y), QPointF(-6.5, 3), QPointF(6.5, 3)]))
    painter.restore()
    font = painter.font()
    font.setFamily(FAMILY)
    font.setPixelSize(11)
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(ink)
    turn = math.radians(heading)
    x, y = -21 * math.sin(turn), -21 * math.cos(turn) * flat
    painter.drawText(QRectF(x - 8, y - 8, 16, 16), Qt.AlignmentFlag.AlignCenter, "N")
