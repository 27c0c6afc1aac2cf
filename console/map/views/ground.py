"""The resting ground as opaque pictures: a tile, its labels, and the lowest live layers burnt in.

Seventeen thousand symbols cost 5 ms a frame whichever way they are painted, and
labels as much on a large screen; but most of them move less than a pixel in a
second. So they are painted into a copy of the tile once, a few tiles a frame
(between frames, while nothing moves), and a pan only copies pixels. Few things
that move are painted every frame still.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from console.map.engine.arena import TILE
from console.map.engine.base_map import BaseMap
from console.map.engine.tiles import Key, level_of, target, tile_span, tiles_in
from console.map.live.picture_layer import PictureLayer
from console.map.live.points import PointsLayer
from console.map.live.shapes import ShapesLayer
from console.map.live.sprites import Colors
from console.map.viewport import Viewport

DrawnLayer = PointsLayer | ShapesLayer | PictureLayer
Layers = Sequence[DrawnLayer]
MISSING_MS, STALE_MS = 4.0, 1.5
"""Milliseconds of a frame for pictures that the view lacks, and for those that are a little late."""
REST_MS = 8.0
"""Milliseconds for either between two frames, while nothing moves."""
SPARE = 24
"""Pictures kept beside those of the view."""


class _Picture(NamedTuple):
    image: QImage
    what: tuple[object, ...]
    """Which layers are in it; pictures of other layers cannot stand side by side."""
    stamp: tuple[object, ...]
    """What it was made from; another now means that it is late."""


class _Frame(NamedTuple):
    """What the pictures of one frame are made from."""

    viewport: Viewport
    burnt: Layers
    stamps: Sequence[object]
    """What the picture of each of *burnt* depends on."""
    what: tuple[object, ...]
    """See ``_Picture.what``."""
    colors: Colors
    now: float


class Ground:
    """Pictures of the tiles in view with all that rests on them."""

    def __init__(self, base: BaseMap) -> None:
        self._base = base
        self._pictures: OrderedDict[Key, _Picture] = OrderedDict()
        self._spare: list[QImage] = []
        self.unfinished = False
        """Whether the next frame will show more, or fresher."""
        self.without = 0.0
        """Milliseconds that the last frame without pictures took; as long may be spent on making them, or
        of 600,000 points each frame would be painted twice for seconds."""
        self.views = 1
        """How many views share the time for what is late."""
        self.whole = True
        """Whether all of the view is painted now; else what is late waits, as it would not be seen."""

    def __len__(self) -> int:
        """Pictures kept."""
        return len(self._pictures)

    def clear(self) -> None:
        """Forget all pictures: they are of other colours, or nobody will look again."""
        self._pictures.clear()
        self._spare.clear()

    def draw(
        self, painter: QPainter, viewport: Viewport, layers: Layers, colors: Colors, now: float
    ) -> int | None:
        """Paint the view in device pixels; *layers* from the ground up. Gives how many of them are in it;
        None, with nothing painted, while there are no pictures for it."""
        keys = self._keys(viewport)
        if not keys:
            return None
        frame = _frame(viewport, layers, colors, now)
        begun = any(self._shows(key, frame) for key in keys)  # else it is another view, which mostly rests
        if not self._complete(keys, max(MISSING_MS, self.without) if begun else MISSING_MS, frame):
            return None
        late = self._late(keys, frame)
        made = self._make(late, STALE_MS / self.views, frame) if self.whole else 0
        self.unfinished = made < len(late)
        left, top = viewport.origin
        for key in keys:
            painter.drawImage(left + key[1] * TILE, top + key[2] * TILE, self._pictures[key].image)
        self._forget(keys)
        return len(frame.burnt)

    def freshen(self, viewport: Viewport, layers: Layers, colors: Colors, now: float) -> list[QRect] | None:
        """Make pictures while nothing moves, as ``draw`` would. Gives the device pixels of the view that look
        different now; None when all may."""
        keys = self._keys(viewport)
        if not keys:
            return None
        frame = _frame(viewport, layers, colors, now)
        if any(not self._shows(key, frame) for key in keys):
            return None if self._complete(keys, REST_MS, frame) else []
        late = self._late(keys, frame)
        made = self._make(late, REST_MS / self.views, frame)
        self.unfinished = made < len(late)
        return [target(key, viewport) for key in late[:made]]

    def covers(self, viewport: Viewport) -> bool:
        """Whether there are pictures of all of the view, though they may be late."""
        level = level_of(viewport.zoom)
        return viewport.zoom * 2 == level and all(key in self._pictures for key in tiles_in(viewport, level))

    def _keys(self, viewport: Viewport) -> Sequence[Key]:
        """Tiles whose pictures are the view, asked for; none while there are no pictures of it."""
        self.unfinished = False
        level = level_of(viewport.zoom)
        if viewport.zoom * 2 != level or not self._base.serves(viewport):
            return ()
        self._base.look_at(viewport)
        return tiles_in(viewport, level)

    def _complete(self, keys: Sequence[Key], budget: float, frame: _Frame) -> bool:
        """Make what is lacking; whether all is there now."""
        lacking = [key for key in keys if not self._shows(key, frame)]
        self.unfinished = self._make(lacking, budget, frame) < len(lacking)
        return not self.unfinished

    def _late(self, keys: Sequence[Key], frame: _Frame) -> list[Key]:
        return [key for key in self._by_age(keys) if self._pictures[key].stamp != self._stamp(key, frame)]

    def _shows(self, key: Key, frame: _Frame) -> bool:
        picture = self._pictures.get(key)
        return picture is not None and picture.what == frame.what

    def _stamp(self, key: Key, frame: _Frame) -> tuple[object, ...]:
        labels = self._base.labels
        return (self._base.tiles.stamp(key), labels.shown, labels.stamp(key), *frame.stamps)

    def _by_age(self, keys: Sequence[Key]) -> list[Key]:
        """The longest unpainted first, so that each has its turn."""
        seen = set(keys)
        return [key for key in self._pictures if key in seen]

    def _make(self, keys: Sequence[Key], budget: float, frame: _Frame) -> int:
        """Make pictures until the budget (ms) is spent, one at least; gives how many."""
        end = time.perf_counter() + budget / 1e3
        for number, key in enumerate(keys):
            if number and time.perf_counter() > end:
                return number
            old = self._pictures.pop(key, None)
            image = old.image if old else self._fresh()
            stamp = self._stamp(key, frame)
            self._paint(image, key, frame)
            self._pictures[key] = _Picture(image, frame.what, stamp)
        return len(keys)

    def _fresh(self) -> QImage:
        return self._spare.pop() if self._spare else QImage(TILE, TILE, QImage.Format.Format_RGB32)

    def _paint(self, image: QImage, key: Key, frame: _Frame) -> None:
        """The tile, its labels and the burnt layers, from the ground up."""
        piece = _piece(key, frame.viewport)
        painter = QPainter(image)
        self._base.tiles.paint(painter, key, piece, QColor(frame.colors("map.background")))
        if self._base.labels.shown >= 0:
            self._base.labels.paint(painter, piece, self._base.labels.shown)
        for layer in frame.burnt:
            layer.burn(painter, piece, frame.colors, frame.now)
        painter.end()

    def _forget(self, keys: Sequence[Key]) -> None:
        """Keep SPARE pictures beside those of the view; the memory of the others is used anew."""
        seen = set(keys)
        others = [key for key in self._pictures if key not in seen]
        for key in others[: max(0, len(others) - SPARE)]:
            image = self._pictures.pop(key).image
            if len(self._spare) < SPARE:
                self._spare.append(image)


def _frame(viewport: Viewport, layers: Layers, colors: Colors, now: float) -> _Frame:
    """The lowest of *layers* are burnt in, as far up as they are worth a picture."""
    stamps: list[object] = []
    for layer in layers:
        stamp = layer.burn_stamp(viewport, now)
        if stamp is None:
            break
        stamps.append(stamp)
    burnt = layers[: len(stamps)]
    what = (*(layer.layer_id for layer in burnt), viewport.dpr)
    return _Frame(viewport, burnt, stamps, what, colors, now)


def _piece(key: Key, viewport: Viewport) -> Viewport:
    """The part of the view that is one tile."""
    span = tile_span(key[0], viewport.dpr)
    side = TILE / viewport.dpr
    return Viewport((key[1] + 0.5) * span, (key[2] + 0.5) * span, viewport.zoom, side, side, viewport.dpr)
