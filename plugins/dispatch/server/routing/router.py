"""The embedded router: ways and times on the imported road layer, closures honoured."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from console.sdk.records import Closure, FoundBy, LonLat, Means, Route
from console.sdk.server import Alternative, Facing, Times, Trip
from plugins.dispatch.server.routing.engines import DijkstraEngine, Ends, Engine, Hierarchy
from plugins.dispatch.server.routing.graph import (
    NO_WAY,
    Floats,
    Ints,
    Mask,
    Profile,
    RoadGraph,
    block,
    profile,
)
from plugins.dispatch.server.routing.snapping import Snapped, Snapper
from plugins.dispatch.server.routing.speeds import WALK_METRES_PER_SECOND
from plugins.dispatch.server.routing.way import Legs, Way, way_to_route

_KEPT = 12
"""Prepared combinations of means and closures that are kept."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """One means under one set of closures, ready to be asked."""

    profile: Profile
    engine: Engine


class _Door(NamedTuple):
    """One end of a piece through which a way leaves or enters it."""

    node: int
    millis: float
    fraction: float
    """0 at the first vertex of the piece, 1 at the last."""
    open: bool


def _ends(doors: list[_Door]) -> Ends:
    return [(door.node, round(door.millis)) for door in doors]


def _end_at(doors: list[_Door], node: int) -> float:
    """Which end of the piece *node* is; on a loop both are, and the quicker one was meant."""
    return min((door.millis, door.fraction) for door in doors if door.node == node)[1]


@dataclass(slots=True)
class EmbeddedRouter:
    """A ``Router`` on one road graph; give it a ``Hierarchy`` as soon as there is one."""

    graph: RoadGraph
    snapper: Snapper
    hierarchy: Hierarchy | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _base: dict[Means, Profile] = field(default_factory=dict[Means, Profile])
    _prepared: OrderedDict[object, _Prepared] = field(default_factory=OrderedDict[object, _Prepared])

    def times(
        self,
        starts: Floats,
        goal: LonLat,
        means: Means,
        closures: Sequence[Closure] = (),
        *,
        trip: Trip = Trip(),
        facing: Facing | None = None,
    ) -> Times:
        """See ``Router.times``."""
        ready = self.prepare(means, closures)
        at = self.snapper.snap(starts, ready.profile.usable)
        to = self.snapper.snap(np.array([goal]), ready.profile.usable)
        return Times(seconds=self._times(ready, at, to), by=FoundBy.EMBEDDED)

    def matrix(
        self,
        starts: Floats,
        goals: Floats,
        means: Means,
        closures: Sequence[Closure] = (),
        *,
        trip: Trip = Trip(),
    ) -> Times:
        """See ``Router.matrix``."""
        ready = self.prepare(means, closures)
        at = self.snapper.snap(starts, ready.profile.usable)
        to = self.snapper.snap(goals, ready.profile.usable)
        columns = [self._times(ready, at, _row(to, goal)) for goal in range(len(goals))]
        seconds = np.stack(columns, axis=1) if columns else np.zeros((len(starts), 0))
        return Times(seconds=seconds, by=FoundBy.EMBEDDED)

    def _times(self, ready: _Prepared, at: Snapped, to: Snapped) -> Floats:
        """Seconds from each snapped start to the one goal, with what is walked off the road."""
        if to.piece[0] < 0:
            return np.full(len(at.piece), np.inf)
        seconds = self._road_times(ready, at, to) / 1000
        return seconds + (at.off_road + to.off_road[0]) / WALK_METRES_PER_SECOND

    def _road_times(self, ready: _Prepared, at: Snapped, to: Snapped) -> Floats:
        """Milliseconds on the road from each snapped start to the one goal."""
        weights = ready.profile.weights
        onward, back = _costs(weights, at, self.graph.pieces)
        piece = np.maximum(at.piece, 0)
        nodes = np.concatenate([self.graph.end[piece], self.graph.start[piece]])
        reached = ready.engine.times_to(nodes, _ends(self._entries(weights, to)))
        count = len(piece)
        best = np.minimum(reached[:count] + onward, reached[count:] + back)
        best = np.minimum(best, _same_piece(weights, at, to, self.graph.pieces))
        return np.where(at.piece < 0, np.inf, best)

    def _entries(self, weights: Ints, to: Snapped) -> list[_Door]:
        """How the goal's piece is entered: from which node, at which end, with what is left from there."""
        piece, share = int(to.piece[0]), float(to.fraction[0])
        onward, back = int(weights[piece]), int(weights[piece + self.graph.pieces])
        doors = [
            _Door(int(self.graph.start[piece]), onward * share, 0.0, onward < NO_WAY),
            _Door(int(self.graph.end[piece]), back * (1 - share), 1.0, back < NO_WAY),
        ]
        return [door for door in doors if door.open]

    def _exits(self, weights: Ints, at: Snapped) -> list[_Door]:
        """How the start's piece is left."""
        piece, share = int(at.piece[0]), float(at.fraction[0])
        onward, back = int(weights[piece]), int(weights[piece + self.graph.pieces])
        doors = [
            _Door(int(self.graph.end[piece]), onward * (1 - share), 1.0, onward < NO_WAY),
            _Door(int(self.graph.start[piece]), back * share, 0.0, back < NO_WAY),
        ]
        return [door for door in doors if door.open]

    def route(
        self,
        start: LonLat,
        goal: LonLat,
        means: Means,
        closures: Sequence[Closure] = (),
        *,
        trip: Trip = Trip(),
        facing: Facing | None = None,
    ) -> Route | None:
        """See ``Router.route``."""
        way = self.way(start, goal, means, closures)
        return None if way is None else way_to_route(self.graph, way, means)

    def alternatives(
        self,
        start: LonLat,
        goal: LonLat,
        means: Means,
        closures: Sequence[Closure] = (),
        *,
        trip: Trip = Trip(),
        count: int = 3,
    ) -> list[Alternative]:
        """See ``Router.alternatives``."""
        route = self.route(start, goal, means, closures, trip=trip)
        return [] if route is None else [Alternative(route=route, shared=1.0, more_seconds=0.0)]

    def way(self, start: LonLat, goal: LonLat, means: Means, closures: Sequence[Closure] = ()) -> Way | None:
        """The fastest way as arcs, without its geometry."""
        ready = self.prepare(means, closures)
        both = self.snapper.snap(np.array([start, goal]), ready.profile.usable)
        if (both.piece < 0).any():
            return None
        at, to = _row(both, 0), _row(both, 1)
        weights = ready.profile.weights
        direct = float(_same_piece(weights, at, to, self.graph.pieces)[0])
        exits, entries = self._exits(weights, at), self._entries(weights, to)
        found = ready.engine.path(_ends(exits), _ends(entries))
        walk = float(both.off_road.sum())
        on_foot = walk / WALK_METRES_PER_SECOND
        if found is not None and found.millis < direct:
            legs = Legs(_end_at(exits, found.first), found.arcs, _end_at(entries, found.last))
            return Way(start, goal, at, to, legs, found.millis / 1000 + on_foot, walk)
        return Way(start, goal, at, to, None, direct / 1000 + on_foot, walk) if np.isfinite(direct) else None

    def lengths(
        self,
        starts: Floats,
        goal: LonLat,
        means: Means,
        closures: Sequence[Closure] = (),
        *,
        trip: Trip = Trip(),
    ) -> list[float | None]:
        """See ``Router.lengths``."""
        ways = [self.way((float(lon), float(lat)), goal, means, closures) for lon, lat in starts]
        return [None if way is None else way.metres(self.graph) for way in ways]

    def blocked(self, closures: Sequence[Closure], means: Means) -> Mask:
        """Pieces that *closures* forbid to *means*."""
        mask = np.zeros(self.graph.pieces, bool)
        for closure in closures:
            if means in closure.means:
                mask[self.snapper.blocked_by(closure)] = True
        return mask

    def prepare(self, means: Means, closures: Sequence[Closure]) -> _Prepared:
        """Weights and engine for *means* under *closures*; kept for the next question."""
        shapes = frozenset((c.shape, c.points) for c in closures if means in c.means)
        key = (means, shapes, self.hierarchy is not None)
        with self._lock:
            ready = self._prepared.get(key)
            if ready is None:
                ready = self._prepared[key] = self._make(means, closures)
                while len(self._prepared) > _KEPT:
                    self._prepared.popitem(last=False)
            self._prepared.move_to_end(key)
        return ready

    def _make(self, means: Means, closures: Sequence[Closure]) -> _Prepared:
        base = self._base.get(means)
        if base is None:
            base = self._base[means] = profile(self.graph, means)
        mask = self.blocked(closures, means)
        made = block(base, mask) if mask.any() else base
        engine = (
            self.hierarchy.engine(made.weights)
            if self.hierarchy
            else DijkstraEngine(self.graph, made.weights)
        )
        return _Prepared(made, engine)


def _costs(weights: Ints, at: Snapped, count: int) -> tuple[Floats, Floats]:
    """Milliseconds from each place to the end and to the start of its piece; inf where forbidden."""
    piece = np.maximum(at.piece, 0)
    onward, back = weights[piece], weights[piece + count]
    return (
        np.where(onward < NO_WAY, onward * (1 - at.fraction), np.inf),
        np.where(back < NO_WAY, back * at.fraction, np.inf),
    )


def _same_piece(weights: Ints, at: Snapped, to: Snapped, count: int) -> Floats:
    """Milliseconds straight along the piece, for starts on the goal's own piece; inf for others."""
    piece = int(to.piece[0])
    ahead = to.fraction[0] - at.fraction
    arc = np.where(ahead >= 0, weights[piece], weights[piece + count])
    return np.where((at.piece == piece) & (arc < NO_WAY), arc * np.abs(ahead), np.inf)


def _row(snapped: Snapped, row: int) -> Snapped:
    one = slice(row, row + 1)
    return Snapped(snapped.piece[one], snapped.fraction[one], snapped.off_road[one])
