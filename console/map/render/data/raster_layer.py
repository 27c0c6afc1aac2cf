"""A data layer of a file with pixels (GeoTIFF, COG), read from its overviews and warped a sheet at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
from affine import Affine
from PySide6.QtGui import QImage, QPainter
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import RasterioError
from rasterio.vrt import WarpedVRT
from rasterio.warp import transform_bounds

from console.map.colors import color_of
from console.map.engine.data_refs import RasterRef, SourceTile
from console.map.render.labels import DataLabels
from console.map.render.painter import BaseLayer
from console.map.render.sheet import Sheet
from console.map.viewport import EARTH_CIRCUMFERENCE

DRIVER = "GTiff"
"""COG is one; other drivers can refer to files and addresses elsewhere."""
SAMPLE = 512
"""Pixels along the side of the overview from which a stretch is found."""
MOST_PIXELS = 400_000_000
"""Read for one picture of all of it."""
MOST_IN_BLOCK = 150_000_000
"""Pixels of one block: a whole one is unpacked to read any of it."""
Bytes = npt.NDArray[np.uint8]


class RasterLayer:
    """Implements ``console.map.render.data.layer.DataLayer``. Raises OSError."""

    def __init__(self, ref: RasterRef) -> None:
        self.id, self.opacity = ref.id, ref.opacity
        try:
            self._file: Any = rasterio.open(ref.path, driver=DRIVER)
            self._bounds = self._checked()
            self._colors = _Colors(self._file, ref.ramp)
            palette = self._file.colorinterp[0] is ColorInterp.palette
            self._resampling = Resampling.nearest if palette else Resampling.bilinear
        except RasterioError as error:
            raise OSError(str(error)) from error

    def _checked(self) -> tuple[float, float, float, float]:
        """West, south, east, north in metres of EPSG:3857; raises OSError for what cannot be drawn."""
        if self._file.crs is None:
            raise OSError("the file has no coordinate system")
        if max(rows * columns for rows, columns in self._file.block_shapes) > MOST_IN_BLOCK:
            raise OSError("the file is too large to be shown without overviews")
        factors = self._file.overviews(1) or [1]
        if self._file.width * self._file.height / max(factors) ** 2 > MOST_PIXELS:
            raise OSError("the file is too large to be shown without overviews")
        return transform_bounds(self._file.crs, "EPSG:3857", *self._file.bounds)

    def paint(self, painter: QPainter, sheet: Sheet) -> Sequence[SourceTile]:
        """Paint in device pixels of the sheet; nothing is lacking."""
        west, north = (sheet.left - 0.5) * EARTH_CIRCUMFERENCE, (0.5 - sheet.top) * EARTH_CIRCUMFERENCE
        pixel = EARTH_CIRCUMFERENCE / sheet.scale
        east, south = west + sheet.width * pixel, north - sheet.height * pixel
        box = self._bounds
        if west > box[2] or east < box[0] or south > box[3] or north < box[1]:
            return ()
        place = {
            "crs": "EPSG:3857",
            "transform": Affine(pixel, 0, west, 0, -pixel, north),
            "width": sheet.width,
            "height": sheet.height,
        }
        try:
            with WarpedVRT(self._file, resampling=self._resampling, add_alpha=True, **place) as warped:
                rgba = self._colors.apply(warped.read())
        except RasterioError as error:
            raise OSError(str(error)) from error
        line = sheet.width * 4
        painter.drawImage(
            0, 0, QImage(rgba.data, sheet.width, sheet.height, line, QImage.Format.Format_RGBA8888)
        )
        return ()

    def labels(self) -> Sequence[DataLabels]:
        return ()

    def identified(self) -> Sequence[BaseLayer]:
        return ()


class _Colors:
    """From the bands of a file, alpha last, to red, green, blue, alpha."""

    def __init__(self, file: Any, ramp: Sequence[tuple[float, str]]) -> None:
        self._bands = [i for i, use in enumerate(file.colorinterp) if use is not ColorInterp.alpha]
        self._table: npt.NDArray[np.float64] | None = None
        if file.colorinterp[0] is ColorInterp.palette:
            colors = file.colormap(1)
            self._values = np.array(sorted(colors), float)
            self._table = np.array([colors[int(v)] for v in self._values], float)
        elif len(self._bands) < 3:
            low, high = _stretch(file)
            stops = ramp or [(low, "#000000"), (max(high, low + 1e-9), "#ffffff")]
            self._values = np.array([value for value, _ in stops], float)
            self._table = np.array([color_of(color).getRgb() for _, color in stops], float)
        else:
            self._range = (0.0, 255.0) if file.dtypes[0] == "uint8" else _stretch(file)

    def apply(self, read: npt.NDArray[Any]) -> Bytes:
        """(bands + alpha, h, w) to (h, w, 4)."""
        rgba = np.empty((*read.shape[1:], 4), np.uint8)
        if self._table is not None:
            for channel in range(4):
                rgba[..., channel] = np.interp(read[0], self._values, self._table[:, channel])
            rgba[..., 3] = np.where(read[-1] > 0, rgba[..., 3], 0)
            return rgba
        low, high = self._range
        for channel, band in enumerate(self._bands[:3]):
            scaled = (read[band].astype(np.float64) - low) * (255.0 / max(high - low, 1e-9))
            rgba[..., channel] = np.clip(scaled, 0, 255)
        rgba[..., 3] = np.where(read[-1] > 0, 255, 0)
        return rgba


def _stretch(file: Any) -> tuple[float, float]:
    """The 2nd and the 98th percentile of the first band, from an overview."""
    shape = min(SAMPLE, file.height), min(SAMPLE, file.width)
    sample = file.read(1, out_shape=shape, masked=True).compressed()
    sample = sample[np.isfinite(sample)]
    if len(sample) == 0:
        return 0.0, 1.0
    low, high = np.percentile(sample, (2, 98))
    return float(low), float(high)
