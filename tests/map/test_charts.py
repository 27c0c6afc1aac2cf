"""Charts of several numbers of each feature: what is drawn, how large, and what the legend says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from console.map.layers.data_layers import checked_style
from console.map.layers.data_legend import legend_of_style
from console.model.layers import FeatureShape
from console.sdk.charts import CHART, Chart, ChartKind, Part, chart_in, chart_layer, chart_legend
from tests.map.conftest import CENTER, square
from tests.map.test_data_painting import SIDE, layer_of, painted
from tests.map.test_symbol_layers import like, points

RED, GREEN, BLUE = "#ff0000", "#00c000", "#2040ff"
PARTS = (Part("old", RED), Part("young", GREEN), Part("other", BLUE))


def chart(kind: ChartKind = ChartKind.PIE, **changes: Any) -> Chart:
    given = {"parts": PARTS, "largest": 100.0, "size": 80.0, "opacity": 1.0} | changes
    return Chart(kind=kind, **given)


def color(image: QImage, dx: float, dy: float) -> str:
    return image.pixelColor(round(SIDE / 2 + dx), round(SIDE / 2 + dy)).name()


def test_a_pie_is_cut_clockwise_from_above(qapp: QApplication):
    layer = points([chart_layer(chart())], (0, 0), old=[50], young=[25], other=[25])
    image = painted(layer)
    assert [color(image, 20, 5), color(image, -15, 15), color(image, -15, -15)] == [RED, GREEN, BLUE]
    assert color(image, 45, 0) == "#000000"


def test_areas_of_pies_are_to_one_another_as_totals(qapp: QApplication):
    layer = points([chart_layer(chart())], (-50, 0), (50, 0), old=[100, 25], young=[0, 0], other=[0, 0])
    red = like(painted(layer), RED)
    large, small = red[:, : SIDE // 2].sum(), red[:, SIDE // 2 :].sum()
    assert large / small == pytest.approx(4, rel=0.15)


def test_bars_stand_on_one_line_and_on_one_scale(qapp: QApplication):
    layer = points([chart_layer(chart(ChartKind.BARS))], (0, 40), old=[100], young=[50], other=[0])
    image = painted(layer)
    heights = [np.ptp(np.nonzero(like(image, c))[0]) for c in (RED, GREEN)]
    assert heights[0] / heights[1] == pytest.approx(2, rel=0.1)
    bottoms = {int(np.nonzero(like(image, c))[0].max()) for c in (RED, GREEN)}
    assert max(bottoms) - min(bottoms) <= 1
    assert not like(image, BLUE).any()


def test_what_is_no_number_or_negative_is_nothing(qapp: QApplication):
    layer = points([chart_layer(chart())], (0, 0), old=[np.nan], young=[-5], other=[30])
    image = painted(layer)
    assert like(image, BLUE).sum() > 300
    assert not like(image, RED).any() and not like(image, GREEN).any()
    nothing = painted(points([chart_layer(chart())], (0, 0), old=[0], young=[np.nan], other=[-1]))
    assert not any(like(nothing, c).any() for c in (RED, GREEN, BLUE))


def test_the_smaller_lies_on_top(qapp: QApplication):
    layer = points([chart_layer(chart())], (0, 0), (5, 0), old=[5, 0], young=[0, 100], other=[0, 0])
    assert color(painted(layer), 0, 0) == RED


def test_an_area_bears_its_chart_in_the_middle(qapp: QApplication):
    layer = layer_of(
        FeatureShape.POLYGON,
        [square(*CENTER, 0.002)],
        [chart_layer(chart())],
        old=[100],
        young=[0],
        other=[0],
    )
    y, x = np.nonzero(like(painted(layer), RED))
    assert (x.mean(), y.mean()) == (pytest.approx(SIDE / 2, abs=1.5), pytest.approx(SIDE / 2, abs=1.5))


def test_other_programs_draw_a_disc_of_the_right_size():
    layer = chart_layer(chart(), zoom_from=12)
    assert layer["type"] == "circle" and layer["minzoom"] == 11
    assert "circle-radius" in layer["paint"]


def test_the_legend_names_each_part_and_the_full_size():
    layer = chart_layer(chart())
    layer["metadata"]["onemap:legend"] = [
        {"zh_CN": c.title.zh_CN, "en": c.title.en, "color": c.color} for c in chart_legend(chart())
    ]
    lines = legend_of_style(checked_style([layer]))
    assert [line.title.en for line in lines] == ["old", "young", "other", "Area is the total, at most 100"]
    assert lines[0].sprite is not None and lines[3].sprite is None


@pytest.mark.parametrize(
    "wrong",
    [3, {"kind": "cake"}, {"largest": 0}, {"largest": float("inf")}, {"size": 1e9},
     {"parts": [["a", "#fff"]] * 99}],
)  # fmt: skip
def test_what_is_no_chart_is_refused(wrong: Any):
    with pytest.raises(ValueError):
        chart_in({"metadata": {CHART: wrong}})
    with pytest.raises(ValueError):
        checked_style([{"id": "a", "type": "circle", "metadata": {CHART: wrong}}])
