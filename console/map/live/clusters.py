"""Points gathered to counts when far: a grid fixed to the ground, so that counts stay while panning."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap

from console.map.live.sprites import FAMILY, ink_on
from console.map.viewport import Bounds

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
CELL = 64.0
"""Logical pixels across a cell at whole zooms."""
SWAY = 0.2
"""Share of a cell that a count may stand away from the cell's middle: neighbours don't cover one another."""
STEPS = ((10, 13.0), (100, 15.0), (1_000, 18.0), (10_000, 21.0))
"""Counts below which a badge has a radius (logical pixels)."""


@dataclass(frozen=True, slots=True)
class Clusters:
    """Cells with what is in them. All arrays have one row a cell."""

    center: Floats
    """(c, 2) place of the one point, or near the mean place; world units."""
    count: Ints
    sprite: Ints
    """The symbol that most of them have."""
    single: Ints
    """Row of the one point of a cell, -1 where there are more."""
    box: Floats
    """(c, 4) left, top, right, bottom of the points, world units."""

    def at(self, x: float, y: float, unit: float) -> Bounds | None:
        """World box of the count whose badge covers a world place; *unit* is a logical pixel."""
        distance = np.hypot(self.center[:, 0] - x, self.center[:, 1] - y) / unit
        inside = np.flatnonzero((distance <= radii(self.count)) & (self.count > 1))
        if len(inside) == 0:
            return None
        left, top, right, bottom = self.box[inside[distance[inside].argmin()]].tolist()
        return left, top, right, bottom


def gather(
    xy: Floats, sprite: npt.NDArray[Any], kinds: int, zoom: float, rows: Ints | None = None
) -> Clusters:
    """Clusters of *rows* (default: all) of points (n, 2) in world units, by the cells of the whole zoom
    below *zoom*; the counts add up to the number of rows."""
    rows = np.arange(len(xy)) if rows is None else rows
    if len(rows) == 0:
        none = np.empty(0, np.intp)
        return Clusters(np.empty((0, 2)), none, none, none, np.empty((0, 4)))
    across = 256.0 * 2.0 ** math.floor(zoom) / CELL
    cell = np.floor(xy[rows] * across).astype(np.int64)
    name = cell[:, 0] << 32 | cell[:, 1]
    order = np.argsort(name, kind="stable")
    rows, name, places = rows[order], name[order], xy[rows[order]]
    first = np.flatnonzero(np.concatenate([[True], name[1:] != name[:-1]]))
    count = np.diff(first, append=len(rows))
    number, of = len(count), np.repeat(np.arange(len(count)), count)
    votes = np.bincount(of * kinds + sprite[rows], minlength=number * kinds).reshape(number, kinds)
    mean = np.add.reduceat(places, first) / count[:, None]
    middle = (cell[order[first]] + 0.5) / across
    kept = middle + np.clip(mean - middle, -SWAY / across, SWAY / across)
    return Clusters(
        np.where((count > 1)[:, None], kept, places[first]),
        count,
        votes.argmax(axis=1),
        np.where(count == 1, rows[first], -1),
        np.hstack([np.minimum.reduceat(places, first), np.maximum.reduceat(places, first)]),
    )


def radii(count: Ints) -> npt.NDArray[np.float64]:
    """Radius of the badge of each count, logical pixels."""
    bounds, sizes = zip(*STEPS, strict=True)
    return np.array([*sizes, 24.0])[np.searchsorted(bounds, count, side="right")]


def short_count(count: int) -> str:
    """At most four characters up to 999,999: 999, 1.2k, 12k."""
    if count < 1_000:
        return str(count)
    return f"{count / 1000:.1f}k" if count < 9_950 else f"{round(count / 1000)}k"


@lru_cache(maxsize=2048)
def badge(text: str, radius: float, fill: str, ground: str, dpr: float) -> QPixmap:
    """The disc with a count, in device pixels."""
    half = math.ceil((radius + 5) * dpr)
    pixmap = QPixmap(2 * half, 2 * half)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(half, half)
    painter.scale(dpr, dpr)
    draw_badge(painter, text, radius, QColor(fill), QColor(ground))
    painter.end()
    return pixmap


def draw_badge(painter: QPainter, text: str, radius: float, fill: QColor, ground: QColor) -> None:
    """The disc around the origin, in logical pixels."""
    painter.setPen(Qt.PenStyle.NoPen)
    for extra, shade, alpha in ((4.5, fill, 0.25), (1.0, QColor(0, 0, 0), 0.45)):
        soft = QColor(shade)
        soft.setAlphaF(alpha)
        painter.setBrush(soft)
        painter.drawEllipse(QPointF(), radius + extra, radius + extra)
    painter.setBrush(ground)
    painter.setPen(QPen(fill, 2.4))
    painter.drawEllipse(QPointF(), radius - 1.2, radius - 1.2)
    font = QFont(FAMILY)
    font.setPixelSize(12 if len(text) < 4 else 11)
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(ink_on(ground))
    painter.drawText(
        QRectF(-radius, -radius - 0.5, 2 * radius, 2 * radius), Qt.AlignmentFlag.AlignCenter, text
    )
