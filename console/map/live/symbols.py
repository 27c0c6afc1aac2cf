"""Outlines of the point symbols, around the middle of each; y goes down."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath

from console.sdk.symbols import SpriteShape

_CORNERS: dict[SpriteShape, Sequence[tuple[float, float]]] = {
    SpriteShape.DIAMOND: [(0, -1.12), (1.12, 0), (0, 1.12), (-1.12, 0)],
    SpriteShape.TRIANGLE: [(0, -1.08), (1.12, 0.86), (-1.12, 0.86)],
    SpriteShape.ARROW: [(0, -1.12), (0.82, 0.95), (0, 0.5), (-0.82, 0.95)],
    SpriteShape.HOUSE: [(0, -1.0), (1.08, -0.08), (0.8, -0.08), (0.8, 0.92), (-0.8, 0.92), (-0.8, -0.08),
                        (-1.08, -0.08)],
    SpriteShape.CROSS: [(-0.36, -1), (0.36, -1), (0.36, -0.36), (1, -0.36), (1, 0.36), (0.36, 0.36),
                        (0.36, 1), (-0.36, 1), (-0.36, 0.36), (-1, 0.36), (-1, -0.36), (-0.36, -0.36)],
}  # fmt: skip
"""In radii."""


@lru_cache(maxsize=256)
def symbol_path(shape: SpriteShape, r: float) -> QPainterPath:
    """The outline of a symbol of radius *r*; not to be changed by the caller."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    match shape:
        case SpriteShape.CIRCLE:
            path.addEllipse(QPointF(), r, r)
        case SpriteShape.SQUARE:
            path.addRoundedRect(QRectF(-0.88 * r, -0.88 * r, 1.76 * r, 1.76 * r), 0.28 * r, 0.28 * r)
        case SpriteShape.RING:
            path = _ring(r)
        case SpriteShape.PIN:
            path = _pin(r)
        case SpriteShape.CAMERA:
            path.addRoundedRect(QRectF(-r, -0.58 * r, 1.4 * r, 1.16 * r), 0.24 * r, 0.24 * r)
            _polygon(path, [(0.34, -0.2), (1.0, -0.58), (1.0, 0.58), (0.34, 0.2)], r)
            path = path.simplified()
        case SpriteShape.TOWER:
            path = _tower(r)
        case _:
            _polygon(path, _CORNERS[shape], r)
    return path


def camera_lens(r: float) -> QPainterPath:
    """The dot on a camera's body."""
    path = QPainterPath()
    path.addEllipse(QPointF(-0.3 * r, 0), 0.26 * r, 0.26 * r)
    return path


def _polygon(path: QPainterPath, corners: Sequence[tuple[float, float]], r: float) -> None:
    path.moveTo(corners[0][0] * r, corners[0][1] * r)
    for x, y in corners[1:]:
        path.lineTo(x * r, y * r)
    path.closeSubpath()


def _ring(r: float) -> QPainterPath:
    path, hole = QPainterPath(), QPainterPath()
    path.addEllipse(QPointF(), r, r)
    hole.addEllipse(QPointF(), 0.56 * r, 0.56 * r)
    return path.subtracted(hole)


def _pin(r: float) -> QPainterPath:
    """A drop; its tip is the lowest point of its box."""
    path = QPainterPath(QPointF(0, 1.3 * r))
    path.cubicTo(-0.22 * r, 0.78 * r, -r, 0.42 * r, -r, -0.3 * r)
    path.cubicTo(-r, -0.86 * r, -0.55 * r, -1.3 * r, 0, -1.3 * r)
    path.cubicTo(0.55 * r, -1.3 * r, r, -0.86 * r, r, -0.3 * r)
    path.cubicTo(r, 0.42 * r, 0.22 * r, 0.78 * r, 0, 1.3 * r)
    path.closeSubpath()
    return path


def _tower(r: float) -> QPainterPath:
    """A lattice mast that carries a broad head: a camera high above the roofs."""
    path, legs = QPainterPath(), QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    _polygon(path, [(-0.3, -0.4), (0.3, -0.4), (0.82, 1.0), (-0.82, 1.0)], r)
    _polygon(legs, [(0, -0.14), (0.2, 0.36), (-0.2, 0.36)], r)
    _polygon(legs, [(-0.3, 0.58), (0.3, 0.58), (0.46, 1.05), (-0.46, 1.05)], r)
    head = QPainterPath()
    head.addRoundedRect(QRectF(-0.78 * r, -1.0 * r, 1.56 * r, 0.62 * r), 0.22 * r, 0.22 * r)
    return path.subtracted(legs).united(head)
