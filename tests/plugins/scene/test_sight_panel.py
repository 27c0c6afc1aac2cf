"""What is seen from where, asked in the panel and shown in the scene and on the map."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QPushButton, QStackedWidget

from console.model.records import Camera
from console.sdk.scene import ScenePlace
from console.sdk.sight import SceneCoverage, SceneLine, SceneSighting, SceneSkyline, SceneViewshed
from console.sdk.ui import RecordTable
from console.testing import Console
from plugins.scene.desktop.sight_panel import SightPanel

HERE = ScenePlace(lon=117.2, lat=34.26, height=40.0)
LAYER = "onemap.scene.seen"
SQUARE = [[(117.2, 34.26), (117.3, 34.26), (117.3, 34.27), (117.2, 34.26)]]
LINE, VIEWSHED, _SKYLINE, CAMERAS = range(4)
WHY = -2
KNOWN = [Camera(id=f"c{n}", name=f"路口{n}", area="320302", where=(117.2, 34.26), version=1) for n in (1, 2)]
SIGHTINGS = [
    SceneSighting(
        camera="c1",
        score=0.8,
        metres=31.4,
        pixels_per_metre=260.0,
        reasons={"purpose": "identify", "turns": 1.0, "assumed": "reach pixels"},
    ),
    SceneSighting(
        camera="c2",
        score=0.3,
        metres=70.0,
        pixels_per_metre=24.0,
        reasons={"purpose": "monitor", "off_axis": 12.0, "clear": 0.5, "moved": 2.0},
    ),
]


@pytest.fixture
def opened(
    console: Console,
    activate: Callable[..., Any],
    panel: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> SightPanel:
    """With a folder that the user has chosen; picks HERE."""
    choose = "plugins.scene.desktop.sight.ask_folder"
    monkeypatch.setattr(choose, lambda _parent, _title, on_path: on_path("/data/sight"))
    activate("scene")
    shown = panel("onemap.scene.sight")
    stack = shown.findChild(QStackedWidget)
    assert stack.currentIndex() == 0
    console.scene.answer = [HERE]
    stack.widget(0).findChild(QPushButton).click()
    assert stack.currentIndex() == 1
    return shown


def press(panel: SightPanel, at: int) -> None:
    stack: Any = panel.findChild(QStackedWidget)
    stack.widget(1).findChildren(QPushButton)[at].click()


def told(panel: SightPanel, at: int = -1) -> str:
    """The answer, or WHY."""
    return panel.findChildren(QLabel)[at].text()


def test_a_line_is_green_up_to_what_blocks_it_and_red_behind(opened: SightPanel, console: Console):
    block = ScenePlace(lon=117.2001, lat=34.26, height=41.0)
    console.scene.sight.found_line = SceneLine(visible=False, blocked_at=block, distance=100.0, free=40.0)
    press(opened, LINE)
    marks = console.scene.marks[LAYER]
    start, end = marks.shown["free"]
    assert (start.height, end) == (pytest.approx(41.6), block)
    assert list(marks.shown["blocked"]) == [block, HERE]
    assert "40.0" in marks.texts["blocked"]
    assert "100.0" in told(opened)
    console.scene.sight.found_line = SceneLine(visible=True, blocked_at=None, distance=100.0, free=100.0)
    press(opened, LINE)
    assert list(marks.shown) == ["free"]


def test_a_viewshed_lies_on_the_map_until_it_is_cleared(opened: SightPanel, console: Console):
    console.scene.sight.found_viewshed = SceneViewshed(seen=[SQUARE], hidden=[SQUARE, SQUARE], share=0.42)
    eye, reach = opened.findChildren(QDoubleSpinBox)
    eye.setValue(3.0)
    reach.setValue(500)
    press(opened, VIEWSHED)
    assert console.scene.sight.asked[-1] == ("viewshed", HERE, 3.0, 500.0)
    shapes = console.map.layers_by_id[LAYER].shapes
    assert {key: len(each) for key, each in shapes.items()} == {"seen": 1, "hidden": 2}
    assert shapes["seen"][0].style.fill != shapes["hidden"][0].style.fill
    assert "42" in told(opened)
    next(action for action in opened.findChildren(QAction) if action.text() == "清除").trigger()
    assert not shapes


def test_what_no_one_and_several_cameras_see_counts_those_that_work_and_are_ours(
    opened: SightPanel, console: Console
):
    console.put("camera", KNOWN[0], replace(KNOWN[1], online=False))
    sight = console.scene.sight
    sight.found_coverage = SceneCoverage(
        none=[SQUARE], one=[SQUARE, SQUARE], several=[], shares=(0.7, 0.3, 0.0), cameras=1
    )
    next(each for each in opened.findChildren(QPushButton) if each.text() == "摄像头覆盖").click()
    assert sight.asked[-1] == ("coverage", console.map.bounds(), {"c1"})
    shapes = console.map.layers_by_id[LAYER].shapes
    assert sorted(len(each) for each in shapes.values() if each) == [1, 2]
    assert "70" in told(opened)
    assert "30" in told(opened)


def test_a_skyline_is_charted_drawn_and_copied_with_its_highest_points(opened: SightPanel, console: Console):
    spot = [ScenePlace(lon=117.2 + n * 1e-4, lat=34.26, height=50.0 + n) for n in range(4)]
    console.scene.sight.found_skyline = SceneSkyline(
        eye=HERE,
        azimuths=(0.0, 1.0, 90.0, 91.0, 180.0),
        elevations=(20.0, 30.0, 10.0, 9.0, math.nan),
        metres=(50.0, 52.0, 200.0, 201.0, math.inf),
        places=(*spot, None),
    )
    next(each for each in opened.findChildren(QPushButton) if each.text() == "天际线").click()
    marks = console.scene.marks[LAYER]
    lines = [list(places) for key, places in marks.shown.items() if key.startswith("skyline")]
    assert lines == [spot[:2], spot[2:]]  # what stands further away is another thing
    assert [marks.texts[f"peak {n}"] for n in (1, 2)] == [
        "1  北 1° · 30.0° · 52 m",
        "2  东 90° · 10.0° · 200 m",
    ]
    assert "peak 3" not in marks.texts
    next(each for each in opened.findChildren(QPushButton) if each.text() == "复制").click()
    rows = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert rows[0][:3] == ["方位角（°）", "仰角（°）", "距离（m）"]
    assert (rows[2][:3], rows[5][1:3]) == (["1", "30.00", "52.0"], ["", ""])
    assert not opened.grab().isNull()
    console.scene.sight.found_skyline = SceneSkyline(
        eye=HERE, azimuths=(0.0,), elevations=(90.0,), metres=(2.0,), places=(HERE,)
    )
    next(each for each in opened.findChildren(QPushButton) if each.text() == "天际线").click()
    assert "看不到天空" in told(opened)
    assert not marks.shown


def test_who_looks_from_inside_a_model_is_told_and_gets_onto_it(opened: SightPanel, console: Console):
    sight = console.scene.sight
    sight.found_viewshed = SceneViewshed(seen=(), hidden=[SQUARE], share=0.0, buried=12.4)
    press(opened, VIEWSHED)
    assert "12.4" in told(opened)
    stand = next(each for each in opened.findChildren(QPushButton) if each.text() == "移到模型表面")
    assert stand.isVisible()
    sight.found_viewshed = SceneViewshed(seen=[SQUARE], hidden=(), share=1.0)
    stand.click()
    _, place, eye, _ = sight.asked[-1]
    assert (place.height, eye) == (pytest.approx(40 + 1.6 + 12.4), pytest.approx(1.6))
    assert "100" in told(opened)
    assert not stand.isVisible()


def test_cameras_are_listed_with_reasons_and_one_shows_what_it_sees(opened: SightPanel, console: Console):
    console.put("camera", *KNOWN)
    console.scene.sight.sightings = [replace(SIGHTINGS[0], camera="of others"), *SIGHTINGS]
    console.scene.sight.areas = {"c1": [SQUARE]}
    press(opened, CAMERAS)
    (view,) = (table.view for table in opened.findChildren(RecordTable))
    cells = [[view.model().index(line, column).data() for column in range(4)] for line in range(2)]
    assert cells[0] == ["路口1", "31 m", "260", "可辨认人员身份"]
    assert told(opened, WHY) == ""
    view.selectRow(1)
    assert told(opened, WHY) == "可监视人群动向；偏离画面中心 12°；周边 50 % 无遮挡；点位已移出墙体 2.0 m"
    view.selectRow(0)
    assert told(opened, WHY) == "可辨认人员身份；可转向此处；按默认值估计：可视距离、像素"
    view.activated.emit(view.model().index(0, 0))
    assert console.selection.current == ("camera", "c1")
    assert len(console.map.layers_by_id[LAYER].shapes["seen"]) == 1
    assert view.model().rowCount() == 2


def test_what_is_refused_is_said_and_escape_leaves_all_as_it_was(opened: SightPanel, console: Console):
    console.scene.sight.fault = "此处不在通视数据范围内"
    press(opened, LINE)
    assert told(opened) == console.scene.sight.fault
    console.scene.answer, asked = None, len(console.scene.sight.asked)
    press(opened, VIEWSHED)
    assert (told(opened), len(console.scene.sight.asked)) == ("", asked)


def test_others_get_it_by_name_and_the_folder_is_remembered(opened: SightPanel, console: Console):
    assert console.host.services.get("sight") is console.scene.sight
    console.scene.sight.folder = ""
    console.host.deactivate("onemap.scene")
    console.host.activate("onemap.scene")
    assert console.scene.sight.folder == "/data/sight"
