"""In which order to visit places: exact for few, improved from a good start for more.

Held and Karp's dynamic programme (1962) up to EXACT stops, else cheapest insertion and
then moves of chains (Or, 1976), turned or not. Times may differ by direction.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MOST = 20
EXACT = 12
_CHAIN = 3
"""Longest chain of stops that is moved as one, beside turning whole parts."""
_STARTS = 6
"""Tours from the nearest first stops, beside that of cheapest insertion."""
_SMALLEST = 1e-9


def best_order(seconds: Floats, *, closed: bool, end: int | None = None) -> tuple[list[int], float]:
    """The quickest order of the stops of *seconds* ((n, n), from row to column), beginning with 0.

    *closed*: back to 0 at last. *end*: this stop is the last one of an open tour.
    Returns the order and its seconds, inf when no order connects all.
    """
    count = len(seconds)
    if count == 1:
        return [0], 0.0
    cost = _closed_cost(seconds, closed=closed, end=end)
    order = _held_karp(cost) if count <= EXACT else _improved(cost)
    total = _length(cost, order)
    return order, total if np.isfinite(total) and total < _far(seconds) else float("inf")


def _closed_cost(seconds: Floats, *, closed: bool, end: int | None) -> Floats:
    """Costs of a round trip that stand for the tour asked for; what is forbidden is very far."""
    far = _far(seconds)
    cost = np.where(np.isfinite(seconds), seconds, far)
    if not closed:
        cost[:, 0] = 0.0 if end is None else far
        if end is not None:
            cost[end, 0] = 0.0
    np.fill_diagonal(cost, far)
    return cost


def _far(seconds: Floats) -> float:
    """More than any tour takes."""
    known = seconds[np.isfinite(seconds)]
    return float(known.sum()) + 1.0


def _length(cost: Floats, order: Sequence[int]) -> float:
    """Of the round trip."""
    here = np.array(order)
    return float(cost[here, np.roll(here, -1)].sum())


def _held_karp(cost: Floats) -> list[int]:
    """The best round trip from 0. Sets of stops are bits; best[set, last] is their shortest way."""
    count = len(cost) - 1
    inner = cost[1:, 1:]
    best = np.full((1 << count, count), np.inf)
    before = np.zeros((1 << count, count), np.int8)
    for last in range(count):
        best[1 << last, last] = cost[0, last + 1]
    for members in range(1, 1 << count):
        for last in range(count):
            if members >> last & 1 and members != 1 << last:
                ways = best[members ^ (1 << last)] + inner[:, last]
                before[members, last] = ways.argmin()
                best[members, last] = ways.min()
    members = (1 << count) - 1
    last = int((best[members] + cost[1:, 0]).argmin())
    order: list[int] = []
    while members:
        order.append(last + 1)
        members, last = members ^ (1 << last), int(before[members, last])
    return [0, *reversed(order)]


def _improved(cost: Floats) -> list[int]:
    """A good round trip from 0: the best of what several starts become."""
    firsts = np.argsort(cost[0])[:_STARTS].tolist()
    starts = [_inserted(cost), *(_nearest(cost, first) for first in firsts if first)]
    return min((_shortened(cost, start) for start in starts), key=lambda order: _length(cost, order))


def _shortened(cost: Floats, order: list[int]) -> list[int]:
    """*order* moved about until no move makes it shorter."""
    length = _length(cost, order)
    while True:
        moves = np.array([order, *_moves(order)])
        lengths = cost[moves, np.roll(moves, -1, axis=1)].sum(axis=1)
        best = int(lengths.argmin())
        if lengths[best] >= length - _SMALLEST:
            return order
        order, length = moves[best].tolist(), float(lengths[best])


def _nearest(cost: Floats, first: int) -> list[int]:
    """From 0 to *first*, then always to the nearest that is left."""
    order, left = [0, first], set(range(1, len(cost))) - {first}
    while left:
        order.append(min(left, key=lambda stop: (cost[order[-1], stop], stop)))
        left.remove(order[-1])
    return order


def _inserted(cost: Floats) -> list[int]:
    """Stops put in one by one, the cheapest first, where each costs least."""
    order, left = [0], set(range(1, len(cost)))
    while left:
        options = [
            (cost[a, stop] + cost[stop, b] - (cost[a, b] if a != b else 0.0), stop, at)
            for at, (a, b) in enumerate(zip(order, [*order[1:], 0], strict=True), 1)
            for stop in left
        ]
        _, stop, at = min(options)
        order.insert(at, stop)
        left.remove(stop)
    return order


def _moves(order: list[int]) -> list[list[int]]:
    """Neighbours of a tour: a part turned round, a chain elsewhere (turned, too); 0 stays first."""
    found: list[list[int]] = []
    for begin in range(1, len(order)):
        for end in range(begin + 1, len(order) + 1):
            part = order[begin:end]
            found.append(order[:begin] + part[::-1] + order[end:])
            if end - begin > _CHAIN:
                continue
            rest = order[:begin] + order[end:]
            for at in range(1, len(rest) + 1):
                found += [rest[:at] + chain + rest[at:] for chain in (part, part[::-1])]
    return found
