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
        for y, way in ((frame.top(), -1.0), (frame.bottom(), 1.0)):
            mark_upright(painter, QPointF(x, y), QPointF(0, way), text, metrics, unit)
    for seconds in _values(south, north, step):
        y = frame.top() + (float(to_world(0, seconds / 3600)[1]) - top) / (bottom - top) * frame.height()
        _line(painter, QPointF(frame.left(), y), QPointF(frame.right(), y), unit, lines)
        text = angle_text(seconds, "N", "S")
        for x, way in ((frame.left(), -1.0), (frame.right(), 1.0)):
            mark_across(painter, QPointF(x, y), QPointF(way, 0), text, metrics, unit)
    painter.restore()


def mark_upright(
    painter: QPainter, at: QPointF, out: QPointF, text: str, metrics: QFontMetricsF, unit: float
) -> None:
    """Write above the upper edge or below the lower one."""
    away = -0.75 if out.y() < 0 else 1.35
    painter.drawText(at + QPointF(-metrics.horizontalAdvance(text) / 2, away * unit), text)


def mark_across(
    painter: QPainter, at: QPointF, out: QPointF, text: str, metrics: QFontMetricsF, unit: float
) -> None:
    """Write beside the left or the right edge, upwards."""
    painter.save()
    painter.translate(
        at + QPointF((-0.75 if out.x() < 0 else 1.35) * unit, metrics.horizontalAdvance(text) / 2)
    )
    painter.rotate(-90)
    painter.drawText(QPointF(0, 0), text)
    painter.restore()


def tick(painter: QPainter, at: QPointF, out: QPointF, unit: float) -> None:
    """A short stroke from the edge outwards, *out* being a step of one that way; leaves the pen in ink."""
    painter.setPen(sharp_pen(INK, 0.1 * unit))
    painter.drawLine(at, at + out * (0.6 * unit))


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
    out = QPointF(1, 0) if across else QPointF(0, 1)
    tick(painter, start, -out, unit)
    tick(painter, end, out, unit)
