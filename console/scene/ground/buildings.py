"""A city of footprints as solid blocks that can be drawn, in squares, near and far."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from console.scene.frame import Frame
from console.scene.ground.footprints import Footprints
from console.scene.ground.heights import Heights
from console.scene.ground.solids import Look, Solids, extrude
from console.scene.stream.drawable import Batch

DEGREE = 111_320.0
"""Metres of a degree, to choose by size; no vertex is placed by it."""
SMALLEST = 2.0
"""Square metres. What is smaller is a slip of the pen."""
FAR_TRIANGLES = 120_000
"""Of all blocks together, seen from afar: the largest buildings first."""
_FAR_DETAIL = 4.0
"""Metres by which outlines may be straightened for that."""
_FEWEST_TRIANGLES = 7
"""Of a solid: one on three corners."""
_MARGIN = 0.1
_STEP = 1e-5
"""Degrees: a metre, finer than footprints are drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The buildings of one square, standing on the ground."""

    frame: Frame
    """Axes of its vertices, at its middle."""
    half: NDArray[np.float64]
    """(3,) metres from there to the sides of its box."""
    near: Solids
    far: Solids
    """The large ones with straightened outlines; may be none."""

    def batch(self, look: Look, far: bool = False) -> Batch:
        """For a worker thread: some milliseconds. ``features`` are rows of the footprints."""
        return extrude(self.far if far else self.near, self.frame, look)


@dataclass(frozen=True, slots=True, eq=False)
class City:
    """What became of the footprints."""

    blocks: tuple[Block, ...]
    covered: int
    """Buildings left out since a model shows them."""
    dropped: int
    """Buildings too small, or without an area."""


def raise_city(
    footprints: Footprints,
    ground: Heights,
    covered: shapely.Geometry | None = None,
    size: float = 500.0,
    far_triangles: int = FAR_TRIANGLES,
) -> City:
    """*covered*: areas in WGS84 degrees where models stand already; *size*: metres of a square's side.

    For a worker thread: half a second for 44,000 buildings. Raises SceneRefused when the ground's heights
    cannot be read.
    """
    free = _free(footprints.shapes, covered)
    polygons, owner = _sound(footprints.shapes[free])
    rows = free[owner]
    solids = _standing(polygons, rows, footprints.heights[rows], ground)
    return City(
        blocks=tuple(_blocks(solids, _squares(polygons, size), far_triangles)),
        covered=len(footprints) - len(free),
        dropped=len(free) - len(np.unique(rows)),
    )


def _free(shapes: NDArray[np.object_], covered: shapely.Geometry | None) -> NDArray[np.intp]:
    """Rows of *shapes* of which no inner point lies in *covered*."""
    if covered is None:
        return np.arange(len(shapes))
    shapely.prepare(covered)
    return np.flatnonzero(~shapely.contains_properly(covered, shapely.point_on_surface(shapes)))


def _sound(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """The polygons of *shapes*, mended, shells counter-clockwise; and whose each is."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    wrong = np.flatnonzero(~shapely.is_valid(parts))
    if len(wrong):
        mended = parts.copy()
        mended[wrong] = shapely.make_valid(parts[wrong], method="structure")
        parts, again = shapely.get_parts(mended, return_index=True)
        owner = owner[again]
    polygon = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    parts, owner = shapely.remove_repeated_points(parts[polygon]), owner[polygon]
    large = _square_metres(parts) >= SMALLEST
    return shapely.orient_polygons(parts[large]), owner[large]


def _square_metres(polygons: NDArray[np.object_]) -> NDArray[np.float64]:
    bounds = shapely.bounds(polygons)
    return shapely.area(polygons) * DEGREE**2 * np.cos(np.radians(bounds[:, [1, 3]].mean(axis=1)))


def _standing(
    polygons: NDArray[np.object_], rows: NDArray[np.intp], heights: NDArray[np.float64], ground: Heights
) -> Solids:
    """From the lowest ground at their corners, so that none floats on a slope, to *heights* above the middle
    between that and the highest."""
    lonlat, of = shapely.get_coordinates(polygons, return_index=True)
    if not len(lonlat):
        return Solids(polygons, np.empty(0), np.empty(0), rows)
    level = ground.at(lonlat[:, 0], lonlat[:, 1], _STEP)
    first = np.flatnonzero(np.diff(of, prepend=-1))
    foot = np.minimum.reduceat(level, first)
    middle = (foot + np.maximum.reduceat(level, first)) / 2
    return Solids(polygons, foot, middle + heights, rows)


def _largest(solids: Solids, triangles: int) -> tuple[Solids, NDArray[np.intp]]:
    """The largest of *solids*, straightened, of as many *triangles* together; and their rows."""
    volume = _square_metres(solids.polygons) * (solids.roof - solids.foot)
    order = np.argsort(-volume, kind="stable")[: triangles // _FEWEST_TRIANGLES]
    shells = shapely.polygons(shapely.get_exterior_ring(solids.polygons[order]))
    plain = np.asarray(shapely.simplify(shells, _FAR_DETAIL / DEGREE))
    kept = _square_metres(plain) >= SMALLEST
    order, plain = order[kept], plain[kept]
    simple = Solids(plain, solids.foot[order], solids.roof[order], solids.features[order])
    within = np.flatnonzero(np.cumsum(simple.triangles()) <= triangles)
    return simple.chosen(within), order[within]


def _squares(polygons: NDArray[np.object_], size: float) -> NDArray[np.int64]:
    """(n, 2): row and column of the square in which the middle of each lies."""
    west, south, east, north = shapely.bounds(polygons).T
    lon, lat = (west + east) / 2, (south + north) / 2
    row = np.floor(lat * DEGREE / size)
    column = np.floor(lon * np.cos(np.radians((row + 0.5) * size / DEGREE)) * DEGREE / size)
    return np.column_stack([row, column]).astype(np.int64)


def _blocks(solids: Solids, squares: NDArray[np.int64], far_triangles: int) -> list[Block]:
    keys, square = np.unique(squares, axis=0, return_inverse=True)
    far, rows = _largest(solids, far_triangles)
    near_parts = _parted(solids, square, len(keys))
    far_parts = _parted(far, square[rows], len(keys))
    return [_block(near, distant) for near, distant in zip(near_parts, far_parts, strict=True)]


def _parted(solids: Solids, square: NDArray[np.intp], count: int) -> list[Solids]:
    order = np.argsort(square, kind="stable")
    ends = np.searchsorted(square[order], np.arange(count + 1))
    return [solids.chosen(order[a:b]) for a, b in pairwise(ends.tolist())]


def _block(near: Solids, far: Solids) -> Block:
    bounds = shapely.bounds(near.polygons)
    west, south = bounds[:, :2].min(axis=0)
    east, north = bounds[:, 2:].max(axis=0)
    low, high = float(near.foot.min()), float(near.roof.max())
    frame = Frame(float(west + east) / 2, float(south + north) / 2, (low + high) / 2)
    corners = frame.place([west, east, west, east], [south, south, north, north], [low, low, high, high])
    corners = np.concatenate([corners, frame.place([west, east], [south, north], [high, low])])
    return Block(frame, abs(corners).max(axis=0) + _MARGIN, near, far)
