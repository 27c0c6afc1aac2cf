"""How far one comes: from places, in a time, as polygons.

Method: one search from all places at once gives the moment at which each road is come
upon; the roads, cut off where the time is over, are outlined at BESIDE together.
Holes smaller than HOLE are filled: who stands on a road around a block reaches its
houses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from plugins.dispatch.server.ground import to_plane
from plugins.dispatch.server.results.outline import outline
from plugins.dispatch.server.routing.graph import Floats, Ints, Mask, RoadGraph
from plugins.dispatch.server.routing.profile import NO_WAY
from plugins.dispatch.server.routing.router import EmbeddedRouter, Prepared
from plugins.dispatch.server.routing.speeds import WALK_METRES_PER_SECOND
from plugins.dispatch.server.routing.turn_costs import true_millis
from plugins.dispatch.server.routing.way import stretch_points

BESIDE = 40.0
"""Metres on both sides of a road that count as reached with it."""
HOLE = 40_000.0
"""Square metres."""
_SIMPLE, _STEPS = 8.0, 600
"""Metres by which outlines may be off, at least; and so many of them in the width of the ground."""


@dataclass(frozen=True, slots=True)
class Reached:
    """(2p,) share 0..1 of each arc that is gone within the time, from its beginning on."""

    share: Floats
    begun: tuple[tuple[int, float, float], ...]
    """Pieces that one starts on: piece, from fraction, to fraction."""


def reached(router: EmbeddedRouter, ready: Prepared, starts: Floats, seconds: float) -> Reached:
    """What is reached from any of *starts* ((n, 2) degrees) within *seconds*."""
    graph, weights = router.graph, ready.profile.weights
    at = router.snapper.snap(starts, ready.profile.usable)
    near = at.piece >= 0
    piece, fraction = at.piece[near], at.fraction[near]
    left = (seconds - at.off_road[near] / WALK_METRES_PER_SECOND) * 1000
    begun: list[tuple[int, float, float]] = []
    ends: dict[int, float] = {}
    for arc, ahead in ((piece, 1 - fraction), (piece + graph.pieces, fraction)):
        open_ = (weights[arc] < NO_WAY) & (left > 0)
        need = weights[arc] * ahead
        gone = np.where(open_, np.minimum(left / np.maximum(need, 1e-9), 1.0) * ahead, 0.0)
        begun += _parts(graph, arc, ahead, gone)
        over = np.where(open_, left - need, -1.0)
        for node, rest in zip(ready.net.exit(arc).tolist(), over.tolist(), strict=True):
            if rest > 0:
                ends[node] = max(rest, ends.get(node, 0.0))
    share = _onward(graph, ready, ends, seconds * 1000) if ends else np.zeros(2 * graph.pieces)
    return Reached(share, tuple(begun))


def _parts(graph: RoadGraph, arc: Ints, ahead: Floats, gone: Floats) -> list[tuple[int, float, float]]:
    """What is gone of the starts' own arcs, as stretches of pieces."""
    found: list[tuple[int, float, float]] = []
    for each, part, done in zip(arc.tolist(), ahead.tolist(), gone.tolist(), strict=True):
        if done > 0 and each < graph.pieces:
            found.append((each, 1 - part, 1 - part + done))
        elif done > 0:
            found.append((each - graph.pieces, part - done, part))
    return found


def _onward(graph: RoadGraph, ready: Prepared, ends: dict[int, float], limit: float) -> Floats:
    """(2p,) shares of the arcs come upon after *ends*: nodes with the milliseconds left there."""
    net, size = ready.net, len(ready.net.places)
    quick = net.quickest(ready.weights)  # a matrix would add parallel edges up
    nodes, over = np.array(list(ends)), np.array(list(ends.values()))
    data = np.concatenate([ready.weights[quick].astype(float), limit - over + 1])
    rows = np.concatenate([net.tail[quick], np.full(len(nodes), size)])
    columns = np.concatenate([net.head[quick], nodes])
    matrix = csr_matrix((data, (rows, columns)), shape=(size + 1, size + 1))
    times = dijkstra(matrix, indices=size, limit=limit + 1)[:size] - 1
    arc, begins = _come_upon(ready, np.flatnonzero(ready.weights < NO_WAY), times)
    shares = np.clip((limit - begins) / ready.profile.weights[arc], 0.0, 1.0)
    found = np.zeros(2 * graph.pieces)
    np.maximum.at(found, arc, np.where(np.isfinite(begins), shares, 0.0))
    return found


def _come_upon(ready: Prepared, edge: Ints, times: Floats) -> tuple[Ints, Floats]:
    """The arc that each edge leads along, and when it is begun."""
    arc = ready.net.leads(edge)
    turn = (ready.weights[edge] - ready.profile.weights[arc]).astype(float)
    return arc, times[ready.net.tail[edge]] + true_millis(turn, ready.profile.mode.means)


def polygons(graph: RoadGraph, found: Reached) -> shapely.Geometry:
    """The ground beside what is reached, degrees."""
    pieces = graph.pieces
    along, against = found.share[:pieces], found.share[pieces:]
    whole = along + against >= 1.0
    parts = list(found.begun)
    for piece in np.flatnonzero((along + against > 0) & ~whole).tolist():
        parts += [(piece, 0.0, float(along[piece]))] if along[piece] > 0 else []
        parts += [(piece, 1.0 - float(against[piece]), 1.0)] if against[piece] > 0 else []
    begin, end = _segments(graph, whole, [part for part in parts if part[1] < part[2]])
    if len(begin) == 0:
        return shapely.MultiPolygon()
    scale = to_plane((1.0, 1.0), graph.latitude)[0]
    ground = outline(begin * scale, end * scale, BESIDE, HOLE)
    coarse = max(_SIMPLE, float(shapely.area(ground)) ** 0.5 / _STEPS)
    return shapely.transform(shapely.simplify(ground, coarse), lambda xy: np.round(xy / scale, 6))


def _segments(
    graph: RoadGraph, whole: Mask, parts: Sequence[tuple[int, float, float]]
) -> tuple[Floats, Floats]:
    """Both ends ((n, 2) degrees) of the straight lines of *whole* pieces, and of *parts* of others."""
    onward = np.repeat(whole, np.diff(graph.first))
    onward[graph.first[1:] - 1] = False
    rows = np.flatnonzero(onward)
    lines = [stretch_points(graph, *part) for part in parts]
    begin = np.concatenate([graph.vertices[rows], *(line[:-1] for line in lines)])
    return begin, np.concatenate([graph.vertices[rows + 1], *(line[1:] for line in lines)])
