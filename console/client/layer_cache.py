"""Map layers on the local disk: by version, whole and checked, so the map opens without the backend."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import mmap
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from console.client import problems
from console.client.api import Api
from console.client.cache import LocalCache, private_folder, write_private
from console.model.layers import PackageError, decode_package
from console.model.records import LayerInfo
from console.sdk.errors import BackendAway, BackendError

log = logging.getLogger(__name__)

MAX_PACKAGE = 4 << 30
_CHUNK = 1 << 18
SHOW_EVERY = 1.0
"""Seconds between two maps that lack layers yet: each is drawn anew."""

Layers = list[tuple[LayerInfo, Path]]
Report = Callable[[float, str], None]


def _silent(_done: float, _text: str) -> None:
    """Progress that nobody wants to see."""


class LayerCache:
    """Packages of one account. Blocks: for pool threads."""

    def __init__(self, api: Api, cache: LocalCache) -> None:
        self._api = api
        self._list = cache.folder / "layers.json"
        self._folder = cache.layers_folder

    def known(self) -> Layers:
        """The last list, as far as the packages are here: what an offline start shows."""
        try:
            infos = msgspec.json.decode(self._list.read_bytes(), type=list[LayerInfo])
        except (OSError, msgspec.MsgspecError):
            return []
        return [(info, path) for info in infos if (path := self._path(info)).is_file()]

    def sync(self, report: Report = _silent) -> Iterator[Layers]:
        """Fetch what is new, throw away what is old. Yields what can be shown.

        That is first what was here last, then, unless we are offline, now and then what has
        come so far, the small layers first, at last everything. A layer that cannot be had
        keeps its last version, or is left out. Raises BackendError if the list itself is
        refused, OSError if the disk is full.
        """
        known = self.known()
        if known:  # nothing yet is no answer: an empty map would be told as one
            yield known
        try:
            infos = msgspec.convert(self._api.get("/layers"), list[LayerInfo])
        except BackendAway:
            if not known:
                yield known
            return
        here = {info.id: (info, path) for info, path in known}
        shown = time.monotonic()
        for number, info in enumerate(sorted(infos, key=lambda info: info.bytes)):
            report(number / len(infos), info.title_zh)
            try:
                here[info.id] = info, self._fetched(info)
            except (BackendAway, BackendError, PackageError) as error:
                log.warning("layer %s: %s", info.id, error)
            if time.monotonic() - shown > SHOW_EVERY:
                yield self._kept(infos, here)
                shown = time.monotonic()
        layers = self._kept(infos, here)
        self._prune({path for _, path in layers})
        yield layers

    def _kept(self, infos: list[LayerInfo], here: dict[str, tuple[LayerInfo, Path]]) -> Layers:
        """Those of *infos* that are here, in their order; they are what the next start shows first."""
        layers = [here[info.id] for info in infos if info.id in here]
        write_private(self._list, msgspec.json.encode([info for info, _ in layers]))
        return layers

    def _path(self, info: LayerInfo) -> Path:
        """Names from the backend never become file names."""
        name = hashlib.sha256(f"{info.id}\n{info.version}".encode()).hexdigest()[:32]
        return self._folder / f"{name}.layer"

    def _fetched(self, info: LayerInfo) -> Path:
        """The package of this version, fetched if it is not here."""
        path = self._path(info)
        if path.is_file():
            return path
        part = private_folder(self._folder) / f"{path.stem}.part"
        self._download(info, part)
        try:
            _check(part)
        except PackageError:
            part.unlink(missing_ok=True)  # or every later try would go on from rubbish
            raise
        part.replace(path)
        return path

    def _download(self, info: LayerInfo, part: Path) -> None:
        """Append to *part* what it lacks; an interrupted download goes on from there."""
        have = part.stat().st_size if part.exists() else 0
        # Ranges count bytes of the package itself, so it must not come compressed.
        headers = {"Accept-Encoding": "identity"}
        if have:
            headers |= {"Range": f"bytes={have}-", "If-Range": f'"{info.version}"'}
        with self._api.open(f"/layers/{info.id}/package", headers) as response:
            if response.status_code == 416:  # whole already, only the check was missing
                return
            if response.status_code not in (200, 206):
                body = response.raw.read(1 << 16, decode_content=True)
                raise problems.problem(response.status_code, body, self._api.language())
            start = have if response.status_code == 206 else 0
            self._append(self._api.wire.parts(response, _CHUNK), part, start)

    def _append(self, chunks: Iterator[bytes], part: Path, start: int) -> None:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.truncate(start)
            file.seek(start)
            for chunk in chunks:
                file.write(chunk)
                if file.tell() > MAX_PACKAGE:
                    raise PackageError("the package is too large")
            file.flush()
            os.fsync(file.fileno())

    def _prune(self, wanted: set[Path]) -> None:
        """Delete packages and parts that no listed layer needs."""
        parts = {path.with_suffix(".part") for path in wanted}
        for path in self._folder.glob("*"):
            if path not in wanted and path not in parts:
                with contextlib.suppress(OSError):  # mapped by another console on Windows
                    path.unlink()


def _check(path: Path) -> None:
    """Raises PackageError unless the file is a whole, consistent package."""
    with path.open("rb") as file:
        if not os.fstat(file.fileno()).st_size:
            raise PackageError("the package is empty")
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        decode_package(memoryview(mapped))  # the map goes with its last view
