"""Layer styles: what is chosen in the panel is what the map's workers draw."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QColorDialog,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QTableWidget,
    QToolButton,
    QWidget,
)

from console.map.views.view import MapView
from console.sdk.ramps import RAMPS
from console.testing import Console
from plugins.styles.desktop.recipe import USUAL
from tests.map.conftest import drawn, until
from tests.plugins.styles.desktop.conftest import PLACES

PANEL = "onemap.styles.styles"
Panel = Callable[[str], Any]
NO_DATA = "#8a8f98"


@pytest.fixture
def editor(styles: Console, add: Callable[..., Any], panel: Panel) -> QWidget:
    """The panel with the blocks; opaque, so that colours can be compared."""
    add()
    widget = panel(PANEL)
    widget.resize(420, 900)
    number(widget, "不透明度").setValue(100)
    settle(styles)
    return widget


def settle(console: Console) -> None:
    console.clock.advance(0.2)
    QApplication.processEvents()


def named(widget: QWidget, kind: Any, name: str) -> Any:
    QApplication.processEvents()
    found = [w for w in widget.findChildren(kind) if w.accessibleName() == name and w.isVisible()]
    assert found, f"{name} is not there"
    return found[0]


def number(widget: QWidget, name: str) -> QDoubleSpinBox:
    return named(widget, QDoubleSpinBox, name)


def press(widget: QWidget, text: str) -> None:
    """Click a chip, check box or tool by its text or tooltip."""
    QApplication.processEvents()
    buttons = [b for b in widget.findChildren(QAbstractButton) if b.isVisible()]
    found = next(b for b in buttons if text in (b.text(), b.accessibleName()))
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def choose(widget: QWidget, name: str, value: Any) -> None:
    """Choose in a box as by keyboard."""
    box = named(widget, QComboBox, name)
    at = box.findData(value)
    assert at >= 0, f"{value} is not offered by {name}"
    box.setCurrentIndex(at)
    box.activated.emit(at)


def colors(view: MapView) -> list[str]:
    drawn(view)
    image: QImage = view.grab().toImage()
    pixels = [view.viewport.pixel_of(*place) for place in PLACES]
    return [image.pixelColor(round(x), round(y)).name() for x, y in pixels]


def lines(widget: QWidget) -> list[tuple[str, str]]:
    QApplication.processEvents()
    table = next(t for t in widget.findChildren(QTableWidget) if t.isVisible())
    return [(table.item(row, 0).text(), table.item(row, 1).text()) for row in range(table.rowCount())]


def test_without_layers_it_says_what_to_do(styles: Console, panel: Panel, add: Callable[..., Any]) -> None:
    widget = panel(PANEL)
    assert any("暂无数据图层" in label.text() for label in widget.findChildren(QLabel) if label.isVisible())
    layer = add()
    QApplication.processEvents()
    assert named(widget, QComboBox, "图层").currentText() == "地块 blocks"
    layer.remove()
    QApplication.processEvents()
    assert any("暂无数据图层" in label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_one_symbol_is_drawn_while_it_is_chosen(styles: Console, editor: QWidget, view: MapView) -> None:
    assert colors(view) == ["#ff0000"] * 3
    QTest.mouseClick(named(editor, QToolButton, "颜色"), Qt.MouseButton.LeftButton)
    dialog = editor.findChild(QColorDialog)
    dialog.setCurrentColor("#00ff00")
    settle(styles)
    assert colors(view) == ["#00ff00"] * 3
    dialog.reject()
    settle(styles)
    assert colors(view) == ["#ff0000"] * 3, "who changes their mind gets the old colour back"
    choose(editor, "填充", "hatch")
    settle(styles)
    style = view.facet.layers.style("blocks")
    assert style is not None and style[0]["paint"]["fill-pattern"] == "hatch"


def test_graduated_colours_follow_method_number_and_ramp(
    styles: Console, editor: QWidget, view: MapView
) -> None:
    press(editor, "分级")
    choose(editor, "字段", "height")
    number(editor, "级数").setValue(3)
    settle(styles)
    assert colors(view) == RAMPS[USUAL].colors(3)
    choose(editor, "分级方法", "equal")
    number(editor, "级数").setValue(2)
    settle(styles)
    low, high = RAMPS[USUAL].colors(2)
    assert colors(view) == [low, low, high]
    assert lines(editor) == [("10 – 49", "2"), ("50 及以上", "1"), ("无数据", "0")]
    choose(editor, "配色", "oranges")
    next(box for box in editor.findChildren(QCheckBox) if box.isVisible()).click()
    settle(styles)
    low, high = RAMPS["oranges"].colors(2, reverse=True)
    assert colors(view) == [low, low, high]
    legend = [line.title.zh_CN for line in view.facet.layers.entries()[0].legend]
    assert legend == ["10 – 49", "50 及以上", "无数据"]


def test_categories_get_colours_and_each_can_be_changed(
    styles: Console, editor: QWidget, view: MapView
) -> None:
    press(editor, "分类")
    choose(editor, "字段", "name")
    settle(styles)
    first, second = RAMPS["okabe-ito"].colors(2)
    assert colors(view) == [first, second, first]
    assert lines(editor) == [("甲", "2"), ("乙", "1"), ("其他", "0")]
    table = next(t for t in editor.findChildren(QTableWidget) if t.isVisible())
    table.cellActivated.emit(1, 0)
    editor.findChild(QColorDialog).setCurrentColor("#123456")
    settle(styles)
    assert colors(view) == [first, "#123456", first]


def test_rules_in_their_order(styles: Console, editor: QWidget, view: MapView) -> None:
    press(editor, "规则")
    press(editor, "添加规则")
    choose(editor, "字段", "height")
    choose(editor, "条件", ">=")
    field = named(editor, QLineEdit, "值")
    field.clear()
    QTest.keyClicks(field, "20")
    press(editor, "添加规则")
    choose(editor, "字段", "name")
    choose(editor, "条件", "in")
    field.setText("甲")  # as an input method does: there is no key of that name
    field.textEdited.emit("甲")
    QTest.mouseClick(named(editor, QToolButton, "颜色"), Qt.MouseButton.LeftButton)
    editor.findChild(QColorDialog).setCurrentColor("#0000ff")
    settle(styles)
    orange = "#e69f00"
    assert colors(view) == ["#0000ff", orange, orange]
    assert [title for title, _ in lines(editor)] == ["height ≥ 20", "name 含 甲", "其他"]
    press(editor, "上移")
    settle(styles)
    assert colors(view) == ["#0000ff", orange, "#0000ff"]
    press(editor, "删除规则")
    settle(styles)
    assert colors(view) == [NO_DATA, orange, orange]


def test_labels_are_set_from_a_field(styles: Console, editor: QWidget, view: MapView) -> None:
    choose(editor, "标注", "name")
    number(editor, "文字大小").setValue(28)
    settle(styles)
    style = view.facet.layers.style("blocks")
    assert style is not None and style[-1]["layout"] == {
        "text-field": ["to-string", ["get", "name"]],
        "text-size": 28,
    }
    drawn(view)
    image = view.grab().toImage()
    x, y = (round(v) for v in view.viewport.pixel_of(*PLACES[1]))
    around = [image.pixelColor(x + dx, y + dy).lightness() for dx in range(-20, 20) for dy in range(-16, 16)]
    assert sum(light > 220 for light in around) > 30
    choose(editor, "标注", "")
    settle(styles)
    style = view.facet.layers.style("blocks")
    assert style is not None and all(layer["type"] != "symbol" for layer in style)


def test_undo_redo_and_as_it_came(styles: Console, editor: QWidget, view: MapView) -> None:
    press(editor, "分级")
    choose(editor, "字段", "height")
    settle(styles)
    graduated = colors(view)
    press(editor, "撤销（Ctrl+Z）")
    settle(styles)
    assert colors(view) == ["#ff0000"] * 3
    press(editor, "重做（Ctrl+Shift+Z）")
    settle(styles)
    assert colors(view) == graduated
    press(editor, "恢复图层原样")
    settle(styles)
    assert colors(view) == ["#ff0000"] * 3
    assert [layer["id"] for layer in view.facet.layers.style("blocks") or []] == ["a"]


def test_a_style_is_taken_to_another_layer_as_json(
    styles: Console, editor: QWidget, view: MapView, add: Callable[..., Any]
) -> None:
    press(editor, "分类")
    choose(editor, "字段", "name")
    settle(styles)
    press(editor, "复制样式为 JSON（Ctrl+C）")
    copied = QGuiApplication.clipboard().text()
    assert json.loads(copied)[0]["type"] == "fill"
    add("others")
    view.facet.layers.choose("others")
    assert named(editor, QComboBox, "图层").currentText() == "地块 others"
    press(editor, "粘贴样式（Ctrl+V）")
    settle(styles)
    assert view.facet.layers.style("others") == json.loads(copied)
    assert named(editor, QComboBox, "字段").currentText() == "name"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no json", "不是 MapLibre 样式"),
        ("[]", "没有图层"),
        ('{"layers": [{"type": "fill", "paint": {"fill-color": ["oops"]}}]}', "无法按此样式绘制"),
    ],
)
def test_what_is_no_style_is_told_and_changes_nothing(
    styles: Console, editor: QWidget, view: MapView, text: str, said: str
) -> None:
    QGuiApplication.clipboard().setText(text)
    before = view.facet.layers.style("blocks")
    press(editor, "粘贴样式（Ctrl+V）")
    labels = [label.text() for label in editor.findChildren(QLabel) if label.isVisible()]
    assert any(said in label for label in labels)
    assert view.facet.layers.style("blocks") == before


def test_the_choice_is_there_again_after_a_restart(
    styles: Console, editor: QWidget, view: MapView, panel: Panel, add: Callable[..., Any]
) -> None:
    press(editor, "分级")
    choose(editor, "字段", "height")
    choose(editor, "分级方法", "jenks")
    settle(styles)
    kept = json.loads(json.dumps(view.save_state()))
    styles.host.deactivate("onemap.styles")
    layer = next(slot for slot in view.tree.ordered() if slot.id == "blocks")
    view.tree.remove(layer)
    view.restore_state(kept)
    add()
    styles.host.activate("onemap.styles")
    again = panel(PANEL)
    assert named(again, QComboBox, "分级方法").currentData() == "jenks"
    until(lambda: view.base.idle)


def test_a_number_that_is_none_is_told_beside_the_rule(styles: Console, editor: QWidget) -> None:
    press(editor, "规则")
    press(editor, "添加规则")
    choose(editor, "字段", "height")
    field = named(editor, QLineEdit, "值")
    fault = next(label for label in editor.findChildren(QLabel) if "不是数字" in label.text())
    field.clear()
    QTest.keyClicks(field, "abc")
    assert fault.isVisible()
    field.clear()
    QTest.keyClicks(field, "12.5")
    assert not fault.isVisible()


def test_a_style_from_elsewhere_is_drawn_and_the_panel_says_that_it_would_be_replaced(
    styles: Console, editor: QWidget, view: MapView
) -> None:
    note = next(label for label in editor.findChildren(QLabel) if "其他程序" in label.text())
    assert not note.isVisible()
    by_height = ["step", ["get", "height"], "#0000ff", 50, "#ff8000"]
    document = {"version": 8, "layers": [{"id": "x", "type": "fill", "paint": {"fill-color": by_height}}]}
    QGuiApplication.clipboard().setText(json.dumps(document))
    press(editor, "粘贴样式（Ctrl+V）")
    settle(styles)
    assert colors(view) == ["#0000ff", "#0000ff", "#ff8000"]
    assert note.isVisible()
    press(editor, "分类")
    settle(styles)
    assert not note.isVisible()
