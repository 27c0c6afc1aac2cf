"""Where labels are already: asked for thousands of places at once, before anything is measured."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from console.map.viewport import Bounds

CELL = 2.0
"""Pixels along a side. Only cells that are covered whole count, so a free place is never refused."""
MARGIN = 256.0
"""Pixels around the area into which labels of it reach."""
Cells = npt.NDArray[np.intp]


class Occupied:
    """A bitmap of an area, in pixels of a level."""

    def __init__(self, area: Bounds) -> None:
        self._left = math.floor((area[0] - MARGIN) / CELL)
        self._top = math.floor((area[1] - MARGIN) / CELL)
        self._columns = math.ceil((area[2] + MARGIN) / CELL) - self._left + 1
        self._rows = math.ceil((area[3] + MARGIN) / CELL) - self._top + 1
        self._bits = np.zeros((self._rows, self._columns), bool)
        self._flat = self._bits.reshape(-1)

    def take(self, box: Bounds) -> None:
        """Nothing in the box is free any more."""
        left, right = math.ceil(box[0] / CELL) - self._left, math.floor(box[2] / CELL) - self._left
        top, bottom = math.ceil(box[1] / CELL) - self._top, math.floor(box[3] / CELL) - self._top
        self._bits[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)] = True

    def cells(self, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> Cells:
        """(n, j * k) cells where (n, j) pixels across meet (n, k) down; what lies beyond the bitmap is put at
        its edge."""
        columns = np.clip(np.floor(x / CELL).astype(np.intp) - self._left, 0, self._columns - 1)
        rows = np.clip(np.floor(y / CELL).astype(np.intp) - self._top, 0, self._rows - 1)
        return (rows[:, :, None] * self._columns + columns[:, None, :]).reshape(
            len(x), rows.shape[1] * columns.shape[1]
        )

    def free(self, cells: Cells) -> npt.NDArray[np.bool_]:
        """(n,) whether all of (n, k) cells are free."""
        return np.logical_not(self._flat[cells].any(axis=1))

    def is_free(self, cells: Cells) -> bool:
        """Whether all of (k,) cells are."""
        return not self._flat[cells].any()
