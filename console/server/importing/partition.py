"""Merging the faces of a plane graph into a given number of regions of like weight."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from console.geodata.packing import Geometries

RANK_COST = 0.45
"""What removing a border costs for each rank of its road, in mean region weights."""
CONTACT_GAIN = 1.2
"""What a border is worth that takes the whole outline of the smaller region: it keeps regions round."""


@dataclass(frozen=True, slots=True)
class Borders:
    """Shared borders: faces ``first`` < ``second``, length and length times road rank."""

    first: npt.NDArray[np.intp]
    second: npt.NDArray[np.intp]
    length: npt.NDArray[np.float64]
    rank: npt.NDArray[np.float64]

    def between(self, labels: npt.NDArray[np.intp]) -> Borders:
        """The borders between groups of faces, *labels* naming the group of each."""
        return _summed(labels[self.first], labels[self.second], self.length, self.rank)


def _summed(a: Any, b: Any, length: Any, rank: Any) -> Borders:
    outer = a != b
    low, high = np.minimum(a, b)[outer], np.maximum(a, b)[outer]
    size = int(high.max()) + 1 if len(high) else 1
    key, at = np.unique(low.astype(np.int64) * size + high, return_inverse=True)
    return Borders(
        key // size,
        key % size,
        np.bincount(at, length[outer], len(key)).astype(float),
        np.bincount(at, rank[outer], len(key)).astype(float),
    )


def borders_of(faces: Geometries, lines: Geometries, rank: npt.NDArray[Any], reach: float) -> Borders:
    """Borders of *faces*, which share vertices exactly; a border has the rank of the line under it.

    *reach* is how far off a line may lie, in the units of the coordinates.
    """
    points, owner = shapely.get_coordinates(faces, return_index=True)
    within = owner[1:] == owner[:-1]
    start, end, face = points[:-1][within], points[1:][within], owner[:-1][within]
    _, vertex = np.unique(np.vstack([start, end]), axis=0, return_inverse=True)
    a, b = vertex[: len(start)], vertex[len(start) :]
    key = np.minimum(a, b).astype(np.int64) * (int(vertex.max()) + 1) + np.maximum(a, b)
    order = np.argsort(key, kind="stable")
    twin = np.flatnonzero(key[order][1:] == key[order][:-1])
    one, other = order[twin], order[twin + 1]
    middle = shapely.points((start[one] + end[one]) / 2)
    length = np.hypot(*(end[one] - start[one]).T)
    road = np.zeros(len(one))
    hit, line = shapely.STRtree(lines).query_nearest(middle, max_distance=reach, all_matches=True)
    np.maximum.at(road, hit, rank[line])
    return _summed(face[one], face[other], length, length * road)


def agglomerate(weight: npt.NDArray[np.float64], borders: Borders, count: int) -> npt.NDArray[np.intp]:
    """Merge until *count* regions are left (or no two touch); returns the region of each face.

    The lightest region is merged first, with the neighbour that keeps regions even,
    round, and inside the larger roads. Regions are numbered by their first face.
    """
    merger = _Merger(weight / weight.sum() * count, borders)
    merger.run(count)
    return merger.labels()


class _Merger:
    def __init__(self, weight: npt.NDArray[np.float64], borders: Borders) -> None:
        self._weight: list[float] = weight.tolist()
        self._parent = list(range(len(weight)))
        self._near: list[dict[int, tuple[float, float]]] = [{} for _ in self._weight]
        rows = zip(
            borders.first.tolist(),
            borders.second.tolist(),
            borders.length.tolist(),
            borders.rank.tolist(),
            strict=True,
        )
        for a, b, length, rank in rows:
            self._near[a][b] = self._near[b][a] = (length, rank)

    def run(self, count: int) -> None:
        heap = [(w, i) for i, w in enumerate(self._weight)]
        heapq.heapify(heap)
        left = len(heap)
        while left > count and heap:
            weight, region = heapq.heappop(heap)
            if self._parent[region] != region or weight != self._weight[region]:
                continue  # merged meanwhile
            partner = self._partner(region)
            if partner is not None:
                self._merge(region, partner)
                heapq.heappush(heap, (self._weight[partner], partner))
                left -= 1

    def _partner(self, region: int) -> int | None:
        near = self._near[region]
        outline = sum(length for length, _ in near.values()) or 1.0
        own = self._weight[region]

        def cost(other: int) -> tuple[float, int]:
            length, rank = near[other]
            even = (own + self._weight[other]) ** 1.5
            return even + RANK_COST * rank / max(length, 1e-9) - CONTACT_GAIN * length / outline, other

        return min(near, key=cost, default=None)

    def _merge(self, region: int, into: int) -> None:
        self._parent[region] = into
        self._weight[into] += self._weight[region]
        mine = self._near[into]
        del mine[region]
        for other, (length, rank) in self._near[region].items():
            if other == into:
                continue
            before = mine.get(other, (0.0, 0.0))
            del self._near[other][region]
            mine[other] = self._near[other][into] = (before[0] + length, before[1] + rank)
        self._near[region] = {}

    def labels(self) -> npt.NDArray[np.intp]:
        roots = np.array([self._root(i) for i in range(len(self._parent))])
        _, labels = np.unique(roots, return_inverse=True)
        return labels

    def _root(self, region: int) -> int:
        while self._parent[region] != region:
            self._parent[region] = self._parent[self._parent[region]]
            region = self._parent[region]
        return region
