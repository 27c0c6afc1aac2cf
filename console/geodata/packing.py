"""From shapely geometries and columns to layer packages, without a loop over features."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from console.model.layers import FeatureShape, LayerKind, LayerPackage
from console.model.ragged import Geometries, ragged


@dataclass(slots=True, kw_only=True)
class Block:
    """Features of one kind and shape on their way to a package; WGS84 degrees."""

    kind: LayerKind
    shape: FeatureShape
    geometry: Geometries
    text: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    numbers: dict[str, npt.NDArray[Any]] = field(default_factory=dict[str, npt.NDArray[Any]])
    extras: dict[str, npt.NDArray[Any]] = field(default_factory=dict[str, npt.NDArray[Any]])
    """Arrays that are no columns, see ``LayerPackage.extras``; joined by rows."""

    def __len__(self) -> int:
        return len(self.geometry)

    def take(self, index: npt.NDArray[Any]) -> Block:
        """The features at *index* (a mask or positions)."""
        rows = np.flatnonzero(index) if index.dtype == bool else index
        return Block(
            kind=self.kind,
            shape=self.shape,
            geometry=self.geometry[rows],
            text={name: [values[i] for i in rows.tolist()] for name, values in self.text.items()},
            numbers={name: values[rows] for name, values in self.numbers.items()},
            extras=self.extras,
        )


def join_blocks(blocks: Sequence[Block]) -> Block:
    """Blocks of one kind and shape as one; a column that a block lacks is empty or 0 there."""
    if len(blocks) == 1:
        return blocks[0]
    texts = list(dict.fromkeys(name for b in blocks for name in b.text))
    numbers = {name: values.dtype for b in blocks for name, values in b.numbers.items()}
    return Block(
        kind=blocks[0].kind,
        shape=blocks[0].shape,
        geometry=np.concatenate([b.geometry for b in blocks]),
        text={n: [t for b in blocks for t in b.text.get(n, [""] * len(b))] for n in texts},
        numbers={
            n: np.concatenate([b.numbers.get(n, np.zeros(len(b), dtype)) for b in blocks])
            for n, dtype in numbers.items()
        },
        extras={
            n: np.concatenate([b.extras[n] for b in blocks if n in b.extras])
            for n in dict.fromkeys(name for b in blocks for name in b.extras)
        },
    )


def pack(block: Block, meta: dict[str, Any] | None = None) -> LayerPackage:
    """Encode *block*: coordinates to 1e-7 degrees, texts to one table."""
    xy, part_start, feature_start = ragged(block.geometry, block.shape)
    strings, columns = _intern(block.text)
    columns |= block.numbers
    return LayerPackage(
        kind=block.kind,
        shape=block.shape,
        xy=xy,
        part_start=part_start,
        feature_start=feature_start,
        columns=columns,
        text_columns=tuple(block.text),
        strings=strings,
        meta=meta or {},
        extras=block.extras,
    )


def _intern(text: dict[str, list[str]]) -> tuple[list[str], dict[str, npt.NDArray[Any]]]:
    table: dict[str, int] = {"": 0}
    columns: dict[str, npt.NDArray[Any]] = {}
    for name, values in text.items():
        indices = (table.setdefault(_clean(value), len(table)) for value in values)
        columns[name] = np.fromiter(indices, np.int32, len(values))
    return list(table), columns


def _clean(value: str) -> str:
    """NUL parts the texts of a package, and lone surrogates cannot be written."""
    return value if value.isprintable() else value.replace("\0", "").encode("utf-8", "replace").decode()


def geometries(package: LayerPackage) -> Geometries:
    """The features of *package* as shapely geometries in WGS84 degrees (polygons with holes)."""
    points = package.degrees
    part_of = np.repeat(np.arange(len(package.part_start) - 1), np.diff(package.part_start))
    owner = np.repeat(np.arange(len(package)), np.diff(package.feature_start))
    if package.shape is FeatureShape.POINT:
        return _gather(shapely.points(points[package.part_start[:-1]]), owner, shapely.multipoints)
    if package.shape is FeatureShape.LINE:
        return _gather(shapely.linestrings(points, indices=part_of), owner, shapely.multilinestrings)
    rings: Any = shapely.linearrings(points, indices=part_of)
    shell: Any = shapely.is_ccw(rings)
    shell[package.feature_start[:-1][np.diff(package.feature_start) > 0]] = True
    polygon_of = np.cumsum(shell) - 1
    polygons = shapely.polygons(rings, indices=polygon_of)
    return _gather(polygons, owner[shell], shapely.multipolygons)


def _gather(parts: Any, owner: npt.NDArray[np.intp], combine: Any) -> Geometries:
    """One geometry a feature: single parts stay as they are, several are combined."""
    counts = np.bincount(owner)
    if np.all(counts == 1):
        return parts
    whole: Geometries = np.asarray(combine(parts, indices=owner), object)
    single = np.flatnonzero(counts == 1)
    whole[single] = shapely.get_geometry(whole[single], 0)
    return whole


def texts(package: LayerPackage, column: str) -> list[str]:
    """All texts of *column*, in order; empty ones when the package lacks it."""
    values = package.columns.get(column)
    if values is None:
        return [""] * len(package)
    return [package.strings[i] for i in values.tolist()]


def floats(values: Iterable[Any]) -> npt.NDArray[np.float32]:
    """float32 column; what is no finite number becomes 0."""
    array = np.array([_number(v) for v in values], np.float32)
    return np.where(np.isfinite(array), array, np.float32(0))


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0
