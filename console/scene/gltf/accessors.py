"""Accessors of a glTF (3.6.2) as numpy arrays: all component types, strides, normalisation, sparse."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.scene.gltf.buffers import Buffers
from console.scene.gltf.schema import Accessor, Gltf
from console.scene.limits import Budget
from console.scene.refusal import broken

COMPONENTS = {
    5120: np.dtype("i1"),
    5121: np.dtype("u1"),
    5122: np.dtype("<i2"),
    5123: np.dtype("<u2"),
    5124: np.dtype("<i4"),
    5125: np.dtype("<u4"),
    5126: np.dtype("<f4"),
}
_COLUMNS = {"SCALAR": (1, 1), "VEC2": (1, 2), "VEC3": (1, 3), "VEC4": (1, 4)} | {
    f"MAT{n}": (n, n) for n in (2, 3, 4)
}


def normalised(values: NDArray[Any]) -> NDArray[np.float32]:
    """Integers as 0..1 or -1..1 (glTF 2.0, 3.11); floats as they are."""
    if values.dtype.kind == "f":
        return values.astype(np.float32, copy=False)
    scaled = values.astype(np.float32) / np.float32(np.iinfo(values.dtype).max)
    return np.maximum(scaled, np.float32(-1)) if values.dtype.kind == "i" else scaled


class Accessors:
    """The arrays of one glTF, by accessor."""

    def __init__(self, gltf: Gltf, buffers: Buffers, budget: Budget) -> None:
        self._gltf = gltf
        self._buffers = buffers
        self._budget = budget

    def record(self, index: int) -> Accessor:
        """The accessor's record. Raises SceneRefused."""
        if index >= len(self._gltf.accessors):
            raise broken("模型数据", "the model's data")
        return self._gltf.accessors[index]

    def read(self, index: int) -> NDArray[Any]:
        """Accessor *index* as stored: (count, k), k components; matrices column by column.

        A view on the file's bytes where it can be: read-only, perhaps unaligned. Raises SceneRefused.
        """
        record = self.record(index)
        dtype, (columns, rows) = _shape(record)
        if record.bufferView is None:
            self._budget.take(record.count, columns * rows * dtype.itemsize)
            values = np.zeros((record.count, columns * rows), dtype)
        else:
            stride = self._buffers.record(record.bufferView).byteStride or 0
            data = self._buffers.view(record.bufferView)
            values = _strided(data, record.byteOffset, record.count, stride, dtype, columns, rows)
        return values if record.sparse is None else self._substituted(record, values)

    def floats(self, index: int) -> NDArray[np.float32]:
        """Accessor *index* as float32, normalised if it says so. Raises SceneRefused."""
        values = self.read(index)
        self._budget.take(values.size, 4)
        scaled = normalised(values) if self.record(index).normalized else values
        return np.require(scaled, np.float32, ["C", "A"])

    def _substituted(self, record: Accessor, values: NDArray[Any]) -> NDArray[Any]:
        """Sparse accessors (3.6.2.3): some rows replaced."""
        sparse = record.sparse
        assert sparse is not None
        dtype, (columns, rows) = _shape(record)
        kind = COMPONENTS.get(sparse.indices.componentType)
        if kind is None or kind.kind != "u" or sparse.count > record.count:
            raise broken("模型数据", "the model's data")
        where = _strided(
            self._buffers.view(sparse.indices.bufferView),
            sparse.indices.byteOffset,
            sparse.count,
            0,
            kind,
            1,
            1,
        )[:, 0]
        data = self._buffers.view(sparse.values.bufferView)
        what = _strided(data, sparse.values.byteOffset, sparse.count, 0, dtype, columns, rows)
        if len(where) and int(where.max()) >= record.count:
            raise broken("模型数据", "the model's data")
        self._budget.take(values.nbytes)
        replaced = values.copy()
        replaced[where] = what
        return replaced


def _shape(record: Accessor) -> tuple[np.dtype[Any], tuple[int, int]]:
    dtype, shape = COMPONENTS.get(record.componentType), _COLUMNS.get(record.type)
    if dtype is None or shape is None:
        raise broken("模型数据", "the model's data")
    return dtype, shape


def _strided(
    data: memoryview, offset: int, count: int, stride: int, dtype: np.dtype[Any], columns: int, rows: int
) -> NDArray[Any]:
    """A view of *count* elements on *data*; columns of small matrices start at multiples of four bytes."""
    column = rows * dtype.itemsize
    if columns > 1:
        column = (column + 3) // 4 * 4
    size = (columns - 1) * column + rows * dtype.itemsize
    stride = stride or columns * column
    if stride < size or (count and offset + (count - 1) * stride + size > len(data)):
        raise broken("模型数据", "the model's data")
    if count == 0:
        return np.zeros((0, columns * rows), dtype)
    shape = (count, columns, rows)
    values = np.ndarray(shape, dtype, buffer=data, offset=offset, strides=(stride, column, dtype.itemsize))
    return values.reshape(count, columns * rows)
