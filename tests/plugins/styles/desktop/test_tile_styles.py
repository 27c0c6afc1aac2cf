"""The style of vector tiles: its layers listed, shown, coloured, added, moved, taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QLineEdit, QTableWidget, QWidget

from console.map.views.view import MapView
from console.model.text import Text
from console.testing import Console
from tests.map.conftest import until
from tests.plugins.styles.desktop.test_styles_desktop import (
    PANEL,
    Panel,
    choose,
    named,
    number,
    press,
    settle,
)


@pytest.fixture
def editor(styles: Console, view: MapView, shared_data: Path, panel: Panel) -> QWidget:
    """The panel with the tiles of Florence in the usual style."""
    path = str(shared_data / "firenze.pmtiles")
    view.facet.add_vector_tiles("firenze", path, version="1", title=Text("佛罗伦萨", "Florence"))
    widget = panel(PANEL)
    widget.resize(420, 1000)
    until(lambda: settle(styles) or named(widget, QComboBox, "瓦片中的图层").findData("buildings") >= 0)
    return widget


def style(view: MapView) -> list[dict[str, Any]]:
    return list(view.facet.layers.style("firenze") or ())


def table(widget: QWidget) -> QTableWidget:
    return named(widget, QTableWidget, "样式图层")


def select(widget: QWidget, name: str) -> int:
    rows = table(widget)
    row = next(at for at in range(rows.rowCount()) if rows.item(at, 0).text() == name)
    rows.setCurrentCell(row, 0)
    return row


def layer(view: MapView, name: str) -> dict[str, Any]:
    return next(found for found in style(view) if found["id"] == name)


def test_all_layers_stand_there_the_topmost_first(editor: QWidget, view: MapView) -> None:
    rows = table(editor)
    names = [rows.item(at, 0).text() for at in range(rows.rowCount())]
    assert names == [found["id"] for found in reversed(style(view))]
    sources = named(editor, QComboBox, "瓦片中的图层")
    offered = {sources.itemData(at) for at in range(sources.count())}
    assert {"water", "roads", "buildings", "pois"} <= offered


def test_a_layer_is_hidden_and_shown_and_it_can_be_undone(
    styles: Console, editor: QWidget, view: MapView
) -> None:
    row = select(editor, "water")
    table(editor).item(row, 0).setCheckState(Qt.CheckState.Unchecked)
    settle(styles)
    assert layer(view, "water")["layout"]["visibility"] == "none"
    editor.window().activateWindow()  # a shortcut is heard in the active window alone
    assert QTest.qWaitForWindowActive(editor.window(), 20_000)
    QTest.keyClick(table(editor), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(styles)
    assert "visibility" not in layer(view, "water").get("layout", {})
    assert table(editor).item(row, 0).checkState() is Qt.CheckState.Checked


def test_colour_width_and_zooms_of_a_layer(styles: Console, editor: QWidget, view: MapView) -> None:
    select(editor, "rail")
    assert any("取值随级别" in label.text() for label in editor.findChildren(QLabel) if label.isVisible())
    number(editor, "大小").setValue(3)
    number(editor, "起始级别").setValue(12)
    settle(styles)
    made = layer(view, "rail")
    assert made["paint"]["line-width"] == 3 and made["minzoom"] == 11
    assert made["paint"]["line-dasharray"] == [4, 2], "what is not touched stays"


def test_texts_have_a_field_and_a_size(styles: Console, editor: QWidget, view: MapView) -> None:
    select(editor, "poi-name")
    text = named(editor, QLineEdit, "文字")
    assert text.text() == "{name}"
    text.setText("{name:en}")
    text.editingFinished.emit()
    number(editor, "大小").setValue(15)
    settle(styles)
    made = layer(view, "poi-name")["layout"]
    assert (made["text-field"], made["text-size"]) == ("{name:en}", 15)


def test_a_layer_is_added_changed_moved_and_removed(styles: Console, editor: QWidget, view: MapView) -> None:
    before = [found["id"] for found in style(view)]
    press(editor, "添加样式图层")
    choose(editor, "瓦片中的图层", "water")
    choose(editor, "绘制为", "fill")
    settle(styles)
    added = style(view)[-1]
    assert (added["type"], added["source-layer"]) == ("fill", "water")
    press(editor, "下移一层")
    settle(styles)
    assert style(view)[-2]["id"] == added["id"]
    press(editor, "移除样式图层")
    settle(styles)
    assert [found["id"] for found in style(view)] == before


def test_as_the_layer_came(styles: Console, editor: QWidget, view: MapView) -> None:
    before = style(view)
    select(editor, "water")
    named(editor, QDoubleSpinBox, "不透明度").setValue(10)
    settle(styles)
    assert style(view) != before
    press(editor, "恢复图层原样")
    settle(styles)
    assert style(view) == before
