"""The embedded router: ways and times on the imported road layer, closures honoured."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from console.sdk.records import Closure, FoundBy, LonLat, Means, Route
from console.sdk.server import Alternative, Facing, Times, Trip
from plugins.dispatch.server.routing.alternatives import choose, describe
from plugins.dispatch.server.routing.engines import DijkstraEngine, Engine, Found, Hierarchy
from plugins.dispatch.server.routing.graph import Floats, Ints, Mask, RoadGraph
from plugins.dispatch.server.routing.nets import Ends, Net, Nets
from plugins.dispatch.server.routing.profile import NO_WAY, Mode, Profile, block, in_force, profile
from plugins.dispatch.server.routing.snapping import Snapped, Snapper
from plugins.dispatch.server.routing.speeds import WALK_METRES_PER_SECOND
from plugins.dispatch.server.routing.turn_costs import true_millis
from plugins.dispatch.server.routing.way import Way, way_to_route

_KEPT = 12
"""Prepared combinations of mode and closures that are kept."""
_KEPT_ENGINES = 8


@dataclass(frozen=True, slots=True)
class Prepared:
    """One mode under one set of closures, ready to be asked."""

    profile: Profile
    net: Net
    weights: Ints
    """Of the net's edges."""
    engine: Engine


class _Door(NamedTuple):
    """How the search comes upon the goal's piece: an arc, and where on the way there."""

    node: int
    millis: int
    arc: int


@dataclass(slots=True)
class EmbeddedRouter:
    """A ``Router`` on one road graph; ``use`` hierarchies as soon as their order is known."""

    graph: RoadGraph
    snapper: Snapper
    nets: Nets
    _hierarchies: dict[str, Hierarchy] = field(default_factory=dict[str, Hierarchy])
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _base: dict[Mode, tuple[Profile, Ints]] = field(default_factory=dict[Mode, tuple[Profile, Ints]])
    _engines: OrderedDict[object, Engine] = field(default_factory=OrderedDict[object, Engine])
    _prepared: OrderedDict[object, Prepared] = field(default_factory=OrderedDict[object, Prepared])

    @classmethod
    def of(cls, graph: RoadGraph) -> EmbeddedRouter:
        """A router that searches with Dijkstra."""
        return cls(graph, Snapper(graph), Nets.of(graph))

    def use(self, crossings: Ints) -> None:
        """Search with hierarchies from now on; *crossings* is the order of the graph (``node_order``)."""
        made = {net.name: Hierarchy(net, crossings) for net in (self.nets.walk, self.nets.drive)}
        with self._lock:
            self._hierarchies = made
            self._engines.clear()
            self._prepared.clear()

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
        seconds = self._times(starts, np.array([goal]), self.prepare(means, closures, trip), facing)
        return Times(seconds=seconds[:, 0], by=FoundBy.EMBEDDED)

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
        seconds = self._times(starts, goals, self.prepare(means, closures, trip), None)
        return Times(seconds=seconds, by=FoundBy.EMBEDDED)

    def _times(self, starts: Floats, goals: Floats, ready: Prepared, facing: Facing | None) -> Floats:
        """(n, m) seconds, with what is walked off the road."""
        at = self.snapper.snap(starts, ready.profile.usable, facing)
        to = self.snapper.snap(goals, ready.profile.usable)
        millis = true_millis(self._road_millis(ready, at, to), ready.profile.mode.means)
        return millis / 1000 + (at.off_road[:, None] + to.off_road[None, :]) / WALK_METRES_PER_SECOND

    def _road_millis(self, ready: Prepared, at: Snapped, to: Snapped) -> Floats:
        """(n, m) milliseconds on the road, with detours marked by ``DETOUR_MILLIS``."""
        count, pieces = len(at.piece), self.graph.pieces
        onward, back = _left_to_go(ready.profile.weights, at, pieces)
        piece = np.maximum(at.piece, 0)
        arcs = np.concatenate([piece, piece + pieces])
        asked = np.isfinite(np.concatenate([onward, back])) & (np.tile(at.piece, 2) >= 0)
        sources, which = np.unique(ready.net.exit(arcs[asked]), return_inverse=True)
        targets = [_ends(self._entries(ready, to.row(goal))) for goal in range(len(to.piece))]
        reached = np.full((2 * count, len(targets)), np.inf)
        reached[asked] = ready.engine.times_to(ready.weights, sources, targets)[which]
        best = np.minimum(reached[:count] + onward[:, None], reached[count:] + back[:, None])
        for goal in np.flatnonzero(to.piece >= 0).tolist():
            same = _same_piece(ready.profile.weights, at, to.row(goal), pieces)
            best[:, goal] = np.minimum(best[:, goal], same)
        return np.where((at.piece < 0)[:, None], np.inf, best)

    def _entries(self, ready: Prepared, to: Snapped) -> list[_Door]:
        """How the goal's piece is come upon, in both directions, with what is left from there."""
        piece, share = int(to.piece[0]), float(to.fraction[0])
        if piece < 0:
            return []
        doors: list[_Door] = []
        for arc, part in ((piece, share), (piece + self.graph.pieces, 1 - share)):
            millis = int(ready.profile.weights[arc])
            if millis < NO_WAY:
                rest = round(millis * part)
                doors += [_Door(n, turn + rest, arc) for n, turn in ready.net.entries(arc, ready.profile)]
        return doors

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
        way = self.way(start, goal, means, closures, trip=trip, facing=facing)
        return None if way is None else way_to_route(self.graph, way, means)

    def way(
        self,
        start: LonLat,
        goal: LonLat,
        means: Means,
        closures: Sequence[Closure] = (),
        *,
        trip: Trip = Trip(),
        facing: Facing | None = None,
    ) -> Way | None:
        """The fastest way as arcs, without its geometry."""
        return self._way(start, goal, self.prepare(means, closures, trip), facing)

    def _way(self, start: LonLat, goal: LonLat, ready: Prepared, facing: Facing | None = None) -> Way | None:
        at = self.snapper.snap(np.array([start]), ready.profile.usable, facing)
        to = self.snapper.snap(np.array([goal]), ready.profile.usable)
        if at.piece[0] < 0 or to.piece[0] < 0:
            return None
        walk = float(at.off_road[0] + to.off_road[0])
        direct = float(_same_piece(ready.profile.weights, at, to, self.graph.pieces)[0])
        found, arcs = self._search(ready, at, to)
        if found is not None and found.millis < direct:
            direct = float(true_millis(np.array(found.millis, float), ready.profile.mode.means))
        elif np.isfinite(direct):
            ahead = to.fraction[0] >= at.fraction[0]
            arcs = [int(at.piece[0]) + (0 if ahead else self.graph.pieces)]
        else:
            return None
        return Way(start, goal, at, to, arcs, direct / 1000 + walk / WALK_METRES_PER_SECOND, walk)

    def _search(self, ready: Prepared, at: Snapped, to: Snapped) -> tuple[Found | None, list[int]]:
        """The best way by the net, with the arcs of start and goal at its ends."""
        onward, back = (_whole(side) for side in _left_to_go(ready.profile.weights, at, self.graph.pieces))
        piece = int(at.piece[0])
        sides = ((piece, onward), (piece + self.graph.pieces, back))
        exits = [(int(ready.net.exit(np.array([arc]))[0]), arc, ms) for arc, ms in sides if ms is not None]
        entries = self._entries(ready, to)
        found = ready.engine.path(ready.weights, [(node, ms) for node, _, ms in exits], _ends(entries))
        if found is None:
            return None, []
        first = min((ms, arc) for node, arc, ms in exits if node == found.nodes[0])[1]
        last = min((door.millis, door.arc) for door in entries if door.node == found.nodes[-1])[1]
        return found, [first, *ready.net.arcs(found.nodes, found.edges), last]

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
        ready = self.prepare(means, closures, trip)
        # an engine aside, so that the other keeps the weights that everybody asks for
        aside = replace(ready, engine=DijkstraEngine(ready.net))

        def search(arcs: Ints) -> Way | None:
            weights = ready.net.weights(replace(ready.profile, weights=arcs))
            way = self._way(start, goal, replace(aside, weights=weights))
            return way and self._with_true_time(way, ready)

        return describe(self.graph, choose(self.graph, ready.profile.weights, search, count), means)

    def _with_true_time(self, way: Way, ready: Prepared) -> Way:
        """*way*, found under changed weights, with what it takes under the real ones."""
        weights = ready.profile.weights
        parts = zip(way.arcs, way.stretches(self.graph), strict=True)
        millis = sum(abs(b - a) * int(weights[arc]) for arc, (_, a, b) in parts)
        turns = float(sum(ready.net.turn(a, b, ready.profile) for a, b in pairwise(way.arcs)))
        millis += float(true_millis(np.array(turns), ready.profile.mode.means))
        return replace(way, seconds=millis / 1000 + way.off_road / WALK_METRES_PER_SECOND)

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
        ready = self.prepare(means, closures, trip)
        ways = [self._way((float(lon), float(lat)), goal, ready) for lon, lat in starts]
        return [None if way is None else way.metres(self.graph) for way in ways]

    def blocked(self, closures: Sequence[Closure], means: Means) -> Mask:
        """Pieces that *closures* forbid to *means*."""
        mask = np.zeros(self.graph.pieces, bool)
        for closure in closures:
            if means in closure.means:
                mask[self.snapper.blocked_by(closure)] = True
        return mask

    def prepare(self, means: Means, closures: Sequence[Closure] = (), trip: Trip = Trip()) -> Prepared:
        """Weights and engine for a trip under *closures*; kept for the next question."""
        mode = Mode.of(means, trip.at, trip.counter_flow)
        closed = in_force(closures, means, trip.at)
        key = (mode, frozenset((c.shape, c.points) for c in closed))
        with self._lock:
            ready = self._prepared.get(key)
            if ready is None:
                ready = self._prepared[key] = self._make(mode, closed)
                while len(self._prepared) > _KEPT:
                    self._prepared.popitem(last=False)
            self._prepared.move_to_end(key)
        return ready

    def _make(self, mode: Mode, closures: Sequence[Closure]) -> Prepared:
        net = self.nets.of_means(mode.means)
        if mode not in self._base:
            self._base[mode] = self._make_base(mode, net)
        made, weights = self._base[mode]
        engine = self._engine(mode, net, weights)
        pieces = np.flatnonzero(self.blocked(closures, mode.means))
        if len(pieces):
            made = block(made, pieces)
            weights = net.close(weights, np.concatenate([pieces, pieces + self.graph.pieces]))
        return Prepared(made, net, weights, engine)

    def _make_base(self, mode: Mode, net: Net) -> tuple[Profile, Ints]:
        """The profile with the pieces that one gets on and back from, and the weights of the net."""
        made = profile(self.graph, mode)
        weights = net.weights(made)
        on = net.reachable(weights) & (made.weights < NO_WAY)
        return replace(made, usable=on[: self.graph.pieces] | on[self.graph.pieces :]), weights

    def _engine(self, mode: Mode, net: Net, weights: Ints) -> Engine:
        """One engine a mode follows its closures."""
        engine = self._engines.get(mode)
        if engine is None:
            hierarchy = self._hierarchies.get(net.name)
            engine = hierarchy.engine(weights) if hierarchy else DijkstraEngine(net)
            self._engines[mode] = engine
            while len(self._engines) > _KEPT_ENGINES:
                self._engines.popitem(last=False)
        return engine


def _ends(doors: Sequence[_Door]) -> Ends:
    return [(door.node, door.millis) for door in doors]


def _left_to_go(weights: Ints, at: Snapped, count: int) -> tuple[Floats, Floats]:
    """Milliseconds from each place to the end and to the start of its piece; inf where forbidden."""
    piece = np.maximum(at.piece, 0)
    onward, back = weights[piece], weights[piece + count]
    return (
        np.where((onward < NO_WAY) & at.along, onward * (1 - at.fraction), np.inf),
        np.where((back < NO_WAY) & at.against, back * at.fraction, np.inf),
    )


def _whole(side: Floats) -> int | None:
    """The one value of *side* as whole milliseconds; None for inf."""
    return round(float(side[0])) if np.isfinite(side[0]) else None


def _same_piece(weights: Ints, at: Snapped, to: Snapped, count: int) -> Floats:
    """Milliseconds straight along the piece, for starts on the goal's own piece; inf for others."""
    piece = int(to.piece[0])
    ahead = to.fraction[0] - at.fraction
    arc = np.where(ahead >= 0, weights[piece], weights[piece + count])
    faces = np.where(ahead >= 0, at.along, at.against)
    return np.where((at.piece == piece) & (arc < NO_WAY) & faces, arc * np.abs(ahead), np.inf)
