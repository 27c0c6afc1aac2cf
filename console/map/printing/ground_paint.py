"""The map part of a sheet: base and data layers and names, as vectors where they are vectors."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from console.map.engine.arena import TILE
from console.map.engine.data_refs import RasterRef, SourceTile
from console.map.printing.layout import Ground
from console.map.render.candidates import Candidate
from console.map.render.data.layer import DataLayer
from console.map.render.data.tiles_layer import TilesLayer
from console.map.render.data.vector_tiles_layer import VectorTilesLayer
from console.map.render.label_painter import draw_label, extent
from console.map.render.painter import paint_base
from console.map.render.renderer import Renderer
from console.map.render.sheet import Sheet

GROUP = 4
"""Tiles along the side of what is asked of a pyramid at once, and …"""
CHUNK = 2048
"""… pixels of what is read of a raster."""
INSET = 2.0
"""Sheet pixels that keep the tiles of the neighbours out of a group."""
BLOCKS = 8
"""Blocks along the side of what is labelled at once."""
SHARPEST = 1.5
"""Picture tiles are taken as for a screen of so many device pixels: finer levels cost tiles by the square."""
Tell = Callable[[], None]
"""Called after each step."""


class GroundPainter:
    """Paints what the renderer knows; raises OSError for what cannot be read."""

    def __init__(self, renderer: Renderer, ground: Ground, dpi: float) -> None:
        """*dpi*: of rasters."""
        self._renderer, self._sheet = renderer, ground.sheet
        self._fine = min(dpi / 300.0, 1.0)
        # Told by what they were opened from: the class would load GDAL, which most sheets need not.
        refs = renderer.setup.data if renderer.setup else []
        self._rasters = {ref.id for ref in refs if isinstance(ref, RasterRef)}
        self._labels: list[Candidate] = []

    @property
    def steps(self) -> int:
        """How often ``paint`` tells."""
        return 2 + len(self._renderer.data)

    def lacks(self) -> list[SourceTile]:
        """Tiles of services that are not there yet."""
        blank = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
        painter, found = QPainter(blank), list[SourceTile]()
        for layer in self._renderer.data:
            if isinstance(layer, TilesLayer | VectorTilesLayer):
                found += self._paint_layer(painter, layer, self._sheet)
        painter.end()
        return list(dict.fromkeys(found))

    def place_labels(self, hidden: Callable[[QRectF], bool]) -> None:
        """Names that stand whole on the sheet, but those *hidden* by what is written above (sheet pixels)."""
        sheet, engine = self._sheet, self._renderer.label_engine(self._sheet.dpr)
        left, top = sheet.left * sheet.scale, sheet.top * sheet.scale
        whole = QRectF(left, top, sheet.width, sheet.height)
        for blocks in _blocks(left, top, sheet.width, sheet.height):
            for labels in engine.place(round(sheet.zoom * 2), blocks):
                for label in labels:
                    box = extent(label, sheet.dpr).translated(label.x, label.y)
                    if whole.contains(box) and not hidden(box.translated(-left, -top)):
                        self._labels.append(label)

    def paint(self, painter: QPainter, top: float, bottom: float, tell: Tell) -> None:
        """The part from *top* to *bottom* (sheet pixels); the painter's origin is the map's corner."""
        part = _strip(self._sheet, top, bottom)
        assert self._renderer.style is not None
        painter.save()
        painter.translate(0, (part.top - self._sheet.top) * part.scale)
        paint_base(painter, part, self._renderer.layers, self._renderer.style)
        tell()
        for layer in tuple(self._renderer.data):
            painter.save()
            painter.setOpacity(layer.opacity)
            self._paint_layer(painter, layer, part)
            painter.restore()
            tell()
        painter.restore()
        self._paint_labels(painter, top, bottom)
        tell()

    def _paint_labels(self, painter: QPainter, top: float, bottom: float) -> None:
        sheet = self._sheet
        left, up = sheet.left * sheet.scale, sheet.top * sheet.scale
        for label in self._labels:
            box = extent(label, sheet.dpr).translated(label.x - left, label.y - up)
            if box.bottom() >= top and box.top() <= bottom:
                painter.save()
                painter.translate(label.x - left, label.y - up)
                draw_label(painter, label, sheet.dpr)
                painter.restore()

    def _paint_layer(self, painter: QPainter, layer: DataLayer, part: Sheet) -> list[SourceTile]:
        """In pieces where a layer takes no large sheets; one that cannot be drawn is left out."""
        lacks: list[SourceTile] = []
        try:
            for piece in self._pieces(layer, part):
                painter.save()
                painter.translate((piece.left - part.left) * part.scale, (piece.top - part.top) * part.scale)
                painter.scale(part.scale / piece.scale, part.scale / piece.scale)
                lacks += layer.paint(painter, piece)
                painter.restore()
        except (ValueError, TypeError, ArithmeticError, LookupError):
            painter.restore()
        return lacks

    def _pieces(self, layer: DataLayer, part: Sheet) -> Iterator[Sheet]:
        if layer.id in self._rasters:
            coarse = replace(part, scale=part.scale * self._fine, dpr=part.dpr * self._fine)
            side = CHUNK / coarse.scale
            return _cells(coarse, part, side, (part.left, part.top), 0.0)
        if isinstance(layer, TilesLayer):
            part = replace(part, dpr=min(part.dpr, SHARPEST))
            side = GROUP / 2.0 ** layer.pyramid.level(part.zoom, part.dpr)
            return _cells(part, part, side, (0.0, 0.0), INSET)
        if isinstance(layer, VectorTilesLayer):
            return _cells(part, part, GROUP / 2.0 ** layer.pyramid.level(part.zoom), (0.0, 0.0), INSET)
        return iter((part,))


def _strip(sheet: Sheet, top: float, bottom: float) -> Sheet:
    """The rows from *top* to *bottom*."""
    first, last = max(math.floor(top), 0), min(math.ceil(bottom), sheet.height)
    return replace(sheet, top=sheet.top + first / sheet.scale, height=max(last - first, 1))


def _cells(
    like: Sheet, part: Sheet, side: float, origin: tuple[float, float], inset: float
) -> Iterator[Sheet]:
    """Squares of *side* world units, counted from *origin*, that meet *part*, less *inset* pixels on each
    side; they begin at whole pixels, or edges of tiles would be rounded this way here and that way there."""
    left, top, right, bottom = part.area(0)
    pixels, gap = math.ceil(side * like.scale - 2 * inset), inset / like.scale
    for row in range(math.floor((top - origin[1]) / side), math.floor((bottom - origin[1]) / side) + 1):
        for column in range(
            math.floor((left - origin[0]) / side), math.floor((right - origin[0]) / side) + 1
        ):
            x, y = origin[0] + column * side + gap, origin[1] + row * side + gap
            x, y = (at + round((v - at) * like.scale) / like.scale for v, at in ((x, left), (y, top)))
            yield replace(like, left=x, top=y, width=pixels, height=pixels)


def _blocks(left: float, top: float, width: float, height: float) -> Iterator[Sequence[tuple[int, int]]]:
    """Blocks of labels around a rectangle in pixels of the level, in groups."""
    columns = range(int(left // TILE) - 1, int((left + width) // TILE) + 2)
    rows = range(int(top // TILE) - 1, int((top + height) // TILE) + 2)
    for row in rows[::BLOCKS]:
        for column in columns[::BLOCKS]:
            yield [
                (c, r)
                for c in range(column, min(column + BLOCKS, columns.stop))
                for r in range(row, min(row + BLOCKS, rows.stop))
            ]
