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
RISE = 0.2
"""Metres that the lowest of a cell rises at a look which sees nothing as low: roofs hide the street that was
seen before, and what has changed is believed at last."""
COARSER = 2
"""Levels to which a point is written beyond its own, for places that lie between two points."""


class SeenGround:
    """Times are monotonic seconds."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        shape = (LEVELS, SIDE, SIDE)
        self._heights = np.zeros(shape)
        self._lows = np.zeros(shape)
        self._cells = np.zeros((*shape, 2), np.int64)
        self._seen = np.full(shape, -np.inf)

    def learn(self, points: Floats, apart: Floats, now: float) -> None:
        """Points (n, 3) of the frame that a picture shows, and (n,) how many metres each is from the next."""
        highest_last = np.argsort(points[:, 2])
        points, apart = points[highest_last], apart[highest_last]
        own = np.clip(np.ceil(np.log2(np.maximum(apart, FINEST) / FINEST)), 0, LEVELS - 1).astype(np.intp)
        turned = np.arange(len(points) - 1, -1, -1)
        for step in range(COARSER + 1):
            level = np.minimum(own + step, LEVELS - 1)
            cells = np.floor(points[:, :2] / (FINEST * 2.0**level)[:, None]).astype(np.int64)
            x, y = (cells % SIDE).T
            known = (self._cells[level, y, x] == cells).all(axis=1) & (now - self._seen[level, y, x] <= FRESH)
            low = np.where(known, np.minimum(points[:, 2], self._lows[level, y, x] + RISE), points[:, 2])
            self._heights[level, y, x] = points[:, 2]  # of those in one cell the last, the highest, stays
            self._lows[level[turned], y[turned], x[turned]] = low[turned]
            self._cells[level, y, x] = cells
            self._seen[level, y, x] = now

    def height(self, lon: float, lat: float, now: float) -> float | None:
        """Metres above the ellipsoid of the highest that was seen about a place in WGS84 degrees, from the
        finest level that knows; None: not seen."""
        found = float(self._found(self._heights, np.array([lon]), np.array([lat]), now - FRESH)[0])
        return None if np.isnan(found) else found

    def feet(self, lon: Floats, lat: Floats) -> Floats:
        """The same of the lowest, for (n,) places: on what people stand who walk between buildings. However
        long ago: a view that rests is not drawn again. NaN: not seen."""
        return self._found(self._lows, lon, lat, -np.inf)

    def _found(self, heights: Floats, lon: Floats, lat: Floats, after: float) -> Floats:
        places = self._frame.place(lon, lat, self._frame.height)
        levels = np.arange(LEVELS)
        cells = np.floor(places[:, None, :2] / (FINEST * 2.0**levels)[:, None]).astype(np.int64)
        x, y = np.moveaxis(cells % SIDE, -1, 0)
        same = (self._cells[levels, y, x] == cells).all(axis=-1)
        same &= self._seen[levels, y, x] > after
        row, level = np.arange(len(places)), same.argmax(axis=1)
        places[:, 2] = heights[level, y[row, level], x[row, level]]
        return np.where(same.any(axis=1), self._frame.geographic(places)[:, 2], np.nan)
