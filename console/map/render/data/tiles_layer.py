"""A data layer of picture tiles in a worker: from a file, or from what has been fetched of a service."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from console.map.engine.data_refs import SourceTile, TilesRef
from console.map.render.data.pyramid import Pyramid, open_store
from console.map.render.labels import DataLabels
from console.map.render.painter import BaseLayer
from console.map.render.sheet import Sheet
from console.sdk.tile_stores import Folder, Tile, unpacked

KEPT = 96
"""Decoded tiles kept: a quarter of a megabyte each, as a rule."""
ANCESTORS = 4
"""Levels up to which an older tile stands in for one that is still on its way."""


class TilesLayer:
    """Implements ``console.map.render.data.layer.DataLayer``. Raises OSError."""

    def __init__(self, ref: TilesRef) -> None:
        self.id, self.opacity = ref.id, ref.opacity
        self._store, ref = open_store(ref)
        self.pyramid = Pyramid(ref)
        self._images: OrderedDict[Tile, QImage] = OrderedDict()

    def paint(self, painter: QPainter, sheet: Sheet) -> Sequence[SourceTile]:
        """Paint in device pixels of the sheet; gives the tiles that are lacking for it."""
        lacks: list[SourceTile] = []
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # or tiles show their seams
        for tile in self.pyramid.tiles(sheet, self.pyramid.level(sheet.zoom, sheet.dpr)):
            image = self._image(tile)
            if image is None:
                lacks.append(SourceTile(self.id, *tile))
                self._stand_in(painter, sheet, tile)
            elif not image.isNull():
                self._draw(painter, sheet, tile, image, QRectF(image.rect()))
        return lacks

    def labels(self) -> Sequence[DataLabels]:
        return ()

    def identified(self) -> Sequence[BaseLayer]:
        return ()

    def _image(self, tile: Tile) -> QImage | None:
        """None when it is not there yet, a null image when there is nothing to show."""
        if tile in self._images:
            self._images.move_to_end(tile)
            return self._images[tile]
        data = self._store.get(tile)
        if data is None:
            return None
        image = QImage.fromData(unpacked(data)) if data else QImage()
        if data and image.isNull() and isinstance(self._store, Folder):
            self._store.drop(tile)
            return None
        self._images[tile] = image
        if len(self._images) > KEPT:
            self._images.popitem(last=False)
        return image

    def _stand_in(self, painter: QPainter, sheet: Sheet, tile: Tile) -> None:
        """The part of a coarser tile, if there is one."""
        z, x, y = tile
        for up in range(1, ANCESTORS + 1):
            parent = (z - up, x >> up, y >> up)
            image = self._image(parent) if z >= up else None
            if image is not None and not image.isNull():
                width, height = image.width() / (1 << up), image.height() / (1 << up)
                column, row = x - (parent[1] << up), y - (parent[2] << up)
                part = QRectF(column * width, row * height, width, height)
                self._draw(painter, sheet, tile, image, part)
                return

    def _draw(self, painter: QPainter, sheet: Sheet, tile: Tile, image: QImage, part: QRectF) -> None:
        """*part* of an image to where the tile lies, on whole pixels so that neighbours meet."""
        left, right, borders = self.pyramid.corners(tile)
        x0, x1 = (round((x - sheet.left) * sheet.scale) for x in (left, right))
        edges = [round((y - sheet.top) * sheet.scale) for y in borders]
        height = part.height() / (len(edges) - 1)
        for strip, (top, bottom) in enumerate(pairwise(edges)):
            source = QRectF(part.left(), part.top() + strip * height, part.width(), height)
            whole = x1 - x0 == source.width() and bottom - top == source.height()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not whole)
            painter.drawImage(
                QRectF(x0, top, x1 - x0, bottom - top), image, source, Qt.ImageConversionFlag.AutoColor
            )
