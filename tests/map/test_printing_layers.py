"""Layers of every kind on paper: what is vector stays so, pictures lie where they belong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from console.map.layers.layer_tree import Slot
from console.map.live.picture_layer import Picture, PictureLayer
from console.map.printing import desk
from console.map.viewport import Viewport
from console.map.views.view import MapView
from console.model.layers import FeatureShape, LayerKind, encode_package
from console.model.text import Text
from console.sdk.map import TileService
from console.sdk.printing import Printed
from console.sdk.symbols import PointStyle
from tests.map.conftest import CENTER, Place, package, square, theme, view
from tests.map.test_printing import DOT, SHEET, answer, texts, written
from tests.map.test_rasters import halves, write
from tests.map.test_tile_services import chessboard
from tests.map.tile_server import tile_server

__all__ = ["answer", "theme", "view", "written"]

TITLE = Text("图层", "Layer")
PLAIN = replace(SHEET, legend="none", title="", dpi=100.0)


def colors_around(image: QImage, *places: tuple[float, float]) -> list[tuple[int, ...]]:
    """Colours at places given as shares of the picture."""
    at = [(round(x * image.width()), round(y * image.height())) for x, y in places]
    return [image.pixelColor(x, y).getRgb()[:3] for x, y in at]  # type: ignore[index]


def test_dots_of_data_layers_are_vectors(view: MapView, written: Callable[..., Path], tmp_path: Path) -> None:
    places = [[(CENTER[0] + 0.0001 * at, CENTER[1])] for at in range(50)]
    path = tmp_path / "dots.oml"
    path.write_bytes(encode_package(package(LayerKind.OTHER, FeatureShape.POINT, places)))
    paint = {"circle-radius": 4, "circle-color": "#12ab34", "circle-stroke-width": 1}
    style = [{"id": "a", "type": "circle", "paint": paint}]
    view.facet.add_features("dots", [str(path)], version="1", title=TITLE, style=style)
    svg = written("svg", PLAIN).read_text("utf-8")
    assert "<image" not in svg
    assert svg.count('fill="#12ab34"') == 50


def test_drawings_that_may_overlap_are_vectors(
    view: MapView, written: Callable[..., Path], tmp_path: Path
) -> None:
    places = [[(CENTER[0] + 0.0005 * at, CENTER[1])] for at in range(5)]
    path = tmp_path / "drawings.oml"
    path.write_bytes(encode_package(package(LayerKind.OTHER, FeatureShape.POINT, places)))
    layout = {"icon-image": "ambulance", "icon-allow-overlap": True}
    style = [{"id": "a", "type": "symbol", "layout": layout}]
    view.facet.add_features("drawings", [str(path)], version="1", title=TITLE, style=style)
    svg = written("svg", PLAIN).read_text("utf-8")
    assert "<image" not in svg
    assert svg.count('fill="#1565c0"') == 5, "the ground of each ambulance"


def test_translucent_areas_of_a_data_layer_are_vectors(
    view: MapView, written: Callable[..., Path], tmp_path: Path
) -> None:
    path = tmp_path / "block.oml"
    block = package(LayerKind.OTHER, FeatureShape.POLYGON, [square(*CENTER, 0.004)])
    path.write_bytes(encode_package(block))
    style = [{"id": "a", "type": "fill", "paint": {"fill-color": "#ff0000", "fill-opacity": 0.5}}]
    view.facet.add_features("block", [str(path)], version="1", title=TITLE, style=style, attribution="© 测绘")
    svg = written("svg")
    assert 'fill="#ff0000" fill-opacity="0.5' in svg.read_text("utf-8")
    assert "测绘" in texts(svg)


def test_counts_are_printed_of_what_lies_together(view: MapView, written: Callable[..., Path]) -> None:
    layer = view.facet.add_points("t.staff", PointStyle(sprites=[DOT], cluster=True, cluster_below=22.0))
    layer.set_points(np.full(200, CENTER[0] + 0.0005), np.full(200, CENTER[1] + 0.0005))
    assert "200" in texts(written("svg", replace(PLAIN, furniture=False))).split("\n")


def test_labels_stand_beside_live_points(view: MapView, written: Callable[..., Path]) -> None:
    layer = view.facet.add_points("t.staff", PointStyle(sprites=[DOT], labels_from=10.0))
    layer.set_points(np.array([CENTER[0]]), np.array([CENTER[1] + 0.001]))
    layer.set_labels(["王小明"])
    assert "王小明" in texts(written("svg", PLAIN))


def test_a_name_of_the_ground_gives_way_to_what_is_live(
    view: MapView, written: Callable[..., Path], tmp_path: Path
) -> None:
    places = package(LayerKind.OTHER, FeatureShape.POINT, [[CENTER]], names=["人民广场"])
    path = tmp_path / "places.oml"
    path.write_bytes(encode_package(places))
    style = [{"id": "a", "type": "symbol", "layout": {"text-field": ["get", "name"]}}]
    view.facet.add_features("places", [str(path)], version="1", title=TITLE, style=style)
    assert "人民广场" in texts(written("svg", PLAIN))
    dots = view.facet.add_points("t.staff", PointStyle(sprites=[DOT], labels_from=10.0))
    dots.set_points(np.array([CENTER[0] - 0.0004]), np.array([CENTER[1]]))
    dots.set_labels(["王小明在这里"])
    above = view.facet.add_points("t.events", PointStyle(sprites=[DOT], labels_from=10.0))
    above.set_points(np.array([CENTER[0] - 0.0003]), np.array([CENTER[1]]))
    above.set_labels(["积水点"])
    found = texts(written("svg", PLAIN))
    assert ("积水点" in found) != ("王小明" in found), "one of two layers' names at a place"
    assert "人民广场" not in found


def test_a_raster_lies_where_it_belongs(view: MapView, written: Callable[..., Path], tmp_path: Path) -> None:
    path = write(tmp_path / "halves.tif", halves(10, 200, "uint8"))
    view.facet.add_raster("r", str(path), version="1", title=TITLE, ramp=[(10, "#ff0000"), (200, "#0000ff")])
    west, east = colors_around(QImage(str(written("png", PLAIN))), (0.48, 0.3), (0.52, 0.3))
    assert west == (255, 0, 0)
    assert east == (0, 0, 255)
    assert b"/Subtype /Image" in written("pdf", PLAIN).read_bytes()


def test_tiles_of_a_service_are_fetched_for_the_sheet(view: MapView, written: Callable[..., Path]) -> None:
    with tile_server(chessboard) as server:
        service = TileService(url=server.url + "/{z}/{x}/{y}", max_zoom=14)
        view.facet.add_tiles("t", service, title=TITLE, attribution="© 影像")
        image = QImage(str(written("png", PLAIN)))
    across = [image.pixelColor(x, image.height() // 3).name() for x in range(60, image.width() - 60, 10)]
    assert {"#ff0000", "#00ff00"} <= set(across)


def test_tiles_that_do_not_come_are_counted(
    view: MapView, answer: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "PATIENCE", desk.Patience(60.0, 1.0))
    with tile_server(lambda path: (500, b"")) as server:
        view.facet.add_tiles("t", TileService(url=server.url + "/{z}/{x}/{y}", max_zoom=14), title=TITLE)
        done = answer(view.facet.printing.write(PLAIN, str(tmp_path / "x.png"), print))
    assert isinstance(done, Printed)
    assert done.lacking > 0
    assert not QImage(done.path).isNull()


def test_a_picture_of_the_view_is_printed_where_it_lies(view: MapView, written: Callable[..., Path]) -> None:
    """As QGIS paints its layers."""
    layer = PictureLayer("t.qgis", view)
    view.tree.add(Slot("t.qgis", TITLE, "live", layer))
    image = QImage(400, 300, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("#0000ff"))
    layer.show(Picture(image, Viewport(view.viewport.x, view.viewport.y, 15, 400, 300)))
    inside, outside = colors_around(QImage(str(written("png", PLAIN))), (0.5, 0.45), (0.08, 0.3))
    assert inside == (0, 0, 255)
    assert outside != inside


def test_what_is_left_out_is_not_printed(view: MapView, written: Callable[..., Path]) -> None:
    layer = view.facet.add_points("t.staff", PointStyle(sprites=[DOT]))
    layer.set_points(np.array([CENTER[0]]), np.array([CENTER[1]]))
    assert 'fill="#ff0000"' in written("svg", PLAIN).read_text("utf-8")
    assert 'fill="#ff0000"' not in written("svg", replace(PLAIN, without=("t.staff",))).read_text("utf-8")


def test_dark_colours_are_printed_when_they_are_wanted(view: MapView, written: Callable[..., Path]) -> None:
    (light,) = colors_around(QImage(str(written("png", PLAIN))), (0.3, 0.3))
    (dark,) = colors_around(QImage(str(written("png", replace(PLAIN, colors="screen")))), (0.3, 0.3))
    assert sum(light) > 600
    assert sum(dark) < 250


def test_base_layers_that_are_hidden_are_not_printed(
    view: MapView, place: Place, written: Callable[..., Path]
) -> None:
    before = written("svg", PLAIN).read_text("utf-8").count("<path")
    view.tree.set_visible("roads", False)
    assert written("svg", PLAIN).read_text("utf-8").count("<path") < before
