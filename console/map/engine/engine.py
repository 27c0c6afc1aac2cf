"""What all views of the map share: tile workers, memory for tiles, fetching from services.

Each view is told to the workers by a number and has layers of its own; jobs are given out view by
view in turn, and there is one budget of memory however many views there are.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from console.map.engine.arena import Arena
from console.map.engine.data_refs import SourceTile, TilesRef
from console.map.engine.messages import (
    Configure,
    FeaturesFound,
    IdentifyAt,
    LabelsDone,
    LayerFault,
    PlaceLabels,
    RenderTile,
    Reply,
    Request,
    TileDone,
)
from console.map.engine.services import TileFetcher, cache_folder, tile_address
from console.map.engine.slots import SlotPool
from console.map.engine.workers import Ranks, WorkerPool
from console.map.layers.data_layers import service_ref
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


class EngineUser(Protocol):
    """A view, as the engine knows it."""

    def job(self, rank: int) -> RenderTile | PlaceLabels | None:
        """What it wants drawn: see ``workers.Ranks``."""
        ...

    def accept(self, reply: TileDone | LabelsDone) -> None: ...
    def lose(self, job: RenderTile | PlaceLabels) -> None: ...


class TileEngine(QObject):
    """Made with the first view, which is number 0, and closed with it."""

    layer_failed = Signal(str, str)
    layer_stated = Signal(str, str)
    """A data layer, and how its service fares in the user's words; empty when all is well."""

    def __init__(
        self, parent: QObject, cache: str = "", workers: int | None = None, slots: int = USUAL
    ) -> None:
        super().__init__(parent)
        self.cache = cache
        self.arena, self.slots = Arena(slots), SlotPool(slots)
        self._users: dict[int, EngineUser] = {}
        self._numbers = 0
        self._answers: dict[int, tuple[Request, Future[Any]]] = {}
        self._requests = 0
        self.fetcher = TileFetcher(self)
        self.fetcher.stated.connect(self.layer_stated)
        self._pool = WorkerPool(workers or max(1, min(os.cpu_count() or 2, 3)), self)
        self._pool.pull = self._next
        self._pool.replied.connect(self._on_reply)
        self._pool.lost.connect(self._on_lost)

    @property
    def failing(self) -> bool:
        """Whether the workers die again and again."""
        return self._pool.failing

    @property
    def process_ids(self) -> list[int]:
        return self._pool.process_ids

    def enter(self, user: EngineUser) -> int:
        """Draw for *user*, whose number it gives, from its first ``configure`` on."""
        number = self._numbers
        self._numbers += 1
        self._users[number] = user
        return number

    def leave(self, number: int) -> None:
        """The view has gone: the workers forget it, and what they still draw for it comes to nothing."""
        if self._users.pop(number, None) is not None:
            self._pool.dismiss(number)

    def configure(self, setup: Configure) -> None:
        self._pool.configure(setup)

    def pump(self) -> None:
        """Give out work."""
        self._pool.pump()

    def ask(self, make: Callable[[int], Request]) -> Future[Any]:
        """The answer to the request that *make* makes of its number; WorkerLost without one."""
        self._requests += 1
        request, future = make(self._requests), Future[Any]()
        self._answers[self._requests] = request, future
        self._pool.send(request)
        return future

    def add_service(self, layer: str, service: TileService) -> TilesRef:
        """Fetch tiles for a layer that is about to be shown. Raises ValueError for a wrong address."""
        tile_address(service, SourceTile(layer, 0, 0, 0))
        folder = cache_folder(Path(self.cache or tempfile.gettempdir()) / "services", service)
        self.fetcher.add(layer, service, folder)
        return service_ref(layer, service, folder)

    def close(self) -> None:
        """End the workers; what waits for an answer is told."""
        self._pool.close()
        self.fetcher.close()
        for _, future in self._answers.values():
            future.cancel()
        self._answers.clear()
        self.arena.close()

    def _next(self, ranks: Ranks) -> RenderTile | PlaceLabels | None:
        """The work of the first of *ranks* that there is any of, each view in its turn."""
        for rank in ranks:
            for number, user in tuple(self._users.items()):
                job = user.job(rank)
                if job is not None:
                    self._users[number] = self._users.pop(number)
                    return job
        return None

    def _on_reply(self, reply: Reply) -> None:
        match reply:
            case TileDone() | LabelsDone():
                user = self._users.get(reply.view)
                if user is not None:
                    user.accept(reply)
                else:
                    self._take_back(reply)
            case FeaturesFound():
                self._answer(reply.request, reply)
            case LayerFault():
                self.layer_failed.emit(reply.layer, reply.error)
            case _:
                pass

    def _take_back(self, what: TileDone | LabelsDone | RenderTile | PlaceLabels) -> None:
        """The slots of what was for a view that has gone."""
        match what:
            case TileDone() | RenderTile():
                self.slots.give_back(what.slot)
            case LabelsDone():
                for block in what.blocks:
                    self.slots.give_back(block.slot)
            case PlaceLabels():
                for slot, _, _ in what.blocks:
                    self.slots.give_back(slot)

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
            case RenderTile() | PlaceLabels():
                user = self._users.get(job.view)
                if user is not None:
                    user.lose(job)
                else:
                    self._take_back(job)
            case IdentifyAt():
                self._answer(job.request, None)
            case _:
                pass
