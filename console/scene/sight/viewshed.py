"""What an observer sees: cells of the ground around, as a raster and as areas."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import shapes
from rasterio.transform import Affine

from console.scene.frame import Frame
from console.scene.refusal import refused
from console.scene.sight.rays import Rays
from console.scene.sight.sightline import Spot, standing

Points = NDArray[np.float64]
Values = NDArray[np.float64]
AHEAD = 90.0
"""Degrees of tilt that look to the horizon; 0 straight down, as in ``console.scene.pose``."""
ROUND = 360.0
"""Degrees of a field that has no sides."""
MOST_CELLS = 16_000_000
_TOGETHER = 1 << 17
"""Cells between two looks at whether it is still wanted."""
_WIDE = 170.0
"""Degrees from which a field is no more a pyramid, but an angle each way."""


class LookingCancelled(Exception):
    """Whoever asked does not want it any more."""


class Cell(IntEnum):
    """What is known of a cell."""

    OUT = 0
    """Out of range or of the field of view."""
    HIDDEN = 1
    SEEN = 2
    UNKNOWN = 3
    """Within, but there is no surface."""


@dataclass(frozen=True, slots=True)
class Field:
    """How far and how wide one looks."""

    reach: float = 200.0
    """Metres on the ground's plane."""
    heading: float = 0.0
    """Degrees clockwise from north."""
    tilt: float = AHEAD
    """Degrees: 0 straight down, 90 to the horizon."""
    across: float = ROUND
    """Degrees, the whole horizontal field."""
    upright: float = 180.0
    """Degrees, the whole vertical field."""


@dataclass(frozen=True, slots=True, eq=False)
class Viewshed:
    """A raster in a frame at the observer, its first row the northernmost."""

    frame: Frame
    """Its plane holds the raster; the observer is above the middle."""
    eye: Points
    """(3,) WGS84 degrees and metres above the ellipsoid."""
    cell: float
    """Metres of a cell's side."""
    cells: NDArray[np.uint8]
    """(k, k) of Cell, k even."""
    distance: NDArray[np.float32]
    """(k, k) metres from the eye to what would be seen there; NaN where nothing is known."""
    surface: NDArray[np.float32]
    """(k, k) metres above the ellipsoid of the highest surface; NaN likewise."""

    @property
    def share(self) -> float:
        """Of what is within range and field of view, how much is seen: 0..1; 0 for nothing."""
        seen, hidden = (int((self.cells == kind).sum()) for kind in (Cell.SEEN, Cell.HIDDEN))
        return seen / (seen + hidden) if seen + hidden else 0.0

    @property
    def area(self) -> float:
        """Square metres seen, from above."""
        return float((self.cells == Cell.SEEN).sum()) * self.cell**2

    def at(self, lon: Any, lat: Any) -> NDArray[np.uint8]:
        """The Cell of WGS84 degrees of one shape; OUT beyond the raster."""
        return look_up(self.cells, self.cell, self.frame.place(lon, lat, self.frame.height))

    def polygons(self, kind: Cell = Cell.SEEN) -> shapely.MultiPolygon:
        """The outlines of all cells of *kind*, WGS84 degrees, along the cells' sides."""
        return outlines(self.cells == kind, self.cell, self.frame)


def viewshed(
    rays: Rays,
    spot: Spot,
    field: Field,
    cell: float = 1.0,
    target: float = 1.0,
    cancelled: Callable[[], bool] = lambda: False,
) -> Viewshed:
    """What is seen from *spot* of things that reach *target* metres above the highest surface of a cell.

    A cell is asked about at its middle. Raises SceneRefused: nothing to stand on, no or too many cells;
    LookingCancelled.
    """
    cells_out = field.reach / cell if cell > 0 else 0.0
    if not 0 < cells_out <= math.isqrt(MOST_CELLS) / 2:
        raise refused(
            "可视域的格子大小或距离不合理(格子过多请加大格子或缩短距离)",
            "no such viewshed: for too many cells take larger ones or a shorter range",
        )
    half = math.ceil(cells_out)
    start = standing(rays, spot)
    eye = rays.frame.geographic(start)
    frame = Frame(float(eye[0]), float(eye[1]), float(eye[2]))
    east, north = _middles(half, cell)
    rows, columns = np.nonzero(_within(east, north, field))
    lon, lat, _ = frame.geographic(
        np.column_stack([east[rows, columns], north[rows, columns], np.zeros(len(rows))])
    ).T
    height = rays.heights(lon, lat) + target
    places = rays.frame.place(lon, lat, np.nan_to_num(height))
    known = np.isfinite(height)
    way = (places - start) @ rays.frame.axes_at(start).T
    inside = known & in_field(way, field)
    seen = np.zeros(len(rows), np.bool_)
    for part in _parts(np.flatnonzero(inside)):
        if cancelled():
            raise LookingCancelled
        seen[part] = rays.clear(start, places[part])
    cells = np.zeros((2 * half, 2 * half), np.uint8)
    cells[rows, columns] = np.select([~known, seen, inside], [Cell.UNKNOWN, Cell.SEEN, Cell.HIDDEN], Cell.OUT)
    distance = np.full(cells.shape, np.nan, np.float32)
    distance[rows[known], columns[known]] = np.linalg.norm(way[known], axis=1)
    surface = np.full(cells.shape, np.nan, np.float32)
    surface[rows, columns] = height - target
    return Viewshed(frame, eye, cell, cells, distance, surface)


def _parts(rows: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Some tenths of a second each."""
    return [rows[at : at + _TOGETHER] for at in range(0, len(rows), _TOGETHER)]


def in_field(way: Points, field: Field) -> NDArray[np.bool_]:
    """(n,) whether *way* (n, 3), east, north and up of the eye, lies within the field of view.

    A field narrower than 170° both ways is a picture's pyramid; a wider one is an angle around and an angle
    up and down of the tilt.
    """
    turn, tilt = math.radians(field.heading), math.radians(field.tilt)
    level = np.array([math.sin(turn), math.cos(turn), 0.0])
    right = np.array([math.cos(turn), -math.sin(turn), 0.0])
    if _is_wide(field):
        around = np.degrees(np.arctan2(way @ right, way @ level))
        rise = np.degrees(np.arctan2(way[:, 2], np.hypot(way[:, 0], way[:, 1])))
        upright = np.abs(rise - (field.tilt - AHEAD)) <= field.upright / 2
        return (np.abs(around) <= field.across / 2) & upright
    ahead = math.sin(tilt) * level + np.array([0.0, 0.0, -math.cos(tilt)])
    above = math.cos(tilt) * level + np.array([0.0, 0.0, math.sin(tilt)])
    depth = way @ ahead
    wide = np.abs(way @ right) <= depth * math.tan(math.radians(field.across) / 2)
    return wide & (np.abs(way @ above) <= depth * math.tan(math.radians(field.upright) / 2)) & (depth > 0)


def look_up(cells: NDArray[np.uint8], cell: float, place: Points) -> NDArray[np.uint8]:
    """The values of a raster around the origin at *place* (…, 3) of its frame; 0 beyond it."""
    half = len(cells) // 2
    column = np.floor(place[..., 0] / cell).astype(np.int64) + half
    row = half - 1 - np.floor(place[..., 1] / cell).astype(np.int64)
    there = (column >= 0) & (column < 2 * half) & (row >= 0) & (row < 2 * half)
    return np.where(there, cells[row * there, column * there], 0).astype(np.uint8)


def outlines(mask: NDArray[np.bool_], cell: float, frame: Frame) -> shapely.MultiPolygon:
    """The areas of *mask* (k, k), north up around the frame's origin, in WGS84 degrees."""
    half = len(mask) // 2
    affine = Affine(cell, 0.0, -half * cell, 0.0, -cell, half * cell)
    found = [
        shapely.Polygon(area["coordinates"][0], area["coordinates"][1:])
        for area, _ in shapes(mask.astype(np.uint8), mask=mask, transform=affine)
    ]

    def geographic(flat: Values) -> Values:
        return frame.geographic(np.column_stack([flat, np.zeros(len(flat))]))[:, :2]

    return shapely.transform(shapely.MultiPolygon(found), geographic)


def _middles(half: int, cell: float) -> tuple[Values, Values]:
    line = (np.arange(2 * half, dtype=np.float64) - half + 0.5) * cell
    east, north = np.meshgrid(line, line[::-1])
    return east, north


def _within(east: Values, north: Values, field: Field) -> NDArray[np.bool_]:
    """Cells within the range on the sides that the field can hold: a sieve before any ray."""
    turn = math.radians(field.heading)
    ahead = east * math.sin(turn) + north * math.cos(turn)
    right = east * math.cos(turn) - north * math.sin(turn)
    around = np.abs(np.arctan2(right, ahead)) <= _half_around(field) + 1e-9
    return around & (np.hypot(east, north) <= field.reach)


def _half_around(field: Field) -> float:
    """Radians either side of the heading that hold the field: a pyramid that is tilted spreads further."""
    half, upright = math.radians(field.across) / 2, math.radians(field.upright) / 2
    if _is_wide(field):
        return half
    off = abs(math.radians(field.tilt - AHEAD))
    if off + upright >= math.pi / 2:
        return math.pi
    return math.atan2(math.tan(half), math.cos(off) - math.tan(upright) * math.sin(off))


def _is_wide(field: Field) -> bool:
    return max(field.across, field.upright) >= _WIDE
