"""A data layer of features in a worker: painting, texts, what lies at a place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QPainter

from console.map.engine.data_refs import FeatureRef, SourceTile
from console.map.render.data.layers import read_style
from console.map.render.data.painter import Features, PackageTable, paint_background, paint_features
from console.map.render.data.stamps import is_stamped
from console.map.render.data.symbols import SymbolLabels
from console.map.render.geometry import LayerGeometry
from console.map.render.painter import BaseLayer
from console.map.render.sheet import Sheet

Load = Callable[[str], LayerGeometry]


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
            SymbolLabels(part, layer)
            for layer in self._style
            if layer.type == "symbol"
            for part in self._parts
            if layer.source_layer in ("", part.source_layer) and not is_stamped(layer, part.table)
        ]

    def identified(self) -> Sequence[BaseLayer]:
        """As ``identify`` takes layers."""
        return [part.identified(self.id, self._style) for part in self._parts]
