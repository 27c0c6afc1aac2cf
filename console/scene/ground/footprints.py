"""Footprints of buildings from the packages of a layer. Read it on a worker thread."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from console.geodata.field_names import NAMES
from console.layer_files import open_package
from console.model.layers import FeatureShape, LayerPackage

STOREY = 3.0
"""Metres."""
USUAL_HEIGHT = 9.0
"""Metres, where nothing is known: three storeys."""
_HIGHEST = 1000.0
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,6})?")

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True, slots=True, eq=False)
class Footprints:
    """Buildings seen from above, and how tall they are."""

    shapes: NDArray[np.object_]
    """(n,) shapely polygons and multipolygons, WGS84 degrees."""
    heights: NDArray[np.float64]
    """(n,) metres from foot to roof."""
    rows: NDArray[np.int64]
    """(n,) rows in all packages of the layer, as ``console.sdk.layer_data`` counts them."""
    names: tuple[str, ...]
    """n; empty where there is none."""

    def __len__(self) -> int:
        return len(self.shapes)


def read_footprints(
    packages: Sequence[str], box: Box | None = None, usual: float = USUAL_HEIGHT
) -> Footprints:
    """The areas of a layer (*packages*: paths) whose boxes touch *box*; all of them without one.

    The height is the field of that meaning, else the number of storeys at 3 m each, else *usual*.
    Raises OSError, PackageError.
    """
    shapes, heights, rows, names = [np.empty(0, object)], [np.empty(0)], [np.empty(0, np.int64)], list[str]()
    first = 0
    for path in packages:
        layer = open_package(Path(path))
        if layer.shape is FeatureShape.POLYGON and len(layer):
            chosen = _inside(layer, box)
            found, kept = _shapes(layer, chosen)
            shapes.append(found)
            heights.append(_heights(layer, usual)[kept])
            rows.append(first + kept)
            names += [layer.text("name", row) for row in kept.tolist()]
        first += len(layer)
    return Footprints(np.concatenate(shapes), np.concatenate(heights), np.concatenate(rows), tuple(names))


def _inside(layer: LayerPackage, box: Box | None) -> NDArray[np.int64]:
    """Rows whose boxes touch *box*; those without vertices never do."""
    starts = layer.part_start[layer.feature_start].astype(np.intp)
    rows = np.flatnonzero(starts[1:] > starts[:-1])
    if box is None or not len(rows):
        return rows
    low = np.minimum.reduceat(layer.xy, starts[rows], axis=0) / 1e7
    high = np.maximum.reduceat(layer.xy, starts[rows], axis=0) / 1e7
    west, south, east, north = box
    touches = (low[:, 0] <= east) & (high[:, 0] >= west) & (low[:, 1] <= north) & (high[:, 1] >= south)
    return rows[touches]


def _shapes(layer: LayerPackage, rows: NDArray[np.int64]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Multipolygons of *rows*, and which rows gave one. Rings that are open or have no area are left out.

    Shells run counter-clockwise, each is followed by its holes.
    """
    rings = _ranges(layer.feature_start[rows], layer.feature_start[rows + 1])
    owner = np.repeat(np.arange(len(rows)), layer.feature_start[rows + 1] - layer.feature_start[rows])
    starts, ends = layer.part_start[rings], layer.part_start[rings + 1]
    turn = _turns(layer.xy, starts, ends)
    shell = (turn > 0) | (np.diff(owner, prepend=-1) > 0)
    polygon = np.cumsum(shell) - 1
    sound = turn != 0
    sound &= sound[shell][polygon]
    rings, owner, shell, starts, ends = (part[sound] for part in (rings, owner, shell, starts, ends))
    coordinates = layer.xy[_ranges(starts, ends)] / 1e7
    ring_offsets = np.concatenate([[0], np.cumsum(ends - starts)])
    polygon_offsets = np.append(np.flatnonzero(shell), len(rings))
    counts = np.bincount(owner[shell], minlength=len(rows))
    kept = np.flatnonzero(counts)
    offsets = (ring_offsets, polygon_offsets, np.concatenate([[0], np.cumsum(counts[kept])]))
    found = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, coordinates, offsets)
    return found, rows[kept]


def _turns(xy: NDArray[np.int32], starts: NDArray[Any], ends: NDArray[Any]) -> NDArray[np.float64]:
    """Twice the area of each ring, positive counter-clockwise; 0 for what is no ring."""
    turns = np.zeros(len(starts))
    whole = np.flatnonzero(ends - starts >= 4)
    whole = whole[(xy[starts[whole]] == xy[ends[whole] - 1]).all(axis=1)]
    if not len(whole):
        return turns
    counts = ends[whole] - starts[whole]
    origins = np.repeat(xy[starts[whole]].astype(np.float64), counts, axis=0)
    x, y = (xy[_ranges(starts[whole], ends[whole])] - origins).T
    cross = np.append(x[:-1] * y[1:] - x[1:] * y[:-1], 0.0)
    last = np.cumsum(counts) - 1
    cross[last] = 0.0
    turns[whole] = np.add.reduceat(cross, np.concatenate([[0], last[:-1] + 1]))
    return turns


def _ranges(starts: NDArray[Any], ends: NDArray[Any]) -> NDArray[np.int64]:
    """All whole numbers of [start, end), range after range."""
    counts = (ends - starts).astype(np.int64)
    skipped = np.cumsum(counts) - counts
    return np.arange(counts.sum()) + np.repeat(starts - skipped, counts)


def _heights(layer: LayerPackage, usual: float) -> NDArray[np.float64]:
    metres = _numbers(layer, "height")
    storeys = _numbers(layer, "levels") * STOREY
    known = np.where(metres > 0, metres, np.where(storeys > 0, storeys, usual))
    return np.minimum(known, _HIGHEST)


def _numbers(layer: LayerPackage, meaning: str) -> NDArray[np.float64]:
    """The first field of that *meaning* that is there; 0 where it says nothing that is a number."""
    there = {name.lower(): name for name in layer.columns}
    name = next((there[known] for known in NAMES[meaning] if known in there), None)
    if name is None:
        return np.zeros(len(layer))
    values = layer.columns[name]
    if name in layer.text_columns:
        return np.array([_number(text) for text in layer.strings])[values]
    return np.nan_to_num(values.astype(np.float64), posinf=0.0, neginf=0.0)


def _number(text: str) -> float:
    """A text such as "18", "18.5 m", "6层", or a class such as "10-20" (its middle)."""
    numbers = _NUMBER.findall(text)[:2]
    return sum(map(float, numbers)) / len(numbers) if numbers else 0.0
