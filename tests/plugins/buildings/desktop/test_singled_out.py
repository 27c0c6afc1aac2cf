"""A building is singled out by click in 2D and 3D, by the context menu and by search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QListWidget, QTreeWidget

from console.model.records import Camera, Duty, Event, EventState, Place, Staff
from console.sdk.ui import KeyValues, SearchField
from console.testing import Console
from tests.plugins.buildings.desktop.conftest import place

CHOSEN = "onemap.buildings.chosen"


def singled_out(console: Console) -> str:
    """What is written on the map."""
    shapes = console.layer(CHOSEN).shapes.get("chosen", ())
    return next((shape.text for shape in shapes if shape.kind == "text"), "" if not shapes else "?")


def facts(card: Any) -> dict[str, str]:
    values = card.findChild(KeyValues)
    return {name.text(): value.text() for name, value in values._values}


def lines(tree: Any) -> list[list[str]]:
    tops = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    rows = [row for top in tops for row in (top, *(top.child(at) for at in range(top.childCount())))]
    return [[row.text(at) for at in range(tree.columnCount())] for row in rows]


def test_a_click_in_3d_singles_out_and_the_next_one_what_lies_over_it(quarter: Console) -> None:
    quarter.scene.click(*place(2.5, 2.5), 9.0)
    assert singled_out(quarter) == "裙楼"
    quarter.scene.click(*place(2.5, 2.5), 9.0)
    assert singled_out(quarter) == "锦绣大厦"
    quarter.scene.click(*place(2.5, 2.5), 9.0)
    assert singled_out(quarter) == "裙楼"
    quarter.scene.click(*place(7, 7), 0.0)
    assert singled_out(quarter) == ""


def test_a_wall_is_the_buildings_though_it_lies_a_little_beside_the_outline(quarter: Console) -> None:
    wall = place(4 + 0.1, 1)  # a metre east of the tower's edge
    quarter.scene.click(*wall, 30.0)
    assert singled_out(quarter) == "锦绣大厦"
    quarter.scene.click(*place(4 + 0.4, 1), 0.0)
    assert singled_out(quarter) == "", "four metres away is the street"
    quarter.map.open_menu(*wall)
    quarter.run("onemap.buildings.here")
    assert singled_out(quarter) == "", "on the map one sees where the outline is"


def test_the_tool_and_the_context_menu_do_so_in_2d(quarter: Console) -> None:
    quarter.map.open_menu(*place(11, 1))
    quarter.run("onemap.buildings.here")
    outline, note = quarter.layer(CHOSEN).shapes["chosen"]
    assert note.text == "第一中学"
    assert outline.kind == "polygon" and len(outline.holes) == 1
    quarter.map.open_menu(*place(15, 5))  # in its courtyard
    quarter.run("onemap.buildings.here")
    assert singled_out(quarter) == "" and quarter.notifications[-1].text == "此处没有建筑"
    asked = []

    def once(prompt: str) -> Any:
        asked.append(prompt)
        quarter.map.answer = place(1, 1) if len(asked) == 1 else None
        return type(quarter.map).pick_point(quarter.map, prompt)

    quarter.map.pick_point = once  # type: ignore[method-assign]
    quarter.run("onemap.buildings.pick")
    assert singled_out(quarter) == "锦绣大厦" and len(asked) == 2


def test_the_card_tells_address_floors_and_dwellings(quarter: Console, panel: Callable[[str], Any]) -> None:
    card = panel("onemap.buildings.card")
    quarter.scene.click(*place(1, 1), 32.0)
    told = facts(card)
    assert told["地址"] == "云龙路12号"
    assert told["高度"] == "60.0 m"
    assert told["楼层"] == "18 层（数据记录）"
    assert told["房屋"] == "3"
    floors = lines(card.findChild(QTreeWidget))
    assert [row[0] for row in floors] == [f"{n} 层" for n in range(18, 0, -1)]
    assert floors[18 - 11][2] == "2: 1单元1101室  2单元1102室"
    quarter.scene.click(*place(11, 1), 1.0)
    assert facts(card)["楼层"] == "4 层（按高度推算）"
    quarter.scene.click(*place(31, 1), 1.0)
    told = facts(card)
    assert told["地址"] == "中山路10号（相距 37 米）" and told["楼层"] == told["高度"] == "未知"


def test_the_floor_that_was_clicked_is_told_and_shown_as_a_band(
    quarter: Console, panel: Callable[[str], Any]
) -> None:
    card = panel("onemap.buildings.card")
    quarter.scene.ground = 40.0
    quarter.scene.click(*place(1, 1), 75.0)
    assert facts(card)["点击楼层"] == "11 层"
    tree = card.findChild(QTreeWidget)
    assert tree.currentItem().text(0) == "11 层"
    marks = quarter.scene.marks["onemap.buildings.floor"]
    heights = {key: {round(p.height, 1) for p in places} for key, places in marks.shown.items()}
    assert heights["bottom 0"] == {73.3} and heights["top 0"] == {76.7}
    assert marks.texts["edge 0 0"] == "11 层" and len(heights) == 6
    tree.setCurrentItem(tree.topLevelItem(17))
    assert {round(p.height) for p in marks.shown["bottom 0"]} == {40}
    quarter.scene.click(*place(7, 7), 40.0)
    assert not marks.shown


def test_who_and_what_is_inside_is_followed(
    quarter: Console, panel: Callable[[str], Any], move: Callable[..., None]
) -> None:
    card = panel("onemap.buildings.card")
    quarter.put(
        "event",
        Event(id="e1", number="1", title="电梯困人", area="3", where=place(1, 1)),
        Event(id="e2", number="2", title="已结", area="3", where=place(1, 1), state=EventState.CLOSED),
        Event(id="e3", number="3", title="别处", area="3", where=place(9, 9)),
    )
    west = Camera(id="c1", name="大厦西门", area="3", where=place(-0.5, 1), online=False)
    quarter.put("camera", west)
    on, off = (Staff(id=f"s{n}", handle=n, name=f"人{n}", area="3", duty=d) for n, d in enumerate(Duty))
    quarter.put("staff", on, off)
    quarter.scene.click(*place(1, 1), 1.0)
    lon, lat = place(1, 1)
    move(handle=[0, 1], lon=[lon, lon], lat=[lat, lat], time=[1, 1], floor=[4, 0])
    quarter.clock.advance(1.1)
    tabs = card._tabs
    assert tabs.chips._buttons["1"].text() == "楼内动态（3）"
    tabs.turn(1)
    tree = tabs.currentWidget().findChild(QTreeWidget)
    assert lines(tree) == [
        ["未结事件 (1)", ""],
        ["电梯困人", "1"],
        ["在岗人员 (1)", ""],
        ["人0", "5 层"],
        ["摄像头 (1)", ""],
        ["大厦西门", "离线"],
    ]
    tree.itemActivated.emit(tree.topLevelItem(0).child(0), 0)
    assert quarter.selection.current == ("event", "e1")
    quarter.put("camera", replace(west, blind="black", version=2))
    quarter.clock.advance(1.1)
    assert lines(tree)[-1] == ["大厦西门", "画面异常"]
    move(handle=[0], lon=[lon + 1], lat=[lat], time=[2])
    quarter.clock.advance(1.1)
    assert tabs.chips._buttons["1"].text() == "楼内动态（2）"
    acts = {action.shortcut().toString(): action for action in card.actions()}
    acts["Ctrl+C"].trigger()
    assert QGuiApplication.clipboard().text().startswith("锦绣大厦\n地址\t云龙路12号\n")
    acts["Esc"].trigger()
    assert singled_out(quarter) == ""


@pytest.mark.parametrize(("words", "first"), [("锦绣", "锦绣大厦"), ("中山路8号", "第一中学")])
def test_it_is_found_by_name_and_by_address_while_the_backend_is_away(
    quarter: Console, panel: Callable[[str], Any], words: str, first: str
) -> None:
    quarter.backend.set_connected(False)
    search = panel("onemap.one_map.search")
    search.findChild(SearchField).setText(words)
    search.findChild(SearchField).returnPressed.emit()
    quarter.clock.advance(0.3)
    found = search.findChild(QListWidget)
    assert found.item(0).text().startswith(f"{first}\n建筑 · ")
    quarter.scene.is_open, quarter.scene.linked = True, False
    found.itemActivated.emit(found.item(0))
    assert singled_out(quarter) == first
    lon, lat = quarter.scene.pose.lon, quarter.scene.pose.lat
    (outline, _) = quarter.layer(CHOSEN).shapes["chosen"]
    west, east = min(p[0] for p in outline.points), max(p[0] for p in outline.points)
    assert west < lon < east and west < quarter.map.center[0] < east and lat > 34.26


def test_an_address_of_the_backend_singles_out_its_building(
    quarter: Console, panel: Callable[[str], Any]
) -> None:
    door = Place(title="云龙路12号1单元101室", kind="address", where=place(1, 1))
    quarter.backend.answer("GET", "/search", [door])
    search = panel("onemap.one_map.search")
    search.findChild(SearchField).setText("云龙路 12号 101")
    search.findChild(SearchField).returnPressed.emit()
    quarter.clock.advance(0.3)
    found = search.findChild(QListWidget)
    assert found.count() == 1
    found.itemActivated.emit(found.item(0))
    assert singled_out(quarter) == "锦绣大厦"
