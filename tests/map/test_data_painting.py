"""What styles of data layers draw, without a window: sheets painted as the workers do."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from console.map.engine.data_refs import FeatureRef
from console.map.render.data.feature_layer import FeatureLayer
from console.map.render.data.painter import HATCHES
from console.map.render.geometry import LayerGeometry
from console.map.render.sheet import Sheet
from console.map.viewport import to_world
from console.model.layers import FeatureShape, LayerKind
from console.sdk.styling import PATTERNS
from tests.map.conftest import CENTER, package, square

SIDE, ZOOM = 200, 16.0


def sheet(zoom: float = ZOOM) -> Sheet:
    """SIDE pixels around CENTER."""
    scale = 256 * 2.0**zoom
    x, y = (float(v) for v in to_world(*CENTER))
    return Sheet(x - SIDE / 2 / scale, y - SIDE / 2 / scale, scale, SIDE, SIDE, zoom, 1.0)


def layer_of(shape: FeatureShape, parts: Any, style: list[dict[str, Any]], **columns: Any) -> FeatureLayer:
    geometry = LayerGeometry(package(LayerKind.OTHER, shape, parts, **columns))
    ref = FeatureRef(id="t", version="1", packages=("p",), style=json.dumps(style))
    return FeatureLayer(ref, lambda _path: geometry)


def painted(layer: FeatureLayer, zoom: float = ZOOM) -> QImage:
    image = QImage(SIDE, SIDE, QImage.Format.Format_RGB32)
    image.fill(QColor("#000000"))
    painter = QPainter(image)
    layer.paint(painter, sheet(zoom))
    painter.end()
    return image


def test_two_layers_of_one_name_are_two_layers(qapp: QApplication):
    """A style need not name its layers apart; each keeps its own look."""
    style = [
        {"id": "a", "type": "fill", "filter": ["<", "height", 50], "paint": {"fill-color": "#ff0000"}},
        {"id": "a", "type": "fill", "filter": [">", "height", 50], "paint": {"fill-color": "#00ff00"}},
    ]
    low, high = square(CENTER[0] - 0.0005, CENTER[1], 0.0008), square(CENTER[0] + 0.0005, CENTER[1], 0.0008)
    image = painted(layer_of(FeatureShape.POLYGON, [low, high], style, height=[10, 90]))
    colors = [image.pixelColor(SIDE // 2 + dx, SIDE // 2).name() for dx in (-30, 30)]
    assert colors == ["#ff0000", "#00ff00"]


def test_each_hatch_that_the_editor_offers_is_drawn_in_its_own_way(qapp: QApplication):
    assert set(PATTERNS) == {"", *HATCHES}
    area = square(*CENTER, 0.003)
    seen: list[QImage] = []
    for pattern in PATTERNS:
        paint = {"fill-color": "#ffffff"} | ({"fill-pattern": pattern} if pattern else {})
        image = painted(layer_of(FeatureShape.POLYGON, [area], [{"id": "a", "type": "fill", "paint": paint}]))
        assert image not in seen, pattern
        seen.append(image)
