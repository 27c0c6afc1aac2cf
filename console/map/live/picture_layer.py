"""A live layer that is one picture of the view, made elsewhere, with some ground around it."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from console.map.live.layer import LayerOwner, LiveLayer
from console.map.live.sprites import Colors
from console.map.viewport import Viewport


class Picture(NamedTuple):
    """Premultiplied ARGB; *viewport* is what it shows, its size that of the image."""

    image: QImage
    viewport: Viewport


class PictureLayer(LiveLayer):
    """Shows its picture where it lies, moved and scaled while there is no better one."""

    def __init__(self, layer_id: str, owner: LayerOwner) -> None:
        super().__init__(layer_id, owner)
        self.picture: Picture | None = None
        self._version = 0

    def show(self, picture: Picture | None) -> None:
        """Another picture from now on; None: nothing."""
        if picture is not None or self.picture is not None:
            self.picture = picture
            self._version += 1
            self.touch()

    def burn_stamp(self, viewport: Viewport, now: float) -> object | None:
        """See ``PointsLayer.burn_stamp``."""
        return (self._version, self.opacity)

    def burn(self, painter: QPainter, viewport: Viewport, colors: Colors, now: float) -> None:
        """Paint into a picture of the ground, in device pixels."""
        kept = self.picture
        if kept is None or self.opacity <= 0:
            return
        painter.save()
        painter.setOpacity(painter.opacity() * self.opacity)
        there = kept.viewport
        if (there.zoom, there.dpr) == (viewport.zoom, viewport.dpr):
            x, y = (here - made for here, made in zip(viewport.origin, there.origin, strict=True))
            painter.drawImage(x, y, kept.image)
        else:
            left, top, right, bottom = there.world
            x, y = viewport.to_pixels(left, top)
            far_x, far_y = viewport.to_pixels(right, bottom)
            dpr = viewport.dpr
            target = QRectF(x * dpr, y * dpr, (far_x - x) * dpr, (far_y - y) * dpr)
            painter.drawImage(target, kept.image, QRectF(kept.image.rect()))
        painter.restore()

    def draw(self, painter: QPainter, viewport: Viewport, colors: Colors) -> None:
        """Paint in logical pixels."""
        painter.save()
        painter.scale(1 / viewport.dpr, 1 / viewport.dpr)
        self.burn(painter, viewport, colors, 0.0)
        painter.restore()
