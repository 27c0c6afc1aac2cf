"""Keeping live pictures: leave first, words burnt in, the hash recorded; what could not be recorded goes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QToolButton

from console.model.records import Camera
from console.model.replays import Progress
from console.model.streams import Reason, Still
from console.sdk.errors import BackendAway, Forbidden
from console.sdk.ui.marks import burnt
from console.testing import Console, MemoryBackend

PANEL = "onemap.cameras.live"
CAMERA = Camera(id="c1", name="路口 1", area="320302001001001", where=(117.2, 34.26), live=True, version=1)


class Desk:
    """The backend's desk."""

    def __init__(self, backend: MemoryBackend) -> None:
        self.asked: list[dict[str, Any]] = []
        self.written: list[dict[str, Any]] = []
        self.no_leave: Exception | None = None
        self.no_record: Exception | None = None
        ticket = {"id": "t1", "user": "", "password": "", "main": "rtsp://10.0.0.1/m", "sub": ""}
        backend.answer("POST", r"/cameras/[^/]+/ticket", ticket)
        backend.answer("POST", "/cameras/tickets/(end|renew)", {"renewed": ["t1"], "over": {}})
        backend.answer("POST", "/cameras/c1/keep", self._leave)
        backend.answer("POST", "/cameras/exports/written", self._record)

    def _leave(self, request: Any) -> dict[str, str]:
        if self.no_leave:
            raise self.no_leave
        self.asked.append(request.body)
        return {"id": "leave-1"}

    def _record(self, request: Any) -> dict[str, str]:
        if self.no_record:
            raise self.no_record
        self.written.append(request.body)
        return {}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files go to a home of the test's own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def desk(backend: MemoryBackend) -> Desk:
    return Desk(backend)


@pytest.fixture
def opened(desk: Desk, activate: Callable[..., Console], panel: Any) -> Console:
    """The panel with one live picture."""
    console = activate("grids", "cameras")
    console.put("camera", CAMERA)
    console.clock.advance(0.2)
    panel(PANEL)
    console.host.services.get("cameras").open(["c1"])
    console.clock.advance(0.2)
    image = QImage(640, 360, QImage.Format.Format_RGB32)
    image.fill(QColor("olive"))
    tile(console).picture = Still(image, 1_790_000_000.0)
    return console


def tile(console: Console) -> Any:
    return next(each for each in console.media.tiles if each.source is not None)


def press(console: Console, qtbot: Any, key: Qt.Key, held: Qt.KeyboardModifier | None = None) -> None:
    qtbot.keyClick(tile(console).widget, key, held or Qt.KeyboardModifier.NoModifier)


def files(home: Path) -> list[Path]:
    return sorted(path for folder in home.rglob("OneMap") for path in folder.rglob("*") if path.is_file())


def settle(console: Console, qtbot: Any, done: Callable[[], Any]) -> None:
    def look() -> None:
        console.clock.advance(0.2)
        assert done()

    qtbot.waitUntil(look, timeout=15_000)


def test_a_picture_is_saved_with_who_where_and_when_in_it(
    opened: Console, desk: Desk, qtbot: Any, home: Path
) -> None:
    press(opened, qtbot, Qt.Key.Key_S)
    settle(opened, qtbot, lambda: desk.written)
    settle(opened, qtbot, lambda: opened.notifications)
    (path,) = files(home)
    assert desk.asked[0]["what"] == "picture" and desk.asked[0]["since"] == 1_790_000_000.0
    content = path.read_bytes()
    assert desk.written == [
        {"id": "leave-1", "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    ]
    image = QImage(str(path))
    assert (image.width(), image.height()) == (640, 360)
    plain = tile(opened).picture.image
    rows = [y for y in range(360) if any(image.pixel(x, y) != plain.pixel(x, y) for x in range(0, 640, 3))]
    assert rows[-1] == 359 and rows[0] < 120  # at the edge, and across what may be cut out of it
    assert str(path) in opened.notifications[-1].text


def test_without_record_nothing_stays(opened: Console, desk: Desk, qtbot: Any, home: Path) -> None:
    desk.no_leave = BackendAway("away")
    for key, held in ((Qt.Key.Key_S, None), (Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)):
        before = len(opened.notifications)
        press(opened, qtbot, key, held)
        settle(opened, qtbot, lambda before=before: len(opened.notifications) > before or before)
    assert not files(home) and not tile(opened).clips
    desk.no_leave, desk.no_record = None, Forbidden("not any more")
    press(opened, qtbot, Qt.Key.Key_S)
    settle(opened, qtbot, lambda: "not any more" in opened.notifications[-1].text)
    assert desk.asked and not files(home)


def test_a_copy_is_recorded_before_it_is_there(opened: Console, desk: Desk, qtbot: Any, home: Path) -> None:
    QGuiApplication.clipboard().clear()
    desk.no_record = BackendAway("away")
    press(opened, qtbot, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    settle(opened, qtbot, lambda: opened.notifications)
    assert QGuiApplication.clipboard().image().isNull()
    desk.no_record = None
    press(opened, qtbot, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    settle(opened, qtbot, lambda: desk.written)
    settle(opened, qtbot, lambda: not QGuiApplication.clipboard().image().isNull())
    assert desk.asked[-1]["what"] == "clipboard" and not files(home)


def test_the_last_minute_is_kept_for_who_may_and_saved(
    opened: Console, desk: Desk, qtbot: Any, home: Path
) -> None:
    assert tile(opened).kept == 60.0
    press(opened, qtbot, Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    settle(opened, qtbot, lambda: tile(opened).clips)
    (clip,) = tile(opened).clips
    assert desk.asked[0]["until"] - desk.asked[0]["since"] == 60.0
    assert clip.about["camera_name"] == "路口 1" and Path(clip.path).is_relative_to(home)
    clip.on_progress(Progress(0, 0.5))
    opened.clock.advance(0.2)
    assert not desk.written
    clip.on_progress(Progress(0, 1.0, "ab" * 32, 77, 9))
    settle(opened, qtbot, lambda: desk.written)
    assert desk.written == [{"id": "leave-1", "sha256": "ab" * 32, "size": 77}]


@pytest.mark.parametrize(
    "end",
    [
        Progress(0, 0.0, reason=Reason.GARBLED, disk=True),
        Progress(0, 0.0, reason=Reason.CRASHED),
        Progress(0, 0.0, reason=Reason.NO_VIDEO),
    ],
    ids=["disk", "crash", "nothing"],
)
def test_a_clip_that_comes_to_nothing_says_why(
    opened: Console, desk: Desk, qtbot: Any, end: Progress
) -> None:
    press(opened, qtbot, Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    settle(opened, qtbot, lambda: tile(opened).clips)
    tile(opened).clips[0].on_progress(end)
    settle(opened, qtbot, lambda: opened.notifications)
    assert not desk.written


def test_who_may_not_has_no_buttons_and_is_told(
    desk: Desk, activate: Callable[..., Console], panel: Any, backend: MemoryBackend, qtbot: Any, home: Path
) -> None:
    backend.rights = {"camera.read", "camera.view"}
    console = activate("grids", "cameras")
    console.put("camera", CAMERA)
    console.clock.advance(0.2)
    widget = panel(PANEL)
    console.host.services.get("cameras").open(["c1"])
    console.clock.advance(0.2)
    press(console, qtbot, Qt.Key.Key_S)
    assert console.notifications and not desk.asked and tile(console).kept == 0.0
    assert not [
        each for each in widget.findChildren(QToolButton) if "(S)" in each.toolTip() and each.isVisible()
    ]


def test_words_are_burnt_into_a_copy_alone() -> None:
    image = QImage(64, 48, QImage.Format.Format_RGB32)
    image.fill(QColor("olive"))
    marked = burnt(image, ("a very long name of a camera that does not fit",), "me")
    assert marked != image and image.pixelColor(1, 47) == QColor("olive")
