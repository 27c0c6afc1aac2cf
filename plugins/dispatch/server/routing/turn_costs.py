"""What a turn takes, by its angle, the lights and who turns. Milliseconds.

For motor vehicles the curve that OSRM's car profile published and Valhalla uses for its
times: up to 7.5 s, more across the oncoming traffic. Traffic drives on the right.
"""

from __future__ import annotations

import numpy as np

from console.sdk.records import Means
from console.sdk.server import Access
from plugins.dispatch.server.routing.graph import Floats, Ints, RoadGraph
from plugins.dispatch.server.routing.profile import NO_WAY
from plugins.dispatch.server.routing.speeds import ACCESS, MOTOR
from plugins.dispatch.server.routing.turns import Turns

DETOUR_MILLIS = 36_000_000
"""Added for motor vehicles that come upon private ground from outside: ten hours, so that nobody
cuts through, and so that the rest of a division by it is the time itself."""
_NO_WAY_THROUGH = frozenset({Means.CAR, Means.MOTORCYCLE})

_SHARP, _BIAS = 7.5, 1.075
_LIGHTS, _BACK = 2.0, 20.0
_BICYCLE_CROSSING, _BICYCLE_TURN, _BICYCLE_BACK = 1.0, 4.0, 15.0
_BLUE_LIGHT = 0.7
"""Blue light halves neither the bend nor the look around, but the waiting."""


def turn_millis(graph: RoadGraph, turns: Turns, means: Means) -> Ints:
    """(t,) milliseconds of each turn, NO_WAY where *means* may not take it."""
    before, after = turns.arc_of[turns.tail], turns.arc_of[turns.head]
    node = graph.head[before]
    seconds = _seconds(graph, before, after, node, means)
    bit = ACCESS[means]
    forbidden = (turns.bans & bit > 0) | (graph.facts[node] & bit > 0)
    millis = np.rint(seconds * 1000).astype(np.int64)
    if means in _NO_WAY_THROUGH:
        private = (graph.access & Access.PRIVATE) > 0
        enters = private[after % graph.pieces] & ~private[before % graph.pieces]
        millis += np.where(enters, DETOUR_MILLIS, 0)
    return np.where(forbidden, NO_WAY, millis)


def true_millis(millis: Floats, means: Means) -> Floats:
    """What ways take without the marks for private ground; inf stays."""
    if means not in _NO_WAY_THROUGH:
        return millis
    return np.where(np.isfinite(millis), np.fmod(np.nan_to_num(millis, posinf=0.0), DETOUR_MILLIS), np.inf)


def _seconds(graph: RoadGraph, before: Ints, after: Ints, node: Ints, means: Means) -> Floats:
    angle = (graph.leaving[after] - graph.arriving[before] + 180) % 360 - 180
    back = before % graph.pieces == after % graph.pieces
    bit = Access.MOTOR if means in MOTOR else Access.BICYCLE | Access.MOTOR
    used = (graph.access & bit) > 0
    roads = np.bincount(np.concatenate([graph.start[used], graph.end[used]]), minlength=len(graph.nodes))[
        node
    ]
    crossing = (roads > 2) | back
    if means is Means.BICYCLE:
        bend = _BICYCLE_CROSSING + _BICYCLE_TURN * np.abs(angle) / 180
        return np.where(crossing, bend, 0.0) + np.where(back, _BICYCLE_BACK, 0.0)
    lights = np.where(graph.facts[node] & Access.SIGNALS, _LIGHTS, 0.0)
    seconds = lights + np.where(crossing, _bend(angle), 0.0) + np.where(back, _BACK, 0.0)
    return seconds * _BLUE_LIGHT if means is Means.EMERGENCY else seconds


def _bend(angle: Floats) -> Floats:
    """Seconds by angle (degrees, right positive): a sigmoid that rises later for the near side."""
    steep = np.where(angle >= 0, 1 / _BIAS, _BIAS)
    late = np.where(angle >= 0, _BIAS, 1 / _BIAS)
    return _SHARP / (1 + np.exp(-(13 * steep * np.abs(angle) / 180 - 6.5 * late)))
