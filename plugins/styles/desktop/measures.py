"""What is measured over all features of a layer: limits of classes, spreads, the greatest of charts.

Plain functions for the worker pool.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from console.sdk.charts import ChartKind
from console.sdk.classify import Method, breaks, class_of, whole_range
from console.sdk.layer_data import read_values

BARS = 40


@dataclass(frozen=True, slots=True)
class Spread:
    """How the values of a field are spread: (BARS,) counts of bars from least to most, counts of classes."""

    least: float
    most: float
    bars: tuple[int, ...]
    classes: tuple[int, ...]
    none: int
    """Features without a number."""
    whole: tuple[float, float] | None
    """The least and the greatest, where all are whole numbers."""


def spread_of(values: npt.NDArray[Any], method: Method, classes: int) -> tuple[tuple[float, ...], Spread]:
    """Limits of the classes of a column, and how its values are spread; for the worker pool."""
    there = values[np.isfinite(values)]
    limits = breaks(there, method, classes)
    counts = np.bincount(class_of(there, limits), minlength=len(limits) + 1)
    bars, edges = np.histogram(there, BARS) if len(there) else (np.zeros(BARS, int), np.array([0.0, 1.0]))
    none = len(values) - len(there)
    return limits, Spread(
        least=float(edges[0]),
        most=float(edges[-1]),
        bars=tuple(bars.tolist()),
        classes=tuple(counts.tolist()),
        none=none,
        whole=whole_range(there),
    )


def largest_of(packages: Sequence[str], fields: Sequence[str], kind: ChartKind) -> float:
    """The greatest total of the fields, or the greatest number among them. Raises OSError, PackageError."""
    columns = [np.nan_to_num(np.maximum(read_values(packages, field), 0.0)) for field in fields]
    if not columns or not len(columns[0]):
        return 1.0
    values = np.column_stack(columns)
    most = float(values.max() if kind is ChartKind.BARS else values.sum(axis=1).max())
    return most if most > 0 else 1.0
