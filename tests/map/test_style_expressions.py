"""Style expressions and filters over columns, as the MapLibre Style Specification has them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from console.map.colors import color_of
from console.map.render.data.expressions import compile_expression, compile_filter
from console.map.render.data.layers import read_style
from console.map.render.data.values import mask
from console.map.render.style import StyleError


class Columns:
    """Four features: two roads with a name, one with a height, one with nothing."""

    shape = "LineString"

    def __init__(self) -> None:
        self._columns: dict[str, Any] = {
            "class": np.array(["primary", "service", "primary", None], object),
            "name": np.array(["中山北路", None, "解放路", None], object),
            "height": np.array([3.0, np.nan, 60.0, np.nan]),
        }

    def __len__(self) -> int:
        return 4

    def column(self, name: str) -> Any:
        return self._columns.get(name)


def value(expression: Any, zoom: float = 14.0) -> Any:
    found = compile_expression(expression)(Columns(), zoom)
    return found.tolist() if isinstance(found, np.ndarray) else found


def passed(expression: Any) -> list[int]:
    return np.flatnonzero(mask(compile_filter(expression)(Columns(), 14.0), 4)).tolist()


@pytest.mark.parametrize(
    ("expression", "rows"),
    [
        (None, [0, 1, 2, 3]),
        (["==", ["get", "class"], "primary"], [0, 2]),
        (["==", "class", "primary"], [0, 2]),
        (["!=", "class", "primary"], [1, 3]),
        (["in", "class", "service", "primary"], [0, 1, 2]),
        (["!in", "class", "service"], [0, 2, 3]),
        (["in", "北", ["get", "name"]], [0]),
        (["has", "height"], [0, 2]),
        (["!has", "name"], [1, 3]),
        (["!", ["has", "name"]], [1, 3]),
        ([">", "height", 10], [2]),
        (["<=", ["get", "height"], 3], [0]),
        (["all", ["has", "height"], ["==", "class", "primary"], [">", "height", 3]], [2]),
        (["any", ["==", "class", "service"], [">", "height", 50]], [1, 2]),
        (["none", ["==", "class", "service"], [">", "height", 50]], [0, 3]),
        (["==", "$type", "LineString"], [0, 1, 2, 3]),
        (["==", "$type", "Point"], []),
        (["==", ["get", "height"], "3"], []),
        (["==", ["get", "nothing"], 1], []),
    ],
)
def test_filters_of_both_versions(expression: Any, rows: list[int]):
    assert passed(expression) == rows


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (["case", ["has", "name"], ["get", "name"], "无名"], ["中山北路", "无名", "解放路", "无名"]),
        (["match", ["get", "class"], ["primary"], 4, "service", 1, 0], [4.0, 1.0, 4.0, 0.0]),
        (["coalesce", ["get", "height"], 0], [3.0, 0.0, 60.0, 0.0]),
        (["step", ["get", "height"], "low", 10, "high"], ["low", "low", "high", "low"]),
        (["concat", ["get", "name"], "/", ["get", "height"]], ["中山北路/3", "/", "解放路/60", "/"]),
        (["interpolate", ["linear"], ["zoom"], 10, 1, 18, 5], 3.0),
        (["interpolate", ["exponential", 2], ["zoom"], 13, 0, 15, 3], 1.0),
        ({"base": 1, "stops": [[10, 1], [18, 5]]}, 3.0),
        ({"stops": [[10, "a"], [18, "b"]]}, "a"),
        (["+", ["*", 2, 3], 1], 7.0),
        (["upcase", "ab"], "AB"),
        (["length", ["get", "name"]], [4.0, 0.0, 3.0, 0.0]),
    ],
)
def test_values(expression: Any, expected: Any):
    assert value(expression) == expected


def test_colours_between_colours():
    made = value(["interpolate", ["linear"], ["get", "height"], 0, "#000000", 60, "#ffffff"])
    assert made[2] == "#ffffffff"
    assert made[1] == made[3] == "#000000ff"
    assert 8 <= color_of(made[0]).red() <= 20


@pytest.mark.parametrize(
    ("text", "rgba"),
    [
        ("#f00", (255, 0, 0, 255)),
        ("#ff000080", (255, 0, 0, 128)),
        ("rgba(0, 128, 255, 0.5)", (0, 128, 255, 128)),
        ("hsl(120, 100%, 50%)", (0, 255, 0, 255)),
        ("red", (255, 0, 0, 255)),
        ("transparent", (0, 0, 0, 0)),
    ],
)
def test_css_colours(text: str, rgba: tuple[int, int, int, int]):
    assert color_of(text).getRgb() == rgba


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers(-5, 30) | st.text(max_size=6)
    | st.sampled_from(["get", "==", "case", "match", "step", "interpolate", "zoom", "class", "all"]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(["stops", "base"]), inner),
    max_leaves=15,
)  # fmt: skip


@given(json_values)
@example(["interpolate", {}, None])
def test_no_expression_does_anything_but_work_or_be_refused(expression: Any):
    try:
        evaluate = compile_filter(expression)
    except StyleError:
        return
    try:
        mask(evaluate(Columns(), 14.0), 4)
    except (ValueError, TypeError):  # what it compares cannot be compared: the layer is reported as faulty
        return


@pytest.mark.parametrize(
    "text",
    ["", "[", "{}", '{"layers": 3}', "[3]", '[{"type": "line", "paint": 3}]', "[" * 100_000,
     '[{"id": "x", "type": "line", "filter": ["nonsense", 1]}]',
     '[{"type": "fill", "minzoom": "high"}]'],
)  # fmt: skip
def test_a_style_that_is_none_is_refused(text: str):
    with pytest.raises(StyleError):
        read_style(text)


def test_other_layers_of_a_style_are_passed_over():
    style = '{"version": 8, "layers": [{"id": "a", "type": "raster"}, {"id": "b", "type": "fill"}]}'
    assert [layer.id for layer in read_style(style)] == ["b"]
