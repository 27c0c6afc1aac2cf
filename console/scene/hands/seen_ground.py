"""How high the ground is, as far as it was seen: kept from the depths of the pictures, in cells.

A plane of cells a level, each level's twice as wide as the one before; a place wraps round in its plane, so
that what is far away gives way to what is near. Nothing but what is drawn is asked, and it costs no ray.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from console.scene.frame import Frame

Floats = NDArray[np.float64]
FINEST, LEVELS, SIDE = 0.5, 12, 128
"""Metres of the finest cells, how many levels, and cells along the side of a plane."""
FRESH = 60.0
"""Seconds that what was seen is believed: models come, move and go."""
COARSER = 2
"""Levels to which a point is written beyond its own, for places that lie between two points."""


class SeenGround:
    """Times are monotonic seconds."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        shape = (LEVELS, SIDE, SIDE)
        self._heights = np.zeros(shape)
        self._cells = np.zeros((*shape, 2), np.int64)
        self._seen = np.full(shape, -np.inf)

    def learn(self, points: Floats, apart: Floats, now: float) -> None:
        """Points (n, 3) of the frame that a picture shows, and (n,) how many metres each is from the next."""
        highest_last = np.argsort(points[:, 2])
        points, apart = points[highest_last], apart[highest_last]
        own = np.clip(np.ceil(np.log2(np.maximum(apart, FINEST) / FINEST)), 0, LEVELS - 1).astype(np.intp)
        for step in range(COARSER + 1):
            level = np.minimum(own + step, LEVELS - 1)
            cells = np.floor(points[:, :2] / (FINEST * 2.0**level)[:, None]).astype(np.int64)
            x, y = (cells % SIDE).T
            self._heights[level, y, x] = points[:, 2]  # of those in one cell the last, the highest, stays
            self._cells[level, y, x] = cells
            self._seen[level, y, x] = now

    def height(self, lon: float, lat: float, now: float) -> float | None:
        """Metres above the ellipsoid at WGS84 degrees, from the finest level that knows; None: not seen."""
        place = self._frame.place(lon, lat, self._frame.height)
        levels = np.arange(LEVELS)
        cells = np.floor(place[:2] / (FINEST * 2.0**levels)[:, None]).astype(np.int64)
        x, y = (cells % SIDE).T
        same = (self._cells[levels, y, x] == cells).all(axis=1)
        found = np.flatnonzero(same & (now - self._seen[levels, y, x] <= FRESH))
        if not len(found):
            return None
        i = int(found[0])
        top = np.array([place[0], place[1], self._heights[i, y[i], x[i]]])
        return float(self._frame.geographic(top)[2])
