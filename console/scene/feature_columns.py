"""The attributes of a tile's features as columns that can be filtered, and by what a feature is known.

Ids of features count within their tile; the same building has others in the next level. So it is known by
its attributes: by that which the model has for this (``OBJECTID``, ``gml_id``, 编号 …), unless that merely
counts the rows of the tile, else by all of them together.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.scene.features import FeatureTable

KNOWN_BY = (
    *("gmlid", "globalid", "guid", "uuid", "buildingid", "bldgid", "objectid", "elementid", "osmid"),
    *("fid", "id", "建筑编号", "建筑物编号", "楼栋编号", "标准编码", "编号"),
)
"""Names of attributes, the surest first; case, spaces and ``_ - :`` don't count."""
MOST_TEXT = 500
"""Characters of a value that are told."""
MOST_VALUES = 60
"""Attributes that are told."""
MOST_PARTS = 50
"""Of a list that is told."""
MOST_COMMON = 100
"""Texts of a column that are told as its common ones."""


class Columns:
    """Implements ``console.sdk.feature_filter.Table``."""

    def __init__(self, table: FeatureTable, place: str = "") -> None:
        """*place*: of the table in its model; by it features without attributes are known."""
        self._table, self._place = table, place
        found = {name: _column(values, table.count) for name, values in table.columns.items()}
        self.columns: dict[str, NDArray[Any]] = found
        """(n,) float64 of numbers; texts as objects."""
        self._lower: dict[str, list[str]] = {}

    def __len__(self) -> int:
        return self._table.count

    def is_text(self, name: str) -> bool:
        """Whether a column holds texts."""
        return self.columns[name].dtype == object

    def matching(
        self, name: str, needle: str, *, whole: bool = False, start: bool = False
    ) -> NDArray[np.bool_]:
        """See ``console.sdk.feature_table.FeatureTable``."""
        wanted, texts = needle.casefold(), self._texts(name)
        if whole:
            found: Iterable[bool] = (text == wanted for text in texts)
        elif not wanted:
            found = (False for _ in texts)
        else:
            found = (text.startswith(wanted) if start else wanted in text for text in texts)
        return np.fromiter(found, np.bool_, len(self))

    def anywhere(self, needle: str) -> NDArray[np.bool_]:
        """Rows of which any text holds *needle*."""
        found = np.zeros(len(self), np.bool_)
        for name in filter(self.is_text, self.columns):
            found |= self.matching(name, needle)
        return found

    def _texts(self, name: str) -> list[str]:
        if name not in self._lower:
            self._lower[name] = [text.casefold() for text in self.columns[name]]
        return self._lower[name]

    @cached_property
    def keys(self) -> list[str]:
        """By what each row is known, in all tiles."""
        names = {_plain_name(name): name for name in reversed(list(self.columns))}
        for known in KNOWN_BY:
            if known in names and self._tells(names[known]):
                return [f"{known}={_written(value)}" for value in self.columns[names[known]]]
        if not self.columns:
            return [f"{self._place}/{row}" for row in range(len(self))]
        return [
            _short([_written(value) for value in row]) for row in zip(*self.columns.values(), strict=True)
        ]

    def _tells(self, name: str) -> bool:
        """Whether each row has a value, which is more than its place in the tile."""
        values = self.columns[name]
        if self.is_text(name):
            if not all(values):
                return False
            try:
                values = values.astype(np.float64)
            except ValueError:
                return True
        counted = np.arange(len(values))
        return bool(
            np.isfinite(values).all()
            and not np.array_equal(values, counted)
            and not np.array_equal(values, counted + 1)
        )

    def told(self, row: int) -> dict[str, Any]:
        """The attributes of one row, as JSON can have them, of modest size."""
        found = self._table.row(row)
        return {name[:MOST_TEXT]: _told(found[name]) for name in list(found)[:MOST_VALUES]}

    @cached_property
    def common(self) -> dict[str, dict[str, int]]:
        """The most frequent texts of each column of texts, and how often they are."""
        found: dict[str, dict[str, int]] = {}
        for name in filter(self.is_text, self.columns):
            counted = Counter(text for text in self.columns[name] if text)
            found[name] = {text[:MOST_TEXT]: count for text, count in counted.most_common(MOST_COMMON)}
        return found


def _plain_name(name: str) -> str:
    return re.sub(r"[\s_:-]", "", name).casefold()


def _short(texts: list[str]) -> str:
    return blake2b(json.dumps(texts).encode(), digest_size=12).hexdigest()


def _column(values: NDArray[Any] | Sequence[Any], count: int) -> NDArray[Any]:
    """Numbers as float64, NaN where there is none; anything else as texts."""
    if isinstance(values, np.ndarray) and values.ndim == 1 and values.dtype.kind in "iufb":
        return values.astype(np.float64)
    rows = values.tolist() if isinstance(values, np.ndarray) else list(values)
    if all(value is None or isinstance(value, int | float) for value in rows) and any(
        value is not None for value in rows
    ):
        return np.array([_number(value) for value in rows], np.float64)
    texts = np.empty(count, object)
    texts[:] = [_text(value) for value in rows]
    return texts


def _number(value: Any) -> float:
    try:
        return math.nan if value is None else float(value)
    except OverflowError:
        return math.nan


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _written(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:.12g}"


def _told(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return value[:MOST_TEXT]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 1 << 63 else str(value)[:MOST_TEXT]
    if isinstance(value, list):
        return [_told(part) for part in value[:MOST_PARTS]]
    return _text(value)[:MOST_TEXT]
