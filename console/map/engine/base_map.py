"""The base map as one view sees it: layers and style in, tiles and labels out, the engine behind."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QPainter

from console.map.engine.data_refs import AnyRef, SourceTile
from console.map.engine.engine import TileEngine
from console.map.engine.label_cache import LabelCache
from console.map.engine.messages import (
    Configure,
    FeaturesFound,
    IdentifyAt,
    LabelsDone,
    LayerRef,
    PlaceLabels,
    RenderTile,
    TileDone,
)
from console.map.engine.tiles import Key, TileCache
from console.map.viewport import Viewport

NEWS = 50
"""Milliseconds between two words of more to show: tiles come quicker than a large view can be painted."""


class BaseMap(QObject):
    """Draws what it has and asks for the rest; ``changed`` when there is more to show."""

    changed = Signal()
    complete = Signal()
    """All tiles of the view have been painted, after some were missing; labels may still come."""

    def __init__(self, parent: QObject, engine: TileEngine) -> None:
        super().__init__(parent)
        self._engine = engine
        self._layers: list[LayerRef] = []
        self._data: list[AnyRef] = []
        self._style = "dark"
        self._dpr = 1.0
        self._complete = False
        self._lacking: dict[SourceTile, set[Key]] = {}
        self._awake = False
        self._more = False
        """Whether more has come since the last word of it."""
        self._news = QTimer(self, singleShot=True, interval=NEWS)
        self._news.timeout.connect(self._tell)
        engine.fetcher.came.connect(self._on_fetched)
        engine.fetcher.forgotten.connect(self._on_fetched)
        self.wake()

    def wake(self) -> None:
        """Draw again after ``sleep``."""
        if self._awake:
            return
        self._awake = True
        self._number = self._engine.enter(self)
        self.tiles = TileCache(self._engine.arena, self._engine.slots, self._number)
        self.labels = LabelCache(self._engine.arena, self._engine.slots, self._number)
        self._configure()

    def sleep(self) -> None:
        """Nobody looks: give back all memory, here and in the workers."""
        if not self._awake:
            return
        self._awake = False
        self._engine.leave(self._number)
        self.tiles.close()
        self.labels.clear()
        self._lacking.clear()

    @property
    def failing(self) -> bool:
        """Whether the workers die again and again."""
        return self._engine.failing

    @property
    def process_ids(self) -> list[int]:
        return self._engine.process_ids

    @property
    def idle(self) -> bool:
        """Whether all of the view is drawn."""
        return not self.tiles.missing and not self.labels.missing

    @property
    def _empty(self) -> bool:
        return not self._layers and not self._data

    def set_layers(self, layers: Sequence[LayerRef], data: Sequence[AnyRef]) -> set[str]:
        """What to draw, topmost last; *data* lies above. Gives the ids of data that is no more."""
        gone = {ref.id for ref in self._data} - {ref.id for ref in data}
        if (list(layers), list(data)) != (self._layers, self._data):
            self._lacking = {tile: keys for tile, keys in self._lacking.items() if tile.layer not in gone}
            self._layers, self._data = list(layers), list(data)
            self._configure()
        return gone

    def set_style(self, style: str) -> None:
        if style != self._style:
            self._style = style
            self._configure()

    def draw(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint the tiles; the painter works in device pixels."""
        if viewport.dpr != self._dpr:
            self._dpr = viewport.dpr
            self.tiles.clear()
            self._configure()
        if not self._empty:
            self.tiles.draw(painter, viewport)
            self._pump()

    def serves(self, viewport: Viewport) -> bool:
        """Whether there is anything to show at the view's resolution."""
        return not self._empty and viewport.dpr == self._dpr

    def look_at(self, viewport: Viewport) -> None:
        """Ask for what the view needs, though it is painted from elsewhere."""
        self.tiles.look_at(viewport)
        self.labels.look_at(viewport)
        self._pump()

    def _pump(self) -> None:
        self._engine.pump()
        before, self._complete = self._complete, not self.tiles.missing
        if self._complete and not before:
            self.complete.emit()

    def draw_labels(self, painter: QPainter, viewport: Viewport, moving: bool) -> None:
        """Paint the labels; new ones are asked for only while the zoom rests."""
        if not self._empty:
            self.labels.draw(painter, viewport, moving)
            self._engine.pump()

    def identify(self, lon: float, lat: float, metres: float) -> Future[FeaturesFound]:
        return self._engine.ask(lambda number: IdentifyAt(number, lon, lat, metres, self._number))

    def job(self, rank: int) -> RenderTile | PlaceLabels | None:
        """See ``EngineUser``."""
        # What lies around waits for all of the view, which the machine may have other work beside.
        if rank > 1 and not self.idle:
            return None
        return self.labels.next(rank == 1) if rank in (1, 3) else self.tiles.next(rank == 0)

    def accept(self, reply: TileDone | LabelsDone) -> None:
        """See ``EngineUser``."""
        if isinstance(reply, LabelsDone):
            self.labels.accept(reply)
            seen = True  # from around the view they reach into it
        else:
            self.tiles.accept(reply)
            self._fetch(reply)
            seen = self.tiles.in_view(reply.key)
        self._more |= seen
        if not self._news.isActive() or not (self.tiles.pending or self.labels.pending):
            self._tell()

    def _tell(self) -> None:
        """The first and the last of many at once, the others together."""
        if self._more:
            self._more = False
            self.changed.emit()
            self._news.start()

    def _fetch(self, done: TileDone) -> None:
        """Get what a tile lacks; it is drawn again when that is there."""
        for tile in done.lacks:
            self._lacking.setdefault(tile, set()).add(done.key)
        if done.lacks:
            self._engine.fetcher.want(done.lacks)

    def lose(self, job: RenderTile | PlaceLabels) -> None:
        """See ``EngineUser``."""
        if isinstance(job, RenderTile):
            self.tiles.lose(job)
        else:
            self.labels.lose(job)
        self.changed.emit()

    def _configure(self) -> None:
        if not self._awake:
            return
        generation = self.tiles.generation + 1
        self.tiles.renew(generation)
        self.labels.renew(generation)
        if self._empty:
            self.tiles.clear()
        self._engine.configure(
            Configure(
                generation,
                self._engine.arena.path,
                self._engine.arena.slots,
                self._layers,
                self._style,
                self._dpr,
                self._engine.cache,
                self._data,
                self._number,
            )
        )
        self.changed.emit()

    def _on_fetched(self, tiles: list[SourceTile]) -> None:
        keys = {key for tile in tiles for key in self._lacking.pop(tile, ())}
        if keys:
            self.tiles.expire(keys)
            self.changed.emit()
