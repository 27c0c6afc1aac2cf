"""Where the tiles of a pyramid lie, on the ground and on disk."""

from __future__ import annotations

import gzip
import io
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from console.map.engine.data_refs import TilesRef
from console.map.render.sheet import Sheet
from console.map.viewport import from_world, to_world
from console.model.coordinates import Datum, from_wgs84, to_wgs84
from console.sdk.tile_archives import TileDatabase, checked_levels, open_pmtiles

MOST = 64
"""Tiles for one sheet of a tile's size."""
LARGEST = 8_000_000
"""Bytes of one tile."""
STRIPS = 8
"""Parts of a tile in degrees, each of which is straight on the map."""
Tile = tuple[int, int, int]
"""Level, column, row from the north."""
Floats = npt.NDArray[np.float64]
Ref = TypeVar("Ref", bound=TilesRef)


class Folder:
    """Tiles that have been fetched, as ``z/x/y``."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)

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

    def get(self, tile: Tile) -> bytes:
        try:
            data = self._reader.get(*tile)
        except Exception as error:  # the library raises whatever comes
            raise OSError("the archive is broken") from error
        return b"" if data is None else bytes(data)


Store = Folder | MbTiles | PmTiles
"""Encoded tiles: ``get`` gives None for one that may still come, empty bytes where there is none."""


def open_store(ref: Ref) -> tuple[Store, Ref]:
    """The tiles, and the reference with the levels that they have. Raises OSError for a file that is none."""
    if ref.fetched:
        return Folder(ref.path), ref
    store = _opened(ref.path)
    low, high = store.levels()
    return store, msgspec.structs.replace(ref, min_zoom=low, max_zoom=high)


def _opened(path: str) -> MbTiles | PmTiles:
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


class Pyramid:
    """Which tiles a sheet needs, and where on it they lie."""

    def __init__(self, ref: TilesRef) -> None:
        self._ref = ref
        self._datum = Datum(ref.datum)
        self._geographic = ref.grid == "geographic"
        self._parts = STRIPS if self._geographic else 1

    def level(self, zoom: float, dpr: float = 1.0) -> int:
        """The level whose pixels are nearest in size to those of a view; *dpr*: of pictures."""
        wanted = zoom + math.log2(dpr * 256 / self._ref.size)
        if self._geographic:
            wanted -= 1  # level 0 is two tiles wide
        return min(max(round(wanted), self._ref.min_zoom), self._ref.max_zoom)

    def tiles(self, sheet: Sheet, level: int) -> Iterator[Tile]:
        """Tiles that the sheet meets, at most MOST."""
        columns, rows = self._across(level), self._down(level)
        west, south, east, north = self._degrees(sheet)
        x0, y0 = self._index(west, north, level)
        x1, y1 = self._index(east, south, level)
        found = 0
        for y in range(max(math.floor(y0), 0), min(math.floor(y1), rows - 1) + 1):
            for x in range(max(math.floor(x0), 0), min(math.floor(x1), columns - 1) + 1):
                if found < MOST and self._within(x, y, level):
                    found += 1
                    yield level, x, y

    def corners(self, tile: Tile) -> tuple[float, float, list[float]]:
        """Left, right and, from top to bottom, the borders of a tile's strips, in world units."""
        level, x, y = tile
        steps = np.linspace(y, y + 1, self._parts + 1).tolist()
        lat = np.array([self._lat(step, level) for step in steps])
        left, _ = self._world(np.full(len(lat), self._lon(x, level)), lat)
        right, down = self._world(np.full(len(lat), self._lon(x + 1, level)), lat)
        return float(left.mean()), float(right.mean()), down.tolist()

    def _across(self, level: int) -> int:
        return 2 << level if self._geographic else 1 << level

    def _down(self, level: int) -> int:
        return 1 << level

    def _degrees(self, sheet: Sheet) -> tuple[float, float, float, float]:
        """The sheet in the pyramid's own datum."""
        left, top, right, bottom = sheet.area(0)
        lon, lat = from_world([left, right], [bottom, top])
        lon, lat = from_wgs84(lon, lat, self._datum)
        return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])

    def _world(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        return to_world(*to_wgs84(lon, lat, self._datum))

    def _index(self, lon: float, lat: float, level: int) -> tuple[float, float]:
        if self._geographic:
            return (lon + 180) / 180 * (1 << level), (90 - lat) / 180 * (1 << level)
        x, y = to_world(lon, lat)
        return float(x) * (1 << level), float(y) * (1 << level)

    def _lon(self, x: float, level: int) -> float:
        return x / self._across(level) * 360 - 180

    def _lat(self, y: float, level: int) -> float:
        if self._geographic:
            return 90 - y / (1 << level) * 180
        return float(from_world(0.5, y / (1 << level))[1])

    def _within(self, x: int, y: int, level: int) -> bool:
        box = self._ref.bounds
        if box is None:
            return True
        west, east = self._lon(x, level), self._lon(x + 1, level)
        south, north = self._lat(y + 1, level), self._lat(y, level)
        return west < box[2] and east > box[0] and south < box[3] and north > box[1]
