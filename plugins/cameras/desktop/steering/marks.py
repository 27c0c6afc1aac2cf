"""What is drawn over a picture that is steered."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

HALO, BRIGHT = QColor(8, 12, 18, 170), QColor(244, 248, 251)


def paint_stick(painter: QPainter, place: QRectF, at: QPointF | None) -> None:
    """From the middle of the picture to the mouse: the way and the speed."""
    middle = place.center()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in _pens():
        painter.setPen(pen)
        painter.drawEllipse(middle, 5, 5)
        if at is None:
            continue
        line = QLineF(middle, at)
        painter.drawLine(line)
        for turn in (150, -150):
            barb = QLineF(line)
            barb.setAngle(line.angle() + turn)
            barb.setLength(12)
            painter.drawLine(QLineF(at, at + QPointF(barb.dx(), barb.dy())))


def paint_box(painter: QPainter, box: QRectF) -> None:
    """What shall fill the picture."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in _pens():
        painter.setPen(pen)
        painter.drawRect(box)


def paint_words(painter: QPainter, place: QRectF, words: str) -> None:
    """In the lower left corner."""
    metrics = painter.fontMetrics()
    text = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(round(place.width()) - 24, 0))
    high, wide = metrics.height() + 4, metrics.horizontalAdvance(text) + 12
    ground = QRectF(place.left() + 4, place.bottom() - high - 4, wide, high)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(HALO)
    painter.drawRoundedRect(ground, 4, 4)
    painter.setPen(BRIGHT)
    painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, text)


def _pens() -> tuple[QPen, QPen]:
    """A dark one below a bright one: seen on any picture."""
    return QPen(HALO, 5), QPen(BRIGHT, 2)
