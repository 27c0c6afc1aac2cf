"""Layer styles of points and lines: symbols, arrows, charts, labels in the colours of the theme."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QTableWidget, QToolButton, QWidget

from console.map.views.view import MapView
from console.model.layers import FeatureShape, LayerKind, encode_package
from console.model.text import Text
from console.sdk.charts import CHART, Chart
from console.sdk.layer_data import Field
from console.sdk.ui import Chips
from console.shell.theme import ThemeService
from console.testing import Console
from plugins.styles.desktop.first_choices import first_chart
from plugins.styles.desktop.symbol_field import SymbolField
from plugins.styles.desktop.words import KINDS
from tests.map.conftest import drawn, package, until
from tests.plugins.styles.desktop.conftest import PLACES
from tests.plugins.styles.desktop.test_styles_desktop import (
    PANEL,
    Panel,
    choose,
    lines,
    named,
    number,
    press,
    settle,
)

DOCK = 422
"""Logical pixels that a panel on the right has in a window of 1920."""
Add = Callable[[FeatureShape], QWidget]


@pytest.fixture
def edit(styles: Console, view: MapView, tmp_path: Path, panel: Panel) -> Add:
    """Put points or a line on the map; gives the panel with them."""

    def edit(shape: FeatureShape) -> QWidget:
        parts = [[place] for place in PLACES] if shape is FeatureShape.POINT else [PLACES]
        counts = {"old": [10, 20, 0], "young": [30, 20, 5]} if shape is FeatureShape.POINT else {"lanes": [2]}
        path = tmp_path / "made.oml"
        path.write_bytes(encode_package(package(LayerKind.OTHER, shape, parts, None, None, **counts)))
        view.facet.add_features("made", [str(path)], version="1", title=Text("点位", "Made"))
        widget = panel(PANEL)
        assert QTest.qWaitForWindowExposed(widget)  # else the screen may still give it its first size
        widget.resize(DOCK, 900)  # once: the screen may still tell it of an earlier size
        settle(styles)
        return widget

    return edit


def style(view: MapView) -> list[dict[str, Any]]:
    found = view.facet.layers.style("made")
    assert found is not None
    return list(found)


def seen(view: MapView, color: tuple[int, int, int]) -> int:
    """Pixels of about a colour."""
    drawn(view)
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return int((np.abs(pixels[..., 2::-1].astype(int) - color).max(axis=2) < 12).sum())


def test_points_get_a_symbol_of_the_set(styles: Console, view: MapView, edit: Add) -> None:
    widget = edit(FeatureShape.POINT)
    red = (0xC6, 0x28, 0x28)
    assert seen(view, red) == 0
    choose(widget, "符号", "fire")
    settle(styles)
    until(lambda: seen(view, red) > 300)
    number(widget, "符号大小").setValue(48)
    settle(styles)
    until(lambda: seen(view, red) > 1200)
    legend = view.facet.layers.entries()[0].legend
    assert [line.sprite.symbol for line in legend if line.sprite is not None] == ["fire"]


def test_a_drawing_of_the_users_is_taken_over_and_a_bad_one_refused(
    styles: Console, view: MapView, edit: Add, tmp_path: Path
) -> None:
    widget = edit(FeatureShape.POINT)
    (choice,) = widget.findChildren(SymbolField)
    source = tmp_path / "mine.svg"
    shape = '<rect width="9" height="9" fill="#12ff34"/>'
    source.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{shape}</svg>')
    choice.take(str(source))
    until(lambda: settle(styles) or "own/mine" in str(style(view)))
    until(lambda: seen(view, (0x12, 0xFF, 0x34)) > 300)
    box = named(widget, QComboBox, "符号")
    assert box.currentText() == "mine" and not box.itemIcon(box.currentIndex()).isNull()
    before = style(view)
    source.write_text('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')
    choice.take(str(source))
    until(lambda: settle(styles) or any("未能采用该图形" in said.text for said in styles.notifications))
    assert style(view) == before


@pytest.mark.parametrize(("arrows", "placement"), [("along", "line"), ("end", "line-center")])
def test_lines_get_arrows(styles: Console, view: MapView, edit: Add, arrows: str, placement: str) -> None:
    widget = edit(FeatureShape.LINE)
    choose(widget, "箭头", arrows)
    settle(styles)
    made = [layer for layer in style(view) if layer["type"] == "symbol"]
    assert [layer["layout"]["symbol-placement"] for layer in made] == [placement]
    choose(widget, "箭头", "")
    settle(styles)
    assert all(layer["type"] != "symbol" for layer in style(view))


def test_charts_of_several_numbers(styles: Console, view: MapView, edit: Add) -> None:
    widget = edit(FeatureShape.POINT)
    press(widget, "图表")
    settle(styles)
    until(lambda: settle(styles) or any(CHART in layer.get("metadata", {}) for layer in style(view)))
    chart = style(view)[0]["metadata"][CHART]
    assert [part["field"] for part in chart["parts"]] == ["old", "young"] and chart["largest"] == 40
    one, other = (0x00, 0x72, 0xB2), (0xE6, 0x9F, 0x00)
    number(widget, "最大尺寸").setValue(120)
    settle(styles)
    until(lambda: seen(view, one) > 100 and seen(view, other) > 100)
    choose(widget, "图表", "bars")
    settle(styles)
    until(lambda: settle(styles) or style(view)[0]["metadata"][CHART]["largest"] == 30)
    table = next(t for t in widget.findChildren(QTableWidget) if t.isVisible())
    table.setCurrentCell(0, 0)
    press(widget, "移除数值")
    settle(styles)
    assert [line[0] for line in lines(widget)] == ["young"]
    legend = [line.title.zh_CN for line in view.facet.layers.entries()[0].legend]
    assert legend == ["young", "最高的柱：30"]


def test_labels_follow_the_theme_until_a_colour_is_chosen(styles: Console, view: MapView, edit: Add) -> None:
    widget = edit(FeatureShape.POINT)
    choose(widget, "标注", "young")
    settle(styles)
    label = style(view)[-1]
    assert "text-color" not in label["paint"]
    assert label["layout"]["text-anchor"] == "top", "beside the point, not on it"
    next(box for box in widget.findChildren(QCheckBox) if box.text() == "跟随主题颜色").click()
    settle(styles)
    assert style(view)[-1]["paint"]["text-color"] == "#f4f6f8"


def test_no_tool_and_no_layer_name_is_cut_at_the_usual_width(styles: Console, edit: Add) -> None:
    widget = edit(FeatureShape.POINT)
    widget.resize(330, 700)
    settle(styles)
    box = named(widget, QComboBox, "图层")
    assert box.width() > 280
    tools = [b for b in widget.findChildren(QToolButton) if b.isVisible() and b.toolTip()]
    assert tools and all(b.mapTo(widget, b.rect().bottomRight()).x() <= widget.width() for b in tools)


@pytest.fixture
def themed(qapp: QApplication, tmp_path: Path) -> Iterator[None]:
    """In the console's own paddings, which decide what fits."""
    before = qapp.style().objectName(), qapp.palette(), qapp.styleSheet()
    ThemeService(qapp, tmp_path / "icons").set("dark")
    yield
    qapp.setStyle(before[0])
    qapp.setPalette(before[1])
    qapp.setStyleSheet(before[2])


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.usefixtures("themed")
def test_every_form_fits_into_the_dock(styles: Console, edit: Add, language: str) -> None:
    styles.language.change(language)
    widget = edit(FeatureShape.POINT)
    chips = widget.findChildren(Chips)[0].findChildren(QToolButton)
    assert len(chips) == len(KINDS)
    for chip in chips:
        chip.click()
        settle(styles)
        kind = chip.text()
        assert widget.width() == DOCK, kind
        parts = [part for part in widget.findChildren(QWidget) if part.isVisible() and not part.isWindow()]
        ends = [part.mapTo(widget, part.rect().topRight()).x() for part in parts]
        assert max(ends) < DOCK, kind


def test_charts_begin_with_measures_and_say_when_there_are_none() -> None:
    def numbers(name: str, *values: float) -> Field:
        common = tuple((value, 1) for value in values)
        least, most = min(values), max(values)
        return Field(name=name, type="number", count=len(values), least=least, most=most, common=common)

    useless = [
        numbers("编号", 7, 5, 9),
        numbers("osm_id", 77, 51, 93),
        numbers("经度", 121.1, 121.7, 121.2),
        numbers("lat", 31.1, 31.7, 31.2),
        numbers("row", 1, 2, 3),
        numbers("constant", 4, 4, 4),
    ]
    assert first_chart(Chart(), useless).parts == ()
    chart = first_chart(Chart(), [*useless, numbers("人口", 10, 40, 20), numbers("height", 3, 9, 30)])
    assert [part.field for part in chart.parts] == ["人口", "height"]
