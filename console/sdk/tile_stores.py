"""Tiles on this machine, one by one: of an archive, or of a folder to which they are fetched."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from console.model.coordinates import MERCATOR_LIMIT, to_mercator
from console.sdk.tile_archives import TileDatabase, checked_levels, open_pmtiles

LARGEST = 8_000_000
"""Bytes of one tile."""
MOST_LISTED = 4_000
"""Tiles that ``within`` gives."""
Tile = tuple[int, int, int]
"""Level, column, row from the north."""
Box = tuple[int, int, int, int]
"""First column and row, last column and row."""


class Folder:
    """Tiles that have been fetched, as ``z/x/y``."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)

    def levels(self) -> tuple[int, int]:
        """The coarsest and the finest that there is anything of."""
        found = _numbers(self._path)
        return (min(found), max(found)) if found else (0, 0)

    def within(self, level: int, box: Box) -> list[tuple[int, int]]:
        """Columns and rows of the tiles there are in *box*."""
        place = self._path / str(level)
        columns = [x for x in _numbers(place) if box[0] <= x <= box[2]]
        rows = [(x, y) for x in columns for y in _numbers(place / str(x)) if box[1] <= y <= box[3]]
        return rows[:MOST_LISTED]

    def get(self, tile: Tile) -> bytes | None:
        """Raises OSError."""
        z, x, y = tile
        try:
            return (self._path / str(z) / str(x) / str(y)).read_bytes()
        except FileNotFoundError:
            return None

    def drop(self, tile: Tile) -> None:
        """It is broken: have it fetched again."""
        z, x, y = tile
        (self._path / str(z) / str(x) / str(y)).unlink(missing_ok=True)


class MbTiles:
    """The MBTiles specification 1.3: SQLite, rows counted from the south."""

    def __init__(self, path: str) -> None:
        self._base = TileDatabase(path)

    def levels(self) -> tuple[int, int]:
        """The coarsest and the finest; raises OSError."""
        (low, high), *_ = self._base.ask("SELECT min(zoom_level), max(zoom_level) FROM tiles")
        return checked_levels(low, high) if low is not None else (0, 0)

    def within(self, level: int, box: Box) -> list[tuple[int, int]]:
        """Columns and rows of the tiles there are in *box*. Raises OSError."""
        last = (1 << level) - 1
        question = (
            "SELECT tile_column, tile_row FROM tiles WHERE zoom_level = ?"
            " AND tile_column BETWEEN ? AND ? AND tile_row BETWEEN ? AND ?"
        )
        rows = self._base.ask(
            question, (level, box[0], box[2], last - box[3], last - box[1]), most=MOST_LISTED
        )
        return [(x, last - y) for x, y in rows if isinstance(x, int) and isinstance(y, int)]

    def get(self, tile: Tile) -> bytes:
        z, x, y = tile
        question = "SELECT tile_data FROM tiles WHERE zoom_level=? AND tile_column=? AND tile_row=?"
        rows = self._base.ask(question, (z, x, (1 << z) - 1 - y))
        return bytes(rows[0][0]) if rows and isinstance(rows[0][0], bytes) else b""


class PmTiles:
    """A PMTiles archive, version 3."""

    def __init__(self, path: str) -> None:
        self._reader = open_pmtiles(path)
        self._header: dict[str, Any] = self._reader.header()

    def levels(self) -> tuple[int, int]:
        """The coarsest and the finest."""
        return int(self._header["min_zoom"]), int(self._header["max_zoom"])

    def within(self, level: int, box: Box) -> list[tuple[int, int]]:
        """Columns and rows of the tiles that there may be in *box*, by what the archive says it covers."""
        west, south, east, north = (
            self._header[name] / 1e7 for name in ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")
        )
        own = tiles_around((west, south, east, north), level)
        x0, y0, x1, y1 = max(box[0], own[0]), max(box[1], own[1]), min(box[2], own[2]), min(box[3], own[3])
        if (x1 - x0 + 1) * max(y1 - y0 + 1, 0) > MOST_LISTED:
            middle, half = ((x0 + x1) // 2, (y0 + y1) // 2), int(MOST_LISTED**0.5) // 2
            x0, x1 = max(x0, middle[0] - half), min(x1, middle[0] + half)
            y0, y1 = max(y0, middle[1] - half), min(y1, middle[1] + half)
        return [(x, y) for x in range(x0, x1 + 1) for y in range(y0, y1 + 1)][:MOST_LISTED]

    def get(self, tile: Tile) -> bytes:
        try:
            data = self._reader.get(*tile)
        except Exception as error:  # the library raises whatever comes
            raise OSError("the archive is broken") from error
        return b"" if data is None else bytes(data)


Store = Folder | MbTiles | PmTiles
"""Encoded tiles: ``get`` gives None for one that may still come, empty bytes where there is none."""


def opened(path: str) -> Store:
    """A folder of fetched tiles or an archive, by what it is. Raises OSError for a file that is neither."""
    if Path(path).is_dir():
        return Folder(path)
    with Path(path).open("rb") as file:
        head = file.read(16)
    return MbTiles(path) if head.startswith(b"SQLite format 3") else PmTiles(path)


def unpacked(data: bytes) -> bytes:
    """A tile without gzip around it; raises OSError for one that is broken or too large."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            plain = file.read(LARGEST + 1)
    except (EOFError, OSError, ValueError) as error:
        raise OSError("a tile is broken") from error
    if len(plain) > LARGEST:
        raise OSError("a tile is too large")
    return plain


def tiles_around(bounds: tuple[float, float, float, float], level: int) -> Box:
    """The tiles of the Mercator pyramid that hold west, south, east and north, in degrees."""
    x, y = to_mercator(np.array([bounds[0], bounds[2]]), np.array([bounds[3], bounds[1]]))
    half = 2.0 ** (level - 1)
    across, down = (1 + x / MERCATOR_LIMIT) * half, (1 - y / MERCATOR_LIMIT) * half
    last = (1 << level) - 1
    columns, rows = (np.clip(np.floor(v), 0, last).astype(int) for v in (across, down))
    return int(columns[0]), int(rows[0]), int(columns[1]), int(rows[1])


def _numbers(folder: Path) -> list[int]:
    """What in a folder is called by a number; empty when there is no folder."""
    try:
        names: Iterable[str] = (entry.name for entry in folder.iterdir())
        return sorted(int(name) for name in names if name.isdecimal() and name.isascii() and len(name) < 10)
    except (FileNotFoundError, NotADirectoryError):
        return []
