"""The tools of the one map in a console."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QLabel, QListWidget, QPushButton, QSlider, QTreeWidget

from console.model.records import Place
from console.sdk import Identified, Text
from console.sdk.ui import RecordTable, SearchField
from console.testing import Console

ROAD = Place(title="中山北路", kind="road", where=(117.18, 34.27), detail="鼓楼区", ref="")
AREA = Place(
    title="黄楼街道",
    kind="area",
    where=(117.17, 34.27),
    bounds=(117.15, 34.25, 117.2, 34.3),
    ref="area/320302001",
)


@pytest.fixture
def one_map(activate: Callable[..., Console]) -> Console:
    return activate("one_map")


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def list_texts(widget: Any) -> list[str]:
    found = widget.findChild(QListWidget)
    return [found.item(row).text() for row in range(found.count())]


def test_measured_line_is_drawn_listed_and_copied(one_map: Console, panel: Callable[[str], Any]) -> None:
    widget = panel("onemap.one_map.measure")
    one_map.map.answer = [(117.0, 34.0), (117.0, 34.01), (117.01, 34.01)]
    one_map.run("onemap.one_map.measure_distance")
    line, label = one_map.layer("onemap.one_map.measured").shapes["1"]
    assert line.kind == "line"
    assert label.text == "2.03 公里"
    table = widget.findChild(RecordTable)
    assert table.selected_key == "1"
    one_map.run("onemap.one_map.measure_area")
    assert set(one_map.layer("onemap.one_map.measured").shapes) == {"1", "2"}
    assert "公顷" in one_map.layer("onemap.one_map.measured").shapes["2"][1].text
    table.select_key("1")
    table.view.setFocus()
    action = next(a for a in table.actions() if a.text() == "删除所选量测")
    action.trigger()
    assert set(one_map.layer("onemap.one_map.measured").shapes) == {"2"}


def test_measurements_are_removed_on_the_map_and_come_back(
    one_map: Console, panel: Callable[[str], Any]
) -> None:
    widget, layer = panel("onemap.one_map.measure"), one_map.layer("onemap.one_map.measured")
    corner = (117.0, 34.01)
    for answer in ([(117.0, 34.0), corner], [(117.2, 34.0), (117.2, 34.1)]):
        one_map.map.answer = answer
        one_map.run("onemap.one_map.measure_distance")
    enabled = one_map.host.commands.is_enabled
    one_map.map.open_menu(118.0, 35.0)
    assert not enabled("onemap.one_map.remove_measured")
    one_map.map.open_menu(*corner)
    one_map.run("onemap.one_map.remove_measured")
    assert set(layer.shapes) == {"2"}
    title, undo = one_map.notifications[-1].action
    undo()
    assert title == "撤销" and set(layer.shapes) == {"1", "2"}
    layer.click("1")
    table = widget.findChild(RecordTable)
    assert table.selected_key == "1" and layer.shapes["1"][0].style.stroke == "map.selection"
    acts = {action.text(): action for action in widget.findChildren(QAction)}
    acts["删除所选量测"].trigger()
    one_map.run("onemap.one_map.clear_measured")
    assert not layer.shapes and not enabled("onemap.one_map.clear_measured")
    for left in ({"2"}, {"1", "2"}):
        acts["恢复刚删除的量测（Ctrl+Z）"].trigger()
        assert set(layer.shapes) == left


def test_escape_measures_nothing(one_map: Console) -> None:
    one_map.map.answer = None
    one_map.run("onemap.one_map.measure_distance")
    assert not one_map.layer("onemap.one_map.measured").shapes


def test_search_asks_once_after_the_last_key(one_map: Console, panel: Callable[[str], Any]) -> None:
    one_map.backend.answer("GET", "/search", [ROAD, AREA])
    widget = panel("onemap.one_map.search")
    field = widget.findChild(SearchField)
    for text in ("中山", "中山北"):
        field.setText(text)
        field.returnPressed.emit()
    one_map.clock.advance(0.3)
    asked = [r.query["q"] for r in one_map.backend.requests if r.path == "/search"]
    assert asked == ["中山北"]
    assert list_texts(widget) == ["中山北路\n道路 · 鼓楼区", "黄楼街道\n区划"]


def test_a_result_jumps_marks_selects_and_is_remembered(
    one_map: Console, panel: Callable[[str], Any], qtbot: Any
) -> None:
    one_map.backend.answer("GET", "/search", [AREA])
    widget = panel("onemap.one_map.search")
    field = widget.findChild(SearchField)
    field.setText("黄楼")
    field.returnPressed.emit()
    one_map.clock.advance(0.3)
    qtbot.keyClick(field, Qt.Key.Key_Down)
    qtbot.keyClick(widget.findChild(QListWidget), Qt.Key.Key_Return)
    assert one_map.map.center == pytest.approx((117.175, 34.275))
    assert one_map.selection.current == ("area", "320302001")
    assert one_map.layer("onemap.one_map.found").shapes
    field.clear()
    field.returnPressed.emit()
    assert list_texts(widget) == ["黄楼街道\n区划"]


def test_coordinates_need_no_backend(one_map: Console, panel: Callable[[str], Any]) -> None:
    one_map.backend.set_connected(False)
    widget = panel("onemap.one_map.search")
    field = widget.findChild(SearchField)
    field.setText("北纬34度15分36秒 东经117度11分24秒")
    field.returnPressed.emit()
    one_map.clock.advance(1)
    assert list_texts(widget) == ["117.190000, 34.260000\n坐标 · 按 WGS84 坐标解析"]
    field.setText("中山路")
    field.returnPressed.emit()
    one_map.clock.advance(1)
    assert any("后端无法连接" in label.text() for label in widget.findChildren(QLabel))


def test_a_link_to_a_view_leads_there_from_the_search(
    one_map: Console, panel: Callable[[str], Any], qtbot: Any
) -> None:
    widget = panel("onemap.one_map.search")
    field = widget.findChild(SearchField)
    field.setText("onemap://view?lon=117.19&lat=34.26&zoom=15")
    field.returnPressed.emit()
    one_map.clock.advance(1)
    assert [text.split("\n")[0] for text in list_texts(widget)] == ["117.190000, 34.260000"]
    found = widget.findChild(QListWidget)
    found.setCurrentRow(0)
    qtbot.keyClick(found, Qt.Key.Key_Return)
    assert one_map.map.center == pytest.approx((117.19, 34.26))
    assert one_map.map.zoom() == 15
    field.setText("onemap://run?command=quit")
    field.returnPressed.emit()
    one_map.clock.advance(1)
    assert list_texts(widget) == []
    assert [r for r in one_map.backend.requests if r.path == "/search"] == [], "nobody else learns of it"


def test_what_is_here_lists_attributes_and_copies(one_map: Console, panel: Callable[[str], Any]) -> None:
    widget = panel("onemap.one_map.identified")
    one_map.map.context_point = (117.19, 34.26)
    one_map.map.found = [
        Identified(
            layer="road",
            layer_title=Text("道路", "Roads"),
            title="中山北路",
            attributes={"class": "primary", "oneway": "0", "access": "5", "level": "2", "lanes": "4"},
            where=(117.19, 34.26),
        )
    ]
    one_map.run("onemap.one_map.what_is_here")
    tree = widget.findChild(QTreeWidget)
    top = tree.topLevelItem(0)
    assert (top.text(0), top.text(1)) == ("中山北路", "道路")
    lines = [(top.child(at).text(0), top.child(at).text(1)) for at in range(top.childCount())]
    assert lines[:4] == [("类别", "主干路"), ("单行", "否"), ("允许通行", "步行、机动车"), ("lanes", "4")]
    tree.setCurrentItem(top.child(0))
    tree.actions()[0].trigger()
    assert clipboard() == "主干路"


def test_coordinates_of_a_clicked_place(one_map: Console, panel: Callable[[str], Any]) -> None:
    widget = panel("onemap.one_map.coordinates")
    one_map.map.click(117.19, 34.26)
    shown = [label.text() for label in widget.findChildren(QLabel)]
    assert "34°15′36.00″N 117°11′24.00″E" in shown
    assert "CGCS2000 3 度带，中央经线 117°E（X 北，Y 东）" in shown
    next(b for b in widget.findChildren(QPushButton) if b.text() == "全部复制").click()
    assert "BD-09（百度）\t117.202335, 34.264530" in clipboard()


def test_bookmarks_are_kept_renamed_and_outlive_a_restart(
    one_map: Console, panel: Callable[[str], Any], qtbot: Any
) -> None:
    widget = panel("onemap.one_map.bookmarks")
    one_map.map.center_on(117.5, 34.5, 15)
    one_map.run("onemap.one_map.add_bookmark")
    marks = widget.findChild(QListWidget)
    marks.item(0).setText("火车站")
    one_map.map.center_on(100, 30, 4)
    one_map.host.deactivate("onemap.one_map")
    one_map.host.activate("onemap.one_map")
    widget = panel("onemap.one_map.bookmarks")
    marks = widget.findChild(QListWidget)
    assert [marks.item(row).text() for row in range(marks.count())] == ["火车站"]
    marks.setCurrentRow(0)
    qtbot.keyClick(marks, Qt.Key.Key_Return)
    assert one_map.map.center == pytest.approx((117.5, 34.5))
    assert one_map.map.zoom() == 15


def test_a_bookmark_brings_its_layers_back(
    activate: Callable[..., Console], panel: Callable[[str], Any]
) -> None:
    console = activate("one_map", "cameras")
    widget, layers = panel("onemap.one_map.bookmarks"), console.map.layers
    layers.set_visible("onemap.cameras.cameras", False)
    console.run("onemap.one_map.add_bookmark")
    layers.set_visible("onemap.cameras.cameras", True)
    layers.set_visible("onemap.cameras.stations", False)
    marks = widget.findChild(QListWidget)
    marks.itemActivated.emit(marks.item(0))
    shown = {entry.id: entry.visible for entry in layers.entries()}
    assert not shown["onemap.cameras.cameras"]
    assert shown["onemap.cameras.stations"]


def test_a_broken_file_of_bookmarks_is_put_aside(one_map: Console, tmp_path: Path) -> None:
    one_map.run("onemap.one_map.add_bookmark")
    (file,) = tmp_path.rglob("bookmarks.json")
    one_map.host.deactivate("onemap.one_map")
    file.write_text("{half")
    one_map.host.activate("onemap.one_map")
    assert file.with_suffix(".broken").exists()


def test_layer_tree_switches_and_fades(activate: Callable[..., Console], panel: Callable[[str], Any]) -> None:
    console = activate("one_map", "cameras")
    widget = panel("onemap.one_map.layers")
    tree = widget.findChild(QTreeWidget)
    group = tree.topLevelItem(0)
    item = next(
        group.child(at) for at in range(group.childCount()) if "cameras.cameras" in group.child(at).text(0)
    )
    item.setCheckState(0, Qt.CheckState.Unchecked)
    assert not console.layer("onemap.cameras.cameras").visible
    tree.setCurrentItem(item)
    widget.findChild(QSlider).setValue(40)
    entry = next(e for e in console.map.layers.entries() if e.id == "onemap.cameras.cameras")
    assert entry.opacity == 0.4


def test_status_shows_scale(one_map: Console) -> None:
    one_map.map.center_on(117.2, 34.26, 15)
    item = next(i for i in one_map.host.status.entries() if i.id == "onemap.one_map.scale")
    assert item.text == "1:15,000 · 15.0 级"


def test_copy_coordinates_of_the_context_menu(one_map: Console) -> None:
    one_map.map.context_point = (117.123456, 34.654321)
    one_map.run("onemap.one_map.copy_coordinates")
    assert clipboard() == "117.123456, 34.654321"


def test_what_is_found_is_told_in_the_users_words(one_map: Console, panel: Callable[[str], Any]) -> None:
    """Neither the source's class of a road nor the code of somebody's grid."""
    road = {"title": "滨河北路", "kind": "road", "where": [117.2, 34.2], "detail": "primary"}
    person = {"title": "孙燕秀", "kind": "staff", "where": [117.2, 34.2], "detail": "320302001001001"}
    one_map.backend.answer("GET", "/search", [road, person])
    one_map.host.services.provide("areas", SimpleNamespace(name=lambda _code: "民主一网格"))
    widget = panel("onemap.one_map.search")
    field = widget.findChild(SearchField)
    field.setText("北路")
    field.returnPressed.emit()
    one_map.clock.advance(0.3)
    assert list_texts(widget) == ["滨河北路\n道路 · 主干路", "孙燕秀\n人员 · 民主一网格"]
