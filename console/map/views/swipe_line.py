"""How the line of a swipe looks, on the map and in the scene."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from console.map.live.sprites import Colors

GRIP = 12.0
"""Logical pixels: radius of what one takes hold of."""


def paint_line(widget: QWidget, colors: Colors, *, upright: bool) -> None:
    """Along the middle of *widget*, with its grip."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle, color = QRectF(widget.rect()).center(), QColor(colors("map.selection"))
    ends = (
        (QPointF(middle.x(), 0), QPointF(middle.x(), widget.height()))
        if upright
        else (QPointF(0, middle.y()), QPointF(widget.width(), middle.y()))
    )
    for pen in (QPen(QColor(0, 0, 0, 150), 5.0), QPen(color, 2.0)):
        painter.setPen(pen)
        painter.drawLine(*ends)
    painter.translate(middle)
    painter.rotate(0 if upright else 90)
    painter.setPen(QPen(color, 3.0 if widget.hasFocus() else 1.5))
    painter.setBrush(QColor(colors("surface.raised")))
    painter.drawEllipse(QPointF(), GRIP, GRIP)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors("text")))
    for side in (-1, 1):
        painter.drawPolygon(QPolygonF([QPointF(side * 7.5, 0), QPointF(side * 3, -4), QPointF(side * 3, 4)]))
    painter.end()
