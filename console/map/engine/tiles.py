"""The tiles that the window has: an LRU over the slots of the shared memory.

A tile is drawn straight from the slot that its worker filled; nothing is copied.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from console.map.engine.arena import TILE, Arena
from console.map.engine.messages import RenderTile, TileDone
from console.map.engine.slots import SlotPool
from console.map.viewport import MAX_ZOOM, MIN_ZOOM, Viewport

Key = tuple[int, int, int]
"""Level (half zooms), column, row."""
STAND_INS = 48
"""Tiles of other levels that are drawn at most under missing ones."""


@dataclass(frozen=True, slots=True)
class Tile:
    slot: int
    image: QImage
    generation: int


def level_of(zoom: float) -> int:
    """Level whose tiles are nearest in size to a view of this zoom."""
    return round(min(max(zoom, MIN_ZOOM), MAX_ZOOM) * 2)


def tile_span(level: int, dpr: float) -> float:
    """Side of a tile in world units."""
    return TILE / (256.0 * 2.0 ** (level / 2) * dpr)


@lru_cache(maxsize=16)
def tiles_in(viewport: Viewport, level: int, ring: int = 0) -> tuple[Key, ...]:
    """Tiles that the view meets, and *ring* more around it, from its centre outwards.

    A frame asks for the same several times.
    """
    span = tile_span(level, viewport.dpr)
    left, top, right, bottom = (v / span for v in viewport.world)
    last = math.ceil(1.0 / span) - 1
    columns = range(max(math.floor(left) - ring, 0), min(math.floor(right) + ring, last) + 1)
    rows = range(max(math.floor(top) - ring, 0), min(math.floor(bottom) + ring, last) + 1)
    x, y = viewport.x / span - 0.5, viewport.y / span - 0.5
    keys = [(level, column, row) for column in columns for row in rows]
    return tuple(sorted(keys, key=lambda key: (key[1] - x) ** 2 + (key[2] - y) ** 2))


def target(key: Key, viewport: Viewport) -> QRect:
    """Device pixels that the tile covers; neighbours share their edges whatever the zoom."""
    span = tile_span(key[0], viewport.dpr)
    size = viewport.scale * viewport.dpr
    left, top = viewport.origin
    x0, x1 = (round(column * span * size) for column in (key[1], key[1] + 1))
    y0, y1 = (round(row * span * size) for row in (key[2], key[2] + 1))
    return QRect(left + x0, top + y0, x1 - x0, y1 - y0)


class TileCache:
    """Knows which tiles are there, which are on their way, and which to ask for next."""

    def __init__(self, arena: Arena, slots: SlotPool, view: int = 0) -> None:
        """*view*: number of the view for the workers."""
        self._arena, self._slots, self._view = arena, slots, view
        slots.enter(self)
        self._ready: OrderedDict[Key, Tile] = OrderedDict()
        self._pending: dict[Key, int] = {}
        self._wanted: Sequence[Key] = []
        self._lost: dict[Key, int] = {}
        self.generation = 0
        self.missing = 0
        """Tiles of the view that the last ``draw`` had no fresh picture of."""

    def __len__(self) -> int:
        return len(self._ready)

    def renew(self, generation: int) -> None:
        """All tiles are out of date; they are shown until new ones come."""
        self.generation = generation
        self._lost.clear()

    def clear(self) -> None:
        """Forget all pictures, as when the layers are gone."""
        for tile in self._ready.values():
            self._slots.give_back(tile.slot)
        self._ready.clear()
        self._wanted = []

    def close(self) -> None:
        """Give all back; what workers still draw comes back through the engine."""
        self.clear()
        self._pending.clear()
        self._slots.leave(self)

    def next(self, visible: bool) -> RenderTile | None:
        """The most wanted tile that nobody draws yet; of the view alone, or of its surroundings too."""
        for key in self._wanted[: self._in_view] if visible else self._wanted:
            if key in self._pending or self._settled(key):
                continue
            slot = self._slots.take(urgent=visible)
            if slot is None:
                return None
            self._pending[key] = slot
            return RenderTile(self.generation, slot, key, self._view)
        return None

    _in_view = 0

    @property
    def pending(self) -> bool:
        """Whether any are being drawn."""
        return bool(self._pending)

    def in_view(self, key: Key) -> bool:
        """Whether the view shows it, and not only needs it nearby."""
        return key in self._wanted[: self._in_view]

    def give_up(self, *, around: bool) -> int | None:
        """See ``Holder``: that of the tile unused for longest."""
        keep = set(self._wanted[: self._in_view] if around else self._wanted)
        stale = next((key for key in self._ready if key not in keep), None)
        return None if stale is None else self._ready.pop(stale).slot

    def accept(self, done: TileDone) -> None:
        """A worker has filled a slot."""
        self._pending.pop(done.key, None)
        old = self._ready.pop(done.key, None)
        if old is not None:
            self._slots.give_back(old.slot)
        self._ready[done.key] = Tile(done.slot, self._arena.image(done.slot), done.generation)

    def expire(self, keys: Iterable[Key]) -> None:
        """There is more to be seen in these; they are shown as they are until they are drawn anew."""
        for key in keys:
            if key in self._ready:
                self._ready[key] = replace(self._ready[key], generation=-1)

    def lose(self, job: RenderTile) -> None:
        """Its worker died; a tile that kills twice is left out."""
        self._pending.pop(job.key, None)
        self._lost[job.key] = self._lost.get(job.key, 0) + 1
        self._slots.give_back(job.slot)

    def _settled(self, key: Key) -> bool:
        """Whether nothing better is to come: it is up to date, or cannot be drawn."""
        tile = self._ready.get(key)
        return self._lost.get(key, 0) > 1 or (tile is not None and tile.generation == self.generation)

    def covers(self, viewport: Viewport) -> bool:
        """Whether tiles of its own level hide all that is below."""
        left, top, right, bottom = viewport.world
        inside = left >= 0 and top >= 0 and right <= 1 and bottom <= 1
        return inside and all(key in self._ready for key in tiles_in(viewport, level_of(viewport.zoom)))

    def look_at(self, viewport: Viewport) -> tuple[Key, ...]:
        """Note what the view wants; gives its tiles."""
        level = level_of(viewport.zoom)
        visible = tiles_in(viewport, level)
        self._wanted = [*visible, *(k for k in tiles_in(viewport, level, 1) if k not in visible)]
        self._in_view = len(visible)
        self.missing = sum(not self._settled(key) for key in visible)
        return visible

    def stamp(self, key: Key) -> object:
        """Another for another picture of the tile."""
        tile = self._ready.get(key)
        return None if tile is None else (tile.generation, tile.slot)

    def paint(self, painter: QPainter, key: Key, piece: Viewport, background: QColor) -> None:
        """Paint one tile, of which *piece* is the view, or what there is of other levels instead."""
        if key in self._ready:
            self._blit(painter, piece, [key])
        else:
            painter.fillRect(0, 0, TILE, TILE, background)
            self._blit(painter, piece, self._stand_ins(piece, key[0]))

    def draw(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint the view in device pixels."""
        level, visible = level_of(viewport.zoom), self.look_at(viewport)
        if any(key not in self._ready for key in visible):
            self._blit(painter, viewport, self._stand_ins(viewport, level))
        self._blit(painter, viewport, [key for key in visible if key in self._ready])

    def _blit(self, painter: QPainter, viewport: Viewport, keys: Iterable[Key]) -> None:
        for key in keys:
            self._ready.move_to_end(key)
            where, image = target(key, viewport), self._ready[key].image
            if where.width() == TILE and where.height() == TILE:
                painter.drawImage(where.topLeft(), image)
            else:
                painter.drawImage(where, image)

    def _stand_ins(self, viewport: Viewport, level: int) -> list[Key]:
        """Tiles of other levels in the view, the nearest level last, so that it lies on top."""
        frame = QRect(0, 0, round(viewport.width * viewport.dpr), round(viewport.height * viewport.dpr))
        others = [k for k in self._ready if k[0] != level and target(k, viewport).intersects(frame)]
        others.sort(key=lambda key: -abs(key[0] - level))
        return others[-STAND_INS:]
