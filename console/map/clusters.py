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

from console.map.sprites import FAMILY

CELL = 72.0
"""Logical pixels across a cell at whole zooms."""


@dataclass(frozen=True, slots=True)
class Clusters:
    """Cells with what is in them. All arrays have one row a cell."""

    center: npt.NDArray[np.float64]
    """(c, 2) mean place, world units."""
    count: npt.NDArray[np.intp]
    sprite: npt.NDArray[np.intp]
    """The symbol that most of them have."""
    single: npt.NDArray[np.intp]
    """Row of the one point of a cell, -1 where there are more."""


def gather(xy: npt.NDArray[np.float64], sprite: npt.NDArray[Any], kinds: int, zoom: float) -> Clusters:
    """Clusters of points (n, 2) in world units at a zoom; the counts add up to n."""
    cells_across = 256.0 * 2.0 ** math.floor(zoom) / CELL
    cell = np.floor(xy * cells_across).astype(np.int64)
    _, first, of, count = np.unique(
        cell[:, 0] << 32 | cell[:, 1], return_index=True, return_inverse=True, return_counts=True
    )
    number = len(count)
    center = np.column_stack([np.bincount(of, xy[:, axis], number) for axis in (0, 1)]) / count[:, None]
    votes = np.bincount(of * kinds + sprite, minlength=number * kinds).reshape(number, kinds)
    return Clusters(center, count, votes.argmax(axis=1), np.where(count == 1, first, -1))


def short_count(count: int) -> str:
    """At most four characters: 999, 1.2k, 12k."""
    if count < 1000:
        return str(count)
    return f"{count / 1000:.1f}k" if count < 9950 else f"{round(count / 1000)}k"


def badge_radius(count: int) -> float:
    """Logical pixels; ten times as many are 5 pixels wider."""
    return 11.0 + 5.0 * math.log10(max(count, 1))


@lru_cache(maxsize=2048)
def badge(text: str, radius: float, fill: str, dpr: float) -> QPixmap:
    """The disc with a count."""
    side = math.ceil((radius + 5) * 2)
    pixmap = QPixmap(round(side * dpr), round(side * dpr))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(dpr, dpr)
    middle = QPointF(side / 2, side / 2)
    color = QColor(fill)
    painter.setPen(Qt.PenStyle.NoPen)
    for extra, alpha in ((4.5, 0.22), (2.0, 0.35)):
        color.setAlphaF(alpha)
        painter.setBrush(color)
        painter.drawEllipse(middle, radius + extra, radius + extra)
    color.setAlphaF(1.0)
    painter.setBrush(QColor("#10161e"))
    painter.setPen(QPen(color, 2.0))
    painter.drawEllipse(middle, radius - 1, radius - 1)
    font = QFont(FAMILY)
    font.setPixelSize(12)
    font.setWeight(QFont.Weight.Bold)
    painter.setFont(font)
    painter.setPen(QColor("#f4f8fb"))
    painter.drawText(QRectF(0, -0.5, side, side), Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return pixmap
