"""Which labels stand where. Once placed, a label stays: what is placed later has to make room.

So panning adds labels at the edges and never moves or drops one, and none is
ever cut: a label belongs to the block of its anchor and is drawn whole.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from console.map.engine.arena import TILE
from console.map.render.candidates import (
    DOT_TOP,
    SIDE,
    Candidate,
    Mark,
    NamedAreas,
    NamedPoints,
    Names,
    Spots,
    View,
    names_of,
)
from console.map.render.geometry import LayerGeometry
from console.map.render.named_lines import NamedLines
from console.map.render.occupied import Occupied
from console.map.render.painter import BaseLayer
from console.map.render.style import LabelRule, Style
from console.map.viewport import Bounds
from console.model.layers import FeatureShape

CELL = 96.0
AT_ONCE = 256
"""Candidates whose places are looked at in one go."""
Ints = npt.NDArray[np.intp]
Block = tuple[int, int]
"""Column and row."""


class Source(Protocol):
    """Where texts could stand."""

    def within(self, area: Bounds, view: View) -> list[Spots]:
        """Places in an area (pixels of the level)."""
        ...


Ink = tuple[str, str]
"""Colours of letters and halo."""


class DataLabels(Protocol):
    """Texts of a data layer by one layer of its style."""

    @property
    def rule(self) -> LabelRule: ...

    def source(self, rank: int, ink: Ink) -> Source:
        """*ink*: of texts whose style leaves their colour open."""
        ...


AGAIN = 0.75
"""A text is repeated only farther away than this share of its rule's spacing."""


@dataclass(slots=True)
class _Placed:
    """What is taken on one level."""

    taken: dict[tuple[int, int], list[Bounds]]
    texts: dict[str, list[tuple[float, float]]]
    blocks: dict[Block, list[Candidate]]

    def within(self, area: Bounds) -> Iterable[Bounds]:
        """What is taken in an area and around it."""
        left, top, right, bottom = (int(v // CELL) for v in area)
        for (column, row), boxes in self.taken.items():
            if left - 3 <= column <= right + 3 and top - 3 <= row <= bottom + 3:
                yield from boxes

    def hit(self, boxes: Sequence[Bounds]) -> bool:
        """Whether something stands where the boxes are."""
        for box in boxes:
            for cell in _cells(box):
                for other in self.taken.get(cell, ()):
                    if _meets(box, other):
                        return True
        return False


class LabelEngine:
    """Places labels level by level, block by block; blocks are the size of tiles."""

    def __init__(
        self, layers: Sequence[BaseLayer], style: Style, dpr: float, data: Sequence[DataLabels] = ()
    ) -> None:
        """*data*, the most important first, goes before what the base says."""
        self._layers, self._style, self._dpr, self._data = layers, style, dpr, data
        self._sources: dict[tuple[str, int], Source] = {}
        self._levels: dict[int, _Placed] = {}

    def place(self, level: int, blocks: Sequence[Block]) -> list[list[Candidate]]:
        """The labels anchored in each of *blocks*, as pixels of the level."""
        placed = self._levels.setdefault(level, _Placed(defaultdict(list), defaultdict(list), {}))
        fresh = [block for block in blocks if block not in placed.blocks]
        if fresh:
            placed.blocks |= {block: [] for block in fresh}
            self._fill(level, placed, set(fresh))
        return [placed.blocks[block] for block in blocks]

    def _fill(self, level: int, placed: _Placed, fresh: set[Block]) -> None:
        zoom = level / 2
        view = View(256.0 * 2.0**zoom * self._dpr, zoom, self._dpr)
        columns, rows = zip(*fresh, strict=True)
        area = (min(columns) * TILE, min(rows) * TILE, (max(columns) + 1) * TILE, (max(rows) + 1) * TILE)
        occupied = Occupied(area)
        for box in placed.within(area):
            occupied.take(box)
        for candidate in self._free(view, area, occupied):
            block = int(candidate.x // TILE), int(candidate.y // TILE)
            if block in fresh and self._claim(placed, candidate, occupied):
                placed.blocks[block].append(candidate)

    def _free(self, view: View, area: Bounds, occupied: Occupied) -> Iterator[Candidate]:
        """Candidates by importance, without those whose place is surely taken when it is their turn."""
        found = [spots for source in self._sources_at(view.zoom) for spots in source.within(area, view)]
        if not found:
            return
        cells = np.concatenate([_covered(spots, occupied) for spots in found])
        starts = np.cumsum([0, *(len(spots.x) for spots in found)])
        number, row = _by_importance(found)
        cells = cells[starts[number] + row]
        for start in range(0, len(row), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            for at in (np.flatnonzero(occupied.free(cells[part])) + start).tolist():
                if occupied.is_free(cells[at]):
                    yield found[number[at]].make(int(row[at]))

    def _sources_at(self, zoom: float) -> Iterable[Source]:
        ink = self._style.text, self._style.text_halo
        for rank, texts in enumerate(self._data, -len(self._data)):
            if texts.rule.applies(zoom):
                yield self._kept(("", rank), lambda texts=texts, rank=rank: texts.source(rank, ink))
        for rank, rule in enumerate(self._style.label):
            if not rule.applies(zoom):
                continue
            for layer in self._layers:
                if layer.kind == rule.kind:
                    yield self._source(layer, rule, rank)

    def _source(self, layer: BaseLayer, rule: LabelRule, rank: int) -> Source:
        return self._kept(
            (layer.id, rank), lambda: source_of(layer.geometry, names_of(layer.geometry, rule), rule, rank)
        )

    def _kept(self, key: tuple[str, int], make: Callable[[], Source]) -> Source:
        if key not in self._sources:
            self._sources[key] = make()
        return self._sources[key]

    def _claim(self, placed: _Placed, candidate: Candidate, occupied: Occupied) -> bool:
        """Take the candidate's room; False when some of it is taken or the same text stands near.

        A symbol may stay without its text.
        """
        rule, mark = candidate.rule, candidate.mark
        symbol = self._wide([_mark_room(candidate, mark)] if mark is not None else [], rule)
        if not (mark is not None and mark.icon.overlap) and placed.hit(symbol):
            return False
        text = self._wide(text_rooms(candidate, self._dpr), rule)
        if self._repeated(placed, candidate) or (not rule.overlap and placed.hit(text)):
            if not rule.optional or mark is None:
                return False
            candidate.text, candidate.lines, candidate.glyphs, text = "", (), [], []
        for box in (*symbol, *text):
            for cell in _cells(box):
                placed.taken[cell].append(box)
            occupied.take(box)
        placed.texts[candidate.text].append((candidate.x, candidate.y))
        return True

    def _wide(self, boxes: Sequence[Bounds], rule: LabelRule) -> list[Bounds]:
        """With the room that the rule keeps free around."""
        gap = rule.gap * self._dpr / 2
        return [(a - gap, b - gap, c + gap, d + gap) for a, b, c, d in boxes]

    def _repeated(self, placed: _Placed, candidate: Candidate) -> bool:
        """Whether the same text stands near already."""
        rule = candidate.rule
        if not candidate.text or not (rule.along or rule.column == "name"):
            return False
        far = rule.spacing * AGAIN * self._dpr
        places = placed.texts[candidate.text]
        return any((x - candidate.x) ** 2 + (y - candidate.y) ** 2 < far**2 for x, y in places)


def _by_importance(found: Sequence[Spots]) -> tuple[Ints, Ints]:
    """Which spots, and which row of them: low ranks first, then great weights."""
    number = np.repeat(np.arange(len(found)), [len(spots.x) for spots in found])
    row = np.concatenate([np.arange(len(spots.x)) for spots in found])
    rank = np.array([spots.rank for spots in found])[number]
    x, y = np.concatenate([spots.x for spots in found]), np.concatenate([spots.y for spots in found])
    weight = np.concatenate([spots.weight for spots in found])
    order = np.lexsort((y, x, -weight, rank))
    return number[order], row[order]


def _covered(spots: Spots, occupied: Occupied) -> Ints:
    """(n, 15) cells of the middle, the corners and the edges of what each text covers at least.

    Of texts that may cover nothing of their place it is a corner of the bitmap, which stays free.
    """
    if spots.inner is None:
        return np.zeros((len(spots.x), 15), np.intp)
    half, up, down = spots.inner
    x = spots.x[:, None] + half[:, None] * np.linspace(-1.0, 1.0, 5)
    y = spots.y[:, None] + np.column_stack([-up, (down - up) / 2, down])
    return occupied.cells(x, y)


def source_of(layer: LayerGeometry, names: Names, rule: LabelRule, rank: int) -> Source:
    """Where the names of a layer could stand, by the shape of its features."""
    make: type[NamedPoints | NamedAreas | NamedLines] = NamedLines
    if layer.package.shape is FeatureShape.POLYGON:
        make = NamedAreas
    elif layer.package.shape is FeatureShape.POINT:
        make = NamedPoints
    return make(layer, names, rule, rank)


def rooms(candidate: Candidate, dpr: float) -> list[Bounds]:
    """Boxes that the label covers, in pixels of the level: of its symbol and of its text."""
    mark = candidate.mark
    return [*([_mark_room(candidate, mark)] if mark is not None else []), *text_rooms(candidate, dpr)]


def text_rooms(candidate: Candidate, dpr: float) -> list[Bounds]:
    """One box, or one a glyph along a line; none without a text."""
    if candidate.glyphs:
        x, y = candidate.x, candidate.y
        half = candidate.size * 0.55
        return [(x + g.x - half, y + g.y - half, x + g.x + half, y + g.y + half) for g in candidate.glyphs]
    if not candidate.lines:
        return []
    x, y = candidate.x + candidate.dx, candidate.y + candidate.dy
    width, height = candidate.width / 2 + SIDE * dpr, candidate.height / 2
    top = candidate.y - DOT_TOP * dpr if candidate.rule.dot else y - height
    return [(x - width, top, x + width, y + height)]


def _mark_room(candidate: Candidate, mark: Mark) -> Bounds:
    x, y, half = candidate.x + mark.x, candidate.y + mark.y, mark.side / 2
    return x - half, y - half, x + half, y + half


def _cells(box: Bounds) -> list[tuple[int, int]]:
    left, top, right, bottom = [math.floor(v / CELL) for v in box]
    return [(column, row) for column in range(left, right + 1) for row in range(top, bottom + 1)]


def _meets(a: Bounds, b: Bounds) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
