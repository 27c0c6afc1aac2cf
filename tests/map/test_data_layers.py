"""Data layers by real workers: drawn above the base, styled, labelled, identified, taken away."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from console.map.layers.data_layers import PALETTE
from console.map.views.view import MapView
from console.model.layers import FeatureShape, LayerKind, encode_package
from console.model.text import Text
from console.sdk.map import DataLayer
from tests.map.conftest import CENTER, Place, drawn, package, square, until

RED = [{"id": "a", "type": "fill", "paint": {"fill-color": "#ff0000"}}]
FAR = (CENTER[0] + 0.006, CENTER[1])


@pytest.fixture
def blocks(tmp_path: Path) -> str:
    """Two areas, a low one at CENTER and a high one east of it."""
    path = tmp_path / "blocks.oml"
    squares = [square(*CENTER, 0.004), square(*FAR, 0.004)]
    layer = package(LayerKind.OTHER, FeatureShape.POLYGON, squares, ["幸福里", "和平里"], height=[10.0, 90.0])
    path.write_bytes(encode_package(layer))
    return str(path)


def add(view: MapView, path: str, style: Any = (), layer_id: str = "blocks") -> DataLayer:
    return view.facet.add_features(layer_id, [path], version="1", title=Text("地块", "Blocks"), style=style)


def color_at(view: MapView, lon: float, lat: float) -> tuple[int, ...]:
    drawn(view)
    image: QImage = view.grab().toImage()
    x, y = view.viewport.pixel_of(lon, lat)
    return image.pixelColor(round(x), round(y)).getRgb()[:3]


def test_features_are_drawn_above_the_base_in_their_style(view: MapView, place: Place, blocks: str):
    water = package(LayerKind.WATER, FeatureShape.POLYGON, [square(*CENTER, 1.0)])
    view.set_base([place("water", water)])
    before = color_at(view, *CENTER)
    layer = add(view, blocks, RED)
    assert color_at(view, *CENTER) == (255, 0, 0)
    assert color_at(view, CENTER[0] - 0.004, CENTER[1]) == before
    layer.set_style([{"id": "a", "type": "fill", "paint": {"fill-color": "#00ff00"}}])
    assert color_at(view, *CENTER) == (0, 255, 0)
    layer.remove()
    assert color_at(view, *CENTER) == before
    assert view.facet.layers.find("blocks") is None


def test_without_a_base_and_without_a_style_there_is_one_colour(view: MapView, blocks: str):
    add(view, blocks)
    color = QColor(*color_at(view, *CENTER))
    assert any(abs(color.hue() - QColor(ours).hue()) < 12 for ours in PALETTE)


def test_features_are_coloured_by_their_attributes(view: MapView, blocks: str):
    by_height = ["step", ["get", "height"], "#0000ff", 50, "#ff8000"]
    add(view, blocks, [{"id": "a", "type": "fill", "paint": {"fill-color": by_height}}])
    assert (color_at(view, *CENTER), color_at(view, *FAR)) == ((0, 0, 255), (255, 128, 0))
    legend = view.facet.layers.entries()[0].legend
    assert [line.title.en for line in legend] == ["below 50", "50 and more"]


def test_a_filter_leaves_features_out(view: MapView, blocks: str):
    add(view, blocks, [{**RED[0], "filter": [">", "height", 50]}])
    assert color_at(view, *FAR) == (255, 0, 0)
    assert color_at(view, *CENTER) != (255, 0, 0)


def test_hidden_and_translucent_as_the_layer_tree_says(view: MapView, blocks: str):
    add(view, blocks, RED)
    view.facet.layers.set_opacity("blocks", 0.5)
    half = color_at(view, *CENTER)
    assert 110 < half[0] < 150
    view.facet.layers.set_visible("blocks", False)
    assert color_at(view, *CENTER)[0] < 60


def test_the_upper_of_two_layers_lies_on_top(view: MapView, blocks: str):
    add(view, blocks, RED, "lower")
    add(view, blocks, [{"id": "a", "type": "fill", "paint": {"fill-color": "#0000ff"}}], "upper")
    ids = [entry.id for entry in view.facet.layers.entries()]
    top = (255, 0, 0) if ids[0] == "lower" else (0, 0, 255)
    assert color_at(view, *CENTER) == top
    view.facet.layers.move(ids[1], ids[0])
    assert color_at(view, *CENTER) != top


def test_texts_are_set_as_labels_are(view: MapView, blocks: str):
    paint = {"text-color": "#ffff00", "text-halo-color": "#000000"}
    symbol = {
        "id": "t",
        "type": "symbol",
        "layout": {"text-field": "{name}", "text-size": 28},
        "paint": paint,
    }
    add(view, blocks, [symbol])
    drawn(view)
    image = view.grab().toImage()
    x, y = (round(v) for v in view.viewport.pixel_of(*CENTER))
    around = [image.pixelColor(x + dx, y + dy).getRgb()[:3] for dx in range(-40, 40) for dy in range(-16, 16)]
    assert sum(color == (255, 255, 0) for color in around) > 60


def test_features_are_identified(view: MapView, blocks: str):
    add(view, blocks, RED)
    drawn(view)
    future = view.base.identify(*FAR, 2.0)
    until(future.done)
    assert [(f.layer, f.title, f.attributes) for f in future.result().features] == [
        ("blocks", "和平里", {"height": "90"})
    ]


def test_what_a_filter_hides_is_not_identified(view: MapView, blocks: str):
    """As with the features of other times, which the time slider filters out."""
    high = [{**RED[0], "filter": [">", ["get", "height"], 50]}]
    layer = add(view, blocks, high)
    drawn(view)

    def found(*place: float) -> list[str]:
        future = view.base.identify(*place, 2.0)
        until(future.done)
        return [feature.title for feature in future.result().features]

    assert (found(*CENTER), found(*FAR)) == ([], ["和平里"])
    layer.set_style([{**RED[0], "filter": ["<", ["get", "height"], 50]}])
    assert (found(*CENTER), found(*FAR)) == (["幸福里"], [])
    layer.set_style([*high, {"id": "b", "type": "line"}])
    assert (found(*CENTER), found(*FAR)) == (["幸福里"], ["和平里"])


def test_half_a_million_points_in_one_view(view: MapView, tmp_path: Path):
    rng = np.random.default_rng(3)
    near = np.array(CENTER) + rng.uniform(-0.01, 0.01, (500_000, 2))
    layer = package(LayerKind.OTHER, FeatureShape.POINT, [[CENTER]])
    layer.xy = np.rint(near * 1e7).astype(np.int32)
    layer.part_start = layer.feature_start = np.arange(500_001, dtype=np.int32)
    layer.columns, layer.text_columns = {"code": np.arange(500_000)}, ()
    path = tmp_path / "points.oml"
    path.write_bytes(encode_package(layer))
    circle = {"id": "p", "type": "circle", "paint": {"circle-color": "#00ff00", "circle-radius": 3}}
    add(view, str(path), [circle])
    assert color_at(view, *CENTER) == (0, 255, 0)


@pytest.mark.parametrize("style", [[{"type": "fill", "paint": 3}], [3], [{"type": "line", "filter": ["?"]}]])
def test_a_style_that_is_none_is_refused_at_once(view: MapView, blocks: str, style: Any):
    with pytest.raises(ValueError, match="style"):
        add(view, blocks, style)
    assert view.facet.layers.find("blocks") is None


def test_a_layer_that_cannot_be_drawn_says_so_and_the_rest_stands(view: MapView, blocks: str, tmp_path: Path):
    add(view, blocks, RED)
    torn = tmp_path / "torn.oml"
    torn.write_bytes(Path(blocks).read_bytes()[:200])
    add(view, str(torn), RED, "torn")
    odd = {"id": "a", "type": "fill", "paint": {"fill-color": ["step", ["get", "name"], "#0", "x", "#1"]}}
    with pytest.raises(ValueError, match="step"):
        add(view, blocks, [odd], "odd")
    assert color_at(view, *CENTER) == (255, 0, 0)
    slot = view.tree.find("torn")
    until(lambda: slot is not None and bool(slot.state))


def test_what_is_drawn_is_known_to_whoever_saves_the_layers(view: MapView, blocks: str):
    layer = add(view, blocks, RED)
    view.facet.layers.set_opacity("blocks", 0.25)
    kept = json.loads(json.dumps(view.save_state()))
    layer.remove()
    view.restore_state(kept)
    add(view, blocks, RED)
    assert view.facet.layers.entries()[0].opacity == 0.25


def test_a_heat_map_is_hot_where_points_are_dense_and_clear_where_none_are(view: MapView, tmp_path: Path):
    rng = np.random.default_rng(1)
    near = (np.array(CENTER) + rng.normal(0, 0.0006, (300, 2))).tolist()
    alone = [FAR]
    layer = package(LayerKind.OTHER, FeatureShape.POINT, [[tuple(place)] for place in [*near, *alone]])
    path = tmp_path / "points.oml"
    path.write_bytes(encode_package(layer))
    paint = {"heatmap-radius": 20, "heatmap-intensity": 0.3}
    add(view, str(path), [{"id": "h", "type": "heatmap", "paint": paint}])
    assert color_at(view, *CENTER) == (255, 0, 0)
    clear = color_at(view, CENTER[0] - 0.012, CENTER[1])
    assert color_at(view, CENTER[0], CENTER[1] + 0.008) == clear
    lonely = color_at(view, *FAR)
    assert lonely != clear
    assert lonely[0] < 200


def test_a_heat_map_has_no_seams(view: MapView, tmp_path: Path):
    """Evenly spread points give one colour across the borders of tiles."""
    steps = np.arange(-0.012, 0.012, 0.0002)
    places = [[(CENTER[0] + x, CENTER[1] + y)] for x in steps for y in steps]
    path = tmp_path / "points.oml"
    path.write_bytes(encode_package(package(LayerKind.OTHER, FeatureShape.POINT, places)))
    ramp = ["interpolate", ["linear"], ["heatmap-density"], 0, "#000000", 1, "#ffffff"]
    paint = {"heatmap-radius": 40, "heatmap-intensity": 0.02, "heatmap-color": ramp}
    add(view, str(path), [{"id": "h", "type": "heatmap", "paint": paint}])
    drawn(view)
    image = view.grab().toImage()
    row = [image.pixelColor(x, 290).lightness() for x in range(150, 650)]
    assert min(row) > 20
    assert max(row) - min(row) < 25
    assert max(abs(a - b) for a, b in pairwise(row)) <= 10
