"""Live pictures: a ticket for each, renewed and given back; what stands in a tile when there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from console.model.records import Camera
from console.model.streams import State
from console.sdk.errors import BackendAway, Forbidden, Rejected
from console.testing import Console, MemoryBackend

GRID = "320302001001001"
PANEL = "onemap.cameras.live"
CAMERAS = [
    Camera(id=f"c{n}", name=f"路口 {n}", area=GRID, where=(117.2 + n / 1e4, 34.26), live=n != 4, version=1)
    for n in range(1, 5)
]


class Desk:
    """The backend's desk of tickets."""

    def __init__(self, backend: MemoryBackend) -> None:
        self.given: dict[str, dict[str, Any]] = {}
        self.ended: list[str] = []
        self.renewals = 0
        self.fault: Exception | None = None
        backend.answer("POST", r"/cameras/[^/]+/ticket", self._give)
        backend.answer("POST", "/cameras/tickets/end", lambda request: self.ended.extend(request.body["ids"]))
        backend.answer("POST", "/cameras/tickets/renew", self._renew)

    def _give(self, request: Any) -> dict[str, Any]:
        if self.fault is not None:
            raise self.fault
        camera, number = request.path.split("/")[2], f"t{len(self.given) + 1}"
        self.given[number] = {"camera": camera, **request.body}
        urls = {"main": f"rtsp://10.0.0.1/{camera}/main", "sub": f"rtsp://10.0.0.1/{camera}/sub"}
        return {"id": number, "user": "ward", "password": "p@ss/word", **urls}

    def _renew(self, request: Any) -> dict[str, Any]:
        self.renewals += 1
        if self.fault is not None:
            raise self.fault
        return {"renewed": request.body["ids"], "over": {}}


@pytest.fixture
def desk(backend: MemoryBackend) -> Desk:
    return Desk(backend)


@pytest.fixture
def cameras(desk: Desk, activate: Callable[..., Console]) -> Console:
    console = activate("grids", "cameras")
    console.put("camera", *CAMERAS)
    console.clock.advance(0.2)
    return console


def service(console: Console) -> Any:
    return console.host.services.get("cameras")


def shown(console: Console) -> list[Any]:
    return [tile for tile in console.media.tiles if not tile.removed]


def test_a_camera_is_shown_under_a_ticket_with_its_sign_in(cameras: Console, desk: Desk, panel: Any) -> None:
    panel(PANEL)
    cameras.selection.select("camera", "c2")
    cameras.run("onemap.cameras.live_show")
    cameras.clock.advance(0.1)
    (tile,) = shown(cameras)
    assert tile.source.title == "路口 2"
    assert tile.source.sub == "rtsp://ward:p%40ss%2Fword@10.0.0.1/c2/sub"
    assert "ward" not in repr(tile.source)
    assert desk.given["t1"]["camera"] == "c2" and desk.given["t1"]["height"] > 0


def test_a_camera_without_a_picture_is_told_of_and_not_asked_for(cameras: Console, desk: Desk) -> None:
    cameras.selection.select("camera", "c4")
    cameras.run("onemap.cameras.live_show")
    assert "路口 4" in cameras.notifications[-1].text and not desk.given


def test_those_in_view_are_opened_from_the_middle_outwards(cameras: Console, desk: Desk, panel: Any) -> None:
    panel(PANEL)
    cameras.map.center_on(117.2003, 34.26, 15.0)
    cameras.run("onemap.cameras.live_view")
    cameras.clock.advance(0.1)
    assert [given["camera"] for given in desk.given.values()] == ["c3", "c2", "c1"]


def test_a_ticket_is_renewed_while_one_looks_and_given_back_after(
    cameras: Console, desk: Desk, panel: Any
) -> None:
    widget = panel(PANEL)
    service(cameras).open(["c1", "c2"])
    cameras.clock.advance(61)
    assert desk.renewals == 3 and not desk.ended
    widget.hide()
    cameras.clock.advance(5)
    widget.show()
    cameras.clock.advance(30)
    assert not desk.ended and len(desk.given) == 2  # looked away for a moment
    widget.hide()
    cameras.clock.advance(11)
    assert sorted(desk.ended) == ["t1", "t2"]
    assert [tile.source for tile in shown(cameras)] == [None, None]
    widget.show()
    cameras.clock.advance(0.1)
    assert len(desk.given) == 4 and all(tile.source for tile in shown(cameras))


def test_a_reason_is_asked_for_in_the_tile(cameras: Console, desk: Desk, panel: Any, qtbot: Any) -> None:
    widget = panel(PANEL)
    desk.fault = Rejected("须填写事由", status=422, code="reason_needed")
    service(cameras).open(["c1"])
    cameras.clock.advance(30)
    (field,) = widget.findChildren(QLineEdit)
    (tile,) = shown(cameras)
    assert tile.source is None and all(tile.said[:2])
    desk.fault = None
    qtbot.keyClicks(field, "  ")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert not desk.given  # blanks are no reason
    field.insert("核查井盖")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    cameras.clock.advance(0.1)
    assert desk.given["t1"]["reason"] == "核查井盖" and tile.source is not None


def test_who_may_not_look_reads_why_and_nobody_insists(
    cameras: Console, backend: MemoryBackend, desk: Desk, panel: Any
) -> None:
    panel(PANEL)
    desk.fault = Forbidden("您的岗位无权查看", status=403, code="owner_keeps")
    service(cameras).open(["c1"])
    cameras.clock.advance(60)
    (tile,) = shown(cameras)
    assert tile.said == ("路口 1", "您的岗位无权查看", "")
    assert sum(request.path.endswith("/ticket") for request in backend.requests) == 1


def test_no_picture_outlasts_its_ticket_when_the_backend_is_away(
    cameras: Console, backend: MemoryBackend, desk: Desk, panel: Any
) -> None:
    panel(PANEL)
    service(cameras).open(["c1"])
    cameras.clock.advance(1)
    (tile,) = shown(cameras)
    desk.fault = BackendAway("away")
    cameras.clock.advance(25)
    assert tile.source is not None  # one renewal was missed
    cameras.clock.advance(20)
    assert tile.source is None and tile.said[0] == "路口 1" and tile.said[1]
    desk.fault = None
    backend.set_connected(True)
    cameras.clock.advance(0.1)
    assert tile.source is not None and len(desk.given) == 2


def test_another_user_needs_tickets_of_their_own(
    cameras: Console, backend: MemoryBackend, desk: Desk, panel: Any
) -> None:
    panel(PANEL)
    service(cameras).open(["c1"])
    cameras.clock.advance(1)
    backend.set_user(replace(backend.user, id="u2"))
    cameras.clock.advance(0.1)
    assert list(desk.given) == ["t1", "t2"]


def test_delete_closes_the_picture_and_the_ticket(
    cameras: Console, desk: Desk, panel: Any, qtbot: Any
) -> None:
    widget = panel(PANEL)
    service(cameras).open(["c1"])
    cameras.clock.advance(1)
    shown(cameras)[0].become(State.LIVE)
    assert any("1 / 1" in label.text() or "1 of 1" in label.text() for label in widget.findChildren(QLabel))
    qtbot.keyClick(widget, Qt.Key.Key_Delete)
    cameras.clock.advance(0.1)
    assert desk.ended == ["t1"] and not shown(cameras)


def test_a_panel_that_is_made_anew_takes_its_pictures_along(
    cameras: Console, desk: Desk, panel: Any, qtbot: Any
) -> None:
    widget = cameras.host.panels.make(PANEL)
    widget.show()
    service(cameras).open(["c1"])
    cameras.clock.advance(1)
    with qtbot.waitSignal(widget.destroyed):
        widget.deleteLater()
    cameras.clock.advance(0.1)
    assert desk.ended == ["t1"]
    panel(PANEL)
    cameras.clock.advance(0.1)
    assert len(desk.given) == 2 and desk.given["t2"]["camera"] == "c1"
