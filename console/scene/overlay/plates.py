"""Texts on plates over the scene."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from console.map.live.sprites import FAMILY

PLATE, INK = QColor(16, 22, 30, 225), QColor("#f2f5f8")


def plate(painter: QPainter, place: QPointF, text: str, *, middle: bool = False) -> QRectF:
    """*text* on a dark plate whose left end, or middle, is at *place*; gives what it covers."""
    font = QFont(FAMILY)
    font.setPixelSize(13)
    painter.setFont(font)
    box = QRectF(painter.fontMetrics().boundingRect(0, 0, 600, 400, 0, text)).adjusted(-9, -5, 9, 5)
    box.moveCenter(place) if middle else box.moveTopLeft(place)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(PLATE)
    painter.drawRoundedRect(box, 5, 5)
    painter.setPen(INK)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    return box
