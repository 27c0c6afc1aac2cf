"""What is searched: crossings for walkers, arcs joined by turns for vehicles.

A walker turns as they like, so their ways lead from node to node. A vehicle's
next step depends on where it comes from: the nodes of its net are arcs, and its
edges are the turns from one arc to the next. Both nets answer in arcs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from console.sdk.records import Means
from plugins.dispatch.server.routing.graph import Floats, Ints, Mask, RoadGraph
from plugins.dispatch.server.routing.profile import NO_WAY, Profile
from plugins.dispatch.server.routing.turn_costs import turn_millis
from plugins.dispatch.server.routing.turns import Turns, make_turns

Ends = list[tuple[int, int]]
"""Pairs of a net's node and the milliseconds from there."""
_ISLAND_SHARE = 0.05
"""A connected part smaller than this share of the largest is an island: nothing is snapped to it."""


class Net(Protocol):
    """A directed graph for the search engines; ``tail[i]`` to ``head[i]`` is its edge ``i``."""

    name: str
    tail: Ints
    head: Ints
    places: Floats
    """(n, 2) where each node lies, degrees."""

    def order(self, crossings: Ints) -> Ints:
        """The elimination order of the net's nodes that follows from one of the graph's *crossings*."""
        ...

    def weights(self, profile: Profile) -> Ints:
        """Milliseconds of each edge, NO_WAY where forbidden."""
        ...

    def quickest(self, weights: Ints) -> Ints:
        """The quickest open edge of each pair of nodes, in the order of tails and heads."""
        ...

    def close(self, weights: Ints, arcs: Ints) -> Ints:
        """*weights* of edges with those that need one of *arcs* forbidden."""
        ...

    def reachable(self, weights: Ints) -> Mask:
        """(2p,) arcs from which one gets on, and back, under these weights of edges.

        There may be several such parts, as the two banks of a river that only cars can cross.
        """
        ...

    def exit(self, arcs: Ints) -> Ints:
        """The node at which one is after each of *arcs*."""
        ...

    def entries(self, arc: int, profile: Profile) -> Ends:
        """From which nodes one comes upon *arc*, and what the turn takes; -1: an arc nobody drives."""
        ...

    def turn(self, before: int, after: int, profile: Profile) -> int:
        """Milliseconds of the turn from one arc to the next."""
        ...

    def leads(self, edges: Ints) -> Ints:
        """The arc that each of *edges* leads along."""
        ...

    def arcs(self, nodes: list[int], edges: list[int]) -> list[int]:
        """Arcs driven after the first node of a found path, in order."""
        ...


class _Edges:
    """What both nets know of their edges."""

    tail: Ints
    head: Ints
    places: Floats

    @cached_property
    def _by_pair(self) -> tuple[Ints, Ints, Ints]:
        """Edges by tail and head; the number of the pair of nodes of each; the row where each begins."""
        order = np.lexsort((self.head, self.tail))
        tail, head = self.tail[order], self.head[order]
        new = np.ones(len(order), bool)
        new[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        return order, np.cumsum(new) - 1, np.flatnonzero(new)

    def quickest(self, weights: Ints) -> Ints:
        order, pair, first = self._by_pair
        if len(order) == 0:
            return order
        by_pair = weights[order]
        least = np.minimum.reduceat(by_pair, first)[pair]
        rows = np.flatnonzero((by_pair == least) & (least < NO_WAY))
        one_each = np.ones(len(rows), bool)
        one_each[1:] = np.diff(pair[rows]) != 0
        return order[rows[one_each]]


class WalkNet(_Edges):
    """Nodes and arcs as they are."""

    name = "walk"

    def __init__(self, graph: RoadGraph) -> None:
        self.tail, self.head, self.places = graph.tail, graph.head, graph.nodes

    def order(self, crossings: Ints) -> Ints:
        return crossings

    def weights(self, profile: Profile) -> Ints:
        return profile.weights

    def close(self, weights: Ints, arcs: Ints) -> Ints:
        closed = weights.copy()
        closed[arcs] = NO_WAY
        return closed

    def reachable(self, weights: Ints) -> Mask:
        part = _large_parts(self, weights)
        return (part[self.tail] == part[self.head]) & (part[self.tail] >= 0)

    def exit(self, arcs: Ints) -> Ints:
        return self.head[arcs]

    def entries(self, arc: int, profile: Profile) -> Ends:
        return [(int(self.tail[arc]), 0)]

    def turn(self, before: int, after: int, profile: Profile) -> int:
        return 0

    def leads(self, edges: Ints) -> Ints:
        return edges

    def arcs(self, nodes: list[int], edges: list[int]) -> list[int]:
        return edges


class DriveNet(_Edges):
    """Arcs as nodes, turns as edges; an edge's weight is its turn and the arc after it."""

    name = "drive"

    def __init__(self, graph: RoadGraph) -> None:
        self._graph = graph
        self._turns: Turns = make_turns(graph)
        self.tail, self.head = self._turns.tail, self._turns.head
        arc = self._turns.arc_of
        self.places = (graph.nodes[graph.tail[arc]] + graph.nodes[graph.head[arc]]) / 2
        self._onto, self._onto_first = _grouped(arc[self.head], 2 * graph.pieces)
        self._from, self._from_first = _grouped(arc[self.tail], 2 * graph.pieces)
        self._millis: dict[Means, Ints] = {}

    def order(self, crossings: Ints) -> Ints:
        """Arcs go with the crossing they lead to: as quick as an order of their own, which takes seconds."""
        rank = np.argsort(crossings)
        return np.argsort(rank[self._graph.head[self._turns.arc_of]], kind="stable")

    def turn_millis(self, means: Means) -> Ints:
        """Milliseconds of each turn itself, NO_WAY where *means* may not take it."""
        found = self._millis.get(means)
        if found is None:
            found = self._millis[means] = turn_millis(self._graph, self._turns, means)
        return found

    def weights(self, profile: Profile) -> Ints:
        arc_of = self._turns.arc_of
        onto = profile.weights[arc_of[self.head]]
        turn = self.turn_millis(profile.mode.means)
        closed = (onto == NO_WAY) | (turn == NO_WAY) | (profile.weights[arc_of[self.tail]] == NO_WAY)
        return np.where(closed, NO_WAY, turn + onto)

    def close(self, weights: Ints, arcs: Ints) -> Ints:
        closed = weights.copy()
        for arc in arcs.tolist():
            closed[self._onto[self._onto_first[arc] : self._onto_first[arc + 1]]] = NO_WAY
            closed[self._from[self._from_first[arc] : self._from_first[arc + 1]]] = NO_WAY
        return closed

    def reachable(self, weights: Ints) -> Mask:
        node_of = self._turns.node_of
        return (node_of >= 0) & (_large_parts(self, weights)[node_of] >= 0)

    def exit(self, arcs: Ints) -> Ints:
        return self._turns.node_of[arcs]

    def entries(self, arc: int, profile: Profile) -> Ends:
        turns = self._onto[self._onto_first[arc] : self._onto_first[arc + 1]]
        millis = self.turn_millis(profile.mode.means)[turns]
        before = self.tail[turns]
        known = (millis < NO_WAY) & (profile.weights[self._turns.arc_of[before]] < NO_WAY)
        return list(zip(before[known].tolist(), millis[known].tolist(), strict=True))

    def turn(self, before: int, after: int, profile: Profile) -> int:
        arc_of = self._turns.arc_of
        entries = self.entries(after, profile)
        return min((millis for node, millis in entries if arc_of[node] == before), default=0)

    def leads(self, edges: Ints) -> Ints:
        return self._turns.arc_of[self.head[edges]]

    def arcs(self, nodes: list[int], edges: list[int]) -> list[int]:
        return self._turns.arc_of[nodes[1:]].tolist()


def _grouped(key: Ints, count: int) -> tuple[Ints, Ints]:
    """Rows in the order of their *key* (0 to *count* - 1), and where each key's rows begin."""
    order = np.argsort(key, kind="stable")
    return order, np.searchsorted(key[order], np.arange(count + 1))


def _large_parts(net: Net, weights: Ints) -> Ints:
    """(n,) number of the strongly connected part of each node, -1 in small ones."""
    size = len(net.places)
    edges = np.flatnonzero(weights < NO_WAY)
    if len(edges) == 0:
        return np.full(size, -1)
    pairs = (net.tail[edges], net.head[edges])
    matrix = csr_matrix((np.ones(len(edges), np.int8), pairs), shape=(size, size))
    _, part = connected_components(matrix, connection="strong")
    sizes = np.bincount(part)
    large = sizes >= max(sizes.max() * _ISLAND_SHARE, 2)
    return np.where(large[part], part, -1)


@dataclass(frozen=True, slots=True)
class Nets:
    """Both nets of one graph."""

    walk: WalkNet
    drive: DriveNet

    @classmethod
    def of(cls, graph: RoadGraph) -> Nets:
        """Make both."""
        return cls(WalkNet(graph), DriveNet(graph))

    def of_means(self, means: Means) -> Net:
        """Which of them *means* is searched on."""
        return self.walk if means is Means.FOOT else self.drive
