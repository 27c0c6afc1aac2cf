"""Cameras on the map: fields of view, the card with its picture, floating pictures, remembered filters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QSizePolicy, QWidget

from console.model.records import Camera, CameraKind
from console.scene.sight.cameras import record_of
from console.sdk.errors import Rejected
from console.sdk.ui import Chips, Toolbar
from console.testing import Console, MemoryBackend
from console.testing.media import MemoryTile
from plugins.cameras.desktop.catalogue import Catalogue
from plugins.cameras.desktop.map.card import CameraCard
from plugins.cameras.desktop.map.memory import conditions
from plugins.cameras.desktop.sight import Look, cameras_near, field_of_view

GRID = "320302001001001"
PLACE = (117.2, 34.26)
EAST = Camera(
    id="c1",
    name="广场东",
    area=GRID,
    where=(117.2011, 34.26),
    heading=270,
    owner="公安",
    live=True,
    version=1,
)
DOME = Camera(
    id="c2", name="球机", area=GRID, where=(117.2, 34.2604), kind=CameraKind.DOME, owner="城管", version=1
)
HIGH = Camera(
    id="c3", name="高空", area=GRID, where=(117.205, 34.26), heading=10, high=True, online=False, version=1
)
FIELDS = "onemap.cameras.fields"


@pytest.fixture
def cameras(activate: Callable[..., Console]) -> Console:
    console = activate("grids", "cameras")
    console.put("camera", EAST, replace(DOME, online=False), HIGH)
    console.clock.advance(0.2)
    return console


def test_fields_of_view_are_those_of_the_records(cameras: Console) -> None:
    cameras.put("camera", replace(EAST, across=40.0, reach=200.0, version=2))
    cameras.clock.advance(0.2)
    layer = cameras.layer(FIELDS)
    assert layer.min_zoom > 14  # clusters do not have any
    columns = {name: values.tolist() for name, values in layer.columns.items()}
    assert columns["heading"] == [270.0, 0.0] and columns["across"] == [40.0, 360.0]  # not the high one
    assert columns["reach"][0] == 200.0 and columns["reach"][1] > 0
    assert [layer.colors[row] for row in columns["color"]] == ["camera.online", "camera.offline"]


def test_fields_of_view_follow_the_filter_and_the_command(cameras: Console) -> None:
    layer = cameras.layer(FIELDS)
    cameras.run(FIELDS)
    assert not layer.visible
    cameras.run(FIELDS)
    assert layer.visible


def test_what_the_record_says_of_lens_and_reach_decides_who_sees(cameras: Console) -> None:
    """101 m west of the camera, 26° off its middle."""
    place = (117.2001, 34.2604)

    def seen(camera: Camera) -> Any:
        return cameras_near(Catalogue([camera]), place, 1)[0]

    assert seen(EAST).look is Look.TOO_FAR
    far = seen(replace(EAST, reach=300.0))
    assert far.look is Look.THERE and "reach" not in far.sighting.reasons["assumed"]
    assert seen(replace(EAST, reach=300.0, across=30.0)).look is Look.AWAY
    narrow = seen(replace(EAST, reach=300.0, across=54.0))
    assert narrow.sighting.pixels_per_metre > far.sighting.pixels_per_metre
    assert field_of_view(replace(EAST, across=360.0)) == []
    assert len(field_of_view(replace(EAST, across=20.0))) < len(field_of_view(EAST))


def test_the_3d_sight_is_asked_with_the_same_records() -> None:
    asked = record_of(replace(EAST, across=40.0, reach=200.0, tilt=70.0, mast=8.0))
    assert (asked.across, asked.reach, asked.tilt, asked.height) == (40.0, 200.0, 70.0, 8.0)


def test_a_city_of_cameras_is_taken_in_at_once(cameras: Console) -> None:
    rng = np.random.default_rng(1)
    many = [
        replace(EAST, id=f"m{n}", where=(117 + x, 34 + y)) for n, (x, y) in enumerate(rng.random((2000, 2)))
    ]
    cameras.put("camera", *many)
    cameras.clock.advance(0.2)
    assert len(cameras.layer(FIELDS).columns["lon"]) == 2002


class Window:
    """The backend's desk of tickets."""

    def __init__(self, backend: MemoryBackend) -> None:
        self.given: list[str] = []
        self.ended: list[str] = []
        self.fault: Exception | None = None
        backend.answer("POST", r"/cameras/[^/]+/ticket", self._give)
        backend.answer("POST", "/cameras/tickets/end", lambda request: self.ended.extend(request.body["ids"]))
        backend.answer("GET", "/cameras/health/gone", lambda _: [{"camera": "c2", "since": 1_000_000_000.0}])

    def _give(self, request: Any) -> dict[str, Any]:
        if self.fault is not None:
            raise self.fault
        self.given.append(request.path.split("/")[2])
        url = "rtsp://10.0.0.1/x"
        return {"id": f"t{len(self.given)}", "user": "", "password": "", "main": url, "sub": url}


@pytest.fixture
def window(backend: MemoryBackend, monkeypatch: pytest.MonkeyPatch) -> Window:
    """Tiles give way in layouts as real ones do."""
    made = MemoryTile.__init__

    def make(tile: MemoryTile) -> None:
        made(tile)
        tile.widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    monkeypatch.setattr(MemoryTile, "__init__", make)
    return Window(backend)


def cards() -> list[CameraCard]:
    tops = QApplication.topLevelWidgets()
    return [widget for widget in tops if isinstance(widget, CameraCard) and widget.isVisible()]


def texts(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel))


def rest_on(console: Console, camera: Camera) -> None:
    console.map.point(*camera.where)
    console.clock.advance(0.5)


def test_the_pointer_at_rest_shows_a_card_with_a_picture_and_gives_it_back(
    cameras: Console, window: Window
) -> None:
    cameras.map.point(*EAST.where)
    cameras.clock.advance(0.2)
    assert not cards() and not window.given  # swept over
    cameras.clock.advance(0.3)
    (card,) = cards()
    assert "广场东" in texts(card) and "公安" in texts(card)
    picture = cameras.media.tiles[0].widget
    lines = [label for label in card.findChildren(QLabel) if label.isVisible()]
    assert lines and all(label.y() >= picture.geometry().bottom() for label in lines)
    assert window.given == ["c1"] and cameras.media.tiles[0].source is not None
    assert cameras.layer("onemap.cameras.cameras").tooltip(0) == ""  # one text is enough
    cameras.map.leave()
    cameras.clock.advance(0.1)
    assert not cards() and window.ended == ["t1"] and cameras.media.tiles[0].removed
    assert "广场东" in cameras.layer("onemap.cameras.cameras").tooltip(0)


def test_another_camera_or_another_view_ends_the_picture(cameras: Console, window: Window) -> None:
    rest_on(cameras, EAST)
    rest_on(cameras, DOME)
    (card,) = cards()
    assert window.ended == ["t1"] and window.given == ["c1"]  # the dome has no picture
    assert "球机" in texts(card) and "2001" in texts(card)  # gone since then
    rest_on(cameras, EAST)
    cameras.map.center_on(117.3, 34.3)
    cameras.clock.advance(0.1)
    assert not cards() and window.ended == ["t1", "t2"]


def test_who_asks_for_a_reason_gets_no_picture_but_is_told(cameras: Console, window: Window) -> None:
    window.fault = Rejected("", status=422, code="reason_needed")
    rest_on(cameras, EAST)
    assert len(cards()) == 1
    (tile,) = cameras.media.tiles
    assert tile.source is None and all(tile.said)
    cameras.map.leave()
    assert not window.ended


def test_pictures_under_the_pointer_can_be_switched_off(cameras: Console, window: Window) -> None:
    cameras.host.settings.set("onemap.cameras", "hover_picture", False)
    rest_on(cameras, EAST)
    assert cards() and not window.given
    cameras.map.leave()


def test_a_double_click_opens_the_picture_and_the_menu_a_floating_one(
    cameras: Console, window: Window, panel: Callable[[str], Any]
) -> None:
    panel("onemap.cameras.live")
    cameras.layer("onemap.cameras.cameras").double_click(0)
    cameras.clock.advance(0.1)
    assert cameras.selection.current == ("camera", "c1") and window.given == ["c1"]
    cameras.map.open_menu(*EAST.where)
    cameras.run("onemap.cameras.float_here")
    cameras.clock.advance(0.1)
    floats = [w for w in QApplication.topLevelWidgets() if w.windowTitle() == "广场东" and w.isVisible()]
    assert len(floats) == 1 and window.given == ["c1", "c1"]
    cameras.run("onemap.cameras.float")  # the same one
    cameras.clock.advance(0.1)
    assert len(window.given) == 2
    QTest.keyClick(floats[0], Qt.Key.Key_Escape)
    cameras.clock.advance(0.1)
    assert window.ended == ["t2"]
    cameras.map.open_menu(*DOME.where)
    cameras.run("onemap.cameras.float_here")
    assert "球机" in cameras.notifications[-1].text


def box(widget: QWidget, data: str) -> QComboBox:
    return next(each for each in widget.findChildren(QComboBox) if each.findData(data) >= 0)


def ids_on_map(console: Console) -> list[str]:
    return list(console.layer("onemap.cameras.cameras").labels)


def test_the_filter_cuts_map_and_fields_and_is_found_again(
    cameras: Console, panel: Callable[[str], Any]
) -> None:
    widget = panel("onemap.cameras.cameras")
    kinds = box(widget, "dome")
    kinds.setCurrentIndex(kinds.findData("dome"))
    kinds.activated.emit(kinds.currentIndex())
    online = widget.findChildren(Chips)[0]
    online._buttons["offline"].click()
    assert ids_on_map(cameras) == ["球机"]
    assert len(cameras.layer(FIELDS).columns["lon"]) == 1
    cameras.clock.advance(0.1)
    cameras.host.deactivate("onemap.cameras")
    cameras.host.activate("onemap.cameras")
    cameras.clock.advance(0.3)
    assert ids_on_map(cameras) == ["球机"] and cameras.notifications
    again = panel("onemap.cameras.cameras")
    assert box(again, "dome").currentData() == "dome"
    assert again.findChildren(Chips)[0].value == "offline"
    (clear,) = [a for bar in again.findChildren(Toolbar) for a in bar.actions() if a.isEnabled()][:1]
    clear.trigger()
    assert len(ids_on_map(cameras)) == 3 and box(again, "dome").currentData() == ""
    assert again.findChildren(Chips)[0].value == ""


def test_a_file_of_filters_that_says_nonsense_is_no_filter() -> None:
    assert conditions({"owner": 7, "area": "32", "high": "yes", "live": True, "state": "?", "x": 1}) == {
        "area": "32",
        "live": True,
    }


def test_that_the_map_is_cut_is_said_once_and_taken_back_by_one_click(
    backend: MemoryBackend, activate: Callable[..., Console]
) -> None:
    console = activate("grids", "cameras")
    cameras = [
        Camera(id=f"c{n}", name=f"路口 {n:02}", area="320302001001001", where=(117.2, 34.26), version=1)
        for n in range(20)
    ]
    console.put("camera", *cameras)
    console.clock.advance(0.2)
    desk = console.host.services.get("cameras")._desk
    told = len(console.notifications)
    for letters in ("1", "12", ""):
        desk.set_filter(text=letters)
    console.clock.advance(2)
    assert len(console.notifications) == told, "it was gone before it was said"
    for letters in ("路口", "路口 1"):
        desk.set_filter(text=letters)
        console.clock.advance(0.2)
    console.clock.advance(2)
    (note,) = console.notifications[told:]
    assert "11" in note.text and "20" in note.text and note.action is not None
    note.action[1]()
    assert not desk.filter.narrow
