"""Points that glide from fix to fix, all at once in numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from console.map.viewport import EARTH_CIRCUMFERENCE

Floats = npt.NDArray[np.float64]
SHORTEST, LONGEST = 0.3, 6.0
"""Seconds that a glide lasts at least and at most; between them, as long as the fix before lasted."""
FARTHEST = 2000.0
"""Metres: who moved farther between two fixes is shown at the new place at once."""


class Glide:
    """Where each point is drawn now: between *start* and *goal* by the share of its time that is over."""

    def __init__(self) -> None:
        self.goal: Floats = np.empty((0, 2))
        self._start: Floats = self.goal
        self._began: Floats = np.empty(0)
        self._lasts: Floats = np.empty(0)
        self._changed: Floats = np.empty(0)
        self._keys: npt.NDArray[Any] | None = None
        self._until = 0.0

    def jump(self, goal: Floats) -> None:
        """Be at *goal* (n, 2) without gliding."""
        self.goal = self._start = goal
        self._keys = None
        self._until = 0.0

    def move(self, goal: Floats, keys: npt.NDArray[Any], now: float) -> None:
        """Glide to *goal*; *keys* say who is who. New ones appear where they are."""
        shown, old = self.at(now), self._match(keys)
        known = old >= 0
        source = np.where(known, old, 0)
        start, changed = goal.copy(), np.full(len(goal), now)
        began, lasts = np.full(len(goal), now), np.zeros(len(goal))
        if known.any():
            same = known & np.all(self.goal[source] == goal, axis=1)
            moved = known & ~same
            moved &= _metres(shown[source], goal) <= FARTHEST
            start[known] = shown[source[known]]
            start[known & ~same & ~moved] = goal[known & ~same & ~moved]
            lasts[moved] = np.clip(now - self._changed[source[moved]], SHORTEST, LONGEST)
            changed[same] = self._changed[source[same]]
            began[same], lasts[same] = self._began[source[same]], self._lasts[source[same]]
            start[same] = self._start[source[same]]
        self.goal, self._start, self._began, self._lasts, self._changed = goal, start, began, lasts, changed
        self._keys = np.array(keys)
        self._until = float((began + lasts).max(initial=0.0))

    def _match(self, keys: npt.NDArray[Any]) -> npt.NDArray[np.intp]:
        """Old row of each key, -1 for new ones."""
        if self._keys is None or len(self._keys) == 0:
            return np.full(len(keys), -1)
        if np.array_equal(keys, self._keys):
            return np.arange(len(keys))
        order = np.argsort(self._keys)
        place = np.minimum(np.searchsorted(self._keys, keys, sorter=order), len(order) - 1)
        rows = order[place]
        return np.where(self._keys[rows] == keys, rows, -1)

    def moving(self, now: float) -> bool:
        return now < self._until

    def at(self, now: float) -> Floats:
        """(n, 2) world units at a time (monotonic seconds)."""
        if now >= self._until:
            return self.goal
        share = np.clip((now - self._began) / np.maximum(self._lasts, 1e-9), 0.0, 1.0)[:, None]
        return self._start + (self.goal - self._start) * share

    def left(self, rows: npt.NDArray[np.intp], now: float) -> Floats:
        """(m, 2) world units that rows have still to go."""
        return self.goal[rows] - self.at(now)[rows]


def _metres(a: Floats, b: Floats) -> Floats:
    """Ground metres between places in world units; Mercator's scale is that of the latitude of *b*."""
    scale = np.cosh(np.pi * (1.0 - 2.0 * b[:, 1]))
    return np.hypot(b[:, 0] - a[:, 0], b[:, 1] - a[:, 1]) * EARTH_CIRCUMFERENCE / scale
