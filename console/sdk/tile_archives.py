"""Archives of tiles, MBTiles and PMTiles, opened as files that may come from anybody.

A schema may hold views that never end or make blobs of a gigabyte, a header may declare what it likes, a
directory may unpack to more than the memory: all that is an OSError in bounded time and memory.
"""

from __future__ import annotations

import sqlite3
import time
import zlib
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

SECONDS = 20.0
"""For one question to a database: the levels of a large archive without an index take some."""
STEPS = 20_000
"""Instructions of SQLite between two looks at the clock."""
LARGEST = 64_000_000
"""Bytes of one value or tile."""
MOST_PLAIN = 2_000_000
"""Bytes that a directory or the metadata of PMTiles may unpack to; the format asks for much less."""
HIGHEST = 30
"""Zoom levels beyond are none."""
TOO_LONG = "the file keeps the database busy without end"
ODD_LEVELS = "the file declares zoom levels that cannot be"
NEITHER = "the file is neither PMTiles nor MBTiles"
TOO_LARGE = "the file declares a piece that is too large"
BROKEN = "a directory of the file is broken"
SWELLS = "a directory of the file unpacks to too much"
REASONS = (TOO_LONG, ODD_LEVELS, NEITHER, TOO_LARGE, BROKEN, SWELLS)
"""Why an archive is refused, as English source texts."""


class TileDatabase:
    """An MBTiles file (SQLite), for one thread. Raises OSError."""

    def __init__(self, path: str) -> None:
        self._until = 0.0
        try:
            self._connection = sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode=ro", uri=True)
            self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST)
            self._connection.set_progress_handler(self._is_late, STEPS)
            self._connection.execute("PRAGMA trusted_schema = OFF")
            self._connection.execute("PRAGMA query_only = ON")
        except sqlite3.Error as error:
            raise OSError(str(error)) from error

    def ask(self, question: str, values: Sequence[Any] = (), most: int = 1) -> list[tuple[Any, ...]]:
        """At most *most* rows; in ``SECONDS``."""
        self._until = time.monotonic() + SECONDS
        try:
            return self._connection.execute(question, values).fetchmany(most)
        except (sqlite3.Error, MemoryError, OverflowError) as error:
            late = time.monotonic() >= self._until
            raise OSError(TOO_LONG if late else str(error)) from error

    def close(self) -> None:
        self._connection.close()

    def _is_late(self) -> bool:
        return time.monotonic() >= self._until


def checked_levels(low: Any, high: Any) -> tuple[int, int]:
    """The coarsest and the finest zoom level as a file declares them. Raises OSError."""
    if not (isinstance(low, int) and isinstance(high, int) and 0 <= low <= high <= HIGHEST):
        raise OSError(ODD_LEVELS)
    return low, high


def open_pmtiles(path: str) -> Any:
    """A reader of ``pmtiles`` whose directories are bounded. Raises OSError."""
    library: Any = import_module("pmtiles.reader")  # has no types
    with Path(path).open("rb") as file:
        try:
            source = _Bounded(library.MmapSource(file))
            reader = library.Reader(source)
            header = reader.header()
        except Exception as error:  # the library raises whatever comes
            raise OSError(NEITHER) from error
    checked_levels(int(header["min_zoom"]), int(header["max_zoom"]))
    source.tiles_from = int(header["tile_data_offset"])
    return reader


class _Bounded:
    """Gives pieces of a file; those before the tiles are unpacked by the library whatever their size."""

    def __init__(self, source: Callable[[int, int], bytes]) -> None:
        self._source = source
        self.tiles_from: int | None = None

    def __call__(self, offset: int, length: int) -> bytes:
        if length > LARGEST:
            raise OSError(TOO_LARGE)
        data = self._source(offset, length)
        if self.tiles_from is None or offset < self.tiles_from:
            _must_stay_small(data)
        return data


def _must_stay_small(data: bytes) -> None:
    """Raises OSError for gzip that unpacks to more than ``MOST_PLAIN``."""
    if not data.startswith(b"\x1f\x8b"):
        return
    try:
        plain = zlib.decompressobj(wbits=31).decompress(data, MOST_PLAIN + 1)
    except zlib.error as error:
        raise OSError(BROKEN) from error
    if len(plain) > MOST_PLAIN:
        raise OSError(SWELLS)
