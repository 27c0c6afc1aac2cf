"""Two ways to search the same weighted graph: a customisable contraction hierarchy, and plain Dijkstra.

The hierarchy answers many-to-one in under a millisecond once its node order is
known; Dijkstra needs no preparation, so it serves until then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import routingkit_cch
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from plugins.dispatch.server.routing.graph import NO_WAY, Floats, Ints, RoadGraph

Ends = Sequence[tuple[int, int]]
"""Pairs of a node and the milliseconds it takes to or from there."""


@dataclass(frozen=True, slots=True)
class Found:
    """A way from node to node: milliseconds with the costs at both ends, and its arcs."""

    millis: int
    first: int
    last: int
    arcs: list[int]


class Engine(Protocol):
    """Shortest ways from node to node under one set of weights (milliseconds)."""

    def times_to(self, sources: Ints, targets: Ends) -> Floats:
        """Milliseconds from each of *sources* to the nearest of *targets*; inf where none."""
        ...

    def path(self, sources: Ends, targets: Ends) -> Found | None:
        """The best way from one of *sources* to one of *targets*."""
        ...


class Hierarchy:
    """The contraction hierarchy of one road graph, shared by all means and closures."""

    def __init__(self, graph: RoadGraph, order: list[int]) -> None:
        self._cch = routingkit_cch.CCH(order, graph.tail.tolist(), graph.head.tolist(), False)

    def engine(self, weights: Ints) -> Engine:
        """Customise for *weights* (some 20 ms for a city)."""
        return _HierarchyEngine(routingkit_cch.CCHMetric(self._cch, weights.tolist()))


class _HierarchyEngine:
    """Queries are made anew each time: the binding ties them to the thread that made them."""

    def __init__(self, metric: routingkit_cch.CCHMetric) -> None:
        self._metric = metric

    def times_to(self, sources: Ints, targets: Ends) -> Floats:
        if len(sources) == 0 or not targets:
            return np.full(len(sources), np.inf)
        query = routingkit_cch.CCHManyToOne(self._metric, sources.tolist())
        # None becomes NaN in a float array
        times = np.array(query.distances_to_multi(list(targets)), float)
        return np.where(np.isnan(times), np.inf, times)

    def path(self, sources: Ends, targets: Ends) -> Found | None:
        if not sources or not targets:
            return None
        found = routingkit_cch.CCHQuery(self._metric).run_multi(list(sources), list(targets))
        if found.distance is None:
            return None
        nodes = found.node_path
        return Found(found.distance, nodes[0], nodes[-1], found.arc_path)


class DijkstraEngine:
    """Dijkstra on sparse matrices; parallel arcs are reduced to the quickest, as a matrix would add them."""

    def __init__(self, graph: RoadGraph, weights: Ints) -> None:
        size = len(graph.nodes)
        tail, head = graph.tail, graph.head
        arcs = np.flatnonzero(weights < NO_WAY)
        arcs = arcs[np.lexsort((weights[arcs], head[arcs], tail[arcs]))]
        pair = tail[arcs] * size + head[arcs]
        self._pairs, first = np.unique(pair, return_index=True)
        self._arcs = arcs[first]
        tail, head, cost = tail[self._arcs], head[self._arcs], weights[self._arcs].astype(float)
        self._size = size
        self._onward = csr_matrix((cost, (tail, head)), shape=(size, size))
        self._backward = csr_matrix((cost, (head, tail)), shape=(size, size))

    def times_to(self, sources: Ints, targets: Ends) -> Floats:
        if len(sources) == 0 or not targets:
            return np.full(len(sources), np.inf)
        nodes = [node for node, _ in targets]
        extra = np.array([[cost] for _, cost in targets], float)
        return (dijkstra(self._backward, indices=nodes)[:, sources] + extra).min(axis=0)

    def path(self, sources: Ends, targets: Ends) -> Found | None:
        if not sources or not targets:
            return None
        times, before = dijkstra(
            self._onward, indices=[node for node, _ in sources], return_predecessors=True
        )
        total = np.array(
            [
                [times[i, b] + cost_a + cost_b for b, cost_b in targets]
                for i, (_, cost_a) in enumerate(sources)
            ]
        )
        row, column = divmod(int(total.argmin()), len(targets))
        if not np.isfinite(total[row, column]):
            return None
        last = targets[column][0]
        return Found(int(total[row, column]), sources[row][0], last, self._walk_back(before[row], last))

    def _walk_back(self, before: Ints, node: int) -> list[int]:
        arcs: list[int] = []
        while before[node] >= 0:
            pair = int(before[node]) * self._size + node
            arcs.append(int(self._arcs[np.searchsorted(self._pairs, pair)]))
            node = int(before[node])
        return arcs[::-1]
