"""osg::Geometry as triangles: both layouts of arrays come as the same objects by now.

Source: OpenSceneGraph 3.6, include/osg/PrimitiveSet and include/osg/Geometry.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.scene.limits import Budget
from console.scene.osgb.objects import OsgObject
from console.scene.osgb.stream import cut_off

TRIANGLES, STRIP, FAN, QUADS, QUAD_STRIP, POLYGON = 4, 5, 6, 7, 8, 9
_OVERALL, _PER_VERTEX = 1, 4
MAX_RUNS = 1 << 16
"""Strips, fans and polygons of one set."""
_SET_COST, _RUN_COST = 4096, 1024
"""Bytes of the budget that stand for the time that even an empty set or run takes."""

Triangles = NDArray[np.int32]


def vertices(array: OsgObject | None, width: int, count: int | None, budget: Budget) -> Any:
    """The rows of a per-vertex array in native order: (n, *width*); None if it isn't one of *count* rows."""
    if array is None or (count is not None and array.get("Binding", _PER_VERTEX) != _PER_VERTEX):
        return None
    values = _looked_up(array, budget)
    if values is None or values.ndim != 2 or values.shape[1] != width:
        return None
    return values if count is None or len(values) == count else None


def _looked_up(array: OsgObject, budget: Budget) -> NDArray[Any] | None:
    """The values, by the indices that old files may give for them."""
    values = array.get("Values")
    indices = array.get("Indices")
    if values is None:
        return None
    budget.take(values.size, 8)
    if indices is None:
        return values.astype(values.dtype.newbyteorder("="), copy=False)
    chosen = indices.get("Values")
    if (
        chosen is None
        or chosen.ndim != 1
        or not chosen.size
        or chosen.min() < 0
        or chosen.max() >= len(values)
    ):
        return None
    budget.take(chosen.size, values.itemsize * (values.shape[1] if values.ndim == 2 else 1))
    return values[chosen].astype(values.dtype.newbyteorder("="), copy=False)


def colors(array: OsgObject | None, count: int, budget: Budget) -> NDArray[np.uint8] | None:
    """(*count*, 4) RGBA of a colour array per vertex or for all; None if there is none."""
    if array is None or array.get("Binding", _PER_VERTEX) not in (_OVERALL, _PER_VERTEX):
        return None
    values = _looked_up(array, budget)
    if values is None or values.ndim != 2 or values.shape[1] not in (3, 4) or not len(values):
        return None
    if array.get("Binding") == _OVERALL:
        budget.take(count, 16)
        values = np.repeat(values[:1], count, axis=0)
    if len(values) != count:
        return None
    return _rgba(values)


def _rgba(values: NDArray[Any]) -> NDArray[np.uint8]:
    if values.dtype.kind == "f":
        values = np.rint(np.nan_to_num(np.clip(values, 0.0, 1.0)) * 255.0)
    rgba = np.full((len(values), 4), 255, np.uint8)
    rgba[:, : values.shape[1]] = values.astype(np.uint8)
    return rgba


def triangles(primitives: list[OsgObject], count: int, budget: Budget) -> Triangles:
    """(m, 3) of all sets; points and lines are left out. Raises SceneRefused for a number beyond *count*."""
    parts = [_of_set(each, budget) for each in primitives]
    found = [part for part in parts if len(part)]
    if not found:
        return np.empty((0, 3), np.int32)
    joined = np.concatenate(found)
    if joined.min() < 0 or joined.max() >= count:
        raise cut_off()
    return joined.astype(np.int32, copy=False)


def _of_set(primitive: OsgObject, budget: Budget) -> NDArray[np.int64]:
    mode = primitive.get("Mode", 0)
    budget.take(1, _SET_COST)
    if not TRIANGLES <= mode <= POLYGON:
        return np.empty((0, 3), np.int64)
    runs = _runs(primitive, budget)
    if len(runs) > MAX_RUNS:
        raise cut_off()
    return np.concatenate([_triangulated(run, mode) for run in runs] or [np.empty((0, 3), np.int64)])


def _runs(primitive: OsgObject, budget: Budget) -> list[NDArray[np.int64]]:
    """The numbers of vertices, in as many runs as the set draws."""
    first = int(primitive.get("First", 0))
    values = primitive.get("Values")
    if primitive.name == "osg::DrawArrays":
        lengths = [int(primitive.get("Count", 0))]
    elif primitive.name == "osg::DrawArrayLengths":
        lengths = [int(length) for length in values[: MAX_RUNS + 1]] if values is not None else []
    else:
        if values is None:
            return []
        budget.take(values.size, 24)
        return [values.astype(np.int64)]
    if first < 0 or any(length < 0 for length in lengths):
        raise cut_off()
    budget.take(len(lengths), _RUN_COST)
    budget.take(sum(lengths), 24)
    starts = np.cumsum([first, *lengths])
    return [np.arange(start, start + length) for start, length in zip(starts[:-1], lengths, strict=True)]


def _triangulated(run: NDArray[np.int64], mode: int) -> NDArray[np.int64]:
    """One run as triangles of the same winding."""
    if mode == TRIANGLES:
        return run[: len(run) // 3 * 3].reshape(-1, 3)
    if mode == QUADS:
        quads = run[: len(run) // 4 * 4].reshape(-1, 4)
        return quads[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3)
    if len(run) < 3:
        return np.empty((0, 3), np.int64)
    if mode in (FAN, POLYGON):
        return np.stack([np.full(len(run) - 2, run[0]), run[1:-1], run[2:]], axis=1)
    if mode == QUAD_STRIP:
        run = run[: len(run) // 2 * 2]
    strip = np.stack([run[:-2], run[1:-1], run[2:]], axis=1)
    strip[1::2] = strip[1::2, [1, 0, 2]]
    return strip
