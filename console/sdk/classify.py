"""Classes of numbers, for maps coloured by an attribute. Plain functions: call them off the GUI.

A classification is its inner limits, rising: a value lies in the class whose lower limit it
reaches, as in the expression ``step`` of MapLibre styles. What is no number lies in none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
MOST_CLASSES = 12
NO_CLASS = -1
EXACT_UP_TO = 1000
"""Distinct values up to which natural breaks are exact. More are gathered to as many groups of
neighbours, a thousandth of the values each: the search takes the square of their number."""
_DIGITS = 15


class Method(StrEnum):
    """How limits are found."""

    QUANTILE = "quantile"
    """As many values in each class."""
    EQUAL = "equal"
    """Classes of one width."""
    JENKS = "jenks"
    """Natural breaks (Jenks, Fisher): the least squared distances from the means of the classes."""
    DEVIATION = "deviation"
    """One standard deviation a class, around the mean."""


def breaks(values: npt.ArrayLike, method: Method, classes: int) -> tuple[float, ...]:
    """Inner limits of at most *classes* classes (1 to MOST_CLASSES), rising; fewer when values are few.

    Whole numbers have whole limits: a class says exactly which of them are in it.
    """
    found = np.asarray(values, np.float64)
    found = np.sort(found[np.isfinite(found)])
    classes = min(max(classes, 1), MOST_CLASSES)
    if not len(found) or found[0] == found[-1] or classes == 1:
        return ()
    limits = _METHODS[method](found, classes)
    if whole_range(found) is not None:
        limits = [float(math.ceil(limit)) for limit in limits]
    return tuple(sorted({limit for limit in limits if found[0] < limit <= found[-1]}))


def whole_range(values: npt.ArrayLike) -> tuple[float, float] | None:
    """The least and the greatest of whole numbers; None when there are others, or none at all."""
    found = np.asarray(values, np.float64)
    found = found[np.isfinite(found)]
    if not len(found) or np.any(found != np.rint(found)):
        return None
    return float(found.min()), float(found.max())


def class_of(values: npt.ArrayLike, limits: Sequence[float]) -> npt.NDArray[np.intp]:
    """(n,) class of each value, 0 to ``len(limits)``; NO_CLASS for what is no number."""
    given = np.asarray(values, np.float64)
    place = np.searchsorted(np.array(limits, np.float64), given, side="right")
    return np.where(np.isnan(given), NO_CLASS, place).astype(np.intp)


def _quantile(values: Floats, classes: int) -> list[float]:
    places = [round(len(values) * part / classes) for part in range(1, classes)]
    firsts = [int(np.searchsorted(values, float(values[at]))) for at in places if 0 < at < len(values)]
    return [_between(values, first) for first in firsts]


def _equal(values: Floats, classes: int) -> list[float]:
    low, high = float(values[0]), float(values[-1])
    width = high / classes - low / classes
    return [_rounded(low + width * part, width) for part in range(1, classes)]


def _deviation(values: Floats, classes: int) -> list[float]:
    mean, width = float(values.mean()), float(values.std())
    return [_rounded(mean + (part - classes / 2) * width, width) for part in range(1, classes)]


def _jenks(values: Floats, classes: int) -> list[float]:
    distinct, first, counts = np.unique(values, return_index=True, return_counts=True)
    if len(distinct) > EXACT_UP_TO:
        first = np.unique(np.searchsorted(values, values[:: math.ceil(len(values) / EXACT_UP_TO)]))
        counts = np.diff([*first, len(values)])
        distinct = np.add.reduceat(values, first) / counts
    starts = _least_squares(distinct, counts.astype(np.float64), min(classes, len(distinct)))
    return [_between(values, int(first[start])) for start in starts]


def _least_squares(values: Floats, weights: Floats, classes: int) -> list[int]:
    """Where classes 2 … begin among (m,) rising values: Fisher's dynamic programme, all ends at once."""
    scale = max(float(np.abs(values).max()), 1e-300)
    values = values / scale - float(np.average(values / scale, weights=weights))
    weight, total, square = (
        np.concatenate([[0.0], np.cumsum(weights * values**power)]) for power in (0, 1, 2)
    )
    size = len(values)
    span = weight[None, 1:] - weight[:size, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        cost = square[None, 1:] - square[:size, None] - (total[None, 1:] - total[:size, None]) ** 2 / span
    cost[np.tril_indices(size, -1)] = np.inf
    best, origins = cost[0].copy(), list[npt.NDArray[np.intp]]()
    for _ in range(1, classes):
        sums = np.concatenate([[np.inf], best[:-1]])[:, None] + cost
        origins.append(sums.argmin(axis=0))
        best = sums.min(axis=0)
    starts, end = list[int](), size - 1
    for origin in reversed(origins):
        start = int(origin[end])
        starts.append(start)
        end = start - 1
    return starts[::-1]


def _between(values: Floats, at: int) -> float:
    """The number with the fewest digits that parts ``values[at]`` from what is smaller.

    Where values lie close, it may be a thousandth of itself or of the range below: nobody can see that.
    """
    high = float(values[at])
    slack = min(abs(high), float(values[-1]) - float(values[0])) / 1000
    low = min(float(values[at - 1]), high - slack) if at else -math.inf
    return roundest(low, high) if low < high else high


def roundest(low: float, high: float) -> float:
    """The number with the fewest digits that is greater than *low* and at most *high*."""
    if not math.isfinite(high - low):
        return high
    start = math.floor(math.log10(max(abs(low), abs(high)))) + 1
    for digit in range(start, start - _DIGITS, -1):
        tried = _to_digit(high, digit, math.floor)
        if low < tried <= high:
            return tried
    return high


def _rounded(value: float, width: float) -> float:
    """To a thousandth of *width*, so that a legend can be read."""
    return _to_digit(value, math.floor(math.log10(width)) - 2, round) if width > 0 else value


def _to_digit(value: float, digit: int, change: Any) -> float:
    """*value* as a whole number of ``10 ** digit``; as it is where that cannot be said."""
    if not -300 < digit < 300:
        return value
    unit = 10.0 ** abs(digit)
    return float(change(value / unit) * unit if digit > 0 else change(value * unit) / unit)


_METHODS = {
    Method.QUANTILE: _quantile,
    Method.EQUAL: _equal,
    Method.JENKS: _jenks,
    Method.DEVIATION: _deviation,
}
