"""Other ways that differ enough: what the ways so far take is made dearer, and the search repeated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from console.sdk.records import Means
from console.sdk.server import Alternative
from plugins.dispatch.server.routing.graph import Ints, RoadGraph
from plugins.dispatch.server.routing.profile import NO_WAY
from plugins.dispatch.server.routing.way import Way, way_to_route

_DEARER = 1.4
_TRIES = 3
"""Searches a wanted way."""
_MOST_SHARED = 0.7
"""Of the length; a way that has more in common with one before is none of its own."""
_LONGEST = 1.6
"""Times the fastest; nobody wants a way that takes longer than this."""
_NAMES = 3


Search = Callable[[Ints], Way | None]
"""The fastest way under other weights of arcs, with its true seconds."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A way, its metres by piece, and the share it has in common with the fastest."""

    way: Way
    metres: dict[int, float]
    shared: float


def choose(graph: RoadGraph, weights: Ints, search: Search, count: int) -> list[Choice]:
    """Up to *count* ways, the fastest first."""
    last = search(weights)
    if last is None:
        return []
    chosen = [Choice(last, _metres(graph, last), 1.0)]
    for _ in range(_TRIES * (count - 1)):
        weights = _dearer(weights, last.arcs, graph.pieces)
        last = search(weights)
        if last is None or len(chosen) == count:
            break
        own = _metres(graph, last)
        shares = [_shared(own, other.metres) for other in chosen]
        if max(shares) <= _MOST_SHARED and last.seconds <= _LONGEST * chosen[0].way.seconds:
            chosen.append(Choice(last, own, shares[0]))
    return chosen[:1] + sorted(chosen[1:], key=lambda choice: choice.way.seconds)


def describe(graph: RoadGraph, chosen: Sequence[Choice], means: Means) -> list[Alternative]:
    """The chosen ways with what tells them apart."""
    found: list[Alternative] = []
    taken: set[str] = set()
    for choice in chosen:
        lengths: dict[str, float] = {}
        for piece, metres in choice.metres.items():
            name = graph.names[piece]
            lengths[name] = lengths.get(name, 0.0) + metres
        new = sorted((name for name in lengths if name and name not in taken), key=lambda n: -lengths[n])
        found.append(
            Alternative(
                route=way_to_route(graph, choice.way, means),
                shared=choice.shared,
                more_seconds=choice.way.seconds - chosen[0].way.seconds,
                only_here=tuple(new[:_NAMES]),
            )
        )
        taken |= set(lengths)
    return found


def _dearer(weights: Ints, arcs: Sequence[int], pieces: int) -> Ints:
    """*weights* with those of *arcs*, and of the same roads the other way, raised."""
    changed = weights.copy()
    piece = np.unique(np.array(arcs) % pieces)
    both = np.concatenate([piece, piece + pieces])
    both = both[changed[both] < NO_WAY]
    changed[both] = np.rint(changed[both] * _DEARER).astype(np.int64)
    return changed


def _metres(graph: RoadGraph, way: Way) -> dict[int, float]:
    return {piece: abs(b - a) * float(graph.metres[piece]) for piece, a, b in way.stretches(graph)}


def _shared(own: dict[int, float], other: dict[int, float]) -> float:
    """Share of the length of *own* that *other* takes as well."""
    return sum(metres for piece, metres in own.items() if piece in other) / max(sum(own.values()), 0.01)
