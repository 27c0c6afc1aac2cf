"""Where the tiles of a pyramid lie on the ground."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from console.map.engine.data_refs import TilesRef
from console.map.render.sheet import Sheet
from console.map.viewport import from_world, to_world
from console.model.coordinates import Datum, from_wgs84, to_wgs84
from console.sdk.tile_stores import Folder, Store, Tile, opened

MOST = 64
"""Tiles for one sheet of a tile's size."""
STRIPS = 8
"""Parts of a tile in degrees, each of which is straight on the map."""
Floats = npt.NDArray[np.float64]
Ref = TypeVar("Ref", bound=TilesRef)


def open_store(ref: Ref) -> tuple[Store, Ref]:
    """The tiles, and the reference with the levels that they have. Raises OSError for a file that is none."""
    if ref.fetched:
        return Folder(ref.path), ref
    store = opened(ref.path)
    low, high = store.levels()
    return store, msgspec.structs.replace(ref, min_zoom=low, max_zoom=high)


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
