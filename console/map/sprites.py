"""Point symbols drawn from their descriptions, crisp at any resolution, gathered in one pixmap a layer."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPixmap

from console.map.render.painter import color_of
from console.sdk.map import Sprite, SpriteShape

Colors = Callable[[str], str]
"""``#rrggbb`` of a theme token."""
MARGIN = 2.0
"""Logical pixels around a symbol for its outline."""
FAMILY = "Noto Sans CJK SC"


def resolve(color: str, colors: Colors) -> QColor:
    """A colour from ``#rrggbb[aa]`` or a theme token."""
    return color_of(color if color.startswith("#") else colors(color))


@dataclass(frozen=True, slots=True)
class Atlas:
    """All symbols of a layer side by side; *sources* (n, 4) in device pixels."""

    pixmap: QPixmap
    sources: npt.NDArray[Any]
    turns: npt.NDArray[np.bool_]
    """Which symbols are turned by the heading."""
    radius: npt.NDArray[Any]
    """Half the size of each symbol, logical pixels."""


def make_atlas(sprites: Sequence[Sprite], colors: Colors, dpr: float) -> Atlas:
    """Draw *sprites* for a screen of *dpr* device pixels in a logical one."""
    cells = [math.ceil((sprite.size * 1.25 + 2 * MARGIN) * dpr / 2) * 2 for sprite in sprites]
    starts = np.concatenate([[0], np.cumsum(cells)])
    pixmap = QPixmap(max(int(starts[-1]), 1), max(cells, default=1))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for sprite, cell, start in zip(sprites, cells, starts, strict=False):
        painter.save()
        painter.translate(float(start) + cell / 2, cell / 2)
        painter.scale(dpr, dpr)
        draw_sprite(painter, sprite, colors)
        painter.restore()
    painter.end()
    sources = np.array([(s, 0, c, c) for s, c in zip(starts, cells, strict=False)], float).reshape(-1, 4)
    return Atlas(
        pixmap,
        sources,
        np.array([sprite.shape is SpriteShape.ARROW for sprite in sprites], bool),
        np.array([sprite.size / 2 for sprite in sprites], float),
    )


def draw_sprite(painter: QPainter, sprite: Sprite, colors: Colors) -> None:
    """Draw one symbol around the origin, in logical pixels."""
    fill, outline = resolve(sprite.fill, colors), resolve(sprite.outline, colors)
    path = shape_path(sprite.shape, sprite.size / 2)
    pen = QPen(outline, max(2.4, sprite.size * 0.18))
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, pen)
    painter.fillPath(path, fill)
    if sprite.shape is SpriteShape.CAMERA:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(outline)
        painter.drawEllipse(QPointF(-sprite.size * 0.12, 0), sprite.size * 0.13, sprite.size * 0.13)
    if sprite.glyph:
        _draw_glyph(painter, sprite, fill)


def _draw_glyph(painter: QPainter, sprite: Sprite, fill: QColor) -> None:
    """One character, dark on light symbols and light on dark ones."""
    font = QFont(FAMILY)
    font.setPixelSize(max(round(sprite.size * 0.62), 6))
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    light = 0.2126 * fill.redF() + 0.7152 * fill.greenF() + 0.0722 * fill.blueF()
    painter.setPen(QColor("#0b1118") if light > 0.42 else QColor("#ffffff"))
    lift = sprite.size * 0.2 if sprite.shape is SpriteShape.PIN else 0.0
    side = sprite.size
    painter.drawText(
        QRectF(-side, -side - lift, 2 * side, 2 * side), Qt.AlignmentFlag.AlignCenter, sprite.glyph
    )


def shape_path(shape: SpriteShape, r: float) -> QPainterPath:
    """The outline of a symbol of radius *r* around the origin."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    match shape:
        case SpriteShape.CIRCLE:
            path.addEllipse(QPointF(0, 0), r * 0.95, r * 0.95)
        case SpriteShape.SQUARE:
            path.addRoundedRect(QRectF(-r * 0.85, -r * 0.85, r * 1.7, r * 1.7), r * 0.25, r * 0.25)
        case SpriteShape.RING:
            path.addEllipse(QPointF(0, 0), r * 0.95, r * 0.95)
            hole = QPainterPath()
            hole.addEllipse(QPointF(0, 0), r * 0.5, r * 0.5)
            path = path.subtracted(hole)
        case SpriteShape.PIN:
            _pin(path, r)
        case SpriteShape.CAMERA:
            path.addRoundedRect(QRectF(-r, -r * 0.55, r * 1.35, r * 1.1), r * 0.2, r * 0.2)
            _polygon(path, [(0.4, -0.18), (1.0, -0.55), (1.0, 0.55), (0.4, 0.18)], r)
        case _:
            _polygon(path, _CORNERS[shape], r)
    return path


_CORNERS: dict[SpriteShape, list[tuple[float, float]]] = {
    SpriteShape.DIAMOND: [(0, -1.1), (1.1, 0), (0, 1.1), (-1.1, 0)],
    SpriteShape.TRIANGLE: [(0, -1.05), (1.1, 0.85), (-1.1, 0.85)],
    SpriteShape.ARROW: [(0, -1.15), (0.8, 0.95), (0, 0.5), (-0.8, 0.95)],
    SpriteShape.TOWER: [(-0.35, -1.0), (0.35, -1.0), (0.5, -0.3), (0.3, -0.3), (0.75, 1.0), (-0.75, 1.0),
                        (-0.3, -0.3), (-0.5, -0.3)],
    SpriteShape.HOUSE: [(0, -1.05), (1.05, -0.1), (0.75, -0.1), (0.75, 0.9), (-0.75, 0.9), (-0.75, -0.1),
                        (-1.05, -0.1)],
    SpriteShape.CROSS: [(-0.35, -1), (0.35, -1), (0.35, -0.35), (1, -0.35), (1, 0.35), (0.35, 0.35),
                        (0.35, 1), (-0.35, 1), (-0.35, 0.35), (-1, 0.35), (-1, -0.35), (-0.35, -0.35)],
}  # fmt: skip


def _polygon(path: QPainterPath, corners: Sequence[tuple[float, float]], r: float) -> None:
    path.moveTo(corners[0][0] * r, corners[0][1] * r)
    for x, y in corners[1:]:
        path.lineTo(x * r, y * r)
    path.closeSubpath()


def _pin(path: QPainterPath, r: float) -> None:
    """A drop whose tip is at the place, slightly below the middle of the cell."""
    path.moveTo(0, r * 1.15)
    path.cubicTo(-r * 0.35, r * 0.55, -r * 0.85, r * 0.3, -r * 0.85, -r * 0.25)
    path.cubicTo(-r * 0.85, -r * 0.8, -r * 0.45, -r * 1.1, 0, -r * 1.1)
    path.cubicTo(r * 0.45, -r * 1.1, r * 0.85, -r * 0.8, r * 0.85, -r * 0.25)
    path.cubicTo(r * 0.85, r * 0.3, r * 0.35, r * 0.55, 0, r * 1.15)
    path.closeSubpath()
