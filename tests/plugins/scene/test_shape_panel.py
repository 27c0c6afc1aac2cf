"""Models are cut, pressed flat and compared in the panel; it is kept, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QListWidget, QPushButton, QSlider, QStackedWidget

from console.model.records import Role, User
from console.sdk import Text
from console.sdk.scene import ScenePlace, ScenePose
from console.sdk.scene_shape import CutBox, CutPlane, FlatArea, Swipe
from console.testing import Console
from plugins.scene.desktop.shape_panel import ShapePanel

HERE = ScenePlace(lon=117.2, lat=34.26, height=40.0)
FIELD = [
    ScenePlace(lon=117.2, lat=34.26, height=40.0),
    ScenePlace(lon=117.201, lat=34.26, height=40.0),
    ScenePlace(lon=117.201, lat=34.261, height=50.0),
    ScenePlace(lon=117.2, lat=34.261, height=50.0),
]
"""Some 92 m by 111 m; 45 m high along its edge."""
BOX, DRAWN, UPRIGHT, LEVEL, FLATTEN = "点选盒", "绘制盒", "竖直面", "水平面", "绘制范围"
OFF, TURN, REMOVE, UNDO = "取消剖切", "反向", "删除", "撤销（Ctrl+Z）"


@pytest.fixture
def opened(console: Console, activate: Callable[..., Any], panel: Callable[..., Any]) -> ShapePanel:
    """With two models at one place and a third one far from them."""
    activate("scene")
    shown = panel("onemap.scene.shape")
    assert shown.findChild(QStackedWidget).currentIndex() == 0
    far = console.scene.add_model("far", "/far", title=Text("远", "Far"))
    far.center = ScenePlace(lon=118.0, lat=34.26, height=40.0)  # type: ignore[misc]  # of the stand-in
    for name in ("then", "now"):
        console.scene.add_model(name, f"/{name}", title=Text(name, name))
    assert shown.findChild(QStackedWidget).currentIndex() == 1
    console.scene.answer = [HERE]
    return shown


def press(shown: ShapePanel, title: str) -> None:
    (found,) = [each for each in shown.findChildren(QPushButton) if each.accessibleName() == title]
    assert not found.isHidden()
    found.click()


def field(shown: ShapePanel, title: str) -> QDoubleSpinBox:
    (found,) = [each for each in shown.findChildren(QDoubleSpinBox) if each.accessibleName() == title]
    return found


def test_a_box_stands_where_one_clicked_and_follows_its_fields(opened: ShapePanel, console: Console):
    shape, marks = console.scene.shape, console.scene.marks["onemap.scene.cut"]
    press(opened, BOX)
    assert isinstance(shape.cut, CutBox) and shape.cut.center == HERE
    assert {"floor", "roof"} < set(marks.shown)
    field(opened, "底面").setValue(42.0)
    field(opened, "高").setValue(9.0)
    field(opened, "方位角").setValue(30.0)
    opened.findChildren(QCheckBox)[1].click()
    box = shape.cut
    assert (box.center.height, box.height, box.heading, box.hole) == (46.5, 9.0, 30.0, True)
    console.scene.answer = FIELD[2:]
    press(opened, BOX)
    assert isinstance(shape.cut, CutBox) and (shape.cut.center, shape.cut.height) == (FIELD[2], 9.0)
    press(opened, OFF)
    assert shape.cut is None and not marks.shown


def test_a_drawn_box_holds_all_that_was_drawn(opened: ShapePanel, console: Console):
    console.scene.answer = FIELD
    press(opened, DRAWN)
    box = console.scene.shape.cut
    assert isinstance(box, CutBox)
    assert (box.width, box.depth) == (pytest.approx(92.2, abs=0.2), pytest.approx(110.9, abs=0.2))
    assert box.center.lon == pytest.approx(117.2005) and box.center.lat == pytest.approx(34.2605)
    assert box.center.height - box.height / 2 < 40 and box.center.height + box.height / 2 > 50


@pytest.mark.parametrize(("heading", "cut"), [(0.0, 180.0), (180.0, 0.0), (90.0, None)])
def test_an_upright_plane_removes_what_is_nearer_to_the_eye(
    opened: ShapePanel, console: Console, monkeypatch: pytest.MonkeyPatch, heading: float, cut: float | None
):
    console.scene.show(ScenePose(lon=117.2, lat=34.26, heading=heading, tilt=60.0, distance=200.0))
    clicks = iter(FIELD[:2] if cut is not None else [HERE, HERE])

    async def pick(_prompt: str) -> ScenePlace:
        return next(clicks)

    monkeypatch.setattr(console.scene, "pick_place", pick)
    console.run("onemap.scene.cut_plane")
    plane = console.scene.shape.cut
    if cut is None:
        assert plane is None and "两处相同" in opened._told.text()
        return
    assert isinstance(plane, CutPlane)
    assert (plane.heading, plane.pitch) == (pytest.approx(cut), 0.0)
    press(opened, TURN)
    plane = console.scene.shape.cut
    assert isinstance(plane, CutPlane) and plane.heading == pytest.approx((cut + 180) % 360)


def test_a_level_plane_is_pushed_live_and_taken_back_at_once(opened: ShapePanel, console: Console):
    shape = console.scene.shape
    press(opened, LEVEL)
    assert isinstance(shape.cut, CutPlane) and (shape.cut.place, shape.cut.pitch) == (HERE, 90.0)
    slider = opened.findChildren(QSlider)[0]
    heights = []
    for step in range(1, 4):
        slider.setValue(step * 25)
        heights.append(shape.cut.place.height)
    assert heights == pytest.approx([42.5, 45.0, 47.5])
    press(opened, TURN)
    assert (shape.cut.place.height, shape.cut.pitch) == (pytest.approx(47.5), -90.0)
    push = field(opened, "推移")
    assert push.value() == pytest.approx(-7.5)
    opened.activateWindow()
    assert QTest.qWaitForWindowActive(opened)  # keys of its actions go to the active window alone
    push.setFocus()
    for wanted in (90.0, 90.0):  # the turn, then all of the pushes
        QTest.keyClick(push, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert shape.cut is not None and shape.cut.pitch == wanted
    assert shape.cut.place.height == pytest.approx(40.0)
    QTest.keyClick(push, Qt.Key.Key_Escape)
    assert shape.cut is None


def test_areas_are_flat_at_their_edge_until_they_are_removed(opened: ShapePanel, console: Console):
    shape = console.scene.shape
    console.scene.answer = FIELD
    press(opened, FLATTEN)
    press(opened, FLATTEN)
    assert [area.height for area in shape.flat] == pytest.approx([45.0, 45.0], abs=0.01)
    field(opened, "所选范围高程").setValue(41.0)
    assert [area.height for area in shape.flat] == pytest.approx([45.0, 41.0], abs=0.01)
    listed = next(each for each in opened.findChildren(QListWidget) if each.count() == 2)
    opened.activateWindow()
    assert QTest.qWaitForWindowActive(opened)
    listed.setFocus()
    outline = console.scene.marks["onemap.scene.cut"].shown
    assert {place.height for place in outline["flat"]} == {41.0}
    listed.setCurrentRow(0)
    assert [place.height for place in outline["flat"]] == pytest.approx([45.0] * 5, abs=0.01)
    press(opened, REMOVE)
    assert [area.height for area in shape.flat] == [41.0]
    press(opened, UNDO)
    assert len(shape.flat) == 2
    shape.flat = [shape.flat[0]] * 16
    console.run("onemap.scene.flatten")
    assert len(shape.flat) == 16 and "16" in opened._told.text()


def test_the_two_models_at_one_place_are_compared_first(opened: ShapePanel, console: Console):
    shape = console.scene.shape
    console.run("onemap.scene.swipe")
    assert shape.swipe == Swipe(left=frozenset({"then"}), right=frozenset({"now"}))
    opened.findChildren(QSlider)[-1].setValue(250)
    assert shape.swipe is not None and shape.swipe.share == 0.25
    left, right = opened.findChildren(QListWidget)[-2:]
    right.item(1).setCheckState(Qt.CheckState.Checked)  # "then": it goes from the left
    assert shape.swipe == Swipe(left=frozenset(), right=frozenset({"then", "now"}), share=0.25)
    assert left.item(1).checkState() == Qt.CheckState.Unchecked
    shape.swipe = Swipe(left=frozenset({"far"}), right=frozenset({"now"}), share=0.7)  # as the handle does
    assert left.item(0).checkState() == Qt.CheckState.Checked
    assert opened.findChildren(QSlider)[-1].value() == 700
    press(opened, "结束对比")
    assert shape.swipe is None


def test_what_is_under_ground_is_seen_by_box_command_and_key(opened: ShapePanel, console: Console):
    box, shape = opened.findChildren(QCheckBox)[0], console.scene.shape
    box.click()
    assert shape.underground
    console.run("onemap.scene.underground")
    assert not shape.underground and not box.isChecked()
    shape.set_underground(True)  # as U in the view does
    assert box.isChecked()


def test_each_district_finds_its_own_again_and_nothing_stays_cut_without_the_plugin(
    opened: ShapePanel, console: Console
):
    shape = console.scene.shape
    press(opened, BOX)
    console.scene.answer = FIELD
    press(opened, FLATTEN)
    console.run("onemap.scene.swipe")
    kept = (shape.cut, tuple(shape.flat), shape.swipe)
    console.host.deactivate("onemap.scene")
    assert (shape.cut, tuple(shape.flat), shape.swipe) == (None, (), None)
    console.host.activate("onemap.scene")
    assert (shape.cut, tuple(shape.flat), shape.swipe) == kept
    other = User(id="u2", username="x", name="x", role=Role.OPERATOR, areas=("440106", "440106002"))
    console.backend.set_user(other)
    assert (shape.cut, tuple(shape.flat), shape.swipe) == (None, (), None)
    shape.flat = [FlatArea(places=FIELD, height=1.0)]
    console.clock.advance(1.0)
    console.backend.set_user(None)
    console.backend.set_user(other)
    assert shape.cut is None and [area.height for area in shape.flat] == [1.0]


@pytest.mark.parametrize(
    "junk",
    [
        "{half",
        "[7]",
        '[{"plane": {"place": [117, 95, 0], "heading": 0, "pitch": 0}}]',
        '[{"box": {"center": [117, 34, 0], "width": -1, "depth": 1, "height": 1, "heading": 0, "hole": 0}}]',
        '[{"flat": [{"places": [[117, 34, 0]], "height": 3}]}]',
        '[{"sides": ["a"], "swiping": true}]',
        '[{"share": "NaN"}]',
    ],
)
def test_what_is_no_cut_is_left_aside(opened: ShapePanel, console: Console, tmp_path: Path, junk: str):
    press(opened, BOX)
    console.host.deactivate("onemap.scene")
    (file,) = tmp_path.rglob("shape-*.json")
    file.write_text(junk, "utf-8")
    console.host.activate("onemap.scene")
    shape = console.scene.shape
    assert (shape.cut, tuple(shape.flat), shape.swipe) == (None, (), None)
    console.run("onemap.scene.cut_level")
    assert shape.cut is not None
