"""A data layer of vector tiles in a worker: cut at their edges when painted, labelled across them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from console.map.engine.data_refs import SourceTile, VectorTilesRef
from console.map.render.candidates import Spots, View
from console.map.render.data.layers import StyleLayer, read_style
from console.map.render.data.painter import Features, paint_background, paint_features
from console.map.render.data.pyramid import Pyramid, open_store
from console.map.render.data.stamps import is_stamped
from console.map.render.data.symbols import SymbolLabels, shown_rule
from console.map.render.data.vector_tile import read_tile, source_layers
from console.map.render.labels import DataLabels, Ink, Source
from console.map.render.painter import BaseLayer
from console.map.render.sheet import Sheet
from console.map.render.style import LabelRule
from console.map.render.vectors import clipped
from console.map.viewport import Bounds
from console.model.coordinates import Datum
from console.sdk.tile_stores import Folder, Tile, unpacked

KEPT = 48
"""Tiles kept as features: some megabytes each."""


class VectorTilesLayer:
    """Implements ``console.map.render.data.layer.DataLayer``. Raises OSError, StyleError."""

    def __init__(self, ref: VectorTilesRef) -> None:
        self.id, self.opacity = ref.id, ref.opacity
        self.style = read_style(ref.style)
        self._store, ref = open_store(ref)
        self.pyramid, self._datum = Pyramid(ref), Datum(ref.datum)
        self._wanted = source_layers(self.style)
        self._tiles: OrderedDict[Tile, list[Features]] = OrderedDict()
        self._labels = [TileLabels(self, layer) for layer in self.style if layer.type == "symbol"]

    def paint(self, painter: QPainter, sheet: Sheet) -> Sequence[SourceTile]:
        """Paint in device pixels of the sheet; gives the tiles that are lacking for it."""
        lacks: list[SourceTile] = []
        paint_background(painter, sheet, self.style)
        for tile in self.pyramid.tiles(sheet, self.pyramid.level(sheet.zoom)):
            features = self.features(tile)
            if features is None:
                lacks.append(SourceTile(self.id, *tile))
                continue
            with clipped(painter, self._place(sheet, tile)):
                paint_features(painter, sheet, features, self.style)
        return lacks

    def labels(self) -> Sequence[DataLabels]:
        """Texts, the most important first: a style paints them last, and on top."""
        return self._labels[::-1]

    def identified(self) -> Sequence[BaseLayer]:
        """What has been seen of it lately."""
        parts = [part for features in self._tiles.values() for part in features]
        return [part.identified(self.id, self.style) for part in parts]

    def features(self, tile: Tile) -> list[Features] | None:
        """None when it is not there yet. Raises OSError for a broken archive."""
        if tile in self._tiles:
            self._tiles.move_to_end(tile)
            return self._tiles[tile]
        data = self._store.get(tile)
        if data is None:
            return None
        try:
            found = self._read(data, tile) if data else []
        except OSError:
            if not isinstance(self._store, Folder):
                raise
            self._store.drop(tile)
            return None
        self._tiles[tile] = found
        if len(self._tiles) > KEPT:
            self._tiles.popitem(last=False)
        return found

    def _read(self, data: bytes, tile: Tile) -> list[Features]:
        return read_tile(unpacked(data), tile, self._wanted, self._datum)

    def _place(self, sheet: Sheet, tile: Tile) -> QRectF:
        """Whole pixels, so that neighbours meet."""
        left, right, borders = self.pyramid.corners(tile)
        x0, x1 = (round((x - sheet.left) * sheet.scale) for x in (left, right))
        y0, y1 = (round((y - sheet.top) * sheet.scale) for y in (borders[0], borders[-1]))
        return QRectF(x0, y0, x1 - x0, y1 - y0)


@dataclass(slots=True)
class TileLabels:
    """Texts of one symbol layer in whatever tiles there are; implements ``DataLabels`` and ``Source``."""

    owner: VectorTilesLayer
    layer: StyleLayer
    rule: LabelRule = field(init=False)
    _rank: int = 0
    _ink: Ink = ("", "")
    _sources: OrderedDict[tuple[Tile, int], Source] = field(
        default_factory=OrderedDict[tuple[Tile, int], Source]
    )

    def __post_init__(self) -> None:
        self.rule = shown_rule(self.layer)

    def source(self, rank: int, ink: Ink) -> Source:
        if (rank, ink) != (self._rank, self._ink):
            self._rank, self._ink = rank, ink
            self._sources.clear()
        return self

    def within(self, area: Bounds, view: View) -> list[Spots]:
        """Places in an area (pixels of the level), each in the tile that holds it."""
        found: list[Spots] = []
        pyramid, level = self.owner.pyramid, self.owner.pyramid.level(view.zoom)
        for tile in pyramid.tiles(_sheet(area, view), level):
            left, right, borders = pyramid.corners(tile)
            box = (left * view.scale, borders[0] * view.scale, right * view.scale, borders[-1] * view.scale)
            common = _common(area, box)
            for number, part in enumerate(self.owner.features(tile) or ()):
                if part.source_layer == self.layer.source_layer and not is_stamped(self.layer, part.table):
                    found += self._of(tile, number, part).within(common, view)
        return found

    def _of(self, tile: Tile, number: int, part: Features) -> Source:
        key = tile, number
        if key not in self._sources:
            self._sources[key] = SymbolLabels(part, self.layer).source(self._rank, self._ink)
            if len(self._sources) > 4 * KEPT:
                self._sources.popitem(last=False)
        return self._sources[key]


def _sheet(area: Bounds, view: View) -> Sheet:
    left, top, right, bottom = area
    scale = view.scale
    return Sheet(left / scale, top / scale, scale, int(right - left), int(bottom - top), view.zoom, view.dpr)


def _common(a: Bounds, b: Bounds) -> Bounds:
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])
