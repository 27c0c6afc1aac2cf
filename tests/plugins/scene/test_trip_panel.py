"""Views and flights of the 3D map: kept, renamed, played, flown through, handed on and taken in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QToolBar
from pytestqt.qtbot import QtBot

from console.scene.hands import Flight
from console.scene.pose import Pose
from console.scene.trips import Trips, meant
from console.sdk.scene import ScenePose
from console.testing import Console
from plugins.scene.desktop import trips as trips_module

TOWER = ScenePose(lon=117.2, lat=34.26, height=60.0, heading=10.0, tilt=60.0, distance=300.0)
GATE = ScenePose(lon=117.21, lat=34.26, height=50.0, heading=20.0, tilt=70.0, distance=150.0)


class Window:
    """An open view of the scene."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.played: list[Flight] = []

    @property
    def pose(self) -> Pose:
        return meant(self._console.scene.pose)

    def play(self, flight: Flight) -> None:
        self.played.append(flight)


@pytest.fixture
def window(console: Console) -> Window:
    window = Window(console)
    console.scene.trips = Trips(lambda: window)  # type: ignore[arg-type, return-value]
    return window


@pytest.fixture
def scene(window: Window, activate: Callable[..., Console]) -> Console:
    return activate("scene")


def lines(widget: Any) -> QListWidget:
    found = widget.findChild(QListWidget)
    assert found is not None
    return found


def texts(widget: Any) -> list[str]:
    found = lines(widget)
    return [found.item(at).text() for at in range(found.count())]


def press(widget: Any, title: str) -> None:
    (action,) = [act for bar in widget.findChildren(QToolBar) for act in bar.actions() if act.text() == title]
    action.trigger()


def keep(console: Console, *poses: ScenePose) -> None:
    for pose in poses:
        console.scene.show(pose)
        console.run("onemap.scene.keep_view")


def test_views_are_kept_renamed_gone_to_and_outlive_a_restart(
    scene: Console, panel: Callable[[str], Any], qtbot: QtBot
):
    widget = panel("onemap.scene.trips")
    keep(scene, TOWER, GATE)
    lines(widget).item(0).setText("  塔\n东侧 ")
    lines(widget).item(1).setText("   ")
    assert texts(widget)[0] == "塔 东侧" and texts(widget)[1].startswith("20")
    scene.host.deactivate("onemap.scene")
    scene.host.activate("onemap.scene")
    widget = panel("onemap.scene.trips")
    assert texts(widget)[0] == "塔 东侧"
    lines(widget).setCurrentRow(0)
    qtbot.keyClick(lines(widget), Qt.Key.Key_Return)
    assert scene.scene.pose == TOWER


def test_a_flight_is_recorded_and_played(scene: Console, window: Window, panel: Callable[[str], Any]):
    widget = panel("onemap.scene.trips")
    trips: Any = scene.scene.trips
    scene.scene.show(TOWER)
    scene.run("onemap.scene.record")
    scene.run("onemap.scene.record")
    assert not texts(widget)  # nothing moved
    scene.run("onemap.scene.record")
    scene.scene.show(GATE)
    trips.moved()
    scene.run("onemap.scene.record")
    assert len(texts(widget)) == 1
    lines(widget).itemActivated.emit(lines(widget).item(0))
    assert [key.pose for key in window.played[0].keys] == [meant(TOWER), meant(GATE)]


def test_the_chosen_views_are_flown_through_in_a_circle(
    scene: Console, window: Window, panel: Callable[[str], Any]
):
    widget = panel("onemap.scene.trips")
    keep(scene, TOWER)
    press(widget, "循环飞行：依次经过所选（或全部）视角，往复不停")
    assert not window.played  # one view is no flight
    keep(scene, GATE, TOWER)
    lines(widget).item(0).setSelected(True)
    lines(widget).item(1).setSelected(True)
    press(widget, "循环飞行：依次经过所选（或全部）视角，往复不停")
    (flight,) = window.played
    assert [key.pose for key in flight.keys] == [meant(TOWER), meant(GATE)] and not flight.ends
    assert len(texts(widget)) == 4


def test_what_is_removed_comes_back_by_undo(scene: Console, panel: Callable[[str], Any]):
    widget = panel("onemap.scene.trips")
    keep(scene, TOWER, GATE)
    lines(widget).selectAll()
    press(widget, "移除（Del）")
    assert not texts(widget)
    scene.notifications[-1].action[1]()
    assert len(texts(widget)) == 2


def test_a_file_is_handed_on_and_taken_in_and_a_wrong_one_is_told_of(
    scene: Console, panel: Callable[[str], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    widget, path = panel("onemap.scene.trips"), tmp_path / "views.json"
    monkeypatch.setattr(trips_module, "ask_save", lambda *args, **_: args[3](str(path)))
    monkeypatch.setattr(trips_module, "ask_files", lambda *args, **_: args[3]([str(path)]))
    keep(scene, TOWER)
    press(widget, "导出所选（或全部）")
    press(widget, "导入视角与飞行路径")
    assert len(texts(widget)) == 2 and len(set(texts(widget))) == 1
    path.write_text("[]")
    press(widget, "导入视角与飞行路径")
    assert len(texts(widget)) == 2
    said = scene.notifications[-1].text
    assert "no file of 3D views" in said or "这不是三维视图" in said


def test_a_broken_file_is_put_aside(scene: Console, tmp_path: Path):
    keep(scene, TOWER)
    (file,) = tmp_path.rglob("trips.json")
    scene.host.deactivate("onemap.scene")
    file.write_text("{half")
    scene.host.activate("onemap.scene")
    assert file.with_suffix(".broken").exists()
