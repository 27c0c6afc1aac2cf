"""Cut and fill between a surface and a base over an area.

Cells of a grid, those at the edge cut to the area; a column stands on the middle of each (midpoint rule,
exact for slopes that are even). The error is how far a grid twice as coarse is off.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from console.scene.earthwork.line import degrees_of
from console.scene.earthwork.site import Site
from console.scene.frame import Frame
from console.scene.refusal import refused

Values = NDArray[np.float64]
Plane = tuple[float, float, float]
"""Metres at the frame's origin; rise to the east and to the north, metres a metre."""
_QUARTERS = np.array([[0, 0], [1, 0], [0, 1], [1, 1]])
_ALONG_EDGE = 400
"""Places of the edge to which a base is fitted."""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Columns over an area."""

    middles: Values
    """(n, 2) metres east and north of the frame."""
    areas: Values
    """(n,) square metres."""
    heights: Values
    """(n,) metres above the ellipsoid; NaN: nothing is there."""


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """An area's surface, from which cut and fill follow for any base."""

    fine: Grid
    coarse: Grid
    """Cells twice as long."""
    edge: Values
    """(n, 3) metres east, north and above the ellipsoid along the outline; none without a surface."""
    step: float
    """Metres of the fine cells."""


@dataclass(frozen=True, slots=True)
class Earthwork:
    """Cubic and square metres; metres above the ellipsoid."""

    cut: float
    """Above the base."""
    fill: float
    """Missing below it."""
    cut_error: float
    fill_error: float
    area: float
    covered: float
    """Of the area, where there is a surface: nothing is known of the rest."""
    lowest: float
    mean: float
    highest: float
    base_lowest: float
    base_highest: float
    step: float


def sample(site: Site, area: shapely.Polygon, step: float) -> Sampled:
    """*area* in metres of the site's frame. Raises SceneRefused: there is nothing within it."""
    fine, coarse = (_grid(site, area, each) for each in (step, 2 * step))
    if not np.isfinite(fine.heights).any():
        raise refused("范围内没有模型、建筑或地形", "there is no model, building or terrain in this area")
    ring = area.exterior
    places = shapely.line_interpolate_point(ring, np.linspace(0.0, ring.length, _ALONG_EDGE, endpoint=False))
    flat = shapely.get_coordinates(places)
    heights, _ = site.heights(*degrees_of(site.frame, flat), step)
    edge = np.column_stack([flat, heights])
    return Sampled(fine, coarse, edge[np.isfinite(heights)], step)


def earthwork(sampled: Sampled, base: Plane) -> Earthwork:
    """Between the surface and *base*."""
    cut, fill = _sums(sampled.fine, base)
    rough_cut, rough_fill = _sums(sampled.coarse, base)
    grid = sampled.fine
    known = np.isfinite(grid.heights)
    heights, areas = grid.heights[known], grid.areas[known]
    levels = _levels(base, grid.middles)
    return Earthwork(
        cut,
        fill,
        abs(cut - rough_cut),
        abs(fill - rough_fill),
        float(grid.areas.sum()),
        float(areas.sum()),
        float(heights.min()),
        float(np.average(heights, weights=areas)),
        float(heights.max()),
        float(levels.min()),
        float(levels.max()),
        sampled.step,
    )


def edge_plane(sampled: Sampled) -> Plane:
    """The plane nearest to the surface along the edge (least squares). Raises SceneRefused: no edge."""
    if not len(sampled.edge):
        raise refused("范围边界上没有高程,请改用固定标高", "no heights along the edge: give a level instead")
    middle = sampled.edge[:, :2].mean(axis=0)
    sides = np.column_stack([np.ones(len(sampled.edge)), sampled.edge[:, :2] - middle])
    level, east, north = np.linalg.lstsq(sides, sampled.edge[:, 2], rcond=1e-6)[0].tolist()
    return level - east * float(middle[0]) - north * float(middle[1]), east, north


def _sums(grid: Grid, base: Plane) -> tuple[float, float]:
    above = np.nan_to_num(grid.heights - _levels(base, grid.middles)) * grid.areas
    return float(above.clip(min=0.0).sum()), float(-above.clip(max=0.0).sum())


def _levels(base: Plane, flat: Values) -> Values:
    return base[0] + flat @ np.array(base[1:])


def _grid(site: Site, area: shapely.Polygon, step: float) -> Grid:
    middles, areas = cells_of(area, step)
    heights, _ = site.heights(*degrees_of(site.frame, middles), step)
    return Grid(middles, areas, heights)


def cells_of(area: shapely.Polygon, step: float) -> tuple[Values, Values]:
    """(n, 2) middles and (n,) areas of squares of *step*, those at the edge cut to *area*.

    The square around it is quartered again and again, and *area* with it: what lies within is done at once,
    what lies outside costs nothing, and the pieces that are cut are small.
    """
    west, south, east, north = area.bounds
    count = 1 << max(0, math.ceil(math.log2(max(east - west, north - south) / step)))
    pieces, corners = np.array([area], object), np.array([[west, south]])
    found = [(np.empty((0, 2)), np.empty(0))]
    while count > 1:
        count //= 2
        corners = (corners[:, None] + _QUARTERS * (count * step)).reshape(-1, 2)
        (x, y), side = corners.T, count * step
        squares = shapely.box(x, y, x + side, y + side)
        pieces = _areal(shapely.intersection(np.repeat(pieces, 4), squares))
        sizes = shapely.area(pieces)
        whole = sizes > side * side * (1 - 1e-9)
        if whole.any():
            inner = (np.stack(np.meshgrid(*2 * [np.arange(count)]), axis=-1).reshape(-1, 2) + 0.5) * step
            middles = (corners[whole][:, None] + inner).reshape(-1, 2)
            found.append((middles, np.full(len(middles), step * step)))
        cut = (sizes > 0) & ~whole
        pieces, corners = pieces[cut], corners[cut]
    found.append((shapely.get_coordinates(shapely.centroid(pieces)), shapely.area(pieces)))
    middles, areas = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return middles, areas


def _areal(pieces: NDArray[np.object_]) -> NDArray[np.object_]:
    """Without the lines and points where they only touched: collections cannot be cut further."""
    for row in np.flatnonzero(shapely.get_type_id(pieces) == shapely.GeometryType.GEOMETRYCOLLECTION):
        parts = shapely.get_parts(pieces[row])
        pieces[row] = shapely.union_all(parts[shapely.area(parts) > 0])
    return pieces


def local_area(frame: Frame, lonlat: Sequence[tuple[float, float]]) -> shapely.Polygon:
    """In metres of the frame's plane. Raises SceneRefused: it has no area, or crosses itself."""
    lon, lat = np.array(lonlat, np.float64).reshape(-1, 2).T
    flat = frame.place(lon, lat, frame.height)[:, :2]
    area = shapely.Polygon(flat) if len(flat) > 2 else shapely.Polygon()
    if not area.is_valid or area.area < 1e-2:
        raise refused(
            "范围的边线相互交叉或面积为零,请重新绘制",
            "the area crosses itself or has no size: draw it again",
        )
    return area
