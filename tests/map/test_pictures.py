"""Pictures of real data against those that somebody has looked at and found right.

``ONEMAP_NEW_PICTURES=1 pytest tests/map/test_pictures.py`` writes them anew: look at each before it is kept.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyogrio.raw import read
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from console.map.engine.data_refs import FeatureRef, VectorTilesRef
from console.map.layers.data_layers import tiles_style
from console.map.render.data.feature_layer import FeatureLayer
from console.map.render.data.layer import DataLayer
from console.map.render.data.vector_tiles_layer import VectorTilesLayer
from console.map.render.geometry import LayerGeometry
from console.map.render.label_painter import draw_label
from console.map.render.labels import LabelEngine
from console.map.render.painter import BaseLayer, paint_base
from console.map.render.sheet import Sheet
from console.map.render.style import load_style
from console.map.viewport import to_world
from console.model.layers import FeatureShape, LayerKind, LayerPackage
from console.model.ragged import ragged
from console.sdk.charts import Chart, ChartKind, Part, chart_layer
from console.server.importing.files import import_files
from console.server.importing.options import ImportOptions
from tests.map.conftest import package

PICTURES = Path(__file__).parent / "pictures"
SIDE = 320
MEAN, FAR = 3.0, 0.02
"""Of 255: how far all pixels may be from the picture on average, and what share of them by more than 48.
Fonts and rasterisers of other versions stay within; a missing class of roads or a moved name does not."""


def sheet_at(lon: float, lat: float, zoom: float) -> Sheet:
    """SIDE pixels around a place."""
    scale = 256 * 2.0**zoom
    x, y = (float(v) for v in to_world(lon, lat))
    return Sheet(x - SIDE / 2 / scale, y - SIDE / 2 / scale, scale, SIDE, SIDE, zoom, 1.0)


def picture(sheet: Sheet, base: Sequence[BaseLayer], data: Sequence[DataLayer]) -> QImage:
    """As a tile worker paints it, with its labels."""
    style = load_style("dark")
    image = QImage(SIDE, SIDE, QImage.Format.Format_RGB32)
    image.fill(QColor(style.land))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if base:
        paint_base(painter, sheet, base, style)
    for layer in data:
        layer.paint(painter, sheet)
    left, top = sheet.left * sheet.scale, sheet.top * sheet.scale
    blocks = [
        (column, row)
        for column in range(int(left // 512) - 1, int((left + SIDE) // 512) + 2)
        for row in range(int(top // 512) - 1, int((top + SIDE) // 512) + 2)
    ]
    engine = LabelEngine(base, style, 1.0, [texts for layer in data for texts in layer.labels()])
    for label in (label for block in engine.place(round(sheet.zoom * 2), blocks) for label in block):
        painter.save()
        painter.translate(label.x - left, label.y - top)
        draw_label(painter, label, 1.0)
        painter.restore()
    painter.end()
    return image


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(SIDE, SIDE, 4)[..., :3].astype(int)


def compare(name: str, made: QImage) -> None:
    path = PICTURES / f"{name}.png"
    if os.environ.get("ONEMAP_NEW_PICTURES"):
        assert made.save(str(path))
    kept = QImage(str(path))
    assert kept.width() == SIDE, f"{path} is missing"
    away = np.abs(pixels(made) - pixels(kept)).max(axis=2)
    assert away.mean() < MEAN
    assert (away > 48).mean() < FAR


@pytest.fixture
def florence(qapp: QApplication, shared_data: Path) -> VectorTilesLayer:
    ref = VectorTilesRef(
        id="t", version="1", path=str(shared_data / "firenze.pmtiles"), size=512, style=tiles_style(())
    )
    return VectorTilesLayer(ref)


def test_vector_tiles_of_florence(florence: VectorTilesLayer):
    compare("florence", picture(sheet_at(11.2531, 43.7685, 16), (), [florence]))


def test_a_quarter_of_florence_from_far(florence: VectorTilesLayer):
    compare("florence_far", picture(sheet_at(11.2560, 43.7715, 13), (), [florence]))


def test_buildings_of_nanshan_by_height(qapp: QApplication, shared_data: Path):
    """Classes, hatch and outline; each class of the file is one feature of many buildings."""
    _, _, wkb, _ = read(shared_data / "nanshan-building.geojson")
    shapes: Any = shapely.from_wkb(wkb)
    xy, part_start, feature_start = ragged(shapes, FeatureShape.POLYGON)
    package = LayerPackage(
        kind=LayerKind.OTHER,
        shape=FeatureShape.POLYGON,
        xy=xy,
        part_start=part_start,
        feature_start=feature_start,
        columns={"rank": np.arange(len(shapes))},
        text_columns=(),
    )
    ramp = ["step", ["get", "rank"], "#fef0d9", 2, "#fdcc8a", 4, "#fc8d59", 6, "#d7301f"]
    style = [
        {"id": "f", "type": "fill", "paint": {"fill-color": ramp}},
        {"id": "h", "type": "fill", "filter": [">=", "rank", 6],
         "paint": {"fill-color": "#000000", "fill-pattern": "hatch"}},
        {"id": "l", "type": "line", "paint": {"line-color": "#20262e", "line-width": 0.6}},
    ]  # fmt: skip
    ref = FeatureRef(id="n", version="1", packages=("",), style=json.dumps(style))
    layer = FeatureLayer(ref, lambda _: LayerGeometry(package))
    compare("nanshan", picture(sheet_at(113.932, 22.520, 15.5), (), [layer]))


@pytest.fixture(scope="module")
def shanghai(qapp: QApplication, shared_data: Path) -> list[BaseLayer]:
    """The base map of the control room, with Chinese names along the streets."""
    result = import_files(
        [shared_data / "shanghai_center.osm.pbf"], ImportOptions(), lambda _done, _text: None, lambda: False
    )
    return [
        BaseLayer(layer.package.kind, str(layer.package.kind), LayerGeometry(layer.package))
        for layer in result.layers
    ]


def test_streets_of_shanghai(shanghai: list[BaseLayer]):
    compare("shanghai", picture(sheet_at(121.4905, 31.2325, 16), shanghai, ()))


def test_symbols_charts_and_arrows_over_shanghai(shanghai: list[BaseLayer]):
    """A plan on the map: who is where, which way out, how many of whom; texts keep clear of symbols."""
    lon, lat, step = 121.4905, 31.2325, 0.0008
    route = [(lon - 2.1 * step, lat - step), (lon, lat - 1.1 * step), (lon + 2 * step, lat - 1.5 * step)]
    places = [
        (lon - 1.7 * step, lat + 1.5 * step),
        (lon - 0.3 * step, lat + 0.3 * step),
        (lon + 0.7 * step, lat + 1.9 * step),
    ]
    drawn = {"text-field": ["get", "name"], "text-size": 12, "text-anchor": "top", "text-offset": [0, 1.1]}
    names = ["fire", "command-post", "shelter"]
    which = ["match", ["get", "number"], 0, names[0], 1, names[1], names[2]]
    symbols = [{"id": "s", "type": "symbol", "layout": {"icon-image": which, "icon-size": 1.2} | drawn}]
    along = {"symbol-placement": "line", "symbol-spacing": 45, "icon-image": "chevron", "icon-size": 0.6}
    at_end = {"symbol-placement": "line-center", "icon-image": "arrowhead"}
    at_end["icon-allow-overlap"] = True
    arrows = [
        {"id": "r", "type": "line", "paint": {"line-color": "#7bd88f", "line-width": 4}},
        {"id": "a", "type": "symbol", "layout": along, "paint": {"icon-color": "#ffffff"}},
        {"id": "e", "type": "symbol", "layout": at_end, "paint": {"icon-color": "#7bd88f"},
         "metadata": {"onemap:placement": "line-end"}},
    ]  # fmt: skip
    parts = Part("old", "#e69f00"), Part("young", "#56b4e9"), Part("staff", "#009e73")
    charts = [chart_layer(Chart(kind=kind, parts=parts, largest=90, size=44)) for kind in ChartKind]
    charts = [{**layer, "filter": ["==", "bars", kind]} for kind, layer in enumerate(charts)]
    numbers = {"old": [40, 20], "young": [20, 60], "staff": [30, 35], "bars": [0, 1]}
    middles = [[(lon - 1.6 * step, lat - 0.2 * step)], [(lon + 2.4 * step, lat + 0.4 * step)]]
    titles, counted = ["仓库起火", "现场指挥部", "黄浦公园避难点"], [0, 1, 2]
    packages = [
        (package(LayerKind.OTHER, FeatureShape.LINE, [route]), arrows),
        (package(LayerKind.OTHER, FeatureShape.POINT, middles, **numbers), charts),
        (
            package(LayerKind.OTHER, FeatureShape.POINT, [[p] for p in places], titles, number=counted),
            symbols,
        ),
    ]
    layers = [over(made, style) for made, style in packages]
    compare("symbols", picture(sheet_at(lon, lat, 16), shanghai, layers))


def over(made: LayerPackage, style: list[dict[str, Any]]) -> FeatureLayer:
    geometry = LayerGeometry(made)
    return FeatureLayer(
        FeatureRef(id="t", version="1", packages=("p",), style=json.dumps(style)), lambda _path: geometry
    )


def test_names_stacked_along_steep_streets_of_shanghai(shanghai: list[BaseLayer]):
    """Chinese reads downwards there, each character upright."""
    compare("shanghai_steep", picture(sheet_at(121.48686, 31.23185, 16.5), shanghai, ()))
