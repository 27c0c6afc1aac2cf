"""Property tables (3D Tiles 1.1, 9.4.2): columns of attributes in buffer views."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from console.scene.document import Index, Size
from console.scene.features import FeatureTable
from console.scene.limits import Budget
from console.scene.metadata.schema import COMPONENTS, WIDTHS, Property, Schema
from console.scene.refusal import SceneRefused, broken

View = Callable[[int], memoryview]
"""The bytes of a buffer view. Raises SceneRefused."""
_BYTES_A_VALUE = 64
"""What a string or list costs in Python, besides its content."""


class PropertyRecord(Struct, frozen=True):
    values: Index
    arrayOffsets: Index | None = None
    stringOffsets: Index | None = None
    arrayOffsetType: str = "UINT32"
    stringOffsetType: str = "UINT32"
    offset: Any = None
    scale: Any = None


class PropertyTableRecord(Struct, frozen=True, rename={"class_": "class"}):
    class_: str = ""
    count: Size = 0
    name: str = ""
    properties: dict[str, PropertyRecord] = {}


def read_table(record: PropertyTableRecord, schema: Schema, view: View, budget: Budget) -> FeatureTable:
    """The table of *record*. Columns that cannot be read are left out."""
    columns: dict[str, Any] = {}
    kind = schema.classes.get(record.class_)
    for name, stored in record.properties.items():
        described = kind.properties.get(name) if kind else None
        if described is None:
            continue
        try:
            columns[name] = _Column(described, stored, schema, view, budget).read(record.count)
        except SceneRefused:
            continue
    return FeatureTable(record.count, columns, record.name or record.class_)


class _Column:
    """One column on its way out of its buffers."""

    def __init__(
        self, described: Property, stored: PropertyRecord, schema: Schema, view: View, budget: Budget
    ) -> None:
        self._described = described
        self._stored = stored
        self._schema = schema
        self._view = view
        self._budget = budget

    def read(self, count: int) -> Any:
        """*count* values: an array (count,) or (count, k) where all are alike, else a list."""
        self._budget.take(count, _BYTES_A_VALUE)
        if not self._described.array:
            return self._flat(count)
        if self._described.count is not None:
            width = self._described.count
            flat = self._flat(count * width)
            if isinstance(flat, np.ndarray):
                return flat.reshape(count, -1)
            return [flat[at * width : (at + 1) * width] for at in range(count)]
        bounds = self._offsets(self._stored.arrayOffsets, self._stored.arrayOffsetType, count)
        flat = self._flat(int(bounds[-1]))
        return [flat[first:last] for first, last in pairwise(bounds.tolist())]

    def _flat(self, count: int) -> Any:
        """*count* elements one after the other."""
        data = self._view(self._stored.values)
        if self._described.type == "STRING":
            return self._strings(data, count)
        if self._described.type == "BOOLEAN":
            octets = _cut(data, np.dtype("u1"), (count + 7) // 8)
            self._budget.take(count)
            return np.unpackbits(octets, count=count, bitorder="little").view(np.bool_)
        dtype = self._schema.dtype(self._described)
        if dtype is None:
            raise table_broken()
        width = WIDTHS[self._described.type]
        self._budget.take(count, width * 8)
        values = _cut(data, dtype, count * width)
        if self._described.type == "ENUM":
            names = self._schema.names(self._described)
            return [names.get(value, str(value)) for value in values.tolist()]
        return self._scaled(values if width == 1 else values.reshape(count, width))

    def _scaled(self, values: NDArray[Any]) -> NDArray[Any]:
        """Normalised, scaled and moved, as the property says (9.3.4 and 9.3.5)."""
        described, stored = self._described, self._stored
        scale = described.scale if stored.scale is None else stored.scale
        offset = described.offset if stored.offset is None else stored.offset
        if described.normalized and values.dtype.kind in "iu":
            values = np.maximum(values / np.iinfo(values.dtype).max, -1.0)
        values = values if scale is None else _applied(np.multiply, values, scale)
        return values if offset is None else _applied(np.add, values, offset)

    def _strings(self, data: memoryview, count: int) -> list[str]:
        bounds = self._offsets(self._stored.stringOffsets, self._stored.stringOffsetType, count)
        if int(bounds[-1]) > len(data):
            raise table_broken()
        self._budget.take(count, _BYTES_A_VALUE)
        return [
            bytes(data[first:last]).decode("utf-8", "replace") for first, last in pairwise(bounds.tolist())
        ]

    def _offsets(self, view: int | None, kind: str, count: int) -> NDArray[np.int64]:
        """(count + 1,), never falling. Raises SceneRefused."""
        dtype = COMPONENTS.get(kind)
        if view is None or dtype is None or dtype.kind != "u":
            raise table_broken()
        self._budget.take(count + 1, 8)
        bounds = _cut(self._view(view), dtype, count + 1).astype(np.int64)
        if bounds[0] < 0 or (np.diff(bounds) < 0).any():
            raise table_broken()
        return bounds


def _applied(apply: np.ufunc, values: NDArray[Any], given: Any) -> NDArray[Any]:
    try:
        return apply(values, np.asarray(given, np.float64))
    except (TypeError, ValueError) as error:
        raise table_broken() from error


def _cut(data: memoryview, dtype: np.dtype[Any], count: int) -> NDArray[Any]:
    size = count * dtype.itemsize
    if size > len(data):
        raise table_broken()
    return np.frombuffer(data[:size], dtype)


def table_broken() -> SceneRefused:
    """What is told of a property table that does not keep to its schema."""
    return broken("属性表", "the property table")
