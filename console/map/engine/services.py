"""Tile services: addresses of their tiles, and fetching them politely, off the GUI thread.

At most HOST_LIMIT requests a host at a time; a host that fails is left alone for
a while that doubles; what has come lies in a folder that outlives the program.
Names and passwords are sent with requests and never written anywhere.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import requests
from PySide6.QtCore import QObject, QTimer, Signal

from console.map.engine.data_refs import SourceTile
from console.map.viewport import EARTH_CIRCUMFERENCE
from console.sdk.map import TileService
from console.sdk.ui.words import said, word
from console.sdk.web import NOTHING_THERE, WebTrouble, exception_text, trouble_of, trouble_of_status

log = logging.getLogger(__name__)
HOST_LIMIT = 6
QUEUE = 2000
"""Tiles waiting; the oldest wishes are forgotten first."""
LARGEST = 8_000_000
TIMEOUT = (5.0, 15.0)
"""Seconds to connect and between two pieces of the answer."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0
DENIED_PAUSE = 300.0
TRIES = 4
_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"\x1f\x8b", b"\x1a")


class FetchFailed(Exception):
    """A tile did not come; the text is for the user."""

    def __init__(self, text: str, pause: float = 0.0, again: bool = True) -> None:
        super().__init__(text)
        self.pause, self.again = pause, again

    @classmethod
    def by(cls, trouble: WebTrouble) -> FetchFailed:
        """What passes is tried again; who is refused a sign-in waits until somebody gives another."""
        if trouble.passing:
            return cls(word("{trouble}; trying again.").format(trouble=said(trouble.text)), FIRST_PAUSE)
        return cls(said(trouble.text), DENIED_PAUSE if trouble.sign_in else 0.0, again=False)


def tile_address(service: TileService, tile: SourceTile) -> str:
    """The address of a tile; raises ValueError for a template with unknown parts."""
    z, x, y = tile.z, tile.x, tile.y
    west, south, east, north = tile_box(service.grid, z, x, y)
    try:
        return service.url.format_map({
            "z": z, "x": x, "y": y, "-y": (1 << z) - 1 - y,
            "s": "abc"[(x + y) % 3] if not service.hosts else service.hosts[(x + y) % len(service.hosts)],
            "matrix": service.matrices[z] if z < len(service.matrices) else z,
            "west": west, "south": south, "east": east, "north": north,
        })  # fmt: skip
    except (KeyError, IndexError, AttributeError) as error:
        raise ValueError(
            word("The address has a part that is not known: {part}").format(part=error)
        ) from error


def tile_box(grid: str, z: int, x: int, y: int) -> tuple[float, float, float, float]:
    """West, south, east, north of a tile in metres of EPSG:3857, or in degrees of a geographic grid."""
    if grid == "geographic":
        side = 180.0 / (1 << z)
        return x * side - 180, 90 - (y + 1) * side, (x + 1) * side - 180, 90 - y * side
    side, half = EARTH_CIRCUMFERENCE / (1 << z), EARTH_CIRCUMFERENCE / 2
    return x * side - half, half - (y + 1) * side, (x + 1) * side - half, half - y * side


def cache_folder(root: Path, service: TileService) -> Path:
    """Where a service's tiles are kept: another for another address; what is secret takes no part."""
    parts = repr((service.url, tuple(service.matrices), service.grid, service.size))
    return root / hashlib.sha256(parts.encode()).hexdigest()[:24]


def fetch(url: str, headers: dict[str, str], session: requests.Session) -> bytes:
    """A tile's bytes, empty where the service has none. Raises FetchFailed."""
    try:
        with session.get(url, headers=headers, timeout=TIMEOUT, stream=True) as answer:
            if answer.status_code in (204, *NOTHING_THERE):
                return b""
            trouble = trouble_of_status(answer.status_code)
            if trouble is not None:
                raise FetchFailed.by(trouble)
            data = answer.raw.read(LARGEST + 1, decode_content=True)
    except FetchFailed:
        raise
    except Exception as error:  # of requests, and urllib3's own while reading
        raise FetchFailed.by(trouble_of(error)) from error
    if len(data) > LARGEST:
        raise FetchFailed(word("The service sends tiles that are too large."), again=False)
    if not data or data.startswith(_MAGIC):
        return data
    text = exception_text(data) or word("it sent something else")
    raise FetchFailed(word("The service gave no picture: {reason}").format(reason=text), again=False)


@dataclass(slots=True)
class _Source:
    """A service on the map."""

    service: TileService
    folder: Path
    host: str
    headers: dict[str, str]
    state: str = ""
    pause_until: float = 0.0
    """Refused: another layer of the same host may have the right sign-in."""


@dataclass(slots=True)
class _Host:
    active: int = 0
    failures: int = 0
    pause_until: float = 0.0
    why: str = ""
    """What all layers that wait for it say."""
    tries: Counter[SourceTile] = field(default_factory=Counter[SourceTile])


class TileFetcher(QObject):
    """Fetches what is wanted into the folders of services; for the GUI thread, never waits."""

    came = Signal(list)
    """SourceTiles whose files are there now."""
    forgotten = Signal(list)
    """SourceTiles that nobody fetches any more; to be wanted again when they are seen."""
    stated = Signal(str, str)
    """Layer, and what is wrong with it; empty when it works again."""
    _answered = Signal(object, object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._sources: dict[str, _Source] = {}
        self._hosts: dict[str, _Host] = {}
        self._queue: OrderedDict[SourceTile, None] = OrderedDict()
        self._flying: set[SourceTile] = set()
        self._pool: ThreadPoolExecutor | None = None
        self._local = threading.local()
        self._retry = QTimer(self, singleShot=True)
        self._retry.timeout.connect(self._launch)
        self._answered.connect(self._on_answer)

    def add(self, layer: str, service: TileService, folder: Path) -> None:
        """Fetch for *layer* from now on; whoever opens a service again wants no old grudge held."""
        name = urlsplit(service.url).netloc
        self._sources[layer] = _Source(service, folder, name, dict(service.headers))
        host = self._hosts.setdefault(name, _Host())
        host.failures, host.pause_until = 0, 0.0
        host.tries = Counter({tile: n for tile, n in host.tries.items() if tile.layer != layer})

    def remove(self, layer: str) -> None:
        self._sources.pop(layer, None)
        self._queue = OrderedDict((tile, None) for tile in self._queue if tile.layer != layer)

    def want(self, tiles: Sequence[SourceTile]) -> None:
        """Fetch these, the newest wishes first."""
        for tile in reversed(tiles):
            source = self._sources.get(tile.layer)
            if source is None or tile in self._flying:
                continue
            if self._hosts[source.host].tries[tile] < TRIES:
                self._queue[tile] = None
                self._queue.move_to_end(tile, last=False)
            else:
                self._state(tile.layer, source, word("The service sends broken tiles."))
        dropped = [self._queue.popitem()[0] for _ in range(len(self._queue) - QUEUE)]
        if dropped:
            self.forgotten.emit(dropped)
        self._launch()

    def close(self) -> None:
        """Forget what is wanted; what is on its way ends by itself."""
        self._retry.stop()
        self._queue.clear()
        self._sources.clear()
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _launch(self) -> None:
        """Start what may start now."""
        now, later = time.monotonic(), float("inf")
        for tile in tuple(self._queue):
            source = self._sources[tile.layer]
            host = self._hosts[source.host]
            pause = max(host.pause_until, source.pause_until)
            if pause > now:
                later = min(later, pause - now)
                if host.pause_until > now:
                    self._state(tile.layer, source, source.state or host.why)
            elif host.active < (HOST_LIMIT if not host.failures else 1):
                del self._queue[tile]
                self._start(tile, source, host)
        if later < float("inf") and not self._retry.isActive():
            self._retry.start(int(later * 1000) + 20)

    def _start(self, tile: SourceTile, source: _Source, host: _Host) -> None:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(2 * HOST_LIMIT, "onemap-tiles")
        host.active += 1
        self._flying.add(tile)
        self._pool.submit(self._work, tile, source)

    def _work(self, tile: SourceTile, source: _Source) -> None:
        """On a thread of the pool."""
        error: FetchFailed | None = None
        try:
            session = self._session()
            data = fetch(tile_address(source.service, tile), source.headers, session)
            _keep(source.folder / str(tile.z) / str(tile.x) / str(tile.y), data)
        except FetchFailed as failure:
            error = failure
        except ValueError as failure:
            error = FetchFailed(str(failure), DENIED_PAUSE, again=False)
        except OSError as failure:
            log.warning("a fetched tile cannot be kept: %s", failure)
            error = FetchFailed(word("Fetched tiles cannot be kept: the disk is full or read-only."), 10.0)
        try:
            self._answered.emit(tile, source, error)
        except RuntimeError:  # the window has gone meanwhile
            log.debug("a tile came after the map was closed")

    def _session(self) -> requests.Session:
        """One a thread; connections are used again."""
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            self._local.session.max_redirects = 3
            self._local.session.headers["User-Agent"] = "OneMapConsole/1"
        return self._local.session

    def _on_answer(self, tile: SourceTile, source: _Source, error: FetchFailed | None) -> None:
        self._flying.discard(tile)
        host = self._hosts[source.host]
        host.active -= 1
        if self._sources.get(tile.layer) is not source:  # the layer has gone, or was opened anew
            self.forgotten.emit([tile])
            self._launch()
            return
        host.tries[tile] += 1
        if error is None:
            host.failures = 0
            self._state(tile.layer, source, "")
            self.came.emit([tile])
        else:
            self._on_failure(tile, source, host, error)
        self._launch()

    def _on_failure(self, tile: SourceTile, source: _Source, host: _Host, error: FetchFailed) -> None:
        log.info("tile %s/%s/%s of %s: %s", tile.z, tile.x, tile.y, source.host, error)
        now = time.monotonic()
        if not error.again:
            source.pause_until = now + error.pause
        elif now >= host.pause_until:  # those under way with it count as one
            host.failures += 1
            host.pause_until = now + min(max(error.pause, FIRST_PAUSE * 2**host.failures), LONGEST_PAUSE)
            host.why = str(error)
        if error.again:
            host.tries[tile] -= 1  # the host is at fault, not the tile
            self._queue[tile] = None
        self._state(tile.layer, source, str(error))

    def _state(self, layer: str, source: _Source, text: str) -> None:
        if source.state != text:
            source.state = text
            self.stated.emit(layer, text)


def _keep(path: Path, data: bytes) -> None:
    """Whole or not at all; raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        fresh.write_bytes(data)
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
