"""The turns of a road graph: from which arc one comes upon which, and which are forbidden to whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from console.sdk.server import Access, TurnRule
from plugins.dispatch.server.routing.graph import Ints, Mask, RoadGraph


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """Turns ``tail[i]`` to ``head[i]`` between nodes that stand for arcs.

    A restriction over a way in between needs memory: the arcs of that way get a
    second node, reached only from where the restriction begins.
    """

    arc_of: Ints
    """(n,) arc that each node stands for."""
    node_of: Ints
    """(2p,) node of each arc, -1 for arcs that no vehicle may use."""
    tail: Ints
    head: Ints
    bans: Ints
    """(t,) ``Access`` bits of those who may not take the turn."""


def make_turns(graph: RoadGraph) -> Turns:
    """All turns of vehicles, also back at dead ends, with their restrictions."""
    drivable = (graph.access & Access.VEHICLES) > 0
    arc_of = np.flatnonzero(np.concatenate([drivable, drivable]))
    node_of = np.full(2 * graph.pieces, -1)
    node_of[arc_of] = np.arange(len(arc_of))
    tail, head = _pairs(graph, arc_of)
    back = arc_of[tail] % graph.pieces == arc_of[head] % graph.pieces
    keep = ~back | _dead_end(graph, arc_of)[tail]
    tail, head = tail[keep], head[keep]
    bans = np.where(back[keep], Access.VEHICLES & ~_turning_back(graph, arc_of)[tail], 0)
    work = _Bans(graph, arc_of, node_of, tail, head, bans)
    for row in graph.turns.tolist():
        work.add(*row)
    return work.turns()


def _pairs(graph: RoadGraph, arc_of: Ints) -> tuple[Ints, Ints]:
    """Every node with every node that begins where it ends."""
    begins, ends = graph.tail[arc_of], graph.head[arc_of]
    order = np.argsort(begins, kind="stable")
    first = np.searchsorted(begins[order], np.arange(len(graph.nodes) + 1))
    count = first[ends + 1] - first[ends]
    tail = np.repeat(np.arange(len(arc_of)), count)
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return tail, order[first[ends[tail]] + within]


def _turning_back(graph: RoadGraph, arc_of: Ints) -> Ints:
    """(n,) ``Access`` bits of the vehicles for which a node's arc is a dead end."""
    found = np.zeros(len(arc_of), np.int64)
    for bit in (Access.BICYCLE, Access.CAR, Access.MOTORCYCLE, Access.EMERGENCY):
        free = bit is Access.EMERGENCY
        may = (graph.access & bit) > 0
        along, against = may & (free | (graph.one_way != -1)), may & (free | (graph.one_way != 1))
        out = np.concatenate([along, against])
        ways_on = np.bincount(graph.tail[out], minlength=len(graph.nodes))[graph.head[arc_of]]
        itself = out[(arc_of + graph.pieces) % (2 * graph.pieces)]
        found |= np.where(ways_on - itself == 0, int(bit), 0)
    return found


def _dead_end(graph: RoadGraph, arc_of: Ints) -> Mask:
    return _turning_back(graph, arc_of) > 0


class _Bans:
    """Restrictions laid upon the turns, one after another."""

    def __init__(
        self, graph: RoadGraph, arc_of: Ints, node_of: Ints, tail: Ints, head: Ints, bans: Ints
    ) -> None:
        self._graph = graph
        self._arc_of, self._node_of = arc_of.tolist(), node_of
        self._tail, self._head, self._bans = tail.tolist(), head.tolist(), bans.tolist()
        self._turns_of: dict[int, list[int]] = {}
        wanted = np.isin(graph.ways[arc_of % graph.pieces], graph.turns[:, [0, 2]])
        for turn in np.flatnonzero(wanted[tail]).tolist():
            self._turns_of.setdefault(self._tail[turn], []).append(turn)
        arcs = np.flatnonzero(np.isin(np.tile(graph.ways, 2), graph.turns[:, [0, 2, 3]]) & (node_of >= 0))
        self._arcs_of_way: dict[int, list[int]] = {}
        for arc, way in zip(arcs.tolist(), np.tile(graph.ways, 2)[arcs].tolist(), strict=True):
            self._arcs_of_way.setdefault(way, []).append(arc)
        self._starts, self._ends = graph.tail, graph.head

    def add(self, origin: int, via_node: int, via_way: int, target: int, rule: int) -> None:
        """One restriction, as in ``RoadGraph.turns``; ways that are not in the layer are passed over."""
        if via_way:
            for chain, targets in self._chains(origin, via_way, target):
                self._ban_after(chain, targets, rule)
            return
        ids = self._graph.source_nodes
        node = int(np.searchsorted(ids, via_node))
        if node == len(ids) or ids[node] != via_node:
            return
        targets = {arc for arc in self._arcs_of_way.get(target, ()) if self._starts[arc] == node}
        for arc in self._arcs_of_way.get(origin, ()):
            if self._ends[arc] == node:
                self._ban(int(self._node_of[arc]), self._meant(arc, targets, origin == target, rule), rule)

    def _meant(self, arc: int, targets: set[int], same_way: bool, rule: int) -> set[int]:
        """Where a way goes on beyond the node, only the turn back on itself is meant by a U-turn ban."""
        back = (arc + self._graph.pieces) % (2 * self._graph.pieces)
        return targets & {back} if rule & TurnRule.U_TURN and same_way else targets

    def _ban(self, node: int, targets: set[int], rule: int) -> None:
        """Forbid the turns from *node* onto *targets*, or onto all others."""
        if not targets:
            return
        for turn in self._turns_of.get(node, ()):
            onto = self._arc_of[self._head[turn]]
            if (onto in targets) != bool(rule & TurnRule.ONLY):
                self._bans[turn] |= rule & Access.ALL

    def _chains(self, origin: int, via: int, target: int) -> Iterator[tuple[list[int], set[int]]]:
        """Arcs from the end of *origin* over the pieces of *via*, and those of *target* that follow."""
        onward: dict[int, set[int]] = {}
        for arc in self._arcs_of_way.get(target, ()):
            onward.setdefault(int(self._starts[arc]), set()).add(arc)
        steps: dict[int, list[int]] = {}
        for arc in self._arcs_of_way.get(via, ()):
            steps.setdefault(int(self._starts[arc]), []).append(arc)
        for first in self._arcs_of_way.get(origin, ()):
            for chain in self._along([first], steps):
                targets = onward.get(int(self._ends[chain[-1]]))
                if targets:
                    yield chain, targets

    def _along(self, chain: list[int], steps: dict[int, list[int]]) -> Iterator[list[int]]:
        """*chain* lengthened by one, two … pieces of the way in between, never back and forth."""
        pieces = self._graph.pieces
        for arc in steps.get(int(self._ends[chain[-1]]), ()):
            if arc % pieces not in {known % pieces for known in chain}:
                longer = [*chain, arc]
                yield longer
                yield from self._along(longer, steps)

    def _ban_after(self, chain: list[int], targets: set[int], rule: int) -> None:
        """Forbid the turns onto *targets* to who has come over the whole of *chain*."""
        node = int(self._node_of[chain[0]])
        for arc in chain[1:]:
            turn = next((t for t in self._turns_of.get(node, ()) if self._arc_of[self._head[t]] == arc), None)
            if turn is None:
                return
            if self._head[turn] == self._node_of[arc]:
                self._head[turn] = self._twin(self._head[turn])
            node = self._head[turn]
        self._ban(node, targets, rule)

    def _twin(self, node: int) -> int:
        """A second node for the arc of *node*, with the same turns onward."""
        twin = len(self._arc_of)
        self._arc_of.append(self._arc_of[node])
        for turn in list(self._turns_of.get(node, ())):
            self._turns_of.setdefault(twin, []).append(len(self._tail))
            self._tail.append(twin)
            self._head.append(self._head[turn])
            self._bans.append(self._bans[turn])
        return twin

    def turns(self) -> Turns:
        return Turns(
            arc_of=np.array(self._arc_of, np.int64),
            node_of=self._node_of,
            tail=np.array(self._tail, np.int64),
            head=np.array(self._head, np.int64),
            bans=np.array(self._bans, np.int64),
        )
