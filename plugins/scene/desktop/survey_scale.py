"""How a chart of distances and heights is laid out: what is seen, where it lies, where the ticks are."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
_ROOM = 0.06
"""Of the heights, above and below them."""
_FLAT = 1.0
"""Metres of height that are shown at least."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Metres to pixels of a rectangle."""

    left: float
    top: float
    width: float
    height: float
    """Pixels of the rectangle."""
    length: float
    """Metres across it."""
    low: float
    high: float
    """Heights at its lower and upper side."""

    @property
    def exaggeration(self) -> float:
        """How many times steeper slopes look than they are."""
        return (self.height / (self.high - self.low)) / (self.width / self.length)

    def x(self, along: Values) -> Values:
        return self.left + along * (self.width / self.length)

    def y(self, heights: Values) -> Values:
        return self.top + (self.high - heights) * (self.height / (self.high - self.low))

    def along(self, x: float) -> float:
        """Metres at a pixel, within what is there."""
        return min(max((x - self.left) / self.width, 0.0), 1.0) * self.length


def scale_of(
    rectangle: tuple[float, float, float, float], length: float, heights: Values, even: bool
) -> Scale:
    """All of it, as large as may be; *even*: a metre up is as long as a metre along."""
    left, top, width, height = rectangle
    known = heights[np.isfinite(heights)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    middle, reach = (low + high) / 2, max(high - low, _FLAT) * (1 + 2 * _ROOM)
    if even:
        pixel = max(length / width, reach / height)
        free = width - length / pixel
        return Scale(left + free / 2, top, width - free, height, length, *_around(middle, height * pixel))
    return Scale(left, top, width, height, length, *_around(middle, reach))


def thinned(x: Values, y: Values) -> NDArray[np.intp]:
    """Rows of (n,) pixels without which a line looks the same: first, last, least and greatest a column."""
    if len(x) < 8:
        return np.arange(len(x))
    first = np.flatnonzero(np.diff(np.floor(x), prepend=-np.inf))
    column = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(x))))
    order = np.lexsort((y, column))
    ends = np.append(first[1:], len(x)) - 1
    return np.unique(np.concatenate([first, ends, order[first], order[ends]]))


def ticks(low: float, high: float, count: float) -> Values:
    """Round numbers from *low* to *high*, *count* of them at most, one at least."""
    raw = max(high - low, 1e-9) / max(count, 1.0)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(round_one * power for round_one in (1, 2, 5, 10) if round_one * power >= raw * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return np.arange(first, last + 1, dtype=np.float64) * step


def _around(middle: float, reach: float) -> tuple[float, float]:
    return middle - reach / 2, middle + reach / 2
