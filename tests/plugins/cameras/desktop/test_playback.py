"""Recordings in the panel: one clock for all, gaps, steps, marks, export, and who may not."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QPushButton

from console.model.records import Camera
from console.model.replays import Progress, Told
from console.model.streams import Reason, State
from console.sdk.errors import Forbidden, Rejected
from console.testing import Console, MemoryBackend
from plugins.cameras.desktop.playback import view
from plugins.cameras.desktop.playback.bar import TimeBar
from plugins.cameras.desktop.playback.times import moment

GRID = "320302001001001"
PANEL = "onemap.cameras.playback"
CAMERAS = [
    Camera(id=f"c{n}", name=f"路口 {n}", area=GRID, where=(117.2, 34.26), recorded=n != 4, version=1)
    for n in range(1, 5)
]


class Recorder:
    """The backend's desk of recordings."""

    def __init__(self, backend: MemoryBackend) -> None:
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.ended: list[str] = []
        self.written: list[dict[str, Any]] = []
        self.stretches: list[dict[str, float]] | None = None
        self.fault: Exception | None = None
        backend.answer("GET", r"/cameras/[^/]+/recordings", self._list)
        backend.answer("POST", r"/cameras/[^/]+/(replay|export)", self._give)
        backend.answer("POST", "/cameras/replays/end", lambda request: self.ended.extend(request.body["ids"]))
        backend.answer("POST", "/cameras/replays/renew", lambda _: {"over": {}})
        backend.answer("POST", "/cameras/exports/written", lambda request: self.written.append(request.body))

    def _list(self, request: Any) -> Any:
        if self.fault is not None:
            raise self.fault
        now = time.time()
        return self.stretches if self.stretches is not None else [{"begin": now - 7200, "end": now + 60}]

    def _give(self, request: Any) -> dict[str, Any]:
        if self.fault is not None:
            raise self.fault
        _, _, camera, kind = request.path.split("/")
        self.asked.append((camera, kind, request.body))
        return {
            "id": f"t{len(self.asked)}", "main": f"rtsp://10.0.0.1/{camera}", "user": "w", "password": "p/",
            "begin": request.body["since"],
        }  # fmt: skip


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files go to a home of the test's own."""
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def recorder(backend: MemoryBackend) -> Recorder:
    return Recorder(backend)


@pytest.fixture
def opened(recorder: Recorder, activate: Callable[..., Console], panel: Any) -> tuple[Console, Any]:
    """The panel with one camera's recording."""
    console = activate("grids", "cameras")
    console.put("camera", *CAMERAS)
    console.clock.advance(0.2)
    widget = panel(PANEL)
    choose(console, "c2")
    return console, widget


def choose(console: Console, camera: str) -> None:
    console.selection.select("camera", camera)
    console.run("onemap.cameras.playback_show")
    console.clock.advance(0.2)


def players(console: Console) -> list[Any]:
    return [player for player in console.media.players if not player.removed]


def tell(player: Any, at: float, **more: Any) -> None:
    """As if the picture of *at* was shown and a minute around it was at hand."""
    player.tell(Told(1, State.LIVE, at=at, held_from=at - 60, held_to=at + 60, **more))


def test_a_recording_begins_two_minutes_ago_under_a_ticket(
    opened: tuple[Console, Any], recorder: Recorder
) -> None:
    console, _ = opened
    ((camera, kind, body),) = recorder.asked
    assert (camera, kind) == ("c2", "replay") and abs(body["since"] - (time.time() - 120)) < 10
    (player,) = players(console)
    assert player.source.main == "rtsp://w:p%2F@10.0.0.1/c2" and player.source.begin == body["since"]
    assert "10.0.0.1" not in repr(player.source)
    assert player.clock.speed == 1.0


def test_several_go_by_one_clock_and_a_camera_without_recordings_is_told_of(
    opened: tuple[Console, Any], recorder: Recorder, qtbot: Any
) -> None:
    console, widget = opened
    choose(console, "c1")
    choose(console, "c4")
    assert "路口 4" in console.notifications[-1].text
    first, second = players(console)
    for key, speed in ((Qt.Key.Key_Plus, 2.0), (Qt.Key.Key_Space, 0.0), (Qt.Key.Key_Space, 2.0)):
        qtbot.keyClick(widget, key)
        assert first.clock == second.clock and first.clock.speed == speed
    console.clock.advance(0.2)
    assert recorder.asked[-1][2]["speed"] == 2.0  # the recorder is to send as fast
    for _ in range(9):
        qtbot.keyClick(widget, Qt.Key.Key_Plus)
    assert first.clock.speed == 16.0


def test_five_minutes_back_takes_what_is_open_along(
    opened: tuple[Console, Any], recorder: Recorder, qtbot: Any
) -> None:
    console, _ = opened
    console.selection.select("camera", "c1")
    console.run("onemap.cameras.playback_back")
    console.clock.advance(0.2)
    asked = [(camera, body["since"]) for camera, kind, body in recorder.asked[-2:] if kind == "replay"]
    assert {camera for camera, _ in asked} == {"c1", "c2"}
    assert all(abs(since - (time.time() - 300)) < 10 for _, since in asked)
    console.selection.select("camera", "c4")
    console.run("onemap.cameras.playback_back")
    assert "路口 4" in console.notifications[-1].text, "it is not recorded"


def test_recordings_are_within_reach_of_the_cameras_details(
    opened: tuple[Console, Any], panel: Any, recorder: Recorder
) -> None:
    console, _ = opened
    widget = panel("onemap.cameras.cameras")
    for camera, there in (("c1", True), ("c4", False)):
        console.selection.select("camera", camera)
        acts = {b.text(): b for b in widget.findChildren(QPushButton)}
        assert [acts[text].isVisible() for text in ("回放", "5 分钟前")] == [there, there]


def test_a_click_in_the_bar_goes_there_and_asks_only_for_what_is_not_at_hand(
    opened: tuple[Console, Any], recorder: Recorder, qtbot: Any
) -> None:
    console, widget = opened
    (player,) = players(console)
    tell(player, player.source.begin)
    bar = widget.findChild(TimeBar)
    near = QPoint(round(bar.x_of(player.source.begin + 20)), 5)
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=near)
    console.clock.advance(0.2)
    assert abs(player.clock.at - player.source.begin - 20) < bar.span / 200 and len(recorder.asked) == 1
    far = QPoint(round(bar.x_of(player.source.begin - 1200)), 5)
    wanted = bar.time_at(far.x())
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=far)
    console.clock.advance(0.2)
    assert recorder.asked[-1][2]["since"] == pytest.approx(wanted, abs=2)
    assert recorder.ended == ["t1"]


def test_a_gap_is_told_of_with_what_comes_next(
    opened: tuple[Console, Any], recorder: Recorder, qtbot: Any
) -> None:
    console, widget = opened
    now = time.time()
    recorder.stretches = [{"begin": now - 3600, "end": now - 1800}, {"begin": now - 600, "end": now}]
    choose(console, "c1")
    before = len(recorder.asked)
    jump = next(f for f in widget.findChildren(QLineEdit) if f.maxLength() == 24)
    jump.insert(time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(now - 1200)))
    qtbot.keyClick(jump, Qt.Key.Key_Return)
    console.clock.advance(0.2)
    gap = players(console)[1]
    assert gap.source is None and gap.said[0] == "路口 1" and gap.said[1]
    assert time.strftime("%H:%M:%S", time.localtime(now - 600)) in gap.said[2]
    assert {camera for camera, _, _ in recorder.asked[before:]} == {"c2"}


def test_one_steps_to_the_picture_beside(opened: tuple[Console, Any], qtbot: Any) -> None:
    console, widget = opened
    (player,) = players(console)
    at = player.source.begin + 3
    tell(player, at, before=at - 0.0667, after=at + 0.0667)
    qtbot.keyClick(widget, Qt.Key.Key_Period)
    assert (player.clock.at, player.clock.speed) == (at + 0.0667, 0.0)
    qtbot.keyClick(widget, Qt.Key.Key_Comma)
    assert player.clock.at == at - 0.0667


def test_who_must_say_why_says_it_in_the_picture(
    opened: tuple[Console, Any], recorder: Recorder, qtbot: Any
) -> None:
    console, widget = opened
    recorder.fault = Rejected("须填写事由", status=422, code="reason_needed")
    choose(console, "c1")
    player = players(console)[1]
    assert player.source is None and player.said[1]
    recorder.fault = None
    field = next(f for f in widget.findChildren(QLineEdit) if f.isVisible() and f.maxLength() == 500)
    field.insert("寻人")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    console.clock.advance(0.2)
    assert recorder.asked[-1][0] == "c1" and recorder.asked[-1][2]["reason"] == "寻人"
    assert player.source is not None


def test_who_may_not_reads_why_and_nobody_insists(opened: tuple[Console, Any], recorder: Recorder) -> None:
    console, _ = opened
    recorder.fault = Forbidden("您的岗位无权查看", status=403, code="owner_keeps")
    choose(console, "c3")
    console.clock.advance(30)
    assert players(console)[1].said == ("路口 3", "您的岗位无权查看", "")


def test_a_recorder_that_fails_is_asked_again_with_growing_pauses_and_a_refused_sign_in_never(
    opened: tuple[Console, Any], recorder: Recorder, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    console, widget = opened
    (player,) = players(console)
    monkeypatch.setattr(view, "PATIENCE", 0.2)
    player.tell(Told(1, State.WAITING, Reason.UNREACHABLE, over=True))
    qtbot.waitUntil(lambda: (console.clock.advance(0.1), len(recorder.asked) >= 3)[1], timeout=10_000)
    assert recorder.ended == [f"t{number}" for number in range(1, len(recorder.asked))]
    player.tell(Told(1, State.UNSUPPORTED, Reason.SIGN_IN, over=True))
    count = len(recorder.asked)
    qtbot.wait(700)
    assert len(recorder.asked) == count
    player.tell(Told(1, State.CONNECTING))
    qtbot.keyClick(widget, Qt.Key.Key_R)
    console.clock.advance(0.2)
    assert len(recorder.asked) == count + 1


def test_who_plays_fast_comes_to_now_and_goes_on_as_time_does(
    opened: tuple[Console, Any], qtbot: Any
) -> None:
    console, widget = opened
    (player,) = players(console)
    for _ in range(9):
        qtbot.keyClick(widget, Qt.Key.Key_Plus)
    widget._deck.clock.seek(time.time() - 8)
    qtbot.waitUntil(lambda: player.clock.speed == 1.0, timeout=10_000)
    assert player.clock.now(time.monotonic()) < time.time()


def mark(console: Console, widget: Any, qtbot: Any) -> Any:
    """Mark ten seconds and say why; the button that exports."""
    (player,) = players(console)
    begin = player.source.begin
    qtbot.keyClick(widget, Qt.Key.Key_Space)
    for at, key in ((begin + 5, Qt.Key.Key_I), (begin + 15, Qt.Key.Key_O)):
        tell(player, at, after=at)
        qtbot.keyClick(widget, Qt.Key.Key_Period)
        qtbot.keyClick(widget, key)
    field = next(f for f in widget.findChildren(QLineEdit) if f.isVisible() and f.maxLength() == 500)
    go = next(b for b in widget.findChildren(QPushButton) if b.property("primary") and b.isVisible())
    assert not go.isEnabled()  # not without why
    field.insert("交警调取")
    return go


def test_what_is_marked_is_exported_with_its_reason_and_its_hash_is_kept(
    opened: tuple[Console, Any], recorder: Recorder, qtbot: Any
) -> None:
    console, widget = opened
    go = mark(console, widget, qtbot)
    go.click()
    qtbot.waitUntil(lambda: (console.clock.advance(0.1), bool(console.media.exports))[1], timeout=10_000)
    (export,) = console.media.exports
    camera, kind, body = recorder.asked[-1]
    assert (camera, kind, body["reason"]) == ("c2", "export", "交警调取")
    assert export.stretch == (body["since"], body["until"]) and body["until"] - body["since"] == 10
    assert export.about["reason"] == "交警调取" and "路口 2" in export.path
    export.on_progress(Progress(1, 0.5))
    assert not recorder.written
    export.on_progress(Progress(1, 1.0, "ab" * 32, 1000, 150))
    console.clock.advance(0.2)
    assert recorder.written == [{"id": "t2", "sha256": "ab" * 32, "size": 1000}]


@pytest.mark.parametrize("how", ["cancel", "disk", "recorder"])
def test_an_export_that_ends_early_gives_its_ticket_back(
    opened: tuple[Console, Any], recorder: Recorder, qtbot: Any, how: str
) -> None:
    console, widget = opened
    go = mark(console, widget, qtbot)
    go.click()
    qtbot.waitUntil(lambda: (console.clock.advance(0.1), bool(console.media.exports))[1], timeout=10_000)
    (export,) = console.media.exports
    if how == "cancel":
        stop = next(b for b in go.parentWidget().findChildren(QPushButton) if b.isVisible())
        stop.click()
        assert export.cancelled
    else:
        reason = Reason.NONE if how == "disk" else Reason.MISSING
        export.on_progress(Progress(1, 0.0, reason=reason, disk=how == "disk"))
    console.clock.advance(0.2)
    assert "t2" in recorder.ended and not recorder.written and go.isVisible()


def test_a_hidden_panel_gives_its_tickets_back(opened: tuple[Console, Any], recorder: Recorder) -> None:
    console, widget = opened
    (player,) = players(console)
    widget.hide()
    console.clock.advance(0.2)
    assert recorder.ended == ["t1"] and player.source is None and player.clock.speed == 0.0
    widget.show()
    console.clock.advance(0.2)
    assert len(recorder.asked) == 2 and player.source is not None


def test_a_closed_panel_plays_nothing(opened: tuple[Console, Any], recorder: Recorder, qtbot: Any) -> None:
    console, widget = opened
    qtbot.keyClick(widget, Qt.Key.Key_Delete)
    console.clock.advance(0.2)
    assert recorder.ended == ["t1"] and not players(console)


@pytest.mark.parametrize(
    ("text", "form"),
    [("2026-11-20 14:30:05", "%Y-%m-%d %H:%M:%S"), ("2026/11/20 14：30", "%Y/%m/%d %H：%M")],
)
def test_moments_are_read_as_they_are_written(text: str, form: str) -> None:
    assert moment(text) == time.mktime(time.strptime(text, form))


@pytest.mark.parametrize("text", ["", "25:00", "yesterday", "2026-02-30 10:00", "9" * 20])
def test_what_is_no_moment_is_none(text: str) -> None:
    assert moment(text) is None
