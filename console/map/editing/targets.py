"""What of the sketches lies under the hand: a vertex, the handle of a whole sketch, an edge's middle."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from console.map.editing.kept import Kept
from console.map.editing.snap_index import Snap, nearest_on
from console.map.editing.strokes import Edge, Sketches, Spot, edges, rounded, vertices
from console.map.viewport import Viewport, from_world, to_world
from console.model.records import LonLat

Floats = npt.NDArray[np.float64]
VERTEX_REACH, HANDLE_REACH, MIDDLE_REACH = 10.0, 12.0, 9.0
"""Logical pixels."""
SHORTEST = 44.0
"""Pixels of an edge whose middle can be taken hold of; Insert works on shorter ones too."""


@dataclass(frozen=True, slots=True)
class Target:
    """One of the three."""

    place: LonLat
    vertex: Spot | None = None
    whole: int | None = None
    edge: Edge | None = None


class Targets:
    """Of one state of the sketches."""

    def __init__(self, sketches: Sketches) -> None:
        self.sketches = sketches
        self._free: tuple[Spot | None, list[int], list[int]] | None = None

    @cached_property
    def vertices(self) -> dict[Spot, LonLat]:
        return vertices(self.sketches)

    @cached_property
    def edges(self) -> dict[Edge, tuple[LonLat, LonLat]]:
        return edges(self.sketches)

    @cached_property
    def corners(self) -> Floats:
        """(n, 2) world units of all corners, shared ones for each ring: to be painted."""
        rings = [world_of(ring) for sketch in self.sketches for ring in sketch.rings]
        return np.vstack([np.empty((0, 2)), *rings])

    @cached_property
    def vertex_xy(self) -> Floats:
        """(v, 2) world units."""
        return _world(list(self.vertices.values()))

    @cached_property
    def edge_xy(self) -> Floats:
        """(e, 2, 2) world units."""
        return _world([place for ends in self.edges.values() for place in ends]).reshape(-1, 2, 2)

    @cached_property
    def handles(self) -> dict[int, LonLat]:
        """Where each sketch but points is taken hold of as a whole: the middle of its box."""
        found: dict[int, LonLat] = {}
        for index, sketch in enumerate(self.sketches):
            if sketch.kind != "point" and len(sketch.points) > 1:
                xy = world_of(sketch.points)
                lon, lat = from_world(*(xy.min(axis=0) + xy.max(axis=0)) / 2)
                found[index] = float(lon), float(lat)
        return found

    def middles(self, viewport: Viewport) -> Floats:
        """(e, 2) pixels of the edges' middles; NaN for short edges."""
        x, y = viewport.to_pixels(self.edge_xy[..., 0], self.edge_xy[..., 1])
        middle = np.column_stack([x.mean(axis=1), y.mean(axis=1)])
        middle[np.hypot(x[:, 1] - x[:, 0], y[:, 1] - y[:, 0]) < SHORTEST] = np.nan
        return middle

    def middle_of(self, edge: Edge) -> LonLat:
        (a, b), (c, d) = self.edges[edge]
        return (a + c) / 2, (b + d) / 2

    def at(self, viewport: Viewport, px: float, py: float, drawing: bool = False) -> Target | None:
        """Vertices before handles before middles; *drawing*: vertices alone."""
        vertex = _nearest(_pixels(viewport, self.vertex_xy), px, py, VERTEX_REACH)
        if vertex is not None:
            key, place = list(self.vertices.items())[vertex]
            return Target(place, vertex=key)
        if drawing:
            return None
        for index, place in self.handles.items():
            x, y = viewport.pixel_of(*place)
            if math.hypot(x - px, y - py) <= HANDLE_REACH:
                return Target(place, whole=index)
        middle = _nearest(self.middles(viewport), px, py, MIDDLE_REACH)
        if middle is None:
            return None
        edge = list(self.edges)[middle]
        return Target(self.middle_of(edge), edge=edge)

    def stops(self) -> list[Target]:
        """What Tab walks: vertices, then whole sketches."""
        found = [Target(place, vertex=key) for key, place in self.vertices.items()]
        return [*found, *(Target(place, whole=index) for index, place in self.handles.items())]

    def snap(self, place: LonLat, reach: float, held: Spot | None) -> Snap | None:
        """The nearest vertex, else place on an edge, within world units; none of what is held."""
        here = np.array([float(value) for value in to_world(*place)])
        others, free = self._but(held)
        row = _nearest(self.vertex_xy[others], here[0], here[1], reach)
        if row is not None:
            return Snap(list(self.vertices.values())[others[row]], True)
        if not free:
            return None
        on = nearest_on(self.edge_xy[free], here)
        row = _nearest(on, here[0], here[1], reach)
        return None if row is None else Snap(_degrees(on[row]), False)

    def _but(self, held: Spot | None) -> tuple[list[int], list[int]]:
        """Rows of vertices and edges without a held vertex; asked for at each move of one."""
        if self._free is None or self._free[0] != held:
            others = [row for row, key in enumerate(self.vertices) if key != held]
            self._free = held, others, [row for row, edge in enumerate(self.edges) if held not in edge]
        return self._free[1:]


def _nearest(places: Floats, x: float, y: float, reach: float) -> int | None:
    if not len(places):
        return None
    away = np.hypot(places[:, 0] - x, places[:, 1] - y)
    away[np.isnan(away)] = np.inf
    row = int(np.argmin(away))
    return row if away[row] <= reach else None


def _pixels(viewport: Viewport, xy: Floats) -> Floats:
    return np.column_stack(viewport.to_pixels(xy[:, 0], xy[:, 1]))


def _world(places: Sequence[LonLat]) -> Floats:
    degrees = np.array(places, float).reshape(-1, 2)
    return np.column_stack(to_world(degrees[:, 0], degrees[:, 1]))


world_of = Kept(_world)
"""(n, 2) world units of a ring."""


def _degrees(xy: Floats) -> LonLat:
    lon, lat = from_world(xy[0], xy[1])
    return rounded((float(lon), float(lat)))
