"""What a hand does to sketches: pure functions that give new sketches. Places are WGS84 degrees.

A vertex is known by its *spot*: vertices of any ring of any sketch at one spot are one
vertex. So neighbours keep their common border whatever is done to it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from console.map.editing.kept import Kept
from console.model.records import LonLat
from console.sdk.editing import LEAST, Sketch

Sketches = tuple[Sketch, ...]
Spot = tuple[int, int]
"""Longitude and latitude in 1e-7 degrees: a centimetre, as maps are stored."""
Edge = tuple[Spot, Spot]
Ring = tuple[LonLat, ...]
DECIMALS = 7


Rows = dict[tuple[int, int], list[tuple[int, Spot]]]
"""Where vertices are: by sketch and ring, the index in the ring and the spot."""


def spot(place: LonLat) -> Spot:
    return round(place[0] * 1e7), round(place[1] * 1e7)


def _spots_of(ring: Ring) -> list[Spot]:
    whole = np.rint(np.array(ring, float).reshape(-1, 2) * 1e7).astype(np.int64)
    return [(lon, lat) for lon, lat in whole.tolist()]


spots_of = Kept(_spots_of)
"""The spots of a ring's vertices."""


def rounded(place: LonLat) -> LonLat:
    """The place of its spot."""
    return round(place[0], DECIMALS), round(place[1], DECIMALS)


def vertices(sketches: Sequence[Sketch]) -> dict[Spot, LonLat]:
    """Every vertex once, in the order of the rings."""
    rings = (ring for sketch in sketches for ring in sketch.rings)
    return {key: place for ring in rings for key, place in zip(spots_of(ring), ring, strict=True)}


def edges(sketches: Sequence[Sketch]) -> dict[Edge, tuple[LonLat, LonLat]]:
    """Every edge once, whichever way its rings run."""
    found: dict[Edge, tuple[LonLat, LonLat]] = {}
    for sketch in sketches:
        for ring in sketch.rings:
            spots, ends = spots_of(ring), pairwise(_closed(sketch, ring))
            closing = [spots[0]] if len(ring) > 2 else []
            for (a, b), both in zip(pairwise([*spots, *closing]), ends, strict=False):
                found.setdefault(_edge(a, b), both)
    return found


def rows_of(sketches: Sketches, wanted: Container[Spot]) -> Rows:
    """Where the vertices at some spots are."""
    found: Rows = {}
    for at, sketch in enumerate(sketches):
        for number, ring in enumerate(sketch.rings):
            here = [(index, key) for index, key in enumerate(spots_of(ring)) if key in wanted]
            if here:
                found[at, number] = here
    return found


def moved(sketches: Sketches, goals: Mapping[Spot, LonLat], rows: Rows | None = None) -> Sketches:
    """The vertices at some spots elsewhere; *rows* are theirs, when known."""
    made = list(sketches)
    for (at, number), here in (rows if rows is not None else rows_of(sketches, goals)).items():
        rings = list(made[at].rings)
        ring = list(rings[number])
        for index, key in here:
            ring[index] = goals[key]
        rings[number] = tuple(ring)
        made[at] = _rings(made[at], rings)
    return tuple(made)


def shifted(sketches: Sketches, index: int, lon: float, lat: float, rows: Rows | None = None) -> Sketches:
    """One sketch as a whole moved by degrees; vertices that others share with it come along."""
    spots = vertices([sketches[index]])
    goals = {key: rounded((x + lon, y + lat)) for key, (x, y) in spots.items()}
    return moved(sketches, goals, rows)


def appended(sketches: Sketches, index: int, place: LonLat) -> Sketches:
    """One more vertex at the end of a line or of a shell that is being drawn."""
    sketch = sketches[index]
    return _with(sketches, index, replace(sketch, points=(*sketch.points, place)))


def dropped(sketches: Sketches, index: int) -> Sketches:
    """Without the vertex that was drawn last."""
    sketch = sketches[index]
    return _with(sketches, index, replace(sketch, points=sketch.points[:-1]))


def inserted(sketches: Sketches, edge: Edge, place: LonLat) -> Sketches:
    """A vertex in an edge, in all rings that have it."""

    def ring_of(sketch: Sketch, ring: Ring) -> Ring:
        made: list[LonLat] = []
        closed = _closed(sketch, ring)
        for a, b in pairwise(closed):
            made += [a, place] if _edge(spot(a), spot(b)) == edge else [a]
        return tuple(made) if len(closed) > len(ring) else (*made, *ring[-1:])

    return tuple(_rings(sketch, [ring_of(sketch, ring) for ring in sketch.rings]) for sketch in sketches)


def removed(sketches: Sketches, gone: Spot) -> Sketches | None:
    """Without a vertex; a hole that has too few left goes. None when a line or shell would have too few."""
    return _settled(_each(sketches, lambda ring: tuple(place for place in ring if spot(place) != gone)))


def settled(sketches: Sketches) -> Sketches | None:
    """Neighbours that came to lie at one spot become one vertex; None as for ``removed``."""

    def merged(ring: Ring) -> Ring:
        return (*ring[:1], *(b for a, b in pairwise(ring) if spot(a) != spot(b)))

    return _settled(tuple(_rings(s, [_open(s, merged(ring)) for ring in s.rings]) for s in sketches))


def _settled(sketches: Sketches) -> Sketches | None:
    if any(len(sketch.points) < LEAST[sketch.kind] for sketch in sketches):
        return None
    least = LEAST["polygon"]
    return tuple(replace(s, holes=tuple(hole for hole in s.holes if len(hole) >= least)) for s in sketches)


def _open(sketch: Sketch, ring: Ring) -> Ring:
    """A polygon's ring without a last vertex that repeats the first."""
    repeats = sketch.kind == "polygon" and len(ring) > 1 and spot(ring[0]) == spot(ring[-1])
    return ring[:-1] if repeats else ring


def _closed(sketch: Sketch, ring: Ring) -> Ring:
    return (*ring, ring[0]) if sketch.kind == "polygon" and len(ring) > 2 else ring


def _edge(a: Spot, b: Spot) -> Edge:
    return (a, b) if a <= b else (b, a)


def _each(sketches: Sketches, change: Callable[[Ring], Ring]) -> Sketches:
    return tuple(_rings(sketch, [change(ring) for ring in sketch.rings]) for sketch in sketches)


def _rings(sketch: Sketch, rings: Sequence[Ring]) -> Sketch:
    return replace(sketch, points=rings[0], holes=tuple(rings[1:]))


def _with(sketches: Sketches, index: int, sketch: Sketch) -> Sketches:
    return (*sketches[:index], sketch, *sketches[index + 1 :])
