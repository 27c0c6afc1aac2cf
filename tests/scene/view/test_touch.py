"""Mouse, wheel, keys and fingers move the scene as the docs say; the furniture does what it says."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.scene.frame import Frame
from console.scene.hands import Navigator, World
from console.scene.pose import Pose
from console.scene.view.furniture import Furniture
from console.scene.view.touch import Touch

XIAN = Frame(108.96, 34.22, 400.0)
START = Pose(108.96, 34.22, 400.0, 30.0, 50.0, 500.0)
LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
NONE = Qt.KeyboardModifier.NoModifier


class View(QWidget):
    """The hands of a view of the scene, without its pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.navigator = Navigator(World(XIAN, 800, 600), START)
        self.touch = Touch(self)
        self.furniture = Furniture(self, self)
        self.clicks: list[tuple[float, float]] = []
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.setMouseTracking(True)
        self.resize(800, 600)

    def went(self) -> None:
        self.furniture.follow()

    def toggle_underground(self) -> None:
        self.navigator.allow_underground(not self.navigator.world.underground)

    def click_at(self, x: float, y: float) -> None:
        self.clicks.append((x, y))

    def event(self, event: QEvent) -> bool:
        return self.touch.gesture(event) or super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.touch.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.touch.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.touch.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.touch.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.touch.wheel(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.setAccepted(self.touch.key(event, down=True))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.setAccepted(self.touch.key(event, down=False))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.touch.let_go()

    def settle(self, seconds: float = 10.0) -> Pose:
        """As it is a while later."""
        now = time.monotonic()
        for step in range(round(seconds / 0.05)):
            if not self.navigator.tick(now + step * 0.05):
                break
        return self.navigator.pose

    def pixel(self, point) -> tuple[float, float]:
        x, y, _ = self.navigator.world.lens(self.navigator.pose).project(point)
        return float(x), float(y)

    def ground(self, x: float, y: float):
        return self.navigator.world.ground_at(self.navigator.pose, x, y)


@pytest.fixture
def view(qtbot: QtBot) -> View:
    view = View()
    qtbot.addWidget(view)
    view.move(60, 40)  # what is global is not what is local
    with qtbot.waitExposed(view):
        view.show()
    qtbot.waitUntil(lambda: QApplication.topLevelAt(view.mapToGlobal(QPoint(400, 300))) is view)
    return view


def drag(view: View, button: Qt.MouseButton, way: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
    start = QPoint(400, 350)
    QTest.mousePress(view, button, keys, start)
    for share in (0.5, 1.0):
        where = QPointF(start) + QPointF(way) * share
        place = view.mapToGlobal(where)
        move = QMouseEvent(QEvent.Type.MouseMove, where, place, Qt.MouseButton.NoButton, button, keys)
        view.mouseMoveEvent(move)
    time.sleep(0.08)  # held still before it is let go: no fling
    QTest.mouseRelease(view, button, keys, start + way)


def test_left_holds_the_ground(view: View):
    ground = view.ground(400, 350)
    drag(view, LEFT, QPoint(90, 60))
    assert view.pixel(ground) == pytest.approx((490, 410), abs=0.5)
    assert not view.navigator.moving and not view.clicks


@pytest.mark.parametrize(
    ("button", "keys"), [(RIGHT, NONE), (MIDDLE, NONE), (LEFT, Qt.KeyboardModifier.ControlModifier)]
)
def test_others_turn_about_what_is_under_the_pointer(view: View, button, keys):
    ground = view.ground(400, 350)
    drag(view, button, QPoint(50, -40), keys)
    assert view.pixel(ground) == pytest.approx((400, 350), abs=0.5)
    assert view.navigator.pose.heading == pytest.approx(50.0)
    assert view.navigator.pose.tilt == pytest.approx(62.0)


def test_shift_looks_about(view: View):
    eye = view.navigator.world.lens(START).eye
    drag(view, LEFT, QPoint(50, -40), Qt.KeyboardModifier.ShiftModifier)
    assert view.navigator.world.lens(view.navigator.pose).eye == pytest.approx(eye, abs=1e-3)
    assert view.navigator.pose.heading < 30


def test_a_press_that_is_no_drag_is_a_click_and_two_come_nearer(view: View):
    QTest.mouseClick(view, LEFT, NONE, QPoint(300, 200))
    assert view.clicks == [(300, 200)]
    QTest.mouseClick(view, RIGHT, NONE, QPoint(300, 200))
    assert len(view.clicks) == 1 and view.navigator.pose == START
    ground = view.ground(300, 400)
    QTest.mouseDClick(view, LEFT, NONE, QPoint(300, 400))
    assert view.settle().distance == pytest.approx(250, rel=1e-3)
    assert view.pixel(ground) == pytest.approx((300, 400), abs=0.5)


@pytest.mark.parametrize(("angle", "at_once"), [(120, False), (12, True), (-120, False)])
def test_the_wheel_comes_nearer_to_what_is_under_the_pointer(view: View, angle: int, at_once: bool):
    ground, where = view.ground(300, 400), QPointF(300, 400)
    event = QWheelEvent(
        where, view.mapToGlobal(where), QPoint(), QPoint(0, angle), Qt.MouseButton.NoButton, NONE,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    view.wheelEvent(event)
    assert view.navigator.moving != at_once
    assert view.settle().distance == pytest.approx(500 * 2 ** (-angle / 240), rel=1e-3)
    assert view.pixel(ground) == pytest.approx((300, 400), abs=0.5)


def held(view: View, key: Qt.Key, seconds: float, keys: Qt.KeyboardModifier = NONE) -> Pose:
    QTest.keyPress(view, key, keys)
    now = time.monotonic()
    for step in range(round(seconds / 0.05)):
        view.navigator.tick(now + step * 0.05)
    QTest.keyRelease(view, key, keys)
    return view.settle()


def ahead(pose: Pose) -> float:
    """Metres of the place looked at along the way that one looked at first."""
    turn = np.radians(START.heading)
    return float(XIAN.place(pose.lon, pose.lat, pose.height) @ [np.sin(turn), np.cos(turn), 0.0])


@pytest.mark.parametrize(
    ("key", "found"),
    [
        (Qt.Key.Key_W, lambda pose: ahead(pose) > 100),
        (Qt.Key.Key_Down, lambda pose: ahead(pose) < -100),
        (Qt.Key.Key_E, lambda pose: 50 < pose.heading < 100),
        (Qt.Key.Key_F, lambda pose: pose.tilt < 30),
        (Qt.Key.Key_PageUp, lambda pose: pose.height > 500),
        (Qt.Key.Key_Plus, lambda pose: 100 < pose.distance < 200),
        (Qt.Key.Key_N, lambda pose: abs((pose.heading + 180) % 360 - 180) < 1e-6),
        (Qt.Key.Key_V, lambda pose: pose.tilt == 0),
        (Qt.Key.Key_G, lambda pose: pose.distance < 30 and pose.tilt > 80),
    ],
)
def test_keys_move_while_they_are_down(view: View, key: Qt.Key, found: Callable[[Pose], bool]):
    pose = held(view, key, 1.0)
    assert found(pose), pose
    assert not view.navigator.moving


def test_shift_is_faster_also_when_it_comes_later(view: View):
    slow = ahead(held(view, Qt.Key.Key_W, 1.0))
    view.navigator.show(START)
    assert ahead(held(view, Qt.Key.Key_W, 1.0, Qt.KeyboardModifier.ShiftModifier)) > 2.5 * slow
    view.navigator.show(START)
    QTest.keyPress(view, Qt.Key.Key_W)
    QTest.keyPress(view, Qt.Key.Key_Shift, Qt.KeyboardModifier.ShiftModifier)
    assert ahead(held(view, Qt.Key.Key_D, 1.0, Qt.KeyboardModifier.ShiftModifier)) > 2.5 * slow


def test_what_belongs_to_the_window_is_left_to_it(view: View):
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    view.keyPressEvent(event)
    assert not event.isAccepted() and not view.navigator.moving
    escape = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, NONE)
    view.keyPressEvent(escape)
    assert not escape.isAccepted()
    letter = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_V, NONE)
    assert view.event(letter) and letter.isAccepted()


def test_a_key_leads_under_ground_and_up_again(view: View):
    view.navigator.world.surface = lambda lon, lat: 400.0
    QTest.keyClick(view, Qt.Key.Key_U)
    assert held(view, Qt.Key.Key_PageDown, 2.0).height < 300
    QTest.keyClick(view, Qt.Key.Key_U)
    assert view.navigator.world.eye(view.navigator.pose)[2] == pytest.approx(401.0, abs=0.01)


def test_keys_are_let_go_with_the_window(view: View):
    QTest.keyPress(view, Qt.Key.Key_W)
    view.focusOutEvent(QFocusEvent(QEvent.Type.FocusOut))
    view.settle()
    assert not view.navigator.moving


def test_on_foot_and_back_by_escape(view: View):
    held(view, Qt.Key.Key_G, 0.1)
    assert view.navigator.walking
    view.went()
    assert view.furniture.foot.isChecked()
    height = view.navigator.world.eye(view.navigator.pose)[2]
    assert height == pytest.approx(401.7, abs=0.05)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.settle().distance == pytest.approx(200.0)
    assert not view.navigator.walking


@pytest.fixture(scope="module")
def screen_of_fingers() -> QPointingDevice:
    return QTest.createTouchDevice()


def fingers(view: View, device: QPointingDevice, steps: list[tuple[QPoint, QPoint]]) -> None:
    first, second = steps[0]
    QTest.touchEvent(view, device).press(0, first, view).press(1, second, view).commit()
    for first, second in steps[1:]:
        QTest.touchEvent(view, device).move(0, first, view).move(1, second, view).commit()
    QTest.touchEvent(view, device).release(0, first, view).release(1, second, view).commit()


def test_two_fingers_apart_come_nearer_to_what_is_between_them(view: View, screen_of_fingers):
    ground = view.ground(400, 400)
    steps = [(QPoint(400 - d, 400), QPoint(400 + d, 400)) for d in range(60, 125, 5)]
    fingers(view, screen_of_fingers, steps)
    assert 230 < view.settle().distance < 300
    assert view.pixel(ground) == pytest.approx((400, 400), abs=1.5)
    assert view.navigator.pose.tilt == pytest.approx(50.0)


def test_two_fingers_up_together_tilt(view: View, screen_of_fingers):
    fingers(view, screen_of_fingers, [(QPoint(350, y), QPoint(450, y)) for y in range(450, 330, -8)])
    pose = view.settle()
    assert 60 < pose.tilt < 89
    assert pose.distance == pytest.approx(500.0) and pose.heading == pytest.approx(30.0)


def test_the_buttons_do_what_they_say(view: View):
    furniture = view.furniture
    QTest.mouseClick(furniture.plus, LEFT)
    assert view.settle().distance == pytest.approx(250.0)
    QTest.mouseClick(furniture.minus, LEFT)
    assert view.settle().distance == pytest.approx(500.0)
    QTest.mouseClick(furniture.slant, LEFT)
    assert view.settle().tilt == 0
    view.went()
    assert furniture.slant.text() == "3D"
    QTest.mouseClick(furniture.slant, LEFT)
    assert view.settle().tilt == pytest.approx(50.0)
    QTest.mouseClick(furniture.compass, LEFT)
    assert view.settle().heading % 360 == pytest.approx(0.0, abs=1e-6)
    QTest.mouseClick(furniture.home, LEFT)
    assert view.settle() == START
    assert all(each.toolTip() and each.accessibleName() for each in (furniture.compass, furniture.foot))


def test_a_drag_on_the_compass_turns_and_tilts_about_the_middle(view: View):
    compass, middle = view.furniture.compass, view.ground(400, 300)
    QTest.mousePress(compass, LEFT, NONE, QPoint(28, 28))
    for x in (40, 53):
        where = QPointF(x, 28)
        place = compass.mapToGlobal(where)
        compass.mouseMoveEvent(QMouseEvent(QEvent.Type.MouseMove, where, place, LEFT, LEFT, NONE))
    QTest.mouseRelease(compass, LEFT, NONE, QPoint(53, 28))
    assert view.navigator.pose.heading == pytest.approx(40.0)
    assert view.pixel(middle) == pytest.approx((400, 300), abs=0.5)


def test_the_furniture_follows_the_size_of_the_view(view: View, qtbot: QtBot):
    furniture = view.furniture
    view.resize(500, 240)
    qtbot.waitUntil(lambda: furniture.geometry().right() < 500)
    assert not furniture.compass.isVisible()
    view.resize(800, 600)
    qtbot.waitUntil(lambda: furniture.geometry().right() > 700)
    assert furniture.compass.isVisible() and furniture.geometry().bottom() < 600
