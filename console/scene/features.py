"""Attributes of the features in a tile: one table whether they came as batch table or as metadata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """Columns by name, each of *count* values: numbers as arrays (count,) or (count, k), else lists."""

    count: int
    columns: Mapping[str, NDArray[Any] | Sequence[Any]] = field(default_factory=dict)
    name: str = ""

    def row(self, feature: int) -> dict[str, Any]:
        """The attributes of one feature as plain Python values; of one that is not there: none."""
        if not 0 <= feature < self.count:
            return {}
        return {name: _plain(values[feature]) for name, values in self.columns.items()}


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value
