"""A data layer of features in a worker: painting, texts, what lies at a place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QPainter

from console.map.colors import color_of, color_text
from console.map.data_refs import FeatureRef, SourceTile
from console.map.render.candidates import Names
from console.map.render.data import values as v
from console.map.render.data.layers import StyleLayer, read_style
from console.map.render.data.painter import NOTHING, Features, PackageTable, paint_background, paint_features
from console.map.render.geometry import LayerGeometry
from console.map.render.labels import Source, source_of
from console.map.render.painter import BaseLayer
from console.map.render.sheet import Sheet
from console.map.render.style import LabelRule, Stops

Load = Callable[[str], LayerGeometry]
SAMPLED = range(2, 24)
"""Zooms at which sizes of texts are asked for; between them they grow as scales do."""


@dataclass(frozen=True, slots=True)
class SymbolLabels:
    """Texts of features by a symbol layer of the style; implements ``labels.DataLabels``."""

    part: Features
    layer: StyleLayer
    rule: LabelRule

    def source(self, rank: int) -> Source:
        return source_of(self.part.geometry, self._names(), self.rule, rank)

    def _names(self) -> Names:
        """Texts as they are at the zoom from which the layer is shown."""
        zoom, count = max(self.layer.min_zoom, 1.0), len(self.part.table)
        text = v.texts(self.layer.get("text-field", "")(self.part.table, zoom))
        column = text if isinstance(text, np.ndarray) else np.full(count, text, object)
        column = np.where(self.part.rows(self.layer, zoom), column, "")
        strings, codes = np.unique(np.concatenate([[""], column.astype(str)]), return_inverse=True)
        return Names(codes[1:].astype(np.int32), strings.tolist())


class FeatureLayer:
    """Implements ``console.map.render.data.layer.DataLayer``. Raises OSError, PackageError, StyleError."""

    def __init__(self, ref: FeatureRef, load: Load) -> None:
        self.id, self.opacity = ref.id, ref.opacity
        self._style = read_style(ref.style)
        geometries = [load(path) for path in ref.packages]
        self._parts = [Features(g, PackageTable(g), str(g.package.meta.get("layer", ""))) for g in geometries]

    def paint(self, painter: QPainter, sheet: Sheet) -> Sequence[SourceTile]:
        """Paint in device pixels of the sheet; nothing is lacking."""
        paint_background(painter, sheet, self._style)
        paint_features(painter, sheet, self._parts, self._style)
        return ()

    def labels(self) -> Sequence[SymbolLabels]:
        """Texts, the most important first."""
        return [
            SymbolLabels(part, layer, label_rule(layer))
            for layer in self._style
            if layer.type == "symbol"
            for part in self._parts
            if layer.source_layer in ("", part.source_layer)
        ]

    def identified(self) -> Sequence[BaseLayer]:
        """As ``identify`` takes layers."""
        return [BaseLayer(self.id, "data", part.geometry, self.opacity) for part in self._parts]


def label_rule(layer: StyleLayer) -> LabelRule:
    """A symbol layer in the words of the label engine: one colour and size for all its features."""

    def one(name: str, default: object, zoom: float) -> v.Value:
        return layer.get(name, default)(NOTHING, zoom)

    start = max(layer.min_zoom, 1.0)
    sizes: Stops = [(float(zoom), v.numbers(one("text-size", 16.0, zoom - 1))) for zoom in SAMPLED]
    return LabelRule(
        kind="data",
        min_zoom=layer.min_zoom + 1 if layer.min_zoom else 0.0,
        max_zoom=layer.max_zoom + 1,
        color=_color(one("text-color", "#000000", start)),
        halo=_color(one("text-halo-color", "rgba(0,0,0,0)", start)),
        size=[(zoom, size if size == size else 16.0) for zoom, size in sizes],
        along=one("symbol-placement", "point", start) == "line",
        spacing=max(_or(v.numbers(one("symbol-spacing", 250.0, start)), 250.0), 16.0),
        gap=2 * max(_or(v.numbers(one("text-padding", 2.0, start)), 2.0), 0.0),
    )


def _color(text: v.Value) -> str:
    color = color_of(text)
    return color_text(color) if color.isValid() else "#000000ff"


def _or(value: float, default: float) -> float:
    return value if value == value else default
