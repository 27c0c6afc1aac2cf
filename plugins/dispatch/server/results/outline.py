"""The outline of the ground beside many lines, by a raster: metres on a plane.

Melting one buffer a street together takes seconds for a city. Here the lines are marked on
a raster, the distance to them is taken for each cell, and the line of equal distance is
drawn through it (marching squares), between cells by linear interpolation.
"""

from __future__ import annotations

from typing import cast

import numpy as np
import shapely
from scipy import ndimage

from plugins.dispatch.server.routing.graph import Floats, Ints, Mask

_FINEST, _CELLS = 4.0, 900
"""Metres of a cell, at least; and so many of them across the ground."""
_OFF_THE_EDGE = 1e-3
"""No cell lies on the outline itself: each of its points belongs to two stretches, never to four."""


def outline(a: Floats, b: Floats, beside: float, hole: float) -> shapely.Geometry:
    """The ground within *beside* metres of the segments *a* to *b* ((n, 2) each), valid.

    Holes smaller than *hole* square metres are filled. Accurate to about half a cell: the 900th
    part of the ground's width, 4 m at least.
    """
    low = np.minimum(a, b).min(axis=0) - 2 * beside
    width = float((np.maximum(a, b).max(axis=0) + 2 * beside - low).max())
    cell = max(_FINEST, width / _CELLS)
    beside = max(beside / cell, 1.0)
    low -= cell * 2  # room for an outline of a cell's distance
    inside = beside - _distance(_samples((a - low) / cell, (b - low) / cell), int(beside) + 4)
    inside[_small_holes(inside <= 0, hole / cell**2)] = beside
    inside[np.abs(inside) < _OFF_THE_EDGE] = _OFF_THE_EDGE
    return shapely.transform(_level_line(inside), lambda xy: xy * cell + low)


def _samples(a: Floats, b: Floats) -> Floats:
    """(k, 2) places on the segments, at most a cell apart."""
    steps = np.ceil(np.abs(b - a).max(axis=1)).astype(int) + 1
    first = np.repeat(np.cumsum(steps) - steps, steps)
    share = (np.arange(steps.sum()) - first) / np.maximum(np.repeat(steps, steps) - 1, 1)
    return np.repeat(a, steps, axis=0) + np.repeat(b - a, steps, axis=0) * share[:, None]


def _distance(places: Floats, margin: int) -> Floats:
    """Cells from the middle of each cell to the place in the nearest cell that has one."""
    at = np.rint(places).astype(int)
    empty = np.ones(at.max(axis=0) + margin, bool)
    empty[at[:, 0], at[:, 1]] = False
    where = np.zeros((*empty.shape, 2), np.float32)
    where[at[:, 0], at[:, 1]] = places
    nearest = np.empty((2, *empty.shape), np.int32)
    ndimage.distance_transform_edt(empty, return_distances=False, return_indices=True, indices=nearest)
    x, y = np.indices(empty.shape, np.float32)
    there = where[nearest[0], nearest[1]]
    return np.hypot(there[..., 0] - x, there[..., 1] - y).astype(float)


def _small_holes(outside: Mask, cells: float) -> Mask:
    """Connected parts of *outside* of fewer than so many cells."""
    part = np.empty(outside.shape, np.int32)
    ndimage.label(outside, output=part)
    return outside & (np.bincount(part.ravel())[part] < cells)


def _level_line(inside: Floats) -> shapely.Geometry:
    """The ground where *inside* is positive, in cells."""
    corners = np.stack([inside[:-1, :-1], inside[1:, :-1], inside[1:, 1:], inside[:-1, 1:]])
    sign = corners > 0
    x, y = np.nonzero(sign.any(axis=0) & ~sign.all(axis=0))
    value, sign = corners[:, x, y], sign[:, x, y]
    crossed = sign != np.roll(sign, -1, axis=0)
    points = _crossings(value, x, y)
    column = np.flatnonzero(crossed.sum(axis=0) == 2)
    sides = np.argsort(~crossed[:, column], axis=0, kind="stable")[:2]
    pairs = [(points[sides[0], column], points[sides[1], column])]
    saddle = np.flatnonzero(crossed.all(axis=0))
    pairs += [(points[side, saddle], points[side + 1, saddle]) for side in (0, 2)]
    lines = np.stack([np.concatenate(ends) for ends in zip(*pairs, strict=True)], axis=1)
    stretches = shapely.multilinestrings(np.asarray(shapely.linestrings(lines)))
    return shapely.build_area(shapely.line_merge(cast(shapely.MultiLineString, stretches)))


def _crossings(value: Floats, x: Ints, y: Ints) -> Floats:
    """(4, n, 2) where the outline crosses each side of a cell with these values at its corners.

    Neighbours share sides: both count from the same end, so that their points are the same.
    """
    begin = np.array([(0, 0), (1, 0), (0, 1), (0, 0)])
    step = np.array([(1, 0), (0, 1), (1, 0), (0, 1)])
    first, last = value[[0, 1, 3, 0]], value[[1, 2, 2, 3]]
    fall = first - last
    share = first / np.where(fall == 0, 1.0, fall)  # sides without a crossing are not looked at
    return np.stack([x, y], axis=1) + begin[:, None] + share[..., None] * step[:, None]
