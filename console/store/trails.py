"""Where each moving thing has been lately: one ring of fixes a row, of bounded size."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

LENGTH = 128
"""Fixes kept a row: some ten minutes at one each 5 s; longer trails come from the backend."""


class Trails:
    """Rings of (lon, lat, time), 3 KiB a row."""

    def __init__(self) -> None:
        self._fixes = np.empty((0, LENGTH, 3))
        self._written = np.zeros(0, np.int64)

    def grow(self, count: int) -> None:
        """Make room for *count* rows."""
        have = len(self._written)
        if count > have:
            capacity = max(count, have * 2, 64)
            fixes = np.empty((capacity, LENGTH, 3))  # untouched pages cost nothing
            fixes[:have] = self._fixes
            self._fixes = fixes
            self._written = np.concatenate([self._written, np.zeros(capacity - have, np.int64)])

    def extend(
        self, rows: npt.NDArray[Any], lon: npt.NDArray[Any], lat: npt.NDArray[Any], time: npt.NDArray[Any]
    ) -> None:
        """Add one fix to each of *rows* (each at most once), unless it is the last one again."""
        last = self._fixes[rows, (self._written[rows] - 1) % LENGTH, 2]
        new = (self._written[rows] == 0) | (time > last)
        rows, slots = rows[new], self._written[rows[new]] % LENGTH
        self._fixes[rows, slots, 0] = lon[new]
        self._fixes[rows, slots, 1] = lat[new]
        self._fixes[rows, slots, 2] = time[new]
        self._written[rows] += 1

    def of(self, row: int, seconds: float) -> npt.NDArray[Any]:
        """(n, 3) of one row, oldest first."""
        written = int(self._written[row])
        have = min(written, LENGTH)
        fixes = self._fixes[row, np.arange(written - have, written) % LENGTH]
        return fixes[fixes[:, 2] >= fixes[-1, 2] - seconds] if have else fixes

    def take(self, other: Trails, their_rows: npt.NDArray[Any], my_rows: npt.NDArray[Any]) -> None:
        """Copy rings from *other*; rows of -1 have none there."""
        have = their_rows >= 0
        self._fixes[my_rows[have]] = other._fixes[their_rows[have]]
        self._written[my_rows[have]] = other._written[their_rows[have]]
