"""Degrees at the edges of the map part, and lines across it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from console.map.printing.layout import Ground
from console.map.printing.page_paint import INK, font_of, sharp_pen
from console.map.viewport import to_world

STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18000, 36000)
"""Seconds of arc between lines."""
APART = 18.0
"""Units (heights of small text) between lines at least."""
LINE = QColor(60, 70, 82, 90)


def paint_graticule(painter: QPainter, frame: QRectF, unit: float, ground: Ground, *, lines: bool) -> None:
    """*frame*: the map part in sheet pixels."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = font_of(0.8 * unit)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    west, south, east, north = ground.bounds
    left, top, right, bottom = ground.world
    step = _step((east - west) * 3600 * APART * unit / frame.width())
    for seconds in _values(west, east, step):
        x = frame.left() + (float(to_world(seconds / 3600, 0)[0]) - left) / (right - left) * frame.width()
        _line(painter, QPointF(x, frame.top()), QPointF(x, frame.bottom()), unit, lines)
        text = angle_text(seconds, "E", "W")
        at = x - metrics.horizontalAdvance(text) / 2
        painter.drawText(QPointF(at, frame.top() - 0.75 * unit), text)
        painter.drawText(QPointF(at, frame.bottom() + 1.35 * unit), text)
    for seconds in _values(south, north, step):
        y = frame.top() + (float(to_world(0, seconds / 3600)[1]) - top) / (bottom - top) * frame.height()
        _line(painter, QPointF(frame.left(), y), QPointF(frame.right(), y), unit, lines)
        text = angle_text(seconds, "N", "S")
        for x in (frame.left() - 0.75 * unit, frame.right() + 1.35 * unit):
            painter.save()
            painter.translate(x, y + metrics.horizontalAdvance(text) / 2)
            painter.rotate(-90)
            painter.drawText(QPointF(0, 0), text)
            painter.restore()
    painter.restore()


def angle_text(seconds: int, plus: str, minus: str) -> str:
    """117°11′30″E."""
    whole = abs(seconds)
    side = plus if seconds >= 0 else minus
    return f"{whole // 3600}°{whole // 60 % 60:02}′{whole % 60:02}″{side}"


def _step(least: float) -> int:
    return next((step for step in STEPS if step >= least), STEPS[-1])


def _values(low: float, high: float, step: int) -> Iterator[int]:
    first = math.ceil(low * 3600 / step)
    yield from (number * step for number in range(first, math.floor(high * 3600 / step) + 1))


def _line(painter: QPainter, start: QPointF, end: QPointF, unit: float, whole: bool) -> None:
    """Ticks outwards at both ends, and the line between them."""
    if whole:
        painter.setPen(sharp_pen(LINE, 0.07 * unit))
        painter.drawLine(start, end)
    across = start.y() == end.y()
    out = QPointF(0.6 * unit, 0) if across else QPointF(0, 0.6 * unit)
    painter.setPen(sharp_pen(INK, 0.1 * unit))
    painter.drawLine(start, start - out)
    painter.drawLine(end, end + out)
