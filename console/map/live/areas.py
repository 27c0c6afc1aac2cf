"""Many plain areas at once: their vertices are reckoned together, and no path is made for each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from console.map.live.paths import path_of
from console.map.live.shape_geometry import Floats, Geometry

FEWEST = 32
"""Areas in a row that are worth it."""
STEPS = 2.0
"""Parts of a pixel within which two vertices are one."""


def fill_areas(
    painter: QPainter, geometries: Sequence[Geometry], colors: Sequence[QColor], scale: float
) -> None:
    """Fill polygons without holes, each with its colour, at *scale* pixels a world unit; the painter's origin
    is at the first vertex of the first."""
    painter.setPen(Qt.PenStyle.NoPen)
    polygons = _polygons([each.rings[0] for each in geometries], scale)
    for polygon, color in zip(polygons, colors, strict=True):
        painter.setBrush(color)
        painter.drawPolygon(polygon)


def _polygons(rings: Sequence[Floats], scale: float) -> list[QPolygonF]:
    counts = np.array([len(ring) for ring in rings])
    xy = (np.concatenate(rings) - rings[0][0]) * scale
    cell = np.rint(xy * STEPS)
    kept = np.ones(len(xy), bool)
    kept[1:] = (cell[1:] != cell[:-1]).any(axis=1)
    starts = np.cumsum(counts) - counts
    kept[starts] = kept[starts + 1] = True  # each stays a polygon, however small
    return path_of(xy[kept], np.add.reduceat(kept.astype(np.intp), starts)).toSubpathPolygons()
