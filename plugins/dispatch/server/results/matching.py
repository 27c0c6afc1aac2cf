"""From a noisy track to the roads that were taken: a hidden Markov model.

After Newson and Krumm, "Hidden Markov map matching through noise and sparseness" (2009):
a fix lies off the road by a normal error; the way by road between two fixes is about as
long as the straight line. States are arcs, so that the direction is found, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from plugins.dispatch.server.ground import to_plane
from plugins.dispatch.server.results.arcs import Leaving, Stretch
from plugins.dispatch.server.results.near_ways import NearWays
from plugins.dispatch.server.routing.graph import Floats, Ints, Mask, RoadGraph
from plugins.dispatch.server.routing.profile import NO_WAY, Profile
from plugins.dispatch.server.routing.snapping import Snapper

SIGMA = 8.0
"""Metres of error of a fix that says nothing about it."""
_LEAST_SIGMA, _MOST_SIGMA = 4.0, 50.0
_PER_ACCURACY = 0.66
"""Devices give the radius within which they are in two of three cases."""
_RADIUS_SIGMAS = 4.0
_NEAREST, _FARTHEST = 25.0, 120.0
"""Metres around a fix within which roads are looked at, at least and at most."""
_ROADS = 8
"""Nearest roads of a fix that are looked at."""
_GAP_SECONDS, _GAP_METRES = 300.0, 800.0
"""Between fixes farther apart nobody knows the way: a new run begins."""
_TURN_BACK = 10.0
"""Cost (negative log) of turning round in the middle of a road."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """An unbroken part of a matched track."""

    rows: tuple[int, ...]
    """Fixes that it is made of, as rows of the track; those too close to the one before are left out."""
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class _State:
    """One may be on *arc*, *metres* from its beginning."""

    arc: int
    metres: float
    cost: float
    """Of the fix lying where it lies."""


@dataclass(slots=True)
class _Step:
    """The states of one fix, what the best way to each costs, and where it comes from."""

    row: int
    states: list[_State]
    costs: Floats
    before: Ints


class Matcher:
    """Matches tracks on one graph, for who may use what *profile* says."""

    def __init__(self, graph: RoadGraph, snapper: Snapper, leaving: Leaving, profile: Profile) -> None:
        self._graph, self._snapper, self._profile = graph, snapper, profile
        self._ways = NearWays(graph, leaving, profile.weights)

    def match(self, lonlat: Floats, times: Floats | None = None, accuracy: Floats | None = None) -> list[Run]:
        """The runs of a track: (n, 2) degrees, (n,) seconds, (n,) metres (NaN: unknown)."""
        return self._match(lonlat, _gaps(lonlat, times), _sigmas(accuracy, len(lonlat)), _NEAREST)

    def trace(self, path: Floats) -> list[Run]:
        """The same for a line that was drawn along the roads: another router's way."""
        free = np.zeros(len(path), bool)
        return self._match(path, free, np.full(len(path), 1.0), 5.0)

    def _match(self, lonlat: Floats, gaps: Mask, sigma: Floats, nearest: float) -> list[Run]:
        xy = to_plane(lonlat, self._graph.latitude)
        candidates = self._candidates(lonlat, sigma, nearest)
        runs: list[Run] = []
        steps: list[_Step] = []
        for row in _spaced(xy, sigma):
            if steps and gaps[steps[-1].row + 1 : row + 1].any():
                runs, steps = runs + self._finished(steps), []
            states = candidates[row]
            if not states:
                continue
            step = self._next(steps[-1], row, states, xy, float(sigma[row])) if steps else None
            if step is None:
                runs, steps = runs + self._finished(steps), []
                step = _Step(row, states, np.array([s.cost for s in states]), np.full(len(states), -1))
            steps.append(step)
        return runs + self._finished(steps)

    def _candidates(self, lonlat: Floats, sigma: Floats, nearest: float) -> list[list[_State]]:
        radii = np.clip(_RADIUS_SIGMAS * sigma, nearest, _FARTHEST)
        found: list[list[_State]] = [[] for _ in lonlat]
        near = self._snapper.around(lonlat, radii, self._profile.usable)
        for row, piece, share, off in zip(*(column.tolist() for column in near), strict=True):
            if len(found[row]) < 2 * _ROADS:
                cost = 0.5 * (off / sigma[row]) ** 2
                length = float(self._graph.metres[piece])
                sides = ((piece, share), (piece + self._graph.pieces, 1 - share))
                found[row] += [
                    _State(arc, part * length, cost)
                    for arc, part in sides
                    if self._profile.weights[arc] < NO_WAY
                ]
        return found

    def _next(self, last: _Step, row: int, states: list[_State], xy: Floats, sigma: float) -> _Step | None:
        """The step after *last*; None when no state can be reached from there."""
        straight = float(np.hypot(*(xy[row] - xy[last.row])))
        limit, beta = 1.5 * straight + 150.0, max(sigma, 2.0)
        costs = np.full((len(last.states), len(states)), np.inf)
        for i, a in enumerate(last.states):
            if np.isfinite(last.costs[i]):
                for j, b in enumerate(states):
                    metres, extra = self._between(a, b, limit, 2 * sigma)
                    costs[i, j] = last.costs[i] + abs(metres - straight) / beta + extra
        best = costs.argmin(axis=0)
        least = costs[best, np.arange(len(states))] + [state.cost for state in states]
        return _Step(row, states, least, best) if np.isfinite(least).any() else None

    def _between(self, a: _State, b: _State, limit: float, slack: float) -> tuple[float, float]:
        """Metres by road from one state to another (inf: too far), and what it costs besides."""
        pieces, graph = self._graph.pieces, self._graph
        if a.arc == b.arc and b.metres >= a.metres - slack:
            return max(b.metres - a.metres, 0.0), 0.0
        length = float(graph.metres[a.arc % pieces])
        if a.arc % pieces == b.arc % pieces:
            return abs(length - b.metres - a.metres), _TURN_BACK if a.arc != b.arc else np.inf
        left = length - a.metres
        between = self._ways.metres(self._head(a.arc), self._tail(b.arc), limit)
        return left + between + b.metres, 0.0

    def _head(self, arc: int) -> int:
        pieces = self._graph.pieces
        return int(self._graph.end[arc] if arc < pieces else self._graph.start[arc - pieces])

    def _tail(self, arc: int) -> int:
        return self._head((arc + self._graph.pieces) % (2 * self._graph.pieces))

    def _finished(self, steps: Sequence[_Step]) -> list[Run]:
        """The best way through *steps*, if there are two or more."""
        if len(steps) < 2:
            return []
        at = int(steps[-1].costs.argmin())
        chain: list[_State] = []
        for step in reversed(steps):
            chain.append(step.states[at])
            at = int(step.before[at])
        rows = tuple(step.row for step in steps)
        return [Run(rows=rows, stretches=tuple(self._stretches(chain[::-1])))]

    def _stretches(self, chain: Sequence[_State]) -> list[Stretch]:
        """The way over all states of *chain*."""
        pieces, graph = self._graph.pieces, self._graph
        parts: list[tuple[int, float, float]] = [(chain[0].arc, chain[0].metres, chain[0].metres)]
        for state in chain[1:]:
            arc, begin, end = parts[-1]
            if state.arc == arc:
                parts[-1] = (arc, begin, max(end, state.metres))
            elif state.arc % pieces == arc % pieces:
                parts.append((state.arc, float(graph.metres[arc % pieces]) - end, state.metres))
            else:
                parts[-1] = (arc, begin, float(graph.metres[arc % pieces]))
                way = self._ways.arcs(self._head(arc), self._tail(state.arc), 0.0)
                parts += [(each, 0.0, float(graph.metres[each % pieces])) for each in way]
                parts.append((state.arc, 0.0, state.metres))
        return [self._stretch(*part) for part in parts]

    def _stretch(self, arc: int, begin: float, end: float) -> Stretch:
        pieces = self._graph.pieces
        a, b = (min(each / float(self._graph.metres[arc % pieces]), 1.0) for each in (begin, end))
        return (arc, a, b) if arc < pieces else (arc - pieces, 1 - a, 1 - b)


def _sigmas(accuracy: Floats | None, count: int) -> Floats:
    if accuracy is None:
        return np.full(count, SIGMA)
    known = np.clip(accuracy * _PER_ACCURACY, _LEAST_SIGMA, _MOST_SIGMA)
    return np.where(np.isfinite(accuracy), known, SIGMA)


def _gaps(lonlat: Floats, times: Floats | None) -> Mask:
    """(n,) whether a new run begins at a fix."""
    gaps = np.zeros(len(lonlat), bool)
    if len(lonlat):
        steps = np.diff(to_plane(lonlat, float(lonlat[0, 1])), axis=0)
        gaps[1:] = np.hypot(steps[:, 0], steps[:, 1]) > _GAP_METRES
    if times is not None:
        gaps[1:] |= np.diff(times) > _GAP_SECONDS
    return gaps


def _spaced(xy: Floats, sigma: Floats) -> list[int]:
    """Rows at least two sigmas from the one before, the last row always: nearer ones tell only noise."""
    kept: list[int] = []
    for row in range(len(xy)):
        if not kept or np.hypot(*(xy[row] - xy[kept[-1]])) >= 2 * sigma[row] or row == len(xy) - 1:
            kept.append(row)
    return kept
