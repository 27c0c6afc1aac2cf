"""What a hand can snap to: vertices and edges of layers in view, found by place. No Qt, for any thread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from console.layer_files import open_package
from console.map.editing.strokes import Spot
from console.map.viewport import Bounds, from_world, to_world
from console.model.layers import DEGREE, FeatureShape, LayerPackage
from console.model.records import LonLat

Floats = npt.NDArray[np.float64]
MOST = 120_000
"""Edges that are looked after; layers that would make more (the city from far) are left out."""


@dataclass(frozen=True, slots=True)
class Source:
    """One layer: files of features, or lines of shapes that are on the map only."""

    packages: tuple[str, ...] = ()
    version: str = ""
    lines: tuple[Floats, ...] = ()
    """(n, 2) world units each; rings are closed."""


class Snap(NamedTuple):
    """A place to snap to."""

    place: LonLat
    vertex: bool
    """Else it lies on an edge."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """A package with the boxes of its features in 1e-7 degrees."""

    package: LayerPackage
    low: npt.NDArray[np.int32]
    high: npt.NDArray[np.int32]

    def edges(self, area: Bounds) -> Floats:
        """(k, 4) ends of the edges, in degrees, of features that meet an area in degrees; points have
        both ends at one place."""
        west, south, east, north = (value * DEGREE for value in area)
        seen = (self.low[:, 0] <= east) & (self.high[:, 0] >= west)
        seen &= (self.low[:, 1] <= north) & (self.high[:, 1] >= south)
        package = self.package
        parts = np.repeat(seen, np.diff(package.feature_start))
        inside = np.repeat(parts, np.diff(package.part_start))
        if package.shape is FeatureShape.POINT:
            at = package.xy[inside] / float(DEGREE)
            return np.hstack([at, at])
        inside[package.part_start[1:] - 1] = False  # a part's last vertex begins no edge
        first = np.flatnonzero(inside)
        return np.hstack([package.xy[first], package.xy[first + 1]]) / float(DEGREE)


class Packages:
    """Packages that were opened, by file and version."""

    def __init__(self) -> None:
        self._opened: dict[tuple[str, str], _Opened | None] = {}

    def edges(self, source: Source, area: Bounds) -> Floats:
        """See ``_Opened.edges``; files that cannot be read have none."""
        found = [self._open(path, source.version) for path in source.packages]
        return np.vstack([np.empty((0, 4)), *(opened.edges(area) for opened in found if opened)])

    def _open(self, path: str, version: str) -> _Opened | None:
        key = (path, version)
        if key not in self._opened:
            try:
                self._opened[key] = _opened(Path(path))
            except (OSError, ValueError):  # the map says what is wrong with it
                self._opened[key] = None
        return self._opened[key]


def _opened(path: Path) -> _Opened | None:
    """None for a package without vertices. Raises OSError and PackageError, a ValueError."""
    package = open_package(path)
    first = package.part_start[package.feature_start]
    if not len(package) or np.any(np.diff(first) <= 0):
        return None
    low, high = (function.reduceat(package.xy, first[:-1]) for function in (np.minimum, np.maximum))
    return _Opened(package, low, high)


class SnapIndex:
    """Edges by place, in world units."""

    def __init__(self, edges: Floats) -> None:
        self._edges = edges
        lines: Any = shapely.linestrings(edges.reshape(-1, 2, 2))
        self._tree = shapely.STRtree(lines)
        self._near(0.0, 0.0, 0.0)  # the tree is built when it is first asked

    def __len__(self) -> int:
        return len(self._edges)

    def find(self, place: LonLat, reach: float) -> Snap | None:
        """The nearest vertex within *reach* world units, else the nearest place on an edge."""
        x, y = (float(value) for value in to_world(*place))
        rows = self._near(x, y, reach)
        if not len(rows):
            return None
        here, ends = np.array([x, y]), self._edges[rows].reshape(-1, 2, 2)
        away = np.hypot(*(ends - here).transpose(2, 0, 1))
        row, end = np.unravel_index(np.argmin(away), away.shape)
        vertex = bool(away[row, end] <= reach)
        if not vertex:
            on = nearest_on(ends, here)
            away = np.hypot(*(on - here).T)
            row = np.argmin(away)
            if away[row] > reach:
                return None
        lon, lat = from_world(*(ends[row, end] if vertex else on[row]))
        return Snap((float(lon), float(lat)), vertex)

    def _near(self, x: float, y: float, reach: float) -> npt.NDArray[np.intp]:
        return self._tree.query(shapely.box(x - reach, y - reach, x + reach, y + reach))


def nearest_on(ends: Floats, here: Floats) -> Floats:
    """(k, 2) the places on edges (k, 2, 2) nearest to one (2,)."""
    start, step = ends[:, 0], ends[:, 1] - ends[:, 0]
    square = (step**2).sum(axis=1)
    share = ((here - start) * step).sum(axis=1) / np.where(square > 0, square, 1.0)
    return start + step * np.clip(share, 0.0, 1.0)[:, None]


def build_index(
    sources: Iterable[Source], packages: Packages, area: Bounds, without: frozenset[Spot]
) -> SnapIndex:
    """Of what meets *area* (degrees), topmost layer first.

    *without*: vertices as they were before the edit. An edge between two of them is what is
    being moved, seen on its own layer: the hand would never get away from it.
    """
    found: list[Floats] = []
    for source in sources:
        edges = _all_edges(source, packages, area)
        if not len(edges) or sum(map(len, found)) + len(edges) > MOST:
            continue
        if without:
            edges = edges[~_own(edges, without)]
        found.append(_world(edges))
    return SnapIndex(np.vstack([np.empty((0, 4)), *found]))


def _all_edges(source: Source, packages: Packages, area: Bounds) -> Floats:
    """In degrees."""
    lines = [np.hstack([line[:-1], line[1:]]) for line in source.lines if len(line) > 1]
    drawn = np.vstack([np.empty((0, 4)), *lines])
    start, end = from_world(drawn[:, 0], drawn[:, 1]), from_world(drawn[:, 2], drawn[:, 3])
    return np.vstack([np.column_stack([*start, *end]), packages.edges(source, area)])


def _world(edges: Floats) -> Floats:
    start, end = to_world(edges[:, 0], edges[:, 1]), to_world(edges[:, 2], edges[:, 3])
    return np.column_stack([*start, *end])


def _own(edges: Floats, without: frozenset[Spot]) -> npt.NDArray[np.bool_]:
    """(k,) edges both of whose ends are vertices of *without*."""
    spots = np.array(sorted(without), np.int64)
    keys = spots[:, 0] << 32 | (spots[:, 1] & 0xFFFFFFFF)
    ends = np.rint(edges.reshape(-1, 2) * 1e7).astype(np.int64)
    mine = np.isin(ends[:, 0] << 32 | (ends[:, 1] & 0xFFFFFFFF), keys).reshape(-1, 2)
    return mine[:, 0] & mine[:, 1]
