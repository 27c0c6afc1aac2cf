"""Rendered tiles on disk: pixels packed by zlib, written whole or not at all."""

from __future__ import annotations

import os
import sys
import threading
import zlib
from pathlib import Path
from queue import Queue

from console.map.engine.arena import SLOT_BYTES

MOST_WAITING = 32
"""Tiles, of a megabyte each, that wait to be written; with more the worker waits, too."""
LOW = 10
"""Of what a machine has to do, writing is the least urgent (niceness)."""


def read_tile(file: Path) -> bytes | None:
    """Pixels of a slot; None for a file that is not there or broken."""
    try:
        pixels = zlib.decompress(file.read_bytes(), bufsize=SLOT_BYTES)
    except (OSError, zlib.error):
        return None
    return pixels if len(pixels) == SLOT_BYTES else None


def write_tile(file: Path, pixels: bytes) -> None:
    """A full disk costs nothing but that the tile is drawn again some day."""
    fresh = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(zlib.compress(pixels, 1))
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)


class TileWriter:
    """Writes tiles while the worker draws on: packing one takes a third of the time of drawing it."""

    def __init__(self) -> None:
        self._waiting: Queue[tuple[Path, bytes] | None] = Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._run, name="tile writer", daemon=True)
        self._thread.start()

    def put(self, file: Path, pixels: bytes) -> None:
        self._waiting.put((file, pixels))

    def finish(self) -> None:
        """Return when all is written; nothing may come after."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        if sys.platform == "linux":  # where threads have a niceness of their own
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOW)
        while (job := self._waiting.get()) is not None:
            write_tile(*job)
