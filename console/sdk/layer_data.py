"""What is in the features of a layer: fields, values, areas. Read from its files: run it in the worker pool.

files = ctx.map.layers.files(layer_id)
attributes = await ctx.tasks.run(read_attributes, files.packages)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from console.layer_files import open_package
from console.model.layers import DEGREE, FeatureShape, LayerPackage, PackageError
from console.model.records import LonLat
from console.sdk.styling import LINE, POINT, POLYGON

__all__ = [
    "AreaIndex",
    "Attributes",
    "Field",
    "PackageError",
    "read_areas",
    "read_attributes",
    "read_texts",
    "read_values",
]

SHAPES = {FeatureShape.POINT: POINT, FeatureShape.LINE: LINE, FeatureShape.POLYGON: POLYGON}
Ring = list[LonLat]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One attribute of the features of a layer."""

    name: str
    type: Literal["number", "text"]
    count: int
    """Features that have it."""
    least: float | None = None
    most: float | None = None
    """Of numbers."""
    common: tuple[tuple[Any, int], ...] = ()
    """The most frequent values with their counts."""
    others: int = 0
    """Features with other values than those."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributes:
    """The features of a layer at a glance."""

    count: int
    shapes: tuple[str, ...]
    """``Polygon``, ``LineString``, ``Point``, those that there are."""
    fields: tuple[Field, ...]


def read_attributes(packages: Sequence[str], most: int = 100) -> Attributes:
    """Fields of all *packages*, with up to *most* values each. Raises OSError, PackageError."""
    layers = [open_package(Path(path)) for path in packages]
    names = dict.fromkeys(name for layer in layers for name in layer.columns)
    return Attributes(
        count=sum(len(layer) for layer in layers),
        shapes=tuple(sorted({SHAPES[layer.shape] for layer in layers})),
        fields=tuple(_field(layers, name, most) for name in names),
    )


def read_values(packages: Sequence[str], name: str) -> npt.NDArray[Any]:
    """A field of all features: float64 (nan: none) or texts (None: none). Raises OSError, PackageError."""
    return _values([open_package(Path(path)) for path in packages], name)


def read_texts(packages: Sequence[str], name: str) -> tuple[npt.NDArray[np.intp], list[str]]:
    """A field of texts: for each feature the place of its text in a list of the different ones, -1: none.

    Quick for many features, and never long without letting other threads run. Raises OSError, PackageError.
    """
    places: dict[str, int] = {}
    codes = [np.empty(0, np.intp)]
    for layer in (open_package(Path(path)) for path in packages):
        place = np.full(max(len(layer.strings), 1), -1, np.intp)
        values = layer.columns.get(name) if name in layer.text_columns else None
        values = np.zeros(len(layer), np.int32) if values is None else values
        used: list[int] = np.unique(values).tolist()
        for code in used:
            if layer.strings[code]:
                place[code] = places.setdefault(layer.strings[code], len(places))
        codes.append(place[values])
    return np.concatenate(codes), list(places)


def read_areas(packages: Sequence[str], equal: Sequence[tuple[str, float]] = ()) -> AreaIndex:
    """The areas of a layer, to be asked which of them holds a place.

    *equal*: columns with the numbers that they must have, such as ``("level", 15)``.
    Raises OSError, PackageError.
    """
    return AreaIndex([open_package(Path(path)) for path in packages], equal)


class AreaIndex:
    """Areas in memory. What is asked of it takes microseconds: it is made for the GUI thread."""

    def __init__(self, layers: Sequence[LayerPackage], equal: Sequence[tuple[str, float]] = ()) -> None:
        self._layers = [layer for layer in layers if layer.shape is FeatureShape.POLYGON]
        self._rows = [(at, row) for at, layer in enumerate(self._layers) for row in _rows(layer, equal)]
        boxes = [_boxes(layer)[_rows(layer, equal)] for layer in self._layers]
        self._box = np.concatenate(boxes) if boxes else np.empty((0, 4))

    def __len__(self) -> int:
        return len(self._rows)

    def at(self, lon: float, lat: float) -> int | None:
        """The smallest area that holds a place; None when none does."""
        return next(iter(self.all_at(lon, lat)), None)

    def all_at(self, lon: float, lat: float) -> list[int]:
        """All areas that hold a place, the smallest first."""
        x, y, box = lon * DEGREE, lat * DEGREE, self._box
        near = (box[:, 0] <= x) & (box[:, 2] >= x) & (box[:, 1] <= y) & (box[:, 3] >= y)
        holding = [i for i in np.flatnonzero(near).tolist() if self._holds(i, x, y)]
        return sorted(holding, key=lambda i: float(np.prod(box[i, 2:] - box[i, :2])))

    def value(self, area: int, name: str) -> Any:
        """An attribute: a text, a number, or None."""
        of, row = self._rows[area]
        layer = self._layers[of]
        if name not in layer.columns:
            return None
        return layer.text(name, row) if name in layer.text_columns else float(layer.columns[name][row])

    def rings(self, area: int) -> list[Ring]:
        """Shells counter-clockwise, each followed by its holes, clockwise; in degrees."""
        return [[(x / DEGREE, y / DEGREE) for x, y in part.tolist()] for part in self._parts(area)]

    def square_metres(self) -> npt.NDArray[np.float64]:
        """(n,) sizes on the ground, holes left out; exact enough for areas of cities (1 in 1,000)."""
        return np.array([abs(sum(map(_ring_size, self._parts(area)))) for area in range(len(self))])

    def _parts(self, area: int) -> list[npt.NDArray[np.int32]]:
        of, row = self._rows[area]
        layer = self._layers[of]
        first, last = layer.feature_start[row : row + 2]
        starts = layer.part_start[first : last + 1]
        return [layer.xy[a:b] for a, b in pairwise(starts.tolist())]

    def _holds(self, area: int, x: float, y: float) -> bool:
        """By the number of edges that a ray to the east crosses, holes included."""
        return sum(_crossings(part, x, y) for part in self._parts(area)) % 2 == 1


def _crossings(ring: npt.NDArray[np.int32], x: float, y: float) -> int:
    ax, ay = ring[:-1, 0].astype(np.float64), ring[:-1, 1]
    bx, by = ring[1:, 0].astype(np.float64), ring[1:, 1]
    across = (ay > y) != (by > y)
    rise = (by[across] - ay[across]).astype(np.float64)
    at = ax[across] + (y - ay[across]) / rise * (bx[across] - ax[across])
    return int(np.count_nonzero(at > x))


def _ring_size(ring: npt.NDArray[np.int32]) -> float:
    """Square metres, positive counter-clockwise, on the sphere flattened at the ring's middle."""
    degrees = ring / float(DEGREE)
    middle = degrees.mean(axis=0)
    scale = np.array([111_319.49 * np.cos(np.radians(middle[1])), 110_946.3])
    x, y = ((degrees - middle) * scale).T
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)


def _rows(layer: LayerPackage, equal: Sequence[tuple[str, float]]) -> list[int]:
    mask = np.ones(len(layer), np.bool_)
    for name, value in equal:
        mask &= layer.columns[name] == value if name in layer.columns else np.bool_(False)
    return np.flatnonzero(mask).tolist()


def _boxes(layer: LayerPackage) -> npt.NDArray[np.float64]:
    """(n, 4) west, south, east, north in 1e-7 degrees; nan for features without vertices."""
    starts = layer.part_start[layer.feature_start]
    box = np.full((len(layer), 4), np.nan)
    full = starts[1:] > starts[:-1]
    if full.any():
        first = starts[:-1][full].astype(np.intp)
        box[full, :2] = np.minimum.reduceat(layer.xy, first, axis=0)
        box[full, 2:] = np.maximum.reduceat(layer.xy, first, axis=0)
    return box


def _values(layers: Sequence[LayerPackage], name: str) -> npt.NDArray[Any]:
    parts = [_column(layer, name) for layer in layers]
    if len({part.dtype for part in parts}) > 1:  # texts here, numbers or nothing there
        parts = [part.astype(object) for part in parts]
    return np.concatenate(parts) if parts else np.empty(0)


def _column(layer: LayerPackage, name: str) -> npt.NDArray[Any]:
    values = layer.columns.get(name)
    if values is None:
        return np.full(len(layer), np.nan)
    if name in layer.text_columns:
        return np.array([text or None for text in layer.strings], object)[values]
    return values.astype(np.float64)


def _field(layers: Sequence[LayerPackage], name: str, most: int) -> Field:
    if any(name in layer.text_columns for layer in layers):
        return _text_field([layer for layer in layers if name in layer.text_columns], name, most)
    values = _values(layers, name)
    distinct, counts = np.unique(values[~np.isnan(values)], return_counts=True)
    order = np.argsort(-counts, kind="stable")[:most]
    ranked = tuple((float(distinct[i]), int(counts[i])) for i in order)
    there = int(counts.sum())
    return Field(
        name=name,
        type="number",
        count=there,
        least=float(distinct[0]) if there else None,
        most=float(distinct[-1]) if there else None,
        common=ranked,
        others=there - sum(count for _, count in ranked),
    )


def _text_field(layers: Sequence[LayerPackage], name: str, most: int) -> Field:
    """Counted by the places of texts, which numpy does without holding up other threads."""
    there, ranked = 0, Counter[str]()
    for layer in layers:
        if name in layer.columns:
            counts = np.bincount(layer.columns[name], minlength=len(layer.strings))
            counts[0] = 0  # the empty text is none
            there += int(counts.sum())
            best = np.argsort(-counts, kind="stable")[:most].tolist()
            ranked.update({layer.strings[i]: int(counts[i]) for i in best if counts[i]})
    chosen = tuple(sorted(ranked.items(), key=lambda item: (-item[1], item[0]))[:most])
    others = there - sum(count for _, count in chosen)
    return Field(name=name, type="text", count=there, common=chosen, others=others)
