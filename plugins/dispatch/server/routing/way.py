"""A found way: which arcs, and how it looks on the map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from console.sdk.records import LonLat, Means, Route
from plugins.dispatch.server.routing.graph import Floats, RoadGraph
from plugins.dispatch.server.routing.snapping import Snapped


@dataclass(frozen=True, slots=True)
class Legs:
    """The part of a way between the pieces of start and goal."""

    leave: float
    """End at which the start's piece is left: 0 its first vertex, 1 its last."""
    arcs: list[int]
    enter: float
    """End at which the goal's piece is entered."""


@dataclass(frozen=True, slots=True)
class Way:
    """From *start* to *goal*; ``legs`` is None when both lie on one piece and the way stays on it."""

    start: LonLat
    goal: LonLat
    at: Snapped
    to: Snapped
    legs: Legs | None
    seconds: float
    off_road: float
    """Metres walked to and from the road."""

    def metres(self, graph: RoadGraph) -> float:
        """Length, with what is walked off the road."""
        road = sum(abs(b - a) * graph.metres[p] for p, a, b in self.stretches(graph))
        return float(self.off_road + road)

    def stretches(self, graph: RoadGraph) -> list[tuple[int, float, float]]:
        """(piece, from fraction, to fraction) in order; running back where the second is smaller."""
        first, last = int(self.at.piece[0]), int(self.to.piece[0])
        begin, end = float(self.at.fraction[0]), float(self.to.fraction[0])
        if self.legs is None:
            return [(first, begin, end)]
        count = graph.pieces
        inner = [
            (arc % count, 0.0, 1.0) if arc < count else (arc % count, 1.0, 0.0) for arc in self.legs.arcs
        ]
        return [(first, begin, self.legs.leave), *inner, (last, self.legs.enter, end)]


def way_to_route(graph: RoadGraph, way: Way, means: Means) -> Route:
    """The way with its path and the names of its roads."""
    stretches = way.stretches(graph)
    lines = [_stretch_points(graph, piece, a, b) for piece, a, b in stretches]
    points = np.concatenate([[way.start], *lines, [way.goal]])
    keep = np.ones(len(points), bool)
    keep[1:] = np.abs(np.diff(points, axis=0)).max(axis=1) > 1e-8
    names = dict.fromkeys(graph.names[piece] for piece, a, b in stretches if a != b)
    return Route(
        path=tuple((float(lon), float(lat)) for lon, lat in points[keep]),
        metres=way.metres(graph),
        seconds=way.seconds,
        means=means,
        roads=tuple(name for name in names if name),
    )


def _stretch_points(graph: RoadGraph, piece: int, a: float, b: float) -> Floats:
    """Points of *piece* between two fractions, in the direction of travel."""
    rows = slice(graph.first[piece], graph.first[piece + 1])
    along, line = graph.along[rows], graph.vertices[rows]
    low, high = sorted((a * graph.metres[piece], b * graph.metres[piece]))
    marks = np.concatenate([[low], along[(along > low) & (along < high)], [high]])
    points = np.column_stack([np.interp(marks, along, line[:, 0]), np.interp(marks, along, line[:, 1])])
    return points if a <= b else points[::-1]
