"""What is done to grids. Each operation gives a new cover in which neighbours share their vertices.

Whether the result may stand is the question of ``check``; an operation only refuses what it
cannot do at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely

from plugins.grids.cover.cover import Cover, Edge, Geometry, Grid, Point, inside, joined, whole
from plugins.grids.cover.cutting import cut
from plugins.grids.cover.refusal import CannotDo, Why

__all__ = ["CannotDo", "Why", "carve", "give", "merge", "move_vertex", "reshape", "split"]

NewGrid = Callable[[Grid], tuple[str, str]]
"""From the grid that a new one comes out of to the new one's code and name; asked once a new grid."""


def move_vertex(cover: Cover, vertex: Point, to: Point) -> Cover:
    """Move a vertex; all grids that have it follow. Raises CannotDo when none has."""
    point = shapely.Point(vertex)
    owners = [grid for grid in cover.near(point) if vertex in {v for ring in grid.rings() for v in ring}]
    if not owners:
        raise CannotDo(Why.NO_VERTEX, vertex)

    def moved(xy: np.ndarray) -> np.ndarray:
        return np.where((xy == vertex).all(axis=1)[:, None], np.array(to, float), xy)

    return cover.changed(replace(grid, shape=shapely.transform(grid.shape, moved)) for grid in owners)


def reshape(cover: Cover, shapes: Mapping[str, Geometry]) -> Cover:
    """Give grids other borders, as a tool has moved them together."""
    return cover.changed(replace(cover[code], shape=whole(shape)) for code, shape in shapes.items())


def split(cover: Cover, code: str, line: Sequence[Point], new: NewGrid) -> Cover:
    """Divide a grid along a line; the largest part keeps the code. Raises CannotDo."""
    cover, faces = cut(cover, code, line)
    grid = cover[code]
    keeper, *others = sorted(faces, key=lambda face: -face.area)
    made = [Grid(code=c, name=name, shape=face) for face in others for c, name in [new(grid)]]
    return cover.changed([replace(grid, shape=keeper), *made])


def carve(cover: Cover, code: str, ring: Sequence[Point], new: NewGrid) -> Cover:
    """Draw a new grid within one; what lies outside of it does not count. Raises CannotDo."""
    drawn = shapely.Polygon(ring)
    if not drawn.is_valid:
        raise CannotDo(Why.CROSSES_ITSELF, ring[0])
    cover, faces = cut(cover, code, [*ring, ring[0]])
    grid = cover[code]
    inside = [face for face in faces if shapely.contains(drawn.buffer(1), face)]
    if not inside or len(inside) == len(faces):
        raise CannotDo(Why.NOT_ACROSS, ring[0])
    piece = max(inside, key=lambda face: face.area)
    rest = joined(face for face in faces if face is not piece)
    new_code, name = new(grid)
    return cover.changed([replace(grid, shape=rest), Grid(code=new_code, name=name, shape=piece)])


def merge(cover: Cover, code: str, other: str) -> Cover:
    """Join neighbour *other* to a grid, which takes over. Raises CannotDo when they share no border."""
    grid = cover[code]
    if code == other or other not in {neighbour.code for neighbour in cover.beside(code)}:
        raise CannotDo(Why.NO_NEIGHBOUR, inside(cover[other].shape))
    return cover.changed([replace(grid, shape=joined([grid.shape, cover[other].shape]))], gone={other: code})


def give(cover: Cover, code: str, line: Sequence[Point], to: str) -> Cover:
    """Give the piece of a grid beyond a line to neighbour *to*: the smallest piece that borders on it."""
    cover, faces = cut(cover, code, line)
    edges = {(b, a) for a, b in cover[to].edges()}
    bordering = [face for face in faces if not edges.isdisjoint(_edges(face))]
    if not bordering:
        raise CannotDo(Why.NO_NEIGHBOUR, line[0])
    piece = min(bordering, key=lambda face: face.area)
    rest = joined(face for face in faces if face is not piece)
    neighbour = cover[to]
    return cover.changed(
        [
            replace(cover[code], shape=rest),
            replace(neighbour, shape=joined([neighbour.shape, piece])),
        ]
    )


def _edges(face: Geometry) -> set[Edge]:
    return set(Grid(code="", name="", shape=face).edges())
