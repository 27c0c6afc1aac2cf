"""Paints scale bar, north arrow and attribution; on the screen and on exported sheets."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from console.map.live.sprites import FAMILY, Colors
from console.map.viewport import Viewport
from console.sdk.ui.words import word

EDGE = 12
"""Logical pixels from the frame of the view."""
CORNER_HEIGHT = 56
ARROW, LONGEST, AFTER = 34, 140, 24
"""Logical pixels of the corner: for the arrow, for the scale bar, and for what its text stands out."""
BETWEEN = " · "
"""What stands between those whom an attribution names."""
LINE, PAD = 16, 6
"""Logical pixels from line to line of it, and beside it."""


def nice_length(most: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not over *most*."""
    power = 10.0 ** math.floor(math.log10(most))
    return max(step * power for step in (1, 2, 5) if step * power <= most)


def metres_text(metres: float) -> str:
    """Length with its unit: 50 m, 2 km."""
    if metres >= 1000:
        return word("{number} km").format(number=f"{metres / 1000:g}")
    return word("{number} m").format(number=f"{metres:g}")


def draw_scale_bar(
    painter: QPainter, x: float, y: float, metres_per_pixel: float, ink: QColor, halo: QColor
) -> None:
    """A bar of a round length that begins at x and stands on y, logical pixels."""
    metres = nice_length(LONGEST * metres_per_pixel)
    width = metres / metres_per_pixel
    bar = QPolygonF([QPointF(x, y - 6), QPointF(x, y), QPointF(x + width, y), QPointF(x + width, y - 6)])
    for pen in (QPen(halo, 4.5), QPen(ink, 1.8)):
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawPolyline(bar)
    draw_text(painter, x + width / 2, y - 5, metres_text(metres), ink, halo)


def draw_text(painter: QPainter, x: float, y: float, text: str, ink: QColor, halo: QColor) -> None:
    """Small text with a halo; its middle is at x, its baseline at y."""
    font = QFont(FAMILY)
    font.setPixelSize(11)
    width = QFontMetricsF(font).horizontalAdvance(text)
    path = QPainterPath()
    path.addText(x - width / 2, y, font, text)
    pen = QPen(halo, 3.0)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, pen)
    painter.fillPath(path, ink)


def draw_north_arrow(painter: QPainter, x: float, y: float, ink: QColor, halo: QColor) -> None:
    """An arrow whose foot is at (x, y), with N."""
    left = QPolygonF([QPointF(x, y - 24), QPointF(x - 7, y), QPointF(x, y - 6)])
    right = QPolygonF([QPointF(x, y - 24), QPointF(x + 7, y), QPointF(x, y - 6)])
    painter.setPen(QPen(halo, 2.5))
    painter.drawPolygon(left)
    painter.drawPolygon(right)
    painter.setPen(QPen(ink, 1.0))
    painter.setBrush(ink)
    painter.drawPolygon(left)
    painter.setBrush(halo)
    painter.drawPolygon(right)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    draw_text(painter, x, y - 27, "N", ink, halo)


def paint_furniture(painter: QPainter, viewport: Viewport, attribution: str, colors: Colors) -> None:
    """Scale bar and north arrow at the lower left, attribution at the lower right."""
    bottom = round(viewport.height) - EDGE
    ink, muted, halo = colors("text"), colors("text.muted"), colors("surface")
    metres = nice_length(LONGEST * viewport.metres_per_pixel)
    bar = round(metres / viewport.metres_per_pixel)
    corner = _corner_picture(metres, bar, metres_text(metres), ink, halo, viewport.dpr)
    painter.drawPixmap(EDGE, bottom - CORNER_HEIGHT + EDGE, corner)
    if attribution:
        room = round(viewport.width) - 2 * EDGE - ARROW - LONGEST - AFTER
        picture = _attribution_picture(attribution, room, muted, halo, viewport.dpr)
        size = picture.deviceIndependentSize()
        left, top = viewport.width - size.width(), viewport.height - size.height()
        painter.drawPixmap(round(left), round(top), picture)


@lru_cache(maxsize=64)
def _corner_picture(metres: float, bar: int, text: str, ink: str, halo: str, dpr: float) -> QPixmap:
    """North arrow and scale bar; drawn once, for strokes are slow. *text* is part of the key."""
    picture, painter = _blank(ARROW + bar + AFTER, CORNER_HEIGHT, dpr)
    ground = QColor(halo)
    ground.setAlphaF(0.8)
    draw_north_arrow(painter, 10, CORNER_HEIGHT - EDGE, QColor(ink), ground)
    draw_scale_bar(painter, ARROW, CORNER_HEIGHT - EDGE, metres / bar, QColor(ink), ground)
    painter.end()
    return picture


@lru_cache(maxsize=16)
def _attribution_picture(text: str, room: int, ink: str, halo: str, dpr: float) -> QPixmap:
    """On a plate, as it lies above labels; in several lines where the *room* (logical pixels) is narrow."""
    font = QFont(FAMILY)
    font.setPixelSize(11)
    metrics = QFontMetricsF(font)
    lines = broken(text, lambda line: metrics.horizontalAdvance(line) + 2 * PAD <= room)
    width = math.ceil(max(map(metrics.horizontalAdvance, lines))) + 2 * PAD
    picture, painter = _blank(width, LINE * len(lines) + 2, dpr)
    ground = QColor(halo)
    ground.setAlphaF(0.78)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(QRectF(0, 0, width + PAD, LINE * len(lines) + 2 + PAD), 4, 4)
    painter.setPen(QColor(ink))
    painter.setFont(font)
    for i, line in enumerate(lines):
        x = width - PAD - metrics.horizontalAdvance(line)
        painter.drawText(QPointF(x, LINE * i + LINE - 3), line)
    painter.end()
    return picture


def broken(text: str, fits: Callable[[str], bool]) -> list[str]:
    """An attribution in lines that fit where it can be broken: between those whom it names."""
    lines: list[str] = []
    for part in text.split(BETWEEN):
        longer = f"{lines[-1]}{BETWEEN}{part}" if lines else part
        if lines and fits(longer):
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def _blank(width: int, height: int, dpr: float) -> tuple[QPixmap, QPainter]:
    """A clear picture in logical pixels, and a painter on it that its user ends."""
    picture = QPixmap(math.ceil(width * dpr), math.ceil(height * dpr))
    picture.setDevicePixelRatio(dpr)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return picture, painter
