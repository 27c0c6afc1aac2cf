"""On what each point stands: the surface is asked for those that have moved, and now and then for all."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from console.map.viewport import EARTH_CIRCUMFERENCE

Floats = NDArray[np.float64]
Surface = Callable[[Floats, Floats], Floats]
"""WGS84 degrees (n,) and (n,) to metres above the ellipsoid (n,); NaN where nobody knows."""
MOVED = 1.0 / EARTH_CIRCUMFERENCE
"""World units, at least a metre or a half at our latitudes, after which a point stands on something else."""
AGAIN = 1.0
"""Seconds after which the surface may have become another: finer tiles came."""
AT_ONCE = 400
"""Points asked for in one frame."""


class Footholds:
    """By row. Times are monotonic seconds."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._heights = np.empty(0)
        self._asked_at = np.empty((0, 2))
        self._asked = np.empty(0)

    def resize(self, number: int) -> None:
        """So many points there are."""
        if number != len(self._heights):
            self._heights = np.full(number, np.nan)
            self._asked_at = np.full((number, 2), np.nan)
            self._asked = np.full(number, -np.inf)

    def heights(self, rows: NDArray[np.intp], unknown: float) -> Floats:
        """Metres above the ellipsoid; *unknown* where nothing was seen yet."""
        found = self._heights[rows]
        return np.where(np.isnan(found), unknown, found)

    def learn(self, rows: NDArray[np.intp], world: Floats, lon: Floats, lat: Floats, now: float) -> bool:
        """Ask for those of *rows*, at (n, 2) world units and in degrees, that need it, the last first;
        whether any stands elsewhere now, or waits for the next frame."""
        stays = (np.abs(world - self._asked_at[rows]) <= MOVED).all(axis=1)
        late = np.flatnonzero(~stays | (now - self._asked[rows] > AGAIN))
        asked = late[-AT_ONCE:]
        if not len(asked):
            return False
        chosen = rows[asked]
        found = self._surface(lon[asked], lat[asked])
        known = ~np.isnan(found)
        rose = np.abs(found - self._heights[chosen]) > 0.05
        rose |= known & np.isnan(self._heights[chosen])
        self._heights[chosen[known]] = found[known]
        self._asked_at[chosen], self._asked[chosen] = world[asked], now
        return bool(rose.any()) or len(late) > AT_ONCE
