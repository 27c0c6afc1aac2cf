"""What one means may use, and what it takes: milliseconds of arcs and usable pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from console.sdk.records import Closure, Means
from console.sdk.server import Access
from plugins.dispatch.server.routing.graph import Ints, Mask, RoadGraph
from plugins.dispatch.server.routing.speeds import (
    ACCESS,
    counter_flow_speed,
    metres_per_second,
    traffic,
)

NO_WAY = 2_147_483_647
"""Weight of an arc that may not be used, milliseconds (RoutingKit's infinity)."""


@dataclass(frozen=True, slots=True)
class Mode:
    """What decides the weights, beside closures."""

    means: Means
    hour_factor: float = 1.0
    counter_flow: bool = False

    @classmethod
    def of(cls, means: Means, at: float | None, counter_flow: bool) -> Mode:
        """The mode of a trip at a time (seconds since 1970, or None)."""
        return cls(means, traffic(means, at), counter_flow and means is Means.EMERGENCY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one mode may use: arc weights and the pieces that a place may be snapped to."""

    mode: Mode
    weights: Ints
    """(2p,) milliseconds, NO_WAY where forbidden."""
    usable: Mask
    """(p,) pieces that may be used; with their net known (``Net.reachable``), those from which one
    gets on and back."""


def profile(graph: RoadGraph, mode: Mode) -> Profile:
    """Weights and usable pieces of *mode*, without closures."""
    speed = metres_per_second(graph, mode.means) * mode.hour_factor
    along, against = _directions(graph, mode)
    ahead = np.where(along & (graph.one_way == -1), counter_flow_speed(speed), speed)
    back = np.where(against & (graph.one_way == 1), counter_flow_speed(speed), speed)
    if mode.means is not Means.EMERGENCY:
        ahead = back = speed
    cost = np.concatenate([graph.metres / ahead, graph.metres / back]) * 1000
    weights = np.maximum(np.rint(cost), 1).astype(np.int64)
    weights = np.where(np.concatenate([along, against]), weights, NO_WAY)
    return Profile(mode=mode, weights=weights, usable=along | against)


def _directions(graph: RoadGraph, mode: Mode) -> tuple[Mask, Mask]:
    """(p,) pieces that may be used along and against their vertices."""
    allowed = (graph.access & ACCESS[mode.means]) > 0
    if mode.means is Means.FOOT or mode.counter_flow:
        return allowed, allowed
    free = np.zeros(graph.pieces, bool)
    if mode.means is Means.BICYCLE:
        free = (graph.access & Access.CONTRAFLOW) > 0
    return allowed & (free | (graph.one_way != -1)), allowed & (free | (graph.one_way != 1))


def in_force(closures: Sequence[Closure], means: Means, at: float | None) -> list[Closure]:
    """Those of *closures* that stop *means* at a time; without a time the caller has chosen already."""
    return [c for c in closures if means in c.means and (at is None or _holds(c, at))]


def _holds(closure: Closure, at: float) -> bool:
    return closure.since <= at and (closure.until is None or at < closure.until)


def block(base: Profile, blocked: Ints) -> Profile:
    """*base* with the pieces *blocked* closed both ways."""
    weights, usable = base.weights.copy(), base.usable.copy()
    weights[blocked] = weights[blocked + len(usable)] = NO_WAY
    usable[blocked] = False
    return Profile(mode=base.mode, weights=weights, usable=usable)
