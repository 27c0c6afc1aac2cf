"""What every data layer can do in a worker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtGui import QPainter

from console.map.engine.data_refs import AnyRef, FeatureRef, RasterRef, SourceTile, TilesRef, VectorTilesRef
from console.map.render.data.feature_layer import FeatureLayer, Load
from console.map.render.data.tiles_layer import TilesLayer
from console.map.render.labels import DataLabels
from console.map.render.painter import BaseLayer
from console.map.render.sheet import Sheet


class DataLayer(Protocol):
    """One data layer, opened."""

    id: str
    opacity: float

    def paint(self, painter: QPainter, sheet: Sheet) -> Sequence[SourceTile]:
        """Paint in device pixels of the sheet; gives the tiles that are lacking for it."""
        ...

    def labels(self) -> Sequence[DataLabels]:
        """Texts, the most important first."""
        ...

    def identified(self) -> Sequence[BaseLayer]:
        """As ``identify`` takes layers."""
        ...


def open_data(ref: AnyRef, load: Load) -> DataLayer:
    """Raises OSError, PackageError or StyleError."""
    match ref:
        case FeatureRef():
            return FeatureLayer(ref, load)
        case RasterRef():
            # GDAL is loaded when it is needed, here and below: a worker starts in less time.
            from console.map.render.data.raster_layer import RasterLayer

            return RasterLayer(ref)
        case VectorTilesRef():
            from console.map.render.data.vector_tiles_layer import VectorTilesLayer

            return VectorTilesLayer(ref)
        case TilesRef():
            return TilesLayer(ref)
