"""Live layers on a picture of their own, without a window: what they draw, pixel by pixel."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage, QPainter

from console.map.live.layer import LiveLayer
from console.map.live.points import PointsLayer
from console.map.viewport import Viewport, to_world
from console.map.views.painting import paint_texts
from console.sdk.map import LonLat

CENTER = (117.2, 34.26)
GROUND = "#000000"
COLORS = {
    "text": "#ffffff",
    "surface": "#101820",
    "map.selection": "#ffff00",
    "map.symbol_outline": "#202020",
    "map.shape": "#00a0ff",
}


class Canvas:
    """Owns layers as the view does; the clock is set by hand."""

    def __init__(self, zoom: float = 16.0, dpr: float = 1.0, width: int = 400, height: int = 300) -> None:
        x, y = (float(v) for v in to_world(*CENTER))
        self.viewport = replace(Viewport(width=width, height=height, zoom=zoom), dpr=dpr).at(x, y)
        self.now = 1000.0
        self.touched = 0
        self.forgotten: list[LiveLayer] = []

    def touch(self, layer: LiveLayer) -> None:
        self.touched += 1

    def forget(self, layer: LiveLayer) -> None:
        self.forgotten.append(layer)

    def places(self, *pixels: tuple[float, float]) -> list[LonLat]:
        """Longitudes and latitudes of logical pixels."""
        return [self.viewport.place_at(x, y) for x, y in pixels]

    def columns(self, *pixels: tuple[float, float]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """The same as columns."""
        lon, lat = np.array(self.places(*pixels)).reshape(-1, 2).T
        return lon, lat

    def draw(self, *layers: Any) -> npt.NDArray[np.int64]:
        """(height, width, 3) red, green, blue of each device pixel after the layers are painted."""
        dpr = self.viewport.dpr
        image = QImage(
            round(self.viewport.width * dpr), round(self.viewport.height * dpr), QImage.Format.Format_RGB32
        )
        image.fill(QColor(GROUND))
        painter = QPainter(image)
        try:
            for layer in layers:
                painter.save()
                if not isinstance(layer, PointsLayer):
                    painter.scale(dpr, dpr)
                layer.draw(painter, self.viewport, COLORS.__getitem__)
                painter.restore()
            painter.scale(dpr, dpr)
            paint_texts(painter, self.viewport, layers, COLORS.__getitem__)
        finally:
            painter.end()
        pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
        return pixels[:, :, 2::-1].astype(int)


def like(picture: npt.NDArray[np.int64], color: str, within: int = 40) -> npt.NDArray[np.bool_]:
    """Which pixels are nearly of a colour ``#rrggbb``."""
    wanted = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    return np.abs(picture - wanted).max(axis=2) <= within


def middle(mask: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Mean x, y of the pixels of a mask; there must be some."""
    y, x = np.nonzero(mask)
    assert len(x), "nothing is drawn"
    return float(x.mean()), float(y.mean())
