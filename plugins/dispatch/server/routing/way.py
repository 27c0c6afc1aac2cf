"""A found way: which arcs, and how it looks on the map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from console.sdk.records import LonLat, Means, Route
from plugins.dispatch.server.routing.graph import Floats, RoadGraph
from plugins.dispatch.server.routing.snapping import Snapped


@dataclass(frozen=True, slots=True)
class Way:
    """From *start* to *goal*: the arcs driven, of which the first and the last only in part."""

    start: LonLat
    goal: LonLat
    at: Snapped
    to: Snapped
    arcs: list[int]
    """At least one; where there is only one, start and goal lie on its piece."""
    seconds: float
    off_road: float
    """Metres walked to and from the road."""

    def metres(self, graph: RoadGraph) -> float:
        """Length, with what is walked off the road."""
        road = sum(abs(b - a) * graph.metres[p] for p, a, b in self.stretches(graph))
        return float(self.off_road + road)

    def stretches(self, graph: RoadGraph) -> list[tuple[int, float, float]]:
        """(piece, from fraction, to fraction) in order; running back where the second is smaller."""
        count = graph.pieces
        parts = [(arc % count, 0.0, 1.0) if arc < count else (arc % count, 1.0, 0.0) for arc in self.arcs]
        piece, _, to = parts[0]
        parts[0] = (piece, float(self.at.fraction[0]), to)
        piece, begin, _ = parts[-1]
        parts[-1] = (piece, begin, float(self.to.fraction[0]))
        return parts


def way_to_route(graph: RoadGraph, way: Way, means: Means) -> Route:
    """The way with its path and the names of its roads."""
    stretches = way.stretches(graph)
    lines = [stretch_points(graph, piece, a, b) for piece, a, b in stretches]
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


def stretch_points(graph: RoadGraph, piece: int, a: float, b: float) -> Floats:
    """Points of *piece* between two fractions, in the direction of travel."""
    rows = slice(graph.first[piece], graph.first[piece + 1])
    along, line = graph.along[rows], graph.vertices[rows]
    low, high = sorted((a * graph.metres[piece], b * graph.metres[piece]))
    marks = np.concatenate([[low], along[(along > low) & (along < high)], [high]])
    points = np.column_stack([np.interp(marks, along, line[:, 0]), np.interp(marks, along, line[:, 1])])
    return points if a <= b else points[::-1]
