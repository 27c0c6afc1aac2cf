"""Heights from a GeoTIFF or COG in any coordinate system, read in blocks of the detail asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.windows import Window

from console.scene.ground.heights import ELLIPSOID, Heights, Values
from console.scene.ground.kept import Kept
from console.scene.refusal import refused

DRIVER = "GTiff"
"""COG is one; other drivers can refer to files and addresses elsewhere."""
SIDE = 256
"""Samples along the side of a block."""
ROOM = 64 << 20
"""Bytes of blocks that are kept."""
MOST_WITHOUT_OVERVIEWS = 400_000_000
"""Pixels: reading all of them for a view from afar takes some seconds."""
MOST_IN_BLOCK = 150_000_000
"""Pixels of one of the file's blocks: a whole one is unpacked to read any of it."""

Key = tuple[int, int, int]
"""Level (each halves the one before), row, column of a block."""


class RasterHeights:
    """Implements Heights: bilinear between the middles of pixels, renormalised where some have no value."""

    def __init__(self, path: Path, geoid: Heights = ELLIPSOID, room: int = ROOM) -> None:
        """*geoid*: the height of the file's zero above the ellipsoid (for heights above sea level); it is the
        ground where the file says nothing. Raises SceneRefused.
        """
        self._geoid = geoid
        try:
            self._file: Any = rasterio.open(path, driver=DRIVER)
        except RasterioError as error:
            raise refused(
                f"无法读取高程文件“{path.name}”", f"the elevation file “{path.name}” cannot be read"
            ) from error
        self._check(path.name)
        self._into = self._transformer(path.name)
        self._inverse = ~self._file.transform
        self._levels = max(0, int(np.log2(max(min(self._file.width, self._file.height) / 64, 1))))
        self._degrees = self._pixel_degrees()
        self._blocks: Kept[Key, NDArray[np.float32]] = Kept(room, self._read)

    def at(self, lon: Values, lat: Values, step: float = 0.0) -> Values:
        """See Heights."""
        lon, lat = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
        level = int(np.clip(np.log2(max(step / self._degrees, 1.0)), 0, self._levels))
        x, y = self._into.transform(lon.ravel(), lat.ravel())
        column, row = self._inverse @ (np.asarray(x), np.asarray(y))
        found = self._bilinear(row / (1 << level) - 0.5, column / (1 << level) - 0.5, level)
        base = self._geoid.at(lon, lat, step)
        return base + np.nan_to_num(found).reshape(lon.shape)

    def _check(self, name: str) -> None:
        if self._file.crs is None:
            raise refused(f"“{name}”没有坐标系", f"“{name}” has no coordinate system")
        large = self._file.width * self._file.height > MOST_WITHOUT_OVERVIEWS and not self._file.overviews(1)
        if large or max(rows * columns for rows, columns in self._file.block_shapes) > MOST_IN_BLOCK:
            raise refused(
                f"“{name}”过大且没有金字塔,请转换为 COG",
                f"“{name}” is too large to be read without overviews: convert it to a COG",
            )

    def _transformer(self, name: str) -> Transformer:
        try:
            return Transformer.from_crs(4326, CRS.from_user_input(self._file.crs), always_xy=True)
        except ProjError as error:
            raise refused(
                f"“{name}”的坐标系无法识别", f"the coordinate system of “{name}” is not known"
            ) from error

    def _pixel_degrees(self) -> float:
        """Of a pixel in the file's middle, along the shorter way."""
        middle = np.array([self._file.height / 2, self._file.width / 2])
        columns = middle[1] + np.array([0.0, 1.0, 0.0])
        rows = middle[0] + np.array([0.0, 0.0, 1.0])
        x, y = self._file.transform @ (columns, rows)
        lon, lat = self._into.transform(x, y, direction="INVERSE")
        return float(np.hypot(np.diff(lon[[0, 1, 0, 2]])[::2], np.diff(lat[[0, 1, 0, 2]])[::2]).min())

    def _bilinear(self, row: Values, column: Values, level: int) -> Values:
        """(n,) heights at places in samples of *level*; nan where there is none."""
        finite = np.isfinite(row) & np.isfinite(column)
        row, column = np.where(finite, row, -9.0), np.where(finite, column, -9.0)
        top, left = np.floor(row), np.floor(column)
        down, right = row - top, column - left
        total, weight = np.zeros(len(row)), np.zeros(len(row))
        for south in (0, 1):
            for east in (0, 1):
                share = (down if south else 1 - down) * (right if east else 1 - right)
                value = self._samples(top + south, left + east, level)
                known = ~np.isnan(value)
                total += np.where(known, value, 0.0) * share
                weight += known * share
        return np.divide(total, weight, out=np.full(len(row), np.nan), where=weight > 1e-9)

    def _samples(self, row: Values, column: Values, level: int) -> Values:
        """(n,) values of whole samples; nan outside of the file and where it has none."""
        rows, columns = self._file.height >> level, self._file.width >> level
        found = np.full(len(row), np.nan)
        inside = np.flatnonzero((row >= 0) & (row < rows) & (column >= 0) & (column < columns))
        i, j = row[inside].astype(np.int64), column[inside].astype(np.int64)
        across = -(-columns // SIDE)
        blocks, of = np.unique(i // SIDE * across + j // SIDE, return_inverse=True)
        for number, block in enumerate(blocks.tolist()):
            mine = of == number
            values = self._blocks.get((level, block // across, block % across))
            found[inside[mine]] = values[i[mine] % SIDE, j[mine] % SIDE]
        return found

    def _read(self, key: Key) -> NDArray[np.float32]:
        """Up to (SIDE, SIDE) heights, nan where there is none."""
        level, row, column = key
        rows = min(SIDE, (self._file.height >> level) - row * SIDE)
        columns = min(SIDE, (self._file.width >> level) - column * SIDE)
        window = Window((column * SIDE) << level, (row * SIDE) << level, columns << level, rows << level)  # type: ignore[call-arg]
        try:
            values = self._file.read(
                1, window=window, out_shape=(rows, columns), resampling=Resampling.average, masked=True
            )
        except RasterioError as error:
            raise refused("高程文件读取失败", "the elevation file could not be read") from error
        scaled = values.astype(np.float32) * self._file.scales[0] + self._file.offsets[0]
        heights = np.ma.filled(scaled, np.nan).astype(np.float32)
        heights[~np.isfinite(heights)] = np.nan
        return heights
