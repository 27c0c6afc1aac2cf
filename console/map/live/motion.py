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
_FAR_ANYWHERE = FARTHEST / EARTH_CIRCUMFERENCE
"""World units that are FARTHEST at the equator; everywhere else FARTHEST is more of them."""


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
        self._asked: tuple[float, Floats] | None = None
        """The last answer of ``at``: a frame asks several times."""

    def jump(self, goal: Floats) -> None:
        """Be at *goal* (n, 2) without gliding."""
        self.goal = self._start = goal
        self._keys = self._asked = None
        self._until = 0.0

    def move(self, goal: Floats, keys: npt.NDArray[Any], now: float) -> None:
        """Glide to *goal*; *keys* say who is who. New ones appear where they are."""
        shown = self.at(now)
        if self._keys is None or not np.array_equal(keys, self._keys):
            shown = self._take_over(goal, keys, shown, now)
        stays = (goal == self.goal).all(axis=1)
        lasts = np.minimum(np.maximum(now - self._changed, SHORTEST), LONGEST)
        # Not "farther than", which says no where a place is not known (NaN).
        if not (np.abs(goal - shown) <= _FAR_ANYWHERE).all():
            far = ~(_metres(shown, goal) <= FARTHEST)
            shown = np.where((far & ~stays)[:, None], goal, shown)
            lasts = np.where(far, 0.0, lasts)
        self._start = np.where(stays[:, None], self._start, shown)
        self._began = np.where(stays, self._began, now)
        self._lasts = np.where(stays, self._lasts, lasts)
        self._changed = np.where(stays, self._changed, now)
        self.goal, self._asked = goal, None
        self._until = float((self._began + self._lasts).max(initial=0.0))

    def _take_over(self, goal: Floats, keys: npt.NDArray[Any], shown: Floats, now: float) -> Floats:
        """Other points than before: each gets the past of its key, new ones one at rest at their *goal*.
        Gives where they are shown."""
        old = self._match(keys)
        known, source = old >= 0, np.where(old >= 0, old, 0)
        if not known.any():
            self._start = self.goal = goal
            self._began, self._lasts, self._changed = (np.full(len(goal), t) for t in (now, 0.0, now))
            shown = goal
        else:
            both = known[:, None]
            self._start = np.where(both, self._start[source], goal)
            self.goal = np.where(both, self.goal[source], goal)
            shown = np.where(both, shown[source], goal)
            self._began = np.where(known, self._began[source], now)
            self._lasts = np.where(known, self._lasts[source], 0.0)
            self._changed = np.where(known, self._changed[source], now)
        self._keys = np.array(keys)
        return shown

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
        if self._asked is None or self._asked[0] != now:
            share = np.minimum((now - self._began) / np.maximum(self._lasts, 1e-9), 1.0)
            np.maximum(share, 0.0, out=share)
            self._asked = now, self._start + (self.goal - self._start) * share[:, None]
        return self._asked[1]


def _metres(a: Floats, b: Floats) -> Floats:
    """Ground metres between places in world units; Mercator's scale is that of the latitude of *b*."""
    scale = np.cosh(np.pi * (1.0 - 2.0 * b[:, 1]))
    return np.hypot(b[:, 0] - a[:, 0], b[:, 1] - a[:, 1]) * EARTH_CIRCUMFERENCE / scale
