"""The base map as the view sees it: layers and style in, tiles and labels out, workers behind."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPainter

from console.map.arena import Arena
from console.map.data_layers import service_ref
from console.map.data_refs import AnyRef, SourceTile, TilesRef
from console.map.label_cache import LabelCache
from console.map.messages import (
    Configure,
    Exported,
    ExportView,
    FeaturesFound,
    IdentifyAt,
    LabelsDone,
    LayerFault,
    LayerRef,
    PlaceLabels,
    RenderTile,
    Reply,
    Request,
    TileDone,
)
from console.map.services import TileFetcher, cache_folder, tile_address
from console.map.tiles import Key, TileCache
from console.map.viewport import Viewport
from console.map.workers import WorkerPool
from console.sdk.errors import OneMapError
from console.sdk.map import TileService
from console.sdk.ui.words import word

USUAL, FEWEST, MOST = 256, 96, 2048
"""Slots for tiles, of one megabyte each; the fewest are a view of 4K and what is around it."""


def slots_of(megabytes: str) -> int:
    """As many as a setting allows, within bounds; the usual number for what is no number."""
    return min(max(int(megabytes), FEWEST), MOST) if megabytes.isdecimal() else USUAL


class WorkerLost(OneMapError):
    """The tile worker died before it could answer."""


class BaseMap(QObject):
    """Draws what it has and asks for the rest; ``changed`` when there is more to show."""

    changed = Signal()
    complete = Signal()
    """All tiles of the view have been painted, after some were missing; labels may still come."""
    layer_failed = Signal(str, str)
    layer_stated = Signal(str, str)
    """A data layer, and how its service fares in the user's words; empty when all is well."""

    def __init__(
        self, parent: QObject, cache: str = "", workers: int | None = None, slots: int = USUAL
    ) -> None:
        super().__init__(parent)
        self._arena = Arena(slots)
        self._cache = cache
        self._layers: list[LayerRef] = []
        self._data: list[AnyRef] = []
        self._style = "dark"
        self._dpr = 1.0
        self._answers: dict[int, tuple[Request, Future[Any]]] = {}
        self._requests = 0
        self._complete = False
        self._fetcher = TileFetcher(self)
        self._fetcher.came.connect(self._on_fetched)
        self._fetcher.forgotten.connect(self._on_fetched)
        self._fetcher.stated.connect(self.layer_stated)
        self._lacking: dict[SourceTile, set[Key]] = {}
        self.tiles = TileCache(self._arena)
        self.labels = LabelCache(self._arena, self.tiles)
        count = workers or max(1, min((os.cpu_count() or 2) - 1, 3))
        self._pool = WorkerPool(count, self)
        self._pool.pull = self._next
        self._pool.replied.connect(self._on_reply)
        self._pool.lost.connect(self._on_lost)
        self._configure()

    @property
    def failing(self) -> bool:
        """Whether the workers die again and again."""
        return self._pool.failing

    @property
    def process_ids(self) -> list[int]:
        return self._pool.process_ids

    @property
    def idle(self) -> bool:
        """Whether all of the view is drawn."""
        return not self.tiles.missing and not self.labels.missing

    @property
    def _empty(self) -> bool:
        return not self._layers and not self._data

    def set_layers(self, layers: Sequence[LayerRef], data: Sequence[AnyRef]) -> None:
        """What to draw, topmost last; *data* lies above."""
        if (list(layers), list(data)) != (self._layers, self._data):
            gone = {ref.id for ref in self._data} - {ref.id for ref in data}
            for layer in gone:
                self._fetcher.remove(layer)
            self._lacking = {tile: keys for tile, keys in self._lacking.items() if tile.layer not in gone}
            self._layers, self._data = list(layers), list(data)
            self._configure()

    def add_service(self, layer: str, service: TileService) -> TilesRef:
        """Fetch tiles for a layer that is about to be shown. Raises ValueError for a wrong address."""
        tile_address(service, SourceTile(layer, 0, 0, 0))
        folder = cache_folder(Path(self._cache or tempfile.gettempdir()) / "services", service)
        self._fetcher.add(layer, service, folder)
        return service_ref(layer, service, folder)

    def set_style(self, style: str) -> None:
        if style != self._style:
            self._style = style
            self._configure()

    def close(self) -> None:
        """End the workers; what waits for an answer is told."""
        self._pool.close()
        self._fetcher.close()
        for _, future in self._answers.values():
            future.cancel()
        self._answers.clear()
        self._arena.close()

    def draw(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint the tiles; the painter works in device pixels."""
        if viewport.dpr != self._dpr:
            self._dpr = viewport.dpr
            self.tiles.clear()
            self._configure()
        if not self._empty:
            self.tiles.draw(painter, viewport)
            self._pump()

    def rests_at(self, viewport: Viewport, level: int) -> bool:
        """Whether tiles and labels of this level are what the view shows."""
        return not self._empty and viewport.dpr == self._dpr and self.labels.shown == level

    def look_at(self, viewport: Viewport) -> None:
        """Ask for what the view needs, though it is painted from elsewhere."""
        self.tiles.look_at(viewport)
        self.labels.look_at(viewport)
        self._pump()

    def _pump(self) -> None:
        self._pool.pump()
        before, self._complete = self._complete, not self.tiles.missing
        if self._complete and not before:
            self.complete.emit()

    def draw_labels(self, painter: QPainter, viewport: Viewport, moving: bool) -> None:
        """Paint the labels; new ones are asked for only while the zoom rests."""
        if not self._empty:
            self.labels.draw(painter, viewport, moving)
            self._pool.pump()

    def identify(self, lon: float, lat: float, metres: float) -> Future[FeaturesFound]:
        return self._ask(lambda number: IdentifyAt(number, lon, lat, metres))

    def export(self, make: Callable[[int], ExportView]) -> Future[Exported]:
        return self._ask(make)

    def _ask(self, make: Callable[[int], Request]) -> Future[Any]:
        self._requests += 1
        request, future = make(self._requests), Future[Any]()
        self._answers[self._requests] = request, future
        self._pool.send(request)
        return future

    def _configure(self) -> None:
        generation = self.tiles.generation + 1
        self.tiles.renew(generation)
        self.labels.renew(generation)
        if self._empty:
            self.tiles.clear()
        self._pool.configure(
            Configure(
                generation,
                self._arena.path,
                self._arena.slots,
                self._layers,
                self._style,
                self._dpr,
                self._cache,
                self._data,
            )
        )
        self.changed.emit()

    def _next(self, first: bool) -> RenderTile | PlaceLabels | None:
        """Tiles of the view, then labels, then tiles around."""
        return self.tiles.next(True) or (self.labels.next() if first else None) or self.tiles.next(False)

    def _on_reply(self, reply: Reply) -> None:
        match reply:
            case TileDone():
                self.tiles.accept(reply)
                self._fetch(reply)
                self.changed.emit()
            case LabelsDone():
                self.labels.accept(reply)
                self.changed.emit()
            case FeaturesFound() | Exported():
                self._answer(reply.request, reply)
            case LayerFault():
                self.layer_failed.emit(reply.layer, reply.error)
            case _:
                pass

    def _fetch(self, done: TileDone) -> None:
        """Get what a tile lacks; it is drawn again when that is there."""
        for tile in done.lacks:
            self._lacking.setdefault(tile, set()).add(done.key)
        if done.lacks:
            self._fetcher.want(done.lacks)

    def _on_fetched(self, tiles: list[SourceTile]) -> None:
        keys = {key for tile in tiles for key in self._lacking.pop(tile, ())}
        self.tiles.expire(keys)
        self.changed.emit()

    def _answer(self, number: int, reply: Reply | None) -> None:
        _, future = self._answers.pop(number, (None, None))
        if future is None or not future.set_running_or_notify_cancel():
            return
        if reply is None:
            future.set_exception(WorkerLost(word("The map's drawing process ended; please try again.")))
        else:
            future.set_result(reply)

    def _on_lost(self, job: Request) -> None:
        match job:
            case RenderTile():
                self.tiles.lose(job)
            case PlaceLabels():
                self.labels.lose(job)
            case IdentifyAt() | ExportView():
                self._answer(job.request, None)
            case _:
                pass
        self.changed.emit()
