"""Density of points as colour (the style's layer ``heatmap``)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from console.map.colors import color_of
from console.map.render.data import values as v
from console.map.render.data.expressions import compile_expression
from console.map.render.data.layers import StyleLayer
from console.map.render.geometry import LayerGeometry
from console.map.render.sheet import Sheet

COARSE = 4
"""Device pixels along a cell: nobody sees finer in a blur."""
SHADES = 256
_STOPS = (0, "rgba(0,0,255,0)", 0.1, "royalblue", 0.3, "cyan", 0.5, "lime", 0.7, "yellow", 1, "red")
USUAL = compile_expression(["interpolate", ["linear"], ["heatmap-density"], *_STOPS])
"""What the specification says when no colours are given."""


class _Densities:
    """A table of densities from 0 to 1, for the colour of each."""

    shape = ""

    def __len__(self) -> int:
        return SHADES

    def column(self, name: str) -> npt.NDArray[Any] | None:
        return np.linspace(0.0, 1.0, SHADES) if name == "heatmap-density" else None


def paint_heatmap(
    painter: QPainter,
    sheet: Sheet,
    geometry: LayerGeometry,
    rows: npt.NDArray[np.bool_],
    weights: v.Value,
    layer: StyleLayer,
    zoom: float,
) -> None:
    """Paint the masked points as Gauss bells of ``heatmap-radius``; *weights*: one for all, or (n,)."""
    from scipy.ndimage import gaussian_filter  # takes as long to load as all the rest of a worker

    radius = v.numbers(layer.get("heatmap-radius", 30.0)(_Densities(), zoom)) * sheet.dpr
    intensity = v.numbers(layer.get("heatmap-intensity", 1.0)(_Densities(), zoom))
    opacity = v.numbers(layer.get("heatmap-opacity", 1.0)(_Densities(), zoom))
    sigma = min(max(radius, 1.0), 300.0) / 3 / COARSE
    margin = int(np.ceil(4 * sigma))
    found = sheet.parts(geometry, rows, margin * COARSE)
    if len(found.xy) == 0:
        return
    weight = np.broadcast_to(np.asarray(v.numbers(weights), float), len(rows))[found.owner]
    high, wide = -(-sheet.height // COARSE) + 2 * margin, -(-sheet.width // COARSE) + 2 * margin
    bins = [(-margin, high - margin), (-margin, wide - margin)]
    places = found.xy[np.cumsum(found.counts) - found.counts] / COARSE
    counts, _, _ = np.histogram2d(
        places[:, 1], places[:, 0], (high, wide), bins, weights=np.nan_to_num(weight) * intensity
    )
    # a single point of weight 1 reaches 1 in its middle, as the specification's kernel does
    density = gaussian_filter(counts, sigma, truncate=4.0) * (2 * np.pi * sigma**2)
    density = density[margin : high - margin, margin : wide - margin]
    image = _colored(density, layer, zoom)
    painter.save()
    painter.setOpacity(painter.opacity() * (opacity if opacity == opacity else 1.0))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(0, 0, image.width() * COARSE, image.height() * COARSE), image)
    painter.restore()


def _colored(density: npt.NDArray[np.float64], layer: StyleLayer, zoom: float) -> QImage:
    """(h, w) densities as a picture that owns its pixels."""
    table = _Densities()
    colors = (layer.properties.get("heatmap-color") or USUAL)(table, zoom)
    texts = colors.tolist() if isinstance(colors, np.ndarray) else [colors] * SHADES
    palette = np.array([color_of(text).getRgb() for text in texts], np.uint8)
    shade = np.clip(density * (SHADES - 1), 0, SHADES - 1).astype(np.intp)
    rgba = np.ascontiguousarray(palette[shade])
    high, wide = density.shape
    return QImage(rgba.data, wide, high, wide * 4, QImage.Format.Format_RGBA8888).copy()
