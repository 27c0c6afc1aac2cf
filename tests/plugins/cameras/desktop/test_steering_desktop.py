"""Steering over a tile: taken and let go, by mouse and keys, only while it is held."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QToolButton
from pytestqt.exceptions import capture_exceptions

from console.model.records import Camera
from console.model.steering import Steerer, Steering
from console.model.streams import State
from console.sdk.errors import BackendAway, Conflict
from console.testing import Console, MemoryBackend
from console.testing.backend import OPERATOR
from plugins.cameras.desktop.steering.tile import TileSteering

GRID = "320302001001001"
CAMERA = Camera(
    id="c1", name="路口 1", area=GRID, where=(117.2, 34.26), live=True, steerable=True, across=60, version=1
)
FIXED = Camera(id="c2", name="路口 2", area=GRID, where=(117.2, 34.26), live=True, version=1)
ME = Steerer(claim="m" * 16, name="我", rank=2)
OTHER = Steerer(claim="o" * 16, name="王芳", rank=1)
STILL = {"pan": 0.0, "tilt": 0.0, "zoom": 0.0}
Key = Qt.Key


class Head:
    """The backend's desk of steering, and its feed."""

    def __init__(self, console: Console, backend: MemoryBackend) -> None:
        self._console, self._version = console, 1
        self.fault: Exception | None = None
        self.asked: list[tuple[str, Any]] = []
        self.stays = 0
        self.presets = [{"id": "a", "name": "全景"}, {"id": "b", "name": "校门口"}]
        url = {"main": "rtsp://10.0.0.1/main", "sub": ""}
        backend.answer("POST", r"/cameras/[^/]+/ticket", {"id": "t", "user": "", "password": "", **url})
        backend.answer("POST", "/cameras/tickets/.*", {"renewed": ["t"], "over": {}})
        backend.answer("POST", r"/cameras/[^/]+/steering/.*", self._move)
        backend.answer("GET", "/cameras/c1/steering", self._gear)
        backend.answer("POST", "/cameras/steering/stay", self._stay)
        backend.answer("POST", "/cameras/steering/release", self._release)
        self.grant(holding=True)

    def grant(self, *, holding: bool) -> None:
        answer = {"claim": ME.claim, "holding": holding, "idle": 30, "stay": 4}
        self._console.backend.answer("POST", "/cameras/c1/steering", answer)

    def tell(self, *steerers: Steerer) -> None:
        """The feed says who steers and who waits."""
        self._version += 1
        holder, *waiting = steerers
        record = Steering(
            id="c1", area=GRID, holder=holder, since=1.0, waiting=tuple(waiting), version=self._version
        )
        self._console.put("steering", record)
        self._console.clock.advance(0.2)

    def nobody(self) -> None:
        self._console.drop("steering", "c1")
        self._console.clock.advance(0.2)

    @property
    def moves(self) -> list[Any]:
        return [body for what, body in self.asked if what == "move"]

    def _move(self, request: Any) -> Any:
        if self.fault is not None:
            raise self.fault
        self.asked.append((request.path.split("/", 5)[5], request.body))
        return {"code": "", "message": "", "message_zh": ""}

    def _gear(self, _request: Any) -> Any:
        return {"abilities": ["move", "presets", "set-presets"], "presets": self.presets}

    def _stay(self, request: Any) -> Any:
        self.stays += 1
        return {"ids": [] if self.fault else request.body["ids"]}

    def _release(self, request: Any) -> Any:
        self.asked.append(("release", request.body["ids"]))
        return {}


@pytest.fixture
def live(backend: MemoryBackend, activate: Callable[..., Console]) -> Console:
    console = activate("grids", "cameras")
    console.put("camera", CAMERA, FIXED)
    console.clock.advance(0.2)
    return console


@pytest.fixture
def head(live: Console, backend: MemoryBackend) -> Head:
    return Head(live, backend)


@pytest.fixture
def view(live: Console, head: Head, qtbot: Any) -> Any:
    """A tile of the camera, 640 by 360, its picture all over it."""
    view = live.host.services.get("cameras").view()
    qtbot.addWidget(view.widget)
    view.widget.resize(640, 360)
    view.widget.show()
    view.show("c1")
    live.clock.advance(0.1)
    view.tile.widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    live.media.tiles[-1].place = QRectF(0, 0, 640, 360)
    view.tile.become(State.LIVE)
    view.widget.activateWindow()
    view.tile.widget.setFocus()
    qtbot.waitUntil(view.tile.widget.hasFocus)
    return view


@pytest.fixture
def held(live: Console, head: Head, view: Any, qtbot: Any) -> Any:
    """It is steered from here."""
    qtbot.keyClick(view.tile.widget, Key.Key_P)
    head.tell(ME)
    return view


def words(view: Any) -> str:
    """All that stands in the bar."""
    parts = view.widget.findChildren(QLabel) + view.widget.findChildren(QPushButton)
    return " ".join(part.text() for part in parts if part.isVisible())


def button(view: Any, *names: str) -> QPushButton:
    found = view.widget.findChildren(QPushButton)
    return next(each for each in found if each.isVisible() and any(name in each.text() for name in names))


def test_keys_turn_only_while_it_is_held_and_say_so_again_and_again(
    live: Console, head: Head, view: Any, qtbot: Any
) -> None:
    tile = view.tile.widget
    qtbot.keyPress(tile, Key.Key_Left)
    qtbot.keyRelease(tile, Key.Key_Left)
    assert head.asked == []
    qtbot.keyClick(tile, Key.Key_P)
    head.tell(ME)
    qtbot.keyPress(tile, Key.Key_Left)
    slow = head.moves[-1]
    assert slow["pan"] < 0 and slow["tilt"] == 0
    live.clock.advance(1.8)
    assert len(head.moves) >= 4 and head.moves[-1] == slow
    qtbot.keyPress(tile, Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    live.clock.advance(0.1)
    assert head.moves[-1]["pan"] < slow["pan"] and head.moves[-1]["tilt"] > 0
    qtbot.keyRelease(tile, Key.Key_Left)
    qtbot.keyRelease(tile, Key.Key_Up)
    live.clock.advance(0.1)
    assert head.moves[-1] == STILL
    count = len(head.moves)
    live.clock.advance(3)
    assert len(head.moves) == count and head.stays > 0
    qtbot.keyClick(tile, Key.Key_P)
    assert head.asked[-1] == ("release", [ME.claim])


def test_a_key_whose_release_is_lost_stops_with_the_focus(
    live: Console, head: Head, held: Any, qtbot: Any
) -> None:
    qtbot.keyPress(held.tile.widget, Key.Key_Plus)
    assert head.moves[-1]["zoom"] > 0
    held.tile.widget.clearFocus()
    live.clock.advance(0.1)
    assert head.moves[-1] == STILL


def test_one_movement_at_a_time_and_the_newest_wins(
    live: Console, head: Head, held: Any, backend: MemoryBackend, qtbot: Any
) -> None:
    tile, middle = held.tile.widget, QPoint(320, 180)
    qtbot.mousePress(tile, Qt.MouseButton.LeftButton, pos=middle)
    for x in range(330, 500, 2):
        _drag(tile, QPointF(x, 180))
    live.clock.advance(0.1)
    assert len(head.moves) == 2  # the first that was told, and the newest
    assert head.moves[1]["pan"] > head.moves[0]["pan"] > 0
    qtbot.mouseRelease(tile, Qt.MouseButton.LeftButton, pos=QPoint(500, 180))
    assert head.moves[-1] == STILL


def _drag(tile: Any, at: QPointF, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    left = Qt.MouseButton.LeftButton
    event = QMouseEvent(QEvent.Type.MouseMove, at, tile.mapToGlobal(at), left, left, modifiers)
    QApplication.sendEvent(tile, event)


def test_a_click_with_ctrl_centres_and_a_box_with_shift_fills(
    live: Console, head: Head, held: Any, qtbot: Any
) -> None:
    tile, left = held.tile.widget, Qt.MouseButton.LeftButton
    qtbot.mouseClick(tile, left, Qt.KeyboardModifier.ControlModifier, QPoint(480, 90))
    what, body = head.asked[-1]
    assert what == "aim" and (body["x"], body["y"], body["width"]) == (0.25, -0.25, 1.0)
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.mousePress(tile, left, shift, QPoint(160, 180))
    _drag(tile, QPointF(320, 270), shift)
    qtbot.mouseRelease(tile, left, shift, QPoint(320, 270))
    what, body = head.asked[-1]
    assert what == "aim" and (body["x"], body["y"], body["width"]) == (-0.125, 0.125, 0.25)
    assert head.moves == []


def test_the_wheel_zooms_for_a_moment(live: Console, head: Head, held: Any) -> None:
    middle = QPointF(320, 180)
    turned = QWheelEvent(
        middle,
        held.tile.widget.mapToGlobal(middle),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(held.tile.widget, turned)
    assert head.moves[-1]["zoom"] > 0
    live.clock.advance(0.5)
    assert head.moves[-1] == STILL


def test_presets_by_digits_and_in_a_list_where_forgetting_asks_once(
    live: Console, head: Head, held: Any, qtbot: Any
) -> None:
    qtbot.keyClick(held.tile.widget, Key.Key_2)
    assert head.asked[-1] == ("go", {"preset": "b"})
    qtbot.keyClick(held.tile.widget, Key.Key_Home)
    assert head.asked[-1] == ("go", {"preset": "a"})
    opens = next(each for each in held.widget.findChildren(QToolButton) if "Home" in each.toolTip())
    qtbot.mouseClick(opens, Qt.MouseButton.LeftButton)
    (field,) = held.widget.findChildren(QLineEdit)
    field.insert("医院")
    qtbot.keyClick(field, Key.Key_Return)
    assert head.asked[-1] == ("presets", {"name": "医院"})
    last = held.widget.findChildren(QPushButton)
    forget = [each for each in last if each.isVisible() and not each.text()][-1]
    qtbot.mouseClick(forget, Qt.MouseButton.LeftButton)
    assert head.asked[-1][0] == "presets" and forget.text()
    qtbot.mouseClick(forget, Qt.MouseButton.LeftButton)
    assert head.asked[-1] == ("presets/forget", {"preset": "b"})


def test_who_steers_and_ones_place_in_the_queue_stand_in_the_tile(
    live: Console, head: Head, view: Any, qtbot: Any
) -> None:
    third = Steerer(claim="t" * 16, name="刘洋", rank=1)
    head.tell(OTHER, third)
    assert "王芳" in words(view)
    head.grant(holding=False)
    qtbot.keyClick(view.tile.widget, Key.Key_P)
    head.tell(OTHER, third, ME)
    assert "王芳" in words(view) and "2" in words(view)
    assert any("刘洋" in label.toolTip() for label in view.widget.findChildren(QLabel))
    qtbot.keyPress(view.tile.widget, Key.Key_Left)
    assert head.moves == []
    head.tell(ME)
    assert "路口 1" in live.notifications[-1].text  # one's turn has come
    qtbot.keyPress(view.tile.widget, Key.Key_Right)
    assert head.moves[-1]["pan"] > 0


def test_who_is_taken_over_from_stands_still_and_reads_by_whom(
    live: Console, head: Head, held: Any, qtbot: Any
) -> None:
    qtbot.keyPress(held.tile.widget, Key.Key_Left)
    head.tell(OTHER, ME)
    count = len(head.moves)
    live.clock.advance(2)
    assert len(head.moves) == count
    assert "王芳" in live.notifications[-1].text and "王芳" in words(held)


def test_a_hold_that_the_backend_ended_is_over_here_too(
    live: Console, head: Head, held: Any, qtbot: Any
) -> None:
    head.nobody()
    assert "路口 1" in live.notifications[-1].text
    qtbot.keyPress(held.tile.widget, Key.Key_Left)
    assert head.moves == []
    qtbot.keyRelease(held.tile.widget, Key.Key_Left)
    live.clock.advance(2)
    qtbot.keyClick(held.tile.widget, Key.Key_P)
    head.tell(ME)
    head.fault = Conflict("不再持有", status=409, code="not_holder")
    count = head.stays
    qtbot.keyPress(held.tile.widget, Key.Key_Left)
    assert head.stays == count + 1
    head.fault = None
    live.clock.advance(2)
    assert head.moves == []


def test_who_steers_from_another_console_reads_so(live: Console, head: Head, held: Any, qtbot: Any) -> None:
    head.nobody()
    ended = live.notifications[-1].text
    live.clock.advance(2)
    qtbot.keyClick(held.tile.widget, Key.Key_P)
    head.tell(ME)
    head.tell(Steerer(claim="e" * 16, name=OPERATOR.name, rank=2))
    assert "路口 1" in live.notifications[-1].text and live.notifications[-1].text != ended


def test_what_does_not_move_is_told_of_and_tried_again_as_long_as_the_key_is_down(
    live: Console, head: Head, held: Any, qtbot: Any
) -> None:
    head.fault = BackendAway("away")
    before = words(held)
    qtbot.keyPress(held.tile.widget, Key.Key_Left)
    assert words(held) != before and head.moves == []
    head.fault = None
    live.clock.advance(1)
    assert head.moves[-1]["pan"] < 0 and words(held) == before


def test_a_tile_that_shows_something_else_or_is_hidden_lets_go(live: Console, head: Head, held: Any) -> None:
    held.widget.hide()
    live.clock.advance(5)
    assert ("release", [ME.claim]) not in head.asked  # looked away for a moment
    held.widget.show()
    held.show("c2")
    assert head.asked[-1] == ("release", [ME.claim])


def test_a_camera_that_cannot_be_turned_has_no_bar(live: Console, head: Head, view: Any, qtbot: Any) -> None:
    assert words(view)
    view.show("c2")
    live.clock.advance(0.1)
    assert not words(view)
    qtbot.keyClick(view.tile.widget, Key.Key_P)
    assert not any(path.path.endswith("c2/steering") for path in live.backend.requests)


def test_the_stick_is_drawn_over_the_picture(live: Console, head: Head, held: Any, qtbot: Any) -> None:
    def painted() -> QImage:
        image = QImage(640, 360, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.black)
        painter = QPainter(image)
        live.media.tiles[-1].overlays.fire(painter, QRectF(0, 0, 640, 360))
        painter.end()
        return image

    resting = painted()
    qtbot.mousePress(held.tile.widget, Qt.MouseButton.LeftButton, pos=QPoint(320, 180))
    _drag(held.tile.widget, QPointF(420, 180))
    at = QPoint(370, 180)
    assert resting.pixelColor(at) == Qt.GlobalColor.black
    assert painted().pixelColor(at) != Qt.GlobalColor.black


def test_the_service_turns_and_asks(live: Console, head: Head, backend: MemoryBackend) -> None:
    backend.answer("POST", "/cameras/c1/turn", {})
    backend.answer("GET", "/cameras/c1/pose", {"pan": 1.0, "tilt": -2.0, "zoom": 0.5})
    backend.answer("GET", "/cameras/c2/pose", None)
    service, found = live.host.services.get("cameras"), list[Any]()

    async def use() -> None:
        await service.turn("c1", 190.0, -30.0)
        found.extend([await service.pose("c1"), await service.pose("c2")])

    with pytest.raises(StopIteration):
        use().send(None)  # the backend answers at once
    turned = next(each for each in backend.requests if each.path == "/cameras/c1/turn")
    assert turned.body == {"pan": -170.0, "tilt": -30.0, "zoom": None}
    assert (found[0].pan, found[0].tilt, found[0].zoom, found[1]) == (1.0, -2.0, 0.5, None)


def test_a_view_that_is_dropped_while_it_is_shown_goes_without_a_fault(live: Console, head: Head) -> None:
    view: Any = live.host.services.get("cameras").view()
    view.widget.show()
    view.show("c1")
    whole = vars(view.widget.findChild(TileSteering))
    kept = dict(whole)
    whole.clear()  # as the collector of cycles does, before Qt's half goes
    with capture_exceptions() as faults:
        view.widget.resize(320, 200)
        view.widget.hide()
        view.tile.widget.hide()
    whole.update(kept)
    view.remove()
    assert faults == []


def test_a_hold_that_ends_by_itself_is_not_taken_again_by_the_click_that_was_to_end_it(
    live: Console, head: Head, held: Any, qtbot: Any
) -> None:
    toggle = next(b for b in held.widget.findChildren(QPushButton) if b.text() == "释放")
    head.nobody()
    live.clock.advance(0.1)
    asked = len(live.backend.requests)
    assert not toggle.isEnabled()
    qtbot.mouseClick(toggle, Qt.MouseButton.LeftButton)
    qtbot.keyClick(held.tile.widget, Key.Key_P)
    assert not [each for each in live.backend.requests[asked:] if each.path.endswith("/c1/steering")]
    live.clock.advance(2)
    assert toggle.isEnabled()
    qtbot.keyClick(held.tile.widget, Key.Key_P)
    assert [each for each in live.backend.requests[asked:] if each.path.endswith("/c1/steering")]


def test_buttons_for_the_four_directions_turn_while_they_are_down(
    live: Console, head: Head, held: Any, qtbot: Any
) -> None:
    ways = {b.toolTip()[:3]: b for b in held.widget.findChildren(QToolButton) if b.toolTip()[:1] == "向"}
    assert len(ways) == 4
    for name, pan, tilt in (
        ("向左转", -0.4, 0.0),
        ("向上转", 0.0, 0.4),
        ("向右转", 0.4, 0.0),
        ("向下转", 0.0, -0.4),
    ):
        qtbot.mousePress(ways[name], Qt.MouseButton.LeftButton)
        live.clock.advance(0.1)
        assert head.moves[-1] == pytest.approx({"pan": pan, "tilt": tilt, "zoom": 0.0})
        qtbot.mouseRelease(ways[name], Qt.MouseButton.LeftButton)
        live.clock.advance(0.1)
        assert head.moves[-1] == STILL
