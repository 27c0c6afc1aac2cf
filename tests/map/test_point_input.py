"""What a layer of points does with input that is wrong, hostile or late, and with its handlers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.map.live.columns import read_columns
from console.map.live.points import PointsLayer
from console.sdk.symbols import PointStyle, Sprite, SpriteShape
from tests.map.canvas import Canvas

RED, GREEN = "#ff2020", "#20ff20"
SPRITES = [
    Sprite(shape=SpriteShape.CIRCLE, fill=RED, size=14),
    Sprite(shape=SpriteShape.SQUARE, fill=GREEN, size=14),
]


def layer_of(canvas: Canvas, **style: Any) -> PointsLayer:
    return PointsLayer("t.points", PointStyle(sprites=SPRITES, **style), canvas, clock=lambda: canvas.now)


@pytest.mark.parametrize(
    "columns, words",
    [
        ({"lat": np.zeros(2)}, "length"),
        ({"keys": np.arange(4)}, "length"),
        ({"sprite": np.array([0, 1, 2])}, "0 to 1"),
        ({"sprite": np.array([0, -1, 1])}, "0 to 1"),
        ({"sprite": np.array([0, np.nan, 1])}, "0 to 1"),
        ({"keys": np.array([1.5, 2, 3])}, "whole"),
        ({"keys": np.array([np.nan, 2, 3])}, "whole"),
        ({"heading": np.array(["a", "b", "c"])}, "numbers"),
        ({"lon": np.zeros((3, 2))}, "numbers"),
        ({"lon": None}, "numbers"),
    ],
)
def test_what_is_wrong_is_refused_in_plain_words_and_the_old_stays(qapp, columns: dict[str, Any], words: str):
    canvas = Canvas()
    layer = layer_of(canvas)
    layer.set_points(*canvas.columns((100, 150), (200, 150)))
    with pytest.raises(ValueError, match=words):
        layer.set_points(**{"lon": np.zeros(3), "lat": np.zeros(3), **columns})
    assert layer.hit(canvas.viewport, 200, 150) == 1


def test_a_style_without_sprites_takes_no_points(qapp):
    layer = PointsLayer("t.none", PointStyle(sprites=[]), Canvas())
    layer.set_points([], [])
    with pytest.raises(ValueError, match="sprites"):
        layer.set_points([1.0], [2.0])


NUMBERS = st.floats(allow_nan=True, allow_infinity=True)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.integers(0, 2**32 - 1)), max_size=8)
)
def test_any_numbers_are_drawn_or_left_out(qapp, rows: list[tuple[float, ...]]):
    canvas = Canvas(zoom=4)
    columns = [np.array(column) for column in zip(*rows, strict=True)] or [np.empty(0)] * 6
    lon, lat, heading, opacity, accuracy, keys = columns
    for style in ({"interpolate": True, "labels_from": 0}, {"cluster": True}):
        layer = layer_of(canvas, **style)
        for _ in range(2):
            layer.set_points(lon, lat, heading=heading, opacity=opacity, accuracy=accuracy, keys=keys)
            layer.set_labels(["字"] * len(rows))
            layer.select(range(len(rows)))
            canvas.draw(layer)
            canvas.now += 0.5
        layer.hit(canvas.viewport, 200, 150)
        layer.hit_cluster(canvas.viewport, 200, 150)
        layer.moving(canvas.now)


def test_what_the_caller_does_with_its_arrays_later_changes_nothing(qapp):
    lon, lat, opacity = np.array([1.0]), np.array([2.0]), np.array([1.0])
    columns = read_columns(lon, lat, 1, opacity=opacity)
    lon[:] = lat[:] = opacity[:] = np.nan
    assert np.isfinite(columns.xy).all() and columns.opacity is not None and columns.opacity[0] == 1.0


def test_after_removal_every_call_is_harmless(qapp):
    canvas = Canvas()
    layer = layer_of(canvas, interpolate=True)
    layer.set_points(*canvas.columns((100, 150)), keys=np.array([1]))
    layer.remove()
    layer.remove()
    assert canvas.forgotten == [layer]
    touched = canvas.touched
    layer.set_points(*canvas.columns((200, 150)), keys=np.array([1]))
    layer.set_labels(["甲"])
    layer.select([0])
    layer.set_visible(False)
    layer.set_visible(True)
    assert canvas.touched == touched
    assert not layer.visible and layer.hit(canvas.viewport, 200, 150) is None


def test_handlers_are_taken_back_and_a_failing_tooltip_keeps_the_others(qapp):
    layer = layer_of(Canvas())
    rows: list[int] = []
    undo = layer.on_click(rows.append)
    layer.click(3)
    undo()
    undo()
    layer.click(4)
    assert rows == [3]
    layer.on_hover(lambda row: str(1 // 0))
    undo = layer.on_hover(lambda row: f"第{row}人")
    assert layer.tooltip(3) == "第3人"
    undo()
    undo()
    assert layer.tooltip(3) == ""
