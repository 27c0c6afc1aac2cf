"""Places that rest, by cells of the ground: what is in a view is found without looking at all of them."""

from __future__ import annotations

import math

import numpy as np

from console.map.live.columns import Floats, Ints
from console.map.live.screen import inside, margin_of, thinned
from console.map.viewport import Viewport

WORTH = 20_000
"""Fewer places are looked at quicker one by one."""
CROWD = 20_000
"""More points than this in the view are thinned to one a few pixels."""
FULL = 8
"""Places in a cell, on average."""
MOST_CELLS = 256
"""Cells across; their numbers fit into 16 bits, which are sorted ten times as quickly."""


class PlaceIndex:
    """World *places* (n, 2), known ones alone. Answers are ascending places in them."""

    def __init__(self, places: Floats) -> None:
        self.places = places
        low, high = places.min(axis=0), places.max(axis=0)
        self._low = low
        self._across = max(1, min(math.isqrt(len(places) // FULL), MOST_CELLS))
        self._side = max(float((high - low).max()) / self._across, 1e-12)
        column, row = self._cells(places).T
        cell = (row * self._across + column).astype(np.uint16)
        self._order = np.argsort(cell, kind="stable")
        self._start = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=self._across**2))])
        self._thinned: tuple[float, Ints, Floats] | None = None

    def count(self, viewport: Viewport) -> int:
        """How many are in the view, or a few more."""
        return sum(last - first for first, last in self._runs(viewport))

    def inside(self, viewport: Viewport) -> Ints:
        """Those in the view or at its edge, as ``screen.inside``."""
        runs = [self._order[first:last] for first, last in self._runs(viewport)]
        near = np.sort(np.concatenate(runs)) if runs else np.empty(0, np.intp)
        return near[inside(viewport, self.places[near])]

    def shown(self, viewport: Viewport) -> Ints:
        """Those in the view that are worth drawing: of a crowd one a few pixels."""
        if self.count(viewport) <= CROWD:
            return self.inside(viewport)
        if self._thinned is None or self._thinned[0] != viewport.scale:
            kept = thinned(viewport, self.places)
            self._thinned = viewport.scale, kept, self.places[kept]
        _, kept, places = self._thinned
        return kept[inside(viewport, places)]

    def _cells(self, places: Floats) -> Ints:
        """(n, 2) columns and rows, those beyond the edge on it."""
        cells = np.floor((places - self._low) / self._side)
        return np.clip(cells, 0, self._across - 1).astype(np.intp)

    def _runs(self, viewport: Viewport) -> list[tuple[int, int]]:
        """From where to where the order holds the cells that the view meets, row by row."""
        left, top, right, bottom = viewport.world
        margin = margin_of(viewport)
        (x0, y0), (x1, y1) = self._cells(
            np.array([[left - margin, top - margin], [right + margin, bottom + margin]])
        ).tolist()
        rows = np.arange(y0, y1 + 1) * self._across
        first, last = self._start[rows + x0], self._start[rows + x1 + 1]
        return list(zip(first.tolist(), last.tolist(), strict=True))


class PlaceFinder:
    """Which rows of points are in a view. Of many that rest it keeps an index."""

    def __init__(self) -> None:
        self._made: tuple[Floats, Ints, PlaceIndex] | None = None

    def count(self, viewport: Viewport, places: Floats, rows: Ints, moving: bool) -> int:
        """How many of *rows* of world *places* (n, 2) are in the view; of very many perhaps a few more."""
        index = self._index(places, rows, moving)
        return len(self.inside(viewport, places, rows, moving)) if index is None else index.count(viewport)

    def inside(self, viewport: Viewport, places: Floats, rows: Ints, moving: bool) -> Ints:
        """Those of *rows* that are in the view or at its edge."""
        index = self._index(places, rows, moving)
        return rows[inside(viewport, _of(places, rows)) if index is None else index.inside(viewport)]

    def shown(self, viewport: Viewport, places: Floats, rows: Ints, moving: bool) -> Ints:
        """As ``inside``, but of a crowd one a few pixels."""
        index = self._index(places, rows, moving)
        if index is not None:
            return rows[index.shown(viewport)]
        found = self.inside(viewport, places, rows, moving)
        return found if len(found) <= CROWD else found[thinned(viewport, places[found])]

    def _index(self, places: Floats, rows: Ints, moving: bool) -> PlaceIndex | None:
        """Made when it is worth it: places that move are others in the next frame."""
        if moving or len(rows) < WORTH:
            return None
        if self._made is None or self._made[0] is not places or self._made[1] is not rows:
            self._made = places, rows, PlaceIndex(_of(places, rows))
        return self._made[2]


def _of(places: Floats, rows: Ints) -> Floats:
    """Without a copy where all are meant."""
    return places if len(rows) == len(places) else places[rows]
