"""Cutting a grid along a line, so that the neighbours get the new vertices on their borders too."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import shapely

from plugins.grids.cover.cover import (
    METRE,
    Cover,
    Edge,
    Geometry,
    Grid,
    Point,
    lines_of,
    middle,
    twice_the_area,
    whole,
)
from plugins.grids.cover.refusal import CannotDo, Why

REACH = 2 * METRE
"""Units within which a line that meets a border is drawn to one of its vertices."""
Inserts = dict[Edge, list[Point]]
"""New vertices by the edge that they lie on, in either direction."""


def cut(cover: Cover, code: str, line: Sequence[Point]) -> tuple[Cover, list[Geometry]]:
    """The cover with the vertices where *line* meets the border of grid *code*, and the grid's pieces.

    Vertices of the line beyond the grid do not count. Raises CannotDo when it divides nothing.
    """
    points = _caught(cover[code], _without_repeats(line))
    border = list(cover[code].edges())
    inserts, noded = _crossings(points, border)
    cover = with_vertices(cover, inserts)
    return cover, _faces(cover[code], noded)


def with_vertices(cover: Cover, inserts: Inserts) -> Cover:
    """New vertices on edges, in all grids that have the edge."""
    if not inserts:
        return cover
    edges = {frozenset(edge): points for edge, points in inserts.items()}
    near = cover.near(shapely.MultiLineString(lines_of(inserts)), 1)
    touched = [grid for grid in near if any(frozenset(edge) in edges for edge in grid.edges())]
    return cover.changed(_with_vertices(grid, edges) for grid in touched)


def _with_vertices(grid: Grid, edges: dict[frozenset[Point], list[Point]]) -> Grid:
    """Rings in the order of ``Grid.rings``: a shell, then its holes."""
    polygons: list[list[list[Point]]] = []
    for ring in grid.rings():
        full = [ring[0]]
        for a, b in itertools.pairwise(ring):
            full += [*_along(a, edges.get(frozenset((a, b)), ())), b]
        if shapely.is_ccw(shapely.LinearRing(ring)):
            polygons.append([full])
        else:
            polygons[-1].append(full)
    shapes = [shapely.Polygon(shell, holes) for shell, *holes in polygons]
    return replace(grid, shape=shapes[0] if len(shapes) == 1 else shapely.MultiPolygon(shapes))


def _along(start: Point, points: Iterable[Point]) -> list[Point]:
    return sorted(set(points), key=lambda p: (p[0] - start[0]) ** 2 + (p[1] - start[1]) ** 2)


def _without_repeats(line: Sequence[Point]) -> list[Point]:
    return [p for i, p in enumerate(line) if i == 0 or p != line[i - 1]]


def _caught(grid: Grid, line: list[Point]) -> list[Point]:
    """The line with those of its vertices on the border that lie near one of the border's."""
    vertices = shapely.get_coordinates(grid.shape)
    return _without_repeats([_nearest(vertices, point, REACH) or point for point in line])


def _nearest(vertices: np.ndarray, point: Point, reach: float) -> Point | None:
    away = np.hypot(*(vertices - point).T)
    at = int(away.argmin())
    return (int(vertices[at, 0]), int(vertices[at, 1])) if away[at] <= reach else None


def _crossings(line: list[Point], border: list[Edge]) -> tuple[Inserts, list[Edge]]:
    """New vertices of the border, and the line in pieces that meet the border at vertices alone."""
    edges = lines_of(border)
    tree = shapely.STRtree(edges)
    inserts: Inserts = defaultdict(list)
    line = _without_repeats([_on_border(point, edges, tree, border, inserts) for point in line])
    if len(line) < 2:
        raise CannotDo(Why.NOT_ACROSS, line[0])
    noded: list[Edge] = []
    for a, b in itertools.pairwise(line):
        piece = shapely.LineString([a, b])
        hits: list[Point] = []
        for at in tree.query(piece, predicate="intersects").tolist():
            hits += _meet(piece, edges[at], border[at], inserts)
        stops = _without_repeats([a, *_along(a, [p for p in hits if p not in (a, b)]), b])
        noded += itertools.pairwise(stops)
    return dict(inserts), noded


def _on_border(
    point: Point, edges: list[shapely.LineString], tree: shapely.STRtree, border: list[Edge], inserts: Inserts
) -> Point:
    """A vertex of the line; one that lies near an edge of the border becomes a vertex of that edge."""
    place = shapely.Point(point)
    near = tree.query_nearest(place, max_distance=REACH, all_matches=False).tolist()
    if not near or point in border[near[0]]:
        return point
    edge = edges[near[0]]
    ((x, y),) = shapely.get_coordinates(edge.interpolate(edge.project(place))).tolist()
    return _catch((round(x), round(y)), border[near[0]], inserts)


def _meet(piece: shapely.LineString, edge: shapely.LineString, ends: Edge, inserts: Inserts) -> list[Point]:
    """Where a piece of the line meets an edge of the border."""
    places = shapely.get_coordinates(shapely.intersection(piece, edge)).tolist()
    return [_catch((round(x), round(y)), ends, inserts) for x, y in places]


def _catch(point: Point, ends: Edge, inserts: Inserts) -> Point:
    """A vertex of the edge near *point*; there is a new one there when there was none."""
    there = [*ends, *inserts.get(ends, ())]
    caught = _nearest(np.array(there, float), point, REACH)
    if caught is None:
        inserts[ends].append(point)
    return caught or point


def _faces(grid: Grid, line: list[Edge]) -> list[Geometry]:
    """The pieces of *grid*; parts of it that the line misses belong to the largest piece's list."""
    border = set(grid.edges())
    known = border | {(b, a) for a, b in border}
    own = [edge for edge in line if edge[0] != edge[1] and edge not in known]
    inner = [edge for edge in own if shapely.contains(grid.shape, shapely.Point(middle(edge)))]
    where = line[0][0]
    if len(set(map(frozenset, inner))) < len(inner) or _crosses(inner):
        raise CannotDo(Why.CROSSES_ITSELF, where)
    found = shapely.get_parts(shapely.polygonize(lines_of([*border, *inner]))).tolist()
    faces = [whole(f) for f in found if shapely.contains(grid.shape, f.representative_point())]
    if len(faces) < 2:
        raise CannotDo(Why.NOT_ACROSS, where)
    if sum(map(twice_the_area, faces)) != twice_the_area(grid.shape):
        raise CannotDo(Why.TOO_FINE, where)
    return faces


def _crosses(edges: list[Edge]) -> bool:
    """Whether edges meet elsewhere than at their ends."""
    if not edges:
        return False
    lines = lines_of(edges)
    return shapely.STRtree(lines).query(lines, predicate="crosses").size > 0
