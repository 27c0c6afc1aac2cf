"""What a fix says about an order under way: pure decisions, no database, no clock of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

import shapely

from console.sdk import haversine
from console.sdk.records import Closure, LonLat, Order, OrderState
from plugins.dispatch.server.ground import crosses, to_plane

ARRIVAL_METRES = 40.0
ARRIVAL_FIXES = 2
OFF_ROUTE_METRES = 60.0
REPLAN_SECONDS = 10.0
ETA_CHANGE_SECONDS = 10.0
"""Smaller changes of the expected arrival are not announced, nor any within this time of the last."""


class Move(Enum):
    """What should be done with an order."""

    NOTHING = auto()
    ARRIVE = auto()
    REROUTE_OFF = auto()
    REROUTE_CLOSED = auto()
    REROUTE_OPENED = auto()
    """A closure has gone: go another way if that is quicker than what is left of this one."""
    EXPECT = auto()


@dataclass(frozen=True, slots=True)
class Fix:
    """Where somebody is, and since when."""

    where: LonLat
    time: float
    heading: float = float("nan")
    """Degrees from north, of somebody who moves."""


Ground = tuple[str, tuple[LonLat, ...]]
"""A closure with its shape: with another shape it is another one for whoever goes by it."""


def ground_of(closure: Closure) -> Ground:
    return closure.id, closure.points


@dataclass(slots=True)
class Watch:
    """What is remembered of one order from fix to fix."""

    last_fix: float = 0.0
    near: int = 0
    """Fixes in a row within reach of the goal."""
    replanned: float = 0.0
    announced: float = 0.0
    closures: frozenset[Ground] = field(default_factory=frozenset[Ground])
    """Closures that the present route was checked against."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision, with the expected arrival where that is it."""

    move: Move
    eta: float | None = None
    remaining: float = float("inf")
    """Seconds left on the present route, for REROUTE_OPENED."""


def judge(
    order: Order, goal: LonLat, fix: Fix | None, closures: Sequence[Closure], watch: Watch, now: float
) -> Verdict:
    """Decide about one order and note in *watch* what was seen."""
    if fix is not None and _has_arrived(order, goal, fix, watch):
        return Verdict(Move.ARRIVE)
    if order.state is OrderState.ARRIVED or fix is None:
        return Verdict(Move.NOTHING)
    before = watch.closures
    if _newly_closed(order, closures, watch):
        watch.replanned = now
        return Verdict(Move.REROUTE_CLOSED)
    if order.route is not None and before - watch.closures:
        _, share = locate(order.route.path, fix.where)
        return Verdict(Move.REROUTE_OPENED, remaining=share * order.route.seconds)
    if order.state not in (OrderState.ACCEPTED, OrderState.UNDER_WAY):
        return Verdict(Move.NOTHING)
    return _along_the_route(order, fix, watch, now)


def _has_arrived(order: Order, goal: LonLat, fix: Fix, watch: Watch) -> bool:
    """Two fixes in a row near the goal, so that one stray fix does not count."""
    if order.state not in (OrderState.ACCEPTED, OrderState.UNDER_WAY) or fix.time <= watch.last_fix:
        return False
    watch.last_fix = fix.time
    near = haversine(*fix.where, *goal) <= ARRIVAL_METRES
    watch.near = watch.near + 1 if near else 0
    return watch.near >= ARRIVAL_FIXES


def _newly_closed(order: Order, closures: Sequence[Closure], watch: Watch) -> bool:
    """Whether a closure that came after the last look lies on the route."""
    if order.route is None:
        return False
    fresh = [c for c in closures if ground_of(c) not in watch.closures and order.route.means in c.means]
    watch.closures = frozenset(map(ground_of, closures))
    return bool(fresh) and crosses(order.route.path, fresh)


def _along_the_route(order: Order, fix: Fix, watch: Watch, now: float) -> Verdict:
    may_replan = now - watch.replanned >= REPLAN_SECONDS
    route = order.route
    if route is None or len(route.path) < 2:
        off, remaining = float("inf"), 0.0
    else:
        off, share = locate(route.path, fix.where)
        remaining = share * route.seconds
    if off > OFF_ROUTE_METRES:
        if not may_replan:
            return Verdict(Move.NOTHING)
        watch.replanned = now
        return Verdict(Move.REROUTE_OFF)
    eta = fix.time + remaining
    changed = order.eta is None or abs(eta - order.eta) >= ETA_CHANGE_SECONDS
    if not changed or now - watch.announced < ETA_CHANGE_SECONDS:
        return Verdict(Move.NOTHING)
    watch.announced = now
    return Verdict(Move.EXPECT, eta)


def locate(path: Sequence[LonLat], where: LonLat) -> tuple[float, float]:
    """Metres between *where* and the path, and the share (0..1) of the path that is left from there."""
    latitude = where[1]
    line = shapely.LineString(to_plane(path, latitude))
    point = shapely.Point(to_plane(where, latitude)[0])
    length = max(line.length, 0.01)
    return float(line.distance(point)), 1.0 - float(line.project(point)) / length
