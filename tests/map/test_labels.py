"""Texts along lines, and labels that keep apart."""

from __future__ import annotations

import math
from itertools import pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from console.map.engine.arena import TILE
from console.map.render.along import Path
from console.map.render.candidates import NamedPoints, View, names_of, wrapped
from console.map.render.geometry import LayerGeometry
from console.map.render.labels import LabelEngine, rooms
from console.map.render.painter import BaseLayer
from console.map.render.style import LabelRule, Style, at_zoom, load_style
from console.map.viewport import to_world
from console.model.layers import FeatureShape, LayerKind
from tests.map.conftest import CENTER, package


def straight(degrees: float, length: float = 400.0) -> Path:
    """A line in a direction clockwise from east, as the screen has it."""
    steps = np.linspace(0, length, 20)
    return Path(
        np.column_stack([steps * math.cos(math.radians(degrees)), steps * math.sin(math.radians(degrees))])
    )


@given(st.floats(-180, 180), st.sampled_from(["人民中路", "Rua Formosa", "A20"]))
def test_no_text_along_a_straight_line_stands_on_its_head(degrees: float, text: str):
    glyphs = straight(degrees).write(text, [14.0] * len(text), 200.0, 14.0)
    assert "".join(glyph.text for glyph in glyphs) == text
    limit = 45.001 if text == "人民中路" else 90.001
    assert all(abs(glyph.degrees) <= limit for glyph in glyphs)
    first, last = glyphs[0], glyphs[-1]
    assert last.x > first.x - 1e-6 or last.y > first.y


def test_a_narrow_letter_after_a_wide_one_is_no_bend():
    assert len(straight(10).write("Mint", [11.0, 3.0, 7.0, 4.0], 200.0, 14.0)) == 4


def test_steep_chinese_reads_downwards():
    glyphs = straight(-88).write("解放北路", [14.0] * 4, 200.0, 14.0)
    assert [glyph.y for glyph in glyphs] == sorted(glyph.y for glyph in glyphs)
    assert all(abs(glyph.degrees) < 5 for glyph in glyphs)


@given(st.floats(-180, 180), st.floats(-60, 60))
def test_chinese_along_a_bend_is_upright_or_not_written(degrees: float, bend: float):
    """Each character leans by less than half a right angle or so, whichever way the street turns."""
    angle = np.radians(degrees + np.linspace(-bend / 2, bend / 2, 60))
    xy = np.cumsum(np.column_stack([np.cos(angle), np.sin(angle)]) * 4.0, axis=0)
    glyphs = Path(xy).write("中山东二路", [14.0] * 5, 118.0, 14.0)
    assert all(abs(glyph.degrees) <= 48 for glyph in glyphs)
    right = all(a.x < b.x for a, b in pairwise(glyphs))
    down = all(a.y < b.y for a, b in pairwise(glyphs))
    assert right or down
    if abs(bend) < 10:
        assert len(glyphs) == 5


def test_narrow_characters_and_brackets_in_a_stack():
    """Figures stand as far apart as characters do, brackets lie across."""
    text, advances = "G15沈海高速（北段）", [9.0, 7.0, 7.0, *[14.0] * 8]
    glyphs = straight(90).write(text, advances, 200.0, 14.0)
    assert "".join(glyph.text for glyph in glyphs) == "G15沈海高速︵北段︶"
    assert all(b.y - a.y >= 13 for a, b in pairwise(glyphs))
    level = straight(0).write(text, advances, 200.0, 14.0)
    assert "".join(glyph.text for glyph in level) == text


def test_crooked_and_short_lines_are_not_written_on():
    corner = np.array([(0.0, 0.0), (100.0, 0.0), (100.0, 100.0)])
    assert Path(corner).write("人民中路", [14.0] * 4, 100.0, 14.0) == []
    assert Path(corner).write("人民中路", [14.0] * 4, 40.0, 14.0) != []
    assert straight(0, 40).write("人民中路", [14.0] * 4, 20.0, 14.0) == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("派出所(嘉昌巷店)", ("派出所", "(嘉昌巷店)")),
        ("徐州市云澜区人民政府", ("徐州市云澜", "区人民政府")),
        ("Senhor da Boa Fortuna", ("Senhor da", "Boa Fortuna")),
        ("医院", ("医院",)),
    ],
)
def test_long_names_are_broken_where_they_may_be(text: str, lines: tuple[str, ...]):
    assert wrapped(text) == lines


def test_labels_never_overlap_whatever_the_order_of_blocks(qapp: QApplication):
    chance = np.random.default_rng(3)
    places = chance.normal(CENTER, 0.01, (3000, 2))
    points = package(
        LayerKind.POI,
        FeatureShape.POINT,
        [[tuple(p)] for p in places.tolist()],
        [f"地点{i}" for i in range(3000)],
    )
    engine = LabelEngine([BaseLayer("poi", "poi", LayerGeometry(points))], load_style("dark"), 1.0)
    scale = 256.0 * 2.0**17
    x, y = (float(v) * scale // TILE for v in to_world(*CENTER))
    blocks = [(int(x) + i, int(y) + j) for i in range(-3, 4) for j in range(-3, 4)]
    chance.shuffle(blocks)
    placed = [
        label for k in range(0, len(blocks), 5) for b in engine.place(34, blocks[k : k + 5]) for label in b
    ]
    boxes = np.array([box for label in placed for box in rooms(label, 1.0)])
    assert len(boxes) > 100
    meets = (boxes[:, None, :2] < boxes[None, :, 2:]).all(axis=2) & (
        boxes[:, None, 2:] > boxes[None, :, :2]
    ).all(axis=2)
    assert meets.sum() == len(boxes)
    assert engine.place(34, blocks[:5]) == engine.place(34, blocks[:5])


@given(st.floats(0, 24))
def test_sizes_grow_between_stops(zoom: float):
    stops = [(10.0, 1.0), (14.0, 4.0), (18.0, 20.0)]
    assert 1.0 <= at_zoom(stops, zoom) <= at_zoom(stops, zoom + 0.5) <= 20.0


@pytest.mark.parametrize("name", ["dark", "light"])
def test_both_styles_say_the_same_things(name: str):
    """They differ in colours alone, so that a theme never hides or adds a thing."""
    other = load_style("dark")
    style = load_style(name)
    for mine, theirs in ((style.road, other.road), (style.area, other.area), (style.label, other.label)):
        assert [(r.kind, r.classes, r.min_zoom) for r in mine] == [
            (r.kind, r.classes, r.min_zoom) for r in theirs
        ]


def many(count: int) -> tuple[LayerGeometry, Style]:
    """Names all over a few streets, and the style of points without a dot."""
    rng = np.random.default_rng(5)
    places = (np.array(CENTER) + rng.uniform(-0.012, 0.012, (count, 2))).tolist()
    kinds = ("便利店", "中山北路派出所", "Café", "第一人民医院门诊部(东区)", "A1")
    names = [f"{kinds[i % len(kinds)]}{i}" for i in range(count)]
    layer = package(LayerKind.POI, FeatureShape.POINT, [[tuple(place)] for place in places], names)
    rule = LabelRule(kind="poi", color="#ffffff", halo="#000000", size=[(0, 12.0)])
    return LayerGeometry(layer), msgspec.structs.replace(load_style("dark"), label=[rule])


def test_of_thousands_of_names_as_many_are_set_as_find_room(qapp: QApplication):
    """None lies on another, and none is left out for which there is room."""
    geometry, style = many(4000)
    engine = LabelEngine([BaseLayer("poi", "poi", geometry)], style, 1.0)
    x, y = (float(v) * 256 * 2**16 for v in to_world(*CENTER))
    column, row = int(x // TILE), int(y // TILE)
    blocks = [(column + i, row + j) for i in range(-2, 3) for j in range(-2, 3)]
    placed = [label for labels in engine.place(32, blocks) for label in labels]
    gap = style.label[0].gap / 2
    wider = np.array([-gap, -gap, gap, gap])
    taken = np.array([box for label in placed for box in rooms(label, 1.0)]) + wider
    assert len(placed) > 100

    def meets(box: np.ndarray) -> np.ndarray:
        a, b = box[None], taken
        return (a[:, 0] < b[:, 2]) & (b[:, 0] < a[:, 2]) & (a[:, 1] < b[:, 3]) & (b[:, 1] < a[:, 3])

    assert all(meets(box).sum() == 1 for box in taken)
    names = {label.text for label in placed}
    spots = NamedPoints(geometry, names_of(geometry, style.label[0]), style.label[0], 0)
    area = tuple(float(TILE * v) for v in (column - 2, row - 2, column + 3, row + 3))
    (found,) = spots.within(area, View(256 * 2.0**16, 16, 1.0))
    left_out = [found.make(i) for i in range(len(found.x)) if found.make(i).text not in names]
    assert len(left_out) > 1000
    for candidate in left_out:
        (room,) = rooms(candidate, 1.0)
        assert meets(np.array(room) + wider).any()
