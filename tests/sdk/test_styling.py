"""Styles of classes: what they say is what the engine draws, and their legend travels with them."""

from __future__ import annotations

import json
import math

import numpy as np
import numpy.typing as npt
import pytest

from console.map.colors import color_of
from console.map.render.data.expressions import compile_expression
from console.map.render.data.layers import read_style
from console.sdk.classify import class_of
from console.sdk.ramps import RAMPS, RampKind
from console.sdk.styling import (
    LEGEND,
    LINE,
    NO_DATA_COLOR,
    POINT,
    POLYGON,
    Symbol,
    by_number,
    by_value,
    label_layer,
    legend_in,
    number_legend,
    style_layers,
    value_legend,
)


class Rows:
    """Features with one number and one text each."""

    shape = "Polygon"

    def __init__(self, numbers: list[float], kinds: list[str | None]) -> None:
        self._columns = {"n": np.array(numbers), "kind": np.array(kinds, object)}

    def __len__(self) -> int:
        return 5

    def column(self, name: str) -> npt.NDArray[np.object_] | None:
        return self._columns.get(name)


ROWS = Rows([1, 10, 99, math.nan, 20], ["路灯", None, "井盖", "树", "路灯"])


def colors_of(expression: object) -> list[str]:
    found = compile_expression(expression)(ROWS, 10.0)
    return found.tolist() if isinstance(found, np.ndarray) else [found] * len(ROWS)


def test_numbers_are_coloured_by_their_class_and_what_is_none_stands_apart() -> None:
    limits, colors = (10, 50), ["#000001", "#000002", "#000003"]
    numbers = [1, 10, 99, math.nan, 20]
    wanted = [colors[c] if c >= 0 else NO_DATA_COLOR for c in class_of(numbers, limits).tolist()]
    assert colors_of(by_number("n", limits, colors)) == wanted
    assert colors_of(by_number("n", (), ["#000001"])) == ["#000001"] * 3 + [NO_DATA_COLOR, "#000001"]


def test_words_are_coloured_by_what_they_are() -> None:
    expression = by_value("kind", {"路灯": "#000001", "井盖": "#000002", "杆": "#000001"})
    assert colors_of(expression) == ["#000001", NO_DATA_COLOR, "#000002", NO_DATA_COLOR, "#000001"]
    assert by_value("kind", {}) == NO_DATA_COLOR


def test_the_legend_goes_with_the_style_through_a_file() -> None:
    legend = number_legend((1000, 2000.5), ["#1", "#2", "#3"])
    style = style_layers([POLYGON], "#112233", Symbol(), legend=legend)
    assert legend_in(json.loads(json.dumps(style))) == legend
    assert [line.title.en for line in legend] == [
        "below 1,000",
        "1,000 – 2,000.5",
        "2,000.5 and more",
        "No data",
    ]
    assert [line.title.zh_CN for line in value_legend({"树": "#1"})] == ["树", "其他"]


@pytest.mark.parametrize(
    ("limits", "whole", "lines"),
    [
        ((2,), (1, 9), ["1", "2 and more"]),
        ((3,), (1, 9), ["1 – 2", "3 and more"]),
        ((2, 3, 6), (1, 6), ["1", "2", "3 – 5", "6"]),
        ((), (4, 4), ["4"]),
        ((1000, 2000), (0, 5000), ["0 – 999", "1,000 – 1,999", "2,000 and more"]),
    ],
)
def test_classes_of_whole_numbers_say_what_is_in_them(
    limits: tuple[float, ...], whole: tuple[float, float], lines: list[str]
):
    colors = ["#1"] * (len(limits) + 1)
    assert [line.title.en for line in number_legend(limits, colors, no_data=False, whole=whole)] == lines


@pytest.mark.parametrize("metadata", [None, 3, {}, {LEGEND: 3}, {LEGEND: [3]}, {LEGEND: [{"en": "x"}]}])
def test_a_legend_that_cannot_be_read_is_none(metadata: object) -> None:
    assert legend_in([{"id": "a", "metadata": metadata}]) is None


def test_styles_of_all_shapes_can_be_drawn() -> None:
    symbol = Symbol(pattern="hatch")
    style = style_layers(
        [POLYGON, LINE, POINT], by_number("n", (), ["#fff"]), symbol, only=[">", ["get", "n"], 3]
    )
    style.append(label_layer("name", size=13, color="#fff", halo="#000", zoom_from=14))
    drawn = read_style(json.dumps(style))
    assert [layer.type for layer in drawn] == ["fill", "line", "line", "circle", "symbol"]
    assert drawn[-1].min_zoom == 13
    assert drawn[0].filter(ROWS, 10).tolist() == [False, True, True, False, True]


@pytest.mark.parametrize("name", RAMPS)
def test_ramps_give_colours_of_any_number(name: str) -> None:
    ramp = RAMPS[name]
    for count in (1, 2, 5, 12):
        colors = ramp.colors(count)
        assert len(colors) == count and all(color_of(color).isValid() for color in colors)
        if ramp.kind is not RampKind.QUALITATIVE and count > 1:
            assert len(set(colors)) == count and ramp.colors(count, reverse=True) == colors[::-1]
