"""The cover: grids by code, found by place; every change makes a new one."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import shapely

UNIT = 10_000_000
"""Units in one degree."""
METRE = 90
"""Units in about one metre, for distances at which a pointer catches; never for sizes."""

Point = tuple[int, int]
Edge = tuple[Point, Point]
Geometry = shapely.Polygon | shapely.MultiPolygon


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One grid; *shape* has whole coordinates, shells counter-clockwise, holes clockwise."""

    code: str
    name: str
    shape: Geometry
    name_en: str = ""

    def rings(self) -> Iterator[list[Point]]:
        """All rings, closed; the ground lies to the left of each."""
        for part in parts_of(self.shape):
            for ring in (part.exterior, *part.interiors):
                yield [(int(x), int(y)) for x, y in shapely.get_coordinates(ring).tolist()]

    def edges(self) -> Iterator[Edge]:
        """Edges in the direction in which the rings run."""
        for ring in self.rings():
            yield from itertools.pairwise(ring)


@dataclass(frozen=True)
class Cover:
    """Grids by code, and the heirs of those that are gone."""

    grids: Mapping[str, Grid]
    heirs: Mapping[str, str] = field(default_factory=dict[str, str])
    """Code of a grid that is no more: the grid that took over."""

    def __getitem__(self, code: str) -> Grid:
        return self.grids[code]

    def __contains__(self, code: str) -> bool:
        return code in self.grids

    @cached_property
    def _index(self) -> tuple[shapely.STRtree, list[str]]:
        codes = list(self.grids)
        return shapely.STRtree([self.grids[code].shape for code in codes]), codes

    def near(self, place: shapely.Geometry, reach: float = 0.0) -> list[Grid]:
        """Grids whose bounds come within *reach* units of the bounds of *place*, by code."""
        tree, codes = self._index
        west, south, east, north = shapely.bounds(place).tolist()
        box = shapely.box(west - reach, south - reach, east + reach, north + reach)
        return [self.grids[code] for code in sorted(codes[i] for i in tree.query(box).tolist())]

    def at(self, place: Point) -> Grid | None:
        """The grid that holds a place; the first by code on a border."""
        point = shapely.Point(place)
        return next((grid for grid in self.near(point) if shapely.intersects(grid.shape, point)), None)

    def beside(self, code: str) -> list[Grid]:
        """Grids that share an edge with *code*, by code."""
        own = {(b, a) for a, b in self[code].edges()}
        near = self.near(self[code].shape)
        return [grid for grid in near if grid.code != code and not own.isdisjoint(grid.edges())]

    def changed(self, put: Iterable[Grid], gone: Mapping[str, str] | None = None) -> Cover:
        """The cover with grids *put* in place of those of the same code, and without the *gone*.

        Heirs that are gone themselves hand on what they inherited.
        """
        gone = gone or {}
        grids = {code: grid for code, grid in self.grids.items() if code not in gone}
        grids |= {grid.code: grid for grid in put}
        heirs = {code: gone.get(heir, heir) for code, heir in self.heirs.items()} | dict(gone)
        return Cover(grids, {code: heir for code, heir in heirs.items() if code not in grids})


def parts_of(shape: Geometry) -> list[shapely.Polygon]:
    """The polygons of a shape."""
    return [shape] if isinstance(shape, shapely.Polygon) else list(shape.geoms)


def whole(shape: shapely.Geometry) -> Geometry:
    """*shape* wound as a grid's is. Raises ValueError when it is no area."""
    if not isinstance(shape, shapely.Polygon | shapely.MultiPolygon) or shape.is_empty:
        raise ValueError("no area")
    return shapely.orient_polygons(shape)


def joined(shapes: Iterable[Geometry]) -> Geometry:
    """Neighbours that share their vertices, as one; no vertex is lost."""
    return whole(shapely.coverage_union_all(list(shapes)))


def cover_of(rows: Iterable[tuple[str, str, str, shapely.Geometry]]) -> Cover:
    """Grids from code, name, English name and ground in WGS84 degrees; thousands at once."""
    table = list(rows)
    degrees = np.array([row[3] for row in table], object)
    units = shapely.orient_polygons(shapely.transform(degrees, lambda xy: np.rint(xy * UNIT)))
    grids = [
        Grid(code=code, name=name, name_en=name_en, shape=shape)
        for (code, name, name_en, _), shape in zip(table, units.tolist(), strict=True)
    ]
    return Cover({grid.code: grid for grid in grids})


def in_units(degrees: shapely.Geometry) -> Geometry:
    """From WGS84 degrees to whole units."""
    return whole(shapely.transform(degrees, lambda xy: np.rint(xy * UNIT)))


def in_degrees(units: Geometry) -> Geometry:
    """From units to WGS84 degrees, as areas are stored."""
    return shapely.transform(units, lambda xy: xy / UNIT)


def square_metres(shape: Geometry) -> float:
    """Size on the ground, exact enough for areas of a city (1 in 1,000)."""
    middle = (shape.bounds[1] + shape.bounds[3]) / 2 / UNIT
    scale = np.array([111_319.49 * np.cos(np.radians(middle)), 110_946.3]) / UNIT
    return float(shapely.area(shape) * scale.prod())


def lines_of(edges: Iterable[Edge]) -> list[shapely.LineString]:
    """Each edge as a line."""
    return [shapely.LineString(edge) for edge in edges]


def middle(edge: Edge) -> tuple[float, float]:
    """The middle of an edge."""
    (ax, ay), (bx, by) = edge
    return (ax + bx) / 2, (ay + by) / 2


def inside(shape: Geometry) -> Point:
    """A place in the middle of a shape, for a sign or a message."""
    x, y = shapely.get_coordinates(shapely.point_on_surface(shape))[0].tolist()
    return round(x), round(y)


def twice_the_area(shape: Geometry) -> int:
    """Exactly, in square units: floating point would lose the last digits."""
    return sum(
        ax * by - bx * ay
        for ring in Grid(code="", name="", shape=shape).rings()
        for (ax, ay), (bx, by) in itertools.pairwise(ring)
    )
