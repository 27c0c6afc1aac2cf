"""Which arcs leave a crossing, and the line of a way on the plane of metres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from console.sdk.records import LonLat
from plugins.dispatch.server.ground import to_plane
from plugins.dispatch.server.routing.graph import Floats, Ints, RoadGraph
from plugins.dispatch.server.routing.way import stretch_points

Stretch = tuple[int, float, float]
"""Piece, from fraction, to fraction; running against the piece where the second is smaller."""


class Leaving:
    """The arcs that leave each node of a graph."""

    def __init__(self, graph: RoadGraph) -> None:
        tail = graph.tail
        self._arcs = np.argsort(tail, kind="stable")
        self._first = np.searchsorted(tail[self._arcs], np.arange(len(graph.nodes) + 1))

    def at(self, node: int) -> Ints:
        """Arcs that begin at *node*."""
        return self._arcs[self._first[node] : self._first[node + 1]]


@dataclass(frozen=True, slots=True)
class Course:
    """A way as a line on the plane (metres), with the marks where one piece follows another."""

    xy: Floats
    along: Floats
    """Metres from the start to each point."""
    arcs: list[int]
    begins: Floats
    """Where each arc is come upon, and where the last is left; beside the road before and after."""

    @classmethod
    def of(cls, graph: RoadGraph, stretches: Sequence[Stretch], start: LonLat, goal: LonLat) -> Course:
        """The line from *start* over *stretches* to *goal*; pieces of no length are passed over."""
        driven = [each for each in stretches if each[1] != each[2]]
        lines = [stretch_points(graph, *each) for each in driven]
        points = np.concatenate([np.array([start]), *lines, np.array([goal])])
        xy = to_plane(points, graph.latitude)
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
        at = np.cumsum([1, *(len(line) for line in lines)])
        begins = np.append(along[at[:-1]], along[at[-1] - 1])
        arcs = [piece if b > a else piece + graph.pieces for piece, a, b in driven]
        return cls(xy, along, arcs, begins)

    @property
    def metres(self) -> float:
        """Length, with what is walked off the road."""
        return float(self.along[-1])

    def place(self, metres: float) -> Floats:
        """(2,) where one is after so many metres."""
        x, y = (np.interp(metres, self.along, column) for column in self.xy.T)
        return np.array([x, y])

    def bearing(self, begin: float, end: float) -> float:
        """Degrees from north of the straight line between two marks."""
        east, north = self.place(end) - self.place(begin)
        return float(np.degrees(np.arctan2(east, north)) % 360)


def turned(before: float, after: float) -> float:
    """Degrees from one bearing to the other, right positive, in (-180, 180]."""
    return 180.0 - (before - after + 180.0) % 360.0
