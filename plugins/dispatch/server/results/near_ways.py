"""Shortest ways by metres to what is near: many small searches for map matching."""

from __future__ import annotations

from heapq import heappop, heappush

from plugins.dispatch.server.results.arcs import Leaving
from plugins.dispatch.server.routing.graph import Ints, RoadGraph
from plugins.dispatch.server.routing.profile import NO_WAY


class NearWays:
    """Searches from node to node that stop at a distance; each start is searched once."""

    def __init__(self, graph: RoadGraph, leaving: Leaving, weights: Ints) -> None:
        self._graph, self._leaving, self._weights = graph, leaving, weights
        self._found: dict[int, tuple[float, dict[int, float], dict[int, int]]] = {}

    def metres(self, start: int, goal: int, limit: float) -> float:
        """Metres from node to node, inf beyond *limit*."""
        return self._from(start, limit)[0].get(goal, float("inf"))

    def arcs(self, start: int, goal: int, limit: float) -> list[int]:
        """The arcs of that way."""
        _, before = self._from(start, limit)
        tail, arcs, node = self._graph.tail, list[int](), goal
        while node != start:
            arcs.append(before[node])
            node = int(tail[before[node]])
        return arcs[::-1]

    def _from(self, start: int, limit: float) -> tuple[dict[int, float], dict[int, int]]:
        known = self._found.get(start)
        if known is None or known[0] < limit:
            known = self._found[start] = (limit, *self._search(start, limit))
        return known[1], known[2]

    def _search(self, start: int, limit: float) -> tuple[dict[int, float], dict[int, int]]:
        graph, weights, pieces = self._graph, self._weights, self._graph.pieces
        metres: dict[int, float] = {start: 0.0}
        before: dict[int, int] = {}
        done: set[int] = set()
        queue = [(0.0, start)]
        while queue:
            far, node = heappop(queue)
            if node in done:
                continue
            done.add(node)
            for arc in self._leaving.at(node).tolist():
                onward = far + float(graph.metres[arc % pieces])
                head = int(graph.end[arc] if arc < pieces else graph.start[arc - pieces])
                if weights[arc] < NO_WAY and onward < min(metres.get(head, limit), limit):
                    metres[head], before[head] = onward, arc
                    heappush(queue, (onward, head))
        return metres, before
