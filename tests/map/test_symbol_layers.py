"""Symbol layers of data styles: drawings with or without texts, each feature in its own look."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from console.map.render.candidates import Candidate
from console.map.render.data.feature_layer import FeatureLayer
from console.map.render.label_painter import draw_label, extent
from console.map.render.labels import LabelEngine, rooms
from console.map.render.style import StyleError, load_style
from console.model.layers import FeatureShape
from tests.map.conftest import CENTER
from tests.map.test_data_painting import SIDE, ZOOM, layer_of, painted, sheet
from tests.map.test_style_expressions import json_values

RED_DIAMOND = "#c62828"


def symbols(paint: dict[str, Any] | None = None, **layout: Any) -> list[dict[str, Any]]:
    """*layout* with ``_`` for ``-``."""
    named = {name.replace("_", "-"): value for name, value in layout.items()}
    return [{"id": "s", "type": "symbol", "layout": named, "paint": paint or {}}]


def points(style: list[dict[str, Any]], *places: tuple[float, float], **columns: Any) -> FeatureLayer:
    """Points at pixels from the middle of the sheet."""
    step = 360 / (256 * 2**ZOOM)
    lat_step = step * np.cos(np.radians(CENTER[1]))
    where = [[(CENTER[0] + x * step, CENTER[1] - y * lat_step)] for x, y in places]
    return layer_of(FeatureShape.POINT, where, style, **columns)


def line(style: list[dict[str, Any]], *corners: tuple[float, float], **columns: Any) -> FeatureLayer:
    step = 360 / (256 * 2**ZOOM)
    lat_step = step * np.cos(np.radians(CENTER[1]))
    places = [(CENTER[0] + x * step, CENTER[1] - y * lat_step) for x, y in corners]
    return layer_of(FeatureShape.LINE, [places], style, **columns)


def placed(layer: FeatureLayer, theme: str = "dark") -> list[Candidate]:
    view = sheet()
    left, top = (int(v * view.scale // 512) for v in (view.left, view.top))
    blocks = [(left + i, top + j) for i in range(-1, 3) for j in range(-1, 3)]
    engine = LabelEngine([], load_style(theme), 1.0, layer.labels())
    return [label for block in engine.place(round(ZOOM * 2), blocks) for label in block]


def drawn(layer: FeatureLayer) -> QImage:
    view = sheet()
    image = QImage(SIDE, SIDE, QImage.Format.Format_RGB32)
    image.fill(QColor("#000000"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for label in placed(layer):
        painter.save()
        painter.translate(label.x - view.left * view.scale, label.y - view.top * view.scale)
        draw_label(painter, label, 1.0)
        painter.restore()
    painter.end()
    return image


def like(image: QImage, color: str) -> np.ndarray:
    """(SIDE, SIDE) where the image has the colour, nearly."""
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(SIDE, SIDE, 4)[..., 2::-1].astype(int)
    return np.abs(pixels - QColor(color).getRgb()[:3]).max(axis=2) < 40


def test_a_drawing_stands_at_each_point_in_its_size(qapp: QApplication):
    image = drawn(points(symbols(icon_image="fire", icon_size=2), (0, 0)))
    y, x = np.nonzero(like(image, RED_DIAMOND))
    assert 38 <= np.ptp(x) <= 48
    assert abs(x.mean() - SIDE / 2) < 2 and abs(y.mean() - SIDE / 2) < 4


def test_drawings_differ_by_attribute_and_take_colours(qapp: QApplication):
    which = ["match", ["get", "sort"], 1, "star", 2, "square", "nothing"]
    paint = {"icon-color": ["case", ["==", ["get", "sort"], 1], "#00ff00", "#0000ff"]}
    layer = points(symbols(paint, icon_image=which), (-40, 0), (0, 0), (40, 0), sort=[1, 2, 3])
    image = drawn(layer)
    assert like(image, "#00ff00")[:, :80].sum() > 50
    assert like(image, "#0000ff")[:, 80:120].sum() > 100
    assert len(placed(layer)) == 2, "of what is not there, nothing is drawn"


def test_drawings_keep_apart(qapp: QApplication):
    assert len(placed(points(symbols(icon_image="fire"), (0, 0), (5, 0), (0, 5)))) == 1


def test_drawings_that_may_overlap_are_painted_like_dots(qapp: QApplication):
    style = symbols({"icon-color": "#00ff00"}, icon_image="square", icon_allow_overlap=True, icon_size=0.5)
    layer = points(style, (0, 0), (8, 0), (0, 60))
    assert placed(layer) == []
    image = painted(layer)
    assert all(like(image, "#00ff00")[100 + y, 100 + x] for x, y in ((0, 0), (8, 0), (0, 60)))
    assert not like(image, "#00ff00")[100, 120]


def test_painted_drawings_turn_and_shift(qapp: QApplication):
    style = symbols(icon_image="triangle", icon_allow_overlap=True, icon_size=2, icon_rotate=180)
    image = painted(points([{**style[0], "paint": {"icon-color": "#00ff00"}}], (0, 0)))
    green = like(image, "#00ff00")
    assert green[:100].sum() > 1.5 * green[100:].sum(), "its broad side is above"
    style[0]["layout"]["icon-anchor"] = "bottom"
    image = painted(points([{**style[0], "paint": {"icon-color": "#00ff00"}}], (0, 0)))
    assert not like(image, "#00ff00")[103:].any()


def test_text_beside_its_drawing_and_neither_covers_the_other(qapp: QApplication):
    layout = {"icon_image": "hospital", "text_field": "第一医院", "text_anchor": "top", "text_offset": [0, 1]}
    (label,) = placed(points(symbols(text_size=12, **layout), (0, 0)))
    mark, text = rooms(label, 1.0)
    assert text[1] >= mark[3] - 0.5
    assert text[0] < label.x < text[2]
    assert extent(label, 1.0).height() > 24 + 12


@pytest.mark.parametrize(
    ("anchor", "right", "down"),
    [
        ("left", 1, 0),
        ("right", -1, 0),
        ("top", 0, 1),
        ("bottom", 0, -1),
        ("top-left", 1, 1),
        ("center", 0, 0),
    ],
)
def test_anchors_say_which_side_is_at_the_place(qapp: QApplication, anchor: str, right: int, down: int):
    (label,) = placed(points(symbols(text_field="文字", text_anchor=anchor), (0, 0)))
    ((left, top, far, bottom),) = rooms(label, 1.0)
    middle = (left + far) / 2 - label.x, (top + bottom) / 2 - label.y
    assert np.sign(np.round(middle)).tolist() == [right, down]


def test_where_the_text_finds_no_room_its_drawing_may_stand_alone(qapp: QApplication):
    layout = {
        "icon_image": "fire",
        "text_field": "很长很长的名字",
        "text_anchor": "left",
        "text_offset": [1, 0],
    }
    layout["symbol_sort_key"] = ["get", "rank"]
    places, rank = [(0, 0), (-60, 0)], [1, 2]  # the text of the second would cover the first
    assert len(placed(points(symbols(**layout), *places, rank=rank))) == 1
    both = placed(points(symbols(text_optional=True, **layout), *places, rank=rank))
    assert sorted(bool(label.lines) for label in both) == [False, True]


def test_each_feature_has_colour_size_and_weight_of_its_own(qapp: QApplication):
    big = [">", ["get", "persons"], 100]
    layer = points(
        symbols(
            {"text-color": ["case", big, "#ff0000", "#00ff00"], "text-halo-color": "#000000",
             "text-halo-width": ["case", big, 3, 1]},
            text_field=["to-string", ["get", "persons"]],
            text_size=["interpolate", ["linear"], ["get", "persons"], 0, 10, 200, 30],
            text_font=["case", big, ["literal", ["Noto Sans Bold"]], ["literal", ["Noto Sans Regular"]]],
        ),
        (-50, 0), (50, 0), persons=[200, 0],
    )  # fmt: skip
    looks = {label.text: label for label in placed(layer)}
    assert (looks["200"].rule.color, looks["0"].rule.color) == ("#ff0000ff", "#00ff00ff")
    assert (looks["200"].size, looks["0"].size) == (30, 10)
    assert (looks["200"].rule.bold, looks["0"].rule.bold) == (True, False)
    assert (looks["200"].rule.halo_width, looks["0"].rule.halo_width) == (3, 1)


def test_sort_keys_say_who_goes_first(qapp: QApplication):
    style = symbols(text_field=["get", "name"], symbol_sort_key=["get", "rank"])
    for rank, first in (([1, 2], "甲"), ([2, 1], "乙")):
        (label,) = placed(points(style, (0, 0), (3, 0), names=["甲", "乙"], rank=rank))
        assert label.text == first


def test_equal_numbers_on_neighbours_are_all_written(qapp: QApplication):
    layer = points(symbols(text_field=["to-string", ["get", "n"]]), (-40, 0), (0, 0), (40, 0), n=[3, 3, 3])
    assert len(placed(layer)) == 3


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_texts_follow_the_theme_where_the_style_leaves_their_colour_open(qapp: QApplication, theme: str):
    style = load_style(theme)
    (open_one,) = placed(points(symbols(text_field="文字"), (0, 0)), theme)
    assert open_one.rule.color[:7] == style.text[:7] and open_one.rule.halo[:7] == style.text_halo[:7]
    (given,) = placed(points(symbols({"text-color": "#123456"}, text_field="文字"), (0, 0)), theme)
    assert given.rule.color[:7] == "#123456" and given.rule.halo.endswith("00")


def test_arrows_point_along_the_line_the_way_it_runs(qapp: QApplication):
    style = symbols(icon_image="arrow", symbol_placement="line", symbol_spacing=60)
    for corners, degrees in (([(-90, 0), (90, 0)], 0), ([(90, 0), (-90, 0)], 180), ([(0, -90), (0, 90)], 90)):
        labels = placed(line(style, *corners))
        assert len(labels) >= 2
        turns = [label.mark.degrees % 360 for label in labels if label.mark is not None]
        assert np.allclose(turns, degrees, atol=1)


def test_an_arrow_at_the_end_of_a_line(qapp: QApplication):
    style = symbols(icon_image="arrowhead", symbol_placement="line-center")
    style[0]["metadata"] = {"onemap:placement": "line-end"}
    (label,) = placed(line(style, (-60, 0), (0, 0), (60, 0)))
    view = sheet()
    assert label.x - (view.left * view.scale + SIDE / 2) == pytest.approx(60 - 12, abs=1.5)


def test_road_numbers_stand_level_on_the_line(qapp: QApplication):
    style = symbols(
        text_field="G15", icon_image="square", symbol_placement="line",
        text_rotation_alignment="viewport", icon_rotation_alignment="viewport",
    )  # fmt: skip
    labels = placed(line(style, (-90, -90), (90, 90)))
    assert labels and all(label.lines == ("G15",) and not label.glyphs for label in labels)
    assert all(label.mark is not None and label.mark.degrees == 0 for label in labels)


PROPERTIES = (
    "text-field", "text-size", "text-color", "text-font", "text-offset", "icon-image", "icon-size",
    "icon-rotate", "icon-offset", "icon-allow-overlap", "symbol-sort-key", "symbol-spacing",
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(PROPERTIES), json_values)
def test_no_value_of_a_style_keeps_the_other_names_off_the_map(qapp: QApplication, name: str, value: Any):
    layout = {"text-field": "b", "icon-image": "fire"} | {name: value}
    bare = {"icon-image": "fire", "icon-allow-overlap": True} | {name: value}
    more = [{"id": "t", "type": "symbol", "layout": given} for given in (layout, bare)]
    style = [*symbols(text_field="a"), *more]
    try:
        layer = points(style, (-60, 0), (60, 0), n=[1, 2], names=["x", "y"])
    except StyleError:
        return
    assert [label.text for label in placed(layer)][:2] == ["a", "a"]
