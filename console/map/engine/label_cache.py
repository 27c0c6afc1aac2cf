"""Labels as the window has them: small pictures with anchors, drawn upright wherever the map moves."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage, QPainter, QPixmap

from console.map.engine.arena import TILE, Arena
from console.map.engine.messages import LabelBlock, LabelsDone, PlaceLabels
from console.map.engine.slots import SlotPool
from console.map.engine.tiles import Key, level_of, tiles_in
from console.map.live.fragments import FIELDS, draw_fragments
from console.map.viewport import Viewport

KEPT = 600
"""Blocks kept; most are far smaller than a tile."""
AT_ONCE = 64
"""Blocks placed in one go: a view of 4K, whose candidates are looked for once."""
PAUSE = 0.25
"""Seconds between two looks at what stands in the way: what moves would make labels flicker."""
CLOSE, CLEAR = 2.0, 8.0
"""Logical pixels from another text at which a label gives way, and from which on it is back."""


@dataclass(slots=True)
class Block:
    """Labels anchored in one block."""

    pixmap: QPixmap | None
    anchors: npt.NDArray[np.float64]
    """(n, 2) world units."""
    sources: npt.NDArray[np.float64]
    """(n, 4) rectangles in the pixmap."""
    generation: int
    fragments: npt.NDArray[np.float64]
    """Where they were drawn last, but for the pan."""
    hidden: npt.NDArray[np.bool_]
    """(n,) which labels give way to what is drawn above."""
    size: float = 0.0
    """Pixels across the world that the fragments are for."""
    origin: tuple[int, int] = (0, 0)
    """Pixel of the world's corner that they are for."""

    def at(self, size: float) -> npt.NDArray[np.float64]:
        """(n, 2) centres of the labels in a world of *size* pixels, on whole pixels as tiles are."""
        half = self.sources[:, 2:] / 2
        return np.rint(self.anchors * size - half) + half

    def give_way(self, texts: npt.NDArray[np.float64], size: float, dpr: float) -> bool:
        """Hide what meets (m, 4) *texts* in a world of *size* pixels; whether anything has changed."""
        center, half = self.at(size), self.sources[:, 2:] / 2
        air = np.where(self.hidden, CLEAR, CLOSE)[:, None] * dpr
        low, high = (center - half - air)[:, None], (center + half + air)[:, None]
        meets = np.logical_and(low < texts[:, 2:], high > texts[:, :2])
        label, text = np.nonzero(meets[..., 0] & meets[..., 1])
        hidden = np.zeros(len(half), bool)
        for row in np.unique(label).tolist():
            # Of a text along a slanting line the box is mostly empty.
            within = texts[text[label == row]] - np.tile(center[row] - half[row], 2)
            hidden[row] = self._inked(row, within, float(air[row, 0]))
        if np.array_equal(hidden, self.hidden):
            return False
        self.hidden, self.fragments[:, 9] = hidden, ~hidden
        return True

    def _inked(self, row: int, boxes: npt.NDArray[np.float64], air: float) -> bool:
        """Whether there is ink of a label in *boxes* in its own pixels, or as near as *air*."""
        assert self.pixmap is not None
        x, y, width, height = self.sources[row].astype(int).tolist()
        image = self.pixmap.toImage().copy(x, y, width, height)
        pixels = np.frombuffer(image.constBits(), np.uint8).reshape(height, -1, 4)
        low = np.maximum(boxes[:, :2] - air, 0).astype(int).tolist()
        high = np.maximum(boxes[:, 2:] + air, 0).astype(int).tolist()
        return any(pixels[a:c, b:d, 3].any() for (b, a), (d, c) in zip(low, high, strict=True))


class LabelCache:
    """Blocks of labels by level, column and row, the size of tiles."""

    def __init__(self, arena: Arena, slots: SlotPool, view: int = 0) -> None:
        """*view*: number of the view for the workers."""
        self._arena, self._slots, self._view = arena, slots, view
        self._blocks: OrderedDict[Key, Block] = OrderedDict()
        self._pending: dict[Key, int] = {}
        self._wanted: Sequence[Key] = []
        self._visible: Sequence[Key] = []
        self._lost: dict[Key, int] = {}
        self.shown = -1
        """Level whose labels are painted; -1 before there are any."""
        self._made: dict[Key, int] = {}
        """A number for each block that has labels, another whenever they are placed anew."""
        self._numbers = itertools.count(1)
        self._texts: npt.NDArray[np.float64] = np.empty((0, 4))
        """Where others write, in the pixels of a world as large as …"""
        self._size = 0.0
        self._dpr = 1.0
        self._given: tuple[object, ...] = ()
        """What labels have given way to, and …"""
        self._gave = -PAUSE
        """… when."""
        self.late = False
        """Whether they have not given way yet to what stands there now."""
        self._generation = 0
        self.missing = 0

    def renew(self, generation: int) -> None:
        """All labels are out of date; they are shown until new ones come."""
        self._generation = generation
        self._lost.clear()

    def next(self, visible: bool) -> PlaceLabels | None:
        """Blocks that the view lacks, or its surroundings too, all of one level."""
        if self._pending:
            return None
        blocks: list[tuple[int, int, int]] = []
        for key in self._visible if visible else self._wanted:
            if self._settled(key):
                continue
            slot = self._slots.take(urgent=True) if len(blocks) < AT_ONCE else None
            if slot is None:
                break
            self._pending[key] = slot
            blocks.append((slot, key[1], key[2]))
        if not blocks:
            return None
        return PlaceLabels(self._generation, self._wanted[0][0], blocks, self._view)

    @property
    def pending(self) -> bool:
        """Whether some are being placed."""
        return bool(self._pending)

    def stamp(self, key: Key) -> object:
        """Another for other labels in a block or around it, from where they reach into it."""
        level, column, row = key
        around = ((level, column + dx, row + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
        return (self._generation, *(self._made.get(other, 0) for other in around))

    def clear(self) -> None:
        """Forget all labels, also those on their way."""
        self._blocks.clear()
        self._made.clear()
        self._pending.clear()
        self._wanted = self._visible = []
        self._given = ()
        self.shown = -1

    def accept(self, done: LabelsDone) -> None:
        number = next(self._numbers)
        for block in done.blocks:
            key = (done.level, block.column, block.row)
            self._pending.pop(key, None)
            fresh = self._blocks[key] = self._copy(block, done.generation)
            if done.level == self.shown:
                fresh.give_way(self._texts, self._size, self._dpr)
            self._blocks.move_to_end(key)
            if block.labels or key in self._made:
                self._made[key] = number
            self._slots.give_back(block.slot)
        while len(self._blocks) > KEPT:
            self._made.pop(self._blocks.popitem(last=False)[0], None)

    def lose(self, job: PlaceLabels) -> None:
        """Its worker died; blocks that kill twice are left out."""
        for slot, column, row in job.blocks:
            key = (job.level, column, row)
            self._pending.pop(key, None)
            self._lost[key] = self._lost.get(key, 0) + 1
            self._slots.give_back(slot)

    def _settled(self, key: Key) -> bool:
        block = self._blocks.get(key)
        return self._lost.get(key, 0) > 1 or (block is not None and block.generation == self._generation)

    def _copy(self, block: LabelBlock, generation: int) -> Block:
        rows = np.array(block.labels, float).reshape(-1, 6)
        pixmap = None
        if block.labels:
            image = self._arena.image(block.slot, QImage.Format.Format_ARGB32_Premultiplied)
            pixmap = QPixmap.fromImage(image.copy(0, 0, TILE, block.height))
        fragments = np.zeros((len(rows), FIELDS))
        fragments[:, 2:6] = rows[:, 2:]
        fragments[:, 6:8] = 1.0
        fragments[:, 9] = 1.0
        seen = np.zeros(len(rows), bool)
        return Block(pixmap, rows[:, :2], rows[:, 2:], generation, fragments, seen)

    def draw(self, painter: QPainter, viewport: Viewport, moving: bool) -> None:
        """Paint in device pixels. While the zoom moves, the last level's labels travel with their places."""
        if not moving:
            self.look_at(viewport)
        if self.shown >= 0:
            self.paint(painter, viewport, self.shown)

    def give_way(self, viewport: Viewport, texts: npt.NDArray[np.float64], now: float) -> bool:
        """Hide the labels under what live layers write, symbols included: (m, 4) device pixels. Whether any
        come or go."""
        size = viewport.scale * viewport.dpr
        texts = texts - np.tile(viewport.origin, 2)
        keys = tiles_in(viewport, self.shown, 1) if self.shown >= 0 else ()
        given = keys, size, texts.tobytes()
        self.late = given != self._given and now - self._gave < PAUSE and size == self._size
        if given == self._given or self.late:
            return False
        self._given, self._gave, self._texts, self._size, self._dpr = given, now, texts, size, viewport.dpr
        changed = False
        for key in keys:
            block = self._blocks.get(key)
            if block is not None and block.pixmap is not None and block.give_way(texts, size, viewport.dpr):
                self._made[key], changed = next(self._numbers), True
        return changed

    def look_at(self, viewport: Viewport) -> None:
        """Note what a view whose zoom rests wants."""
        level = level_of(viewport.zoom)
        self._wanted = tiles_in(viewport, level, 1)
        visible = self._visible = tiles_in(viewport, level)
        self.missing = sum(not self._settled(key) for key in visible)
        if not self.missing or any(key in self._blocks for key in visible):
            self.shown = level

    def paint(self, painter: QPainter, viewport: Viewport, level: int) -> None:
        """Paint the labels of a level in device pixels; they reach into neighbouring blocks."""
        for key in tiles_in(viewport, level, 1)[:400]:
            block = self._blocks.get(key)
            if block is not None and block.pixmap is not None:
                _draw_block(painter, viewport, block.pixmap, block)


def _draw_block(painter: QPainter, viewport: Viewport, pixmap: QPixmap, block: Block) -> None:
    size = viewport.scale * viewport.dpr
    left, top = viewport.origin
    if block.size != size:
        block.size, block.origin, block.fragments[:, :2] = size, (0, 0), block.at(size)
    block.fragments[:, :2] += left - block.origin[0], top - block.origin[1]
    block.origin = left, top
    draw_fragments(painter, block.fragments, pixmap)
