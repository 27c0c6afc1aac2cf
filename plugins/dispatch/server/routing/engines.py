"""Two ways to search a weighted net: a customisable contraction hierarchy, and plain Dijkstra.

The hierarchy answers many-to-one in milliseconds once its node order is known;
Dijkstra needs no preparation, so it serves until then.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import routingkit_cch
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from plugins.dispatch.server.routing.graph import Floats, Ints
from plugins.dispatch.server.routing.nets import Ends, Net
from plugins.dispatch.server.routing.profile import NO_WAY

_FEW = 400
"""Up to so many changed weights it is quicker to mend the metric than to make it anew."""


@dataclass(frozen=True, slots=True)
class Found:
    """A way through the net: milliseconds with the costs at both ends, its nodes and edges."""

    millis: int
    nodes: list[int]
    edges: list[int]


class Engine(Protocol):
    """Shortest ways from node to node of one net; *weights* may differ from call to call."""

    def times_to(self, weights: Ints, sources: Ints, targets: Sequence[Ends]) -> Floats:
        """(n, m) milliseconds from each of *sources* to the nearest of each set of *targets*; inf: none."""
        ...

    def path(self, weights: Ints, sources: Ends, targets: Ends) -> Found | None:
        """The best way from one of *sources* to one of *targets*."""
        ...


class Hierarchy:
    """The contraction hierarchy of one net, shared by all means."""

    def __init__(self, net: Net, crossings: Ints) -> None:
        """*crossings* is the elimination order of the graph's nodes (``node_order``)."""
        order = net.order(crossings).tolist()
        self._cch = routingkit_cch.CCH(order, net.tail.tolist(), net.head.tolist(), False)

    def engine(self, weights: Ints) -> Engine:
        """Customise for *weights* (some tenths of a second for a city)."""
        return _HierarchyEngine(self._cch, weights)


class _HierarchyEngine:
    """One metric that follows the weights asked for: a closure changes few of them.

    Queries and updaters are made anew each time: the binding ties them to the thread that made them,
    and panics, with what no ``except Exception`` holds, in any other.
    """

    def __init__(self, cch: routingkit_cch.CCH, weights: Ints) -> None:
        self._cch = cch
        self._metric = routingkit_cch.CCHMetric(cch, weights.tolist())
        self._weights = weights
        self._lock = threading.Lock()

    def times_to(self, weights: Ints, sources: Ints, targets: Sequence[Ends]) -> Floats:
        found = np.full((len(sources), len(targets)), np.inf)
        if len(sources) == 0 or not any(targets):
            return found
        with self._lock:
            self._follow(weights)
            query = routingkit_cch.CCHManyToOne(self._metric, sources.tolist())
            for column, ends in enumerate(targets):
                if ends:  # None becomes NaN in a float array
                    found[:, column] = np.array(query.distances_to_multi(ends), float)
        return np.where(np.isnan(found), np.inf, found)

    def path(self, weights: Ints, sources: Ends, targets: Ends) -> Found | None:
        if not sources or not targets:
            return None
        with self._lock:
            self._follow(weights)
            found = routingkit_cch.CCHQuery(self._metric).run_multi(sources, targets)
            if found.distance is None:
                return None
            return Found(found.distance, found.node_path, found.arc_path)

    def _follow(self, weights: Ints) -> None:
        """Make *weights* those of the metric."""
        if weights is self._weights:
            return
        changed = np.flatnonzero(weights != self._weights)
        if len(changed) > _FEW:
            self._metric.reset(weights.tolist())
        elif len(changed):
            mend = routingkit_cch.CCHMetricPartialUpdater(self._cch)
            mend.apply(self._metric, dict(zip(changed.tolist(), weights[changed].tolist(), strict=True)))
        self._weights = weights


class DijkstraEngine:
    """Dijkstra on sparse matrices; parallel edges are reduced to the quickest, as a matrix would add them."""

    def __init__(self, net: Net) -> None:
        self._net = net
        self._size = len(net.places)

    def times_to(self, weights: Ints, sources: Ints, targets: Sequence[Ends]) -> Floats:
        found = np.full((len(sources), len(targets)), np.inf)
        if len(sources) == 0:
            return found
        tail, head, cost, _ = self._edges(weights)
        for column, ends in enumerate(targets):
            if ends:
                times, _ = self._from(ends, head, tail, cost)
                found[:, column] = times[sources]
        return found

    def path(self, weights: Ints, sources: Ends, targets: Ends) -> Found | None:
        if not sources or not targets:
            return None
        tail, head, cost, edge = self._edges(weights)
        times, before = self._from(sources, tail, head, cost)
        last, left = min(targets, key=lambda end: times[end[0]] + end[1])
        millis = times[last] + left
        if not np.isfinite(millis):
            return None
        nodes = [last]
        while before[nodes[-1]] != self._size:
            nodes.append(int(before[nodes[-1]]))
        nodes.reverse()
        pairs = tail * self._size + head
        wanted = np.array(nodes[:-1], np.int64) * self._size + np.array(nodes[1:], np.int64)
        return Found(int(millis), nodes, edge[np.searchsorted(pairs, wanted)].tolist())

    def _edges(self, weights: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """Tail, head, cost and number of the quickest open edge of each pair of nodes, in their order."""
        net, edge = self._net, self._net.quickest(weights)
        return net.tail[edge], net.head[edge], weights[edge], edge

    def _from(self, ends: Ends, tail: Ints, head: Ints, cost: Ints) -> tuple[Floats, Ints]:
        """Times from *ends* with what each costs itself, and the node before each; the first is ``size``."""
        least: dict[int, int] = {}
        for node, millis in ends:
            least[node] = min(millis, least.get(node, NO_WAY))
        size, nodes, extra = self._size, list(least), np.array(list(least.values()), float)
        data = np.concatenate([cost.astype(float), extra + 1])  # an edge of nothing would be none
        rows = np.concatenate([tail, np.full(len(nodes), size)])
        columns = np.concatenate([head, nodes])
        matrix = csr_matrix((data, (rows, columns)), shape=(size + 1, size + 1))
        times, before = dijkstra(matrix, indices=size, return_predecessors=True)
        return times - 1, before
