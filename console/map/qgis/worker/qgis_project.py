# SPDX-License-Identifier: GPL-2.0-or-later
"""The open project: its tree of layers, what lies at a place, layers that are added."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeatureRequest,
    QgsLayerTreeGroup,
    QgsLayerTreeLayer,
    QgsMapLayer,
    QgsPointXY,
    QgsProject,
    QgsRaster,
    QgsRasterLayer,
    QgsRectangle,
    QgsUnitTypes,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import Qt

MOST_FEATURES = 30
"""Told of a place."""
MOST_FIELDS = 80
THROUGH = 0.6
"""Opacity of areas that are added: the map is to be read below them."""
LONGEST_VALUE = 500
"""Characters."""
KINDS = {QgsMapLayer.VectorLayer: "vector", QgsMapLayer.RasterLayer: "raster"}


class Refused(Exception):
    """A request that cannot be met; *code* is one that the console has words for."""

    def __init__(self, code: str, detail: object) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = str(detail)


class Project:
    """One project at a time, in memory: it is never written back."""

    def __init__(self) -> None:
        self.qgis = QgsProject.instance()
        self._crs = {code: QgsCoordinateReferenceSystem(code) for code in ("EPSG:3857", "EPSG:4326")}
        self.qgis.setCrs(self.mercator)

    @property
    def mercator(self) -> QgsCoordinateReferenceSystem:
        """In which the console draws."""
        return self._crs["EPSG:3857"]

    def open(self, path: str, added: Sequence[tuple[str, str]]) -> None:
        """*path* empty: a project without layers; *added*: files and their titles, lowest first. Raises
        Refused; what is no project leaves nothing open."""
        if path and not Path(path).is_file():
            raise Refused("missing", path)
        self.qgis.clear()
        self.qgis.setCrs(self.mercator)
        if path and not self.qgis.read(path):
            error = self.qgis.error() or path
            self.qgis.clear()
            raise Refused("unreadable", error)
        for file, title in added:
            if Path(file).exists():
                self.add(file, title)

    def add(self, path: str, title: str) -> list[str]:
        """Put all that a file holds on top; gives the ids. Raises Refused for what is no data."""
        if not Path(path).exists():
            raise Refused("missing", path)
        layers = [layer for layer in self._layers_of(path, title) if layer.isValid()]
        if not layers:
            raise Refused("no_data", path)
        for layer in layers:
            if isinstance(layer, QgsVectorLayer) and layer.geometryType() == QgsWkbTypes.PolygonGeometry:
                layer.setOpacity(THROUGH)
            self.qgis.addMapLayer(layer, False)
            self.qgis.layerTreeRoot().insertLayer(0, layer)
        return [layer.id() for layer in layers]

    def _layers_of(self, path: str, title: str) -> list[QgsMapLayer]:
        vector = QgsVectorLayer(path, title, "ogr")
        parts = vector.dataProvider().subLayers() if vector.isValid() else []
        if len(parts) > 1:
            names = [part.split("!!::!!")[1] for part in parts]
            return [QgsVectorLayer(f"{path}|layername={name}", f"{title} {name}", "ogr") for name in names]
        return [vector] if vector.isValid() else [QgsRasterLayer(path, title)]

    def described(self) -> dict[str, Any]:
        """As the console's ``ProjectIs``."""
        root = self.qgis.layerTreeRoot()
        order = [layer.id() for layer in root.layerOrder()]
        rest = [layer.id() for layer in reversed(list(self.qgis.mapLayers().values()))]
        return {
            "path": self.qgis.fileName(),
            "title": self.qgis.title() or Path(self.qgis.fileName()).stem,
            "tree": [self._node(child) for child in root.children()],
            "order": [*order, *(layer_id for layer_id in rest if layer_id not in order)],
        }

    def _node(self, node: Any) -> dict[str, Any]:
        if isinstance(node, QgsLayerTreeGroup):
            children = [self._node(child) for child in node.children()]
            return {"title": node.name(), "checked": node.itemVisibilityChecked(), "children": children}
        assert isinstance(node, QgsLayerTreeLayer)
        layer = node.layer()
        if layer is None:
            return {"id": node.layerId(), "title": node.name(), "checked": False, "broken": True}
        ranged = layer.hasScaleBasedVisibility()
        return {
            "id": layer.id(),
            "title": node.name(),
            "checked": node.itemVisibilityChecked(),
            "kind": KINDS.get(layer.type(), "other"),
            "crs": layer.crs().authid(),
            "unit": QgsUnitTypes.encodeUnit(layer.crs().mapUnits()),
            "bounds": self._bounds(layer),
            "broken": not layer.isValid(),
            "from_scale": layer.minimumScale() if ranged else 0.0,
            "to_scale": layer.maximumScale() if ranged else 0.0,
            "fields": [field.name() for field in layer.fields()] if hasattr(layer, "fields") else [],
            "bands": layer.bandCount() if isinstance(layer, QgsRasterLayer) else 0,
        }

    def _bounds(self, layer: QgsMapLayer) -> list[float] | None:
        """West, south, east, north in degrees; None where that cannot be told."""
        extent = layer.extent()
        if not layer.isValid() or extent.isNull() or not extent.isFinite():
            return None
        transform = QgsCoordinateTransform(layer.crs(), self._crs["EPSG:4326"], self.qgis)
        try:
            box = transform.transformBoundingBox(extent)
        except QgsCsException:
            return None
        bounds = [box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()]
        return bounds if box.isFinite() else None

    def layers(self, ids: Sequence[str]) -> list[QgsMapLayer]:
        """Layers by id, those that are there and can be read."""
        found = [self.qgis.mapLayer(layer_id) for layer_id in ids]
        return [layer for layer in found if layer is not None and layer.isValid()]

    # ---- what is at a place ----

    def identify(self, x: float, y: float, reach: float, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Features of layers (topmost first) within *reach* metres of a place in Web Mercator."""
        found: list[dict[str, Any]] = []
        for layer in self.layers(ids):
            try:
                transform = QgsCoordinateTransform(self.mercator, layer.crs(), self.qgis)
                if isinstance(layer, QgsVectorLayer):
                    box = QgsRectangle(x - reach, y - reach, x + reach, y + reach)
                    found += self._features(layer, transform.transformBoundingBox(box))
                elif isinstance(layer, QgsRasterLayer):
                    found += self._values(layer, transform.transform(QgsPointXY(x, y)))
            except QgsCsException:
                continue  # the place lies outside of what the layer's CRS can tell
        return found[:MOST_FEATURES]

    def _features(self, layer: QgsVectorLayer, box: QgsRectangle) -> list[dict[str, Any]]:
        request = QgsFeatureRequest().setFilterRect(box).setLimit(MOST_FEATURES)
        request.setFlags(QgsFeatureRequest.ExactIntersect)
        title = QgsExpression(layer.displayExpression())
        context = QgsExpressionContext()
        context.appendScopes(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
        found = []
        for feature in layer.getFeatures(request):
            context.setFeature(feature)
            names = [layer.attributeDisplayName(i) for i in range(len(layer.fields()))]
            pairs = list(zip(names, feature.attributes()))[:MOST_FIELDS]  # noqa: B905 - also for Python 3.9
            attributes = {name: text for name, text in ((n, as_text(v)) for n, v in pairs) if text}
            found.append(
                {"layer": layer.id(), "title": as_text(title.evaluate(context)), "attributes": attributes}
            )
        return found

    def _values(self, layer: QgsRasterLayer, point: QgsPointXY) -> list[dict[str, Any]]:
        answer = layer.dataProvider().identify(point, QgsRaster.IdentifyFormatValue)
        values = {layer.bandName(band): as_text(value) for band, value in answer.results().items()}
        values = {name: text for name, text in values.items() if text}
        return [{"layer": layer.id(), "title": "", "attributes": values}] if values else []


def as_text(value: Any) -> str:
    """An attribute as it is shown; empty for none."""
    if value is None or (hasattr(value, "isNull") and value.isNull()):
        return ""
    if hasattr(value, "toString"):
        value = value.toString(Qt.DateFormat.ISODate)
    if isinstance(value, float):
        value = f"{value:.10g}"
    return str(value)[:LONGEST_VALUE]
