"""Mouse, wheel, fingers and keys, turned into motion in the scene and clicks."""

from __future__ import annotations

import time
from collections import deque
from typing import Protocol

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture

from console.scene.hands import Drive, Navigator

DRAG = 4.0
"""Logical pixels that make a press a drag."""
WHEEL_LEVELS = 0.5
"""Doublings a notch."""
FRESH = 0.06
"""Seconds before the release within which the last move makes the ground glide on."""
_KEYS: dict[int, tuple[str, float]] = {
    Qt.Key.Key_W: ("ahead", 1.0),
    Qt.Key.Key_Up: ("ahead", 1.0),
    Qt.Key.Key_S: ("ahead", -1.0),
    Qt.Key.Key_Down: ("ahead", -1.0),
    Qt.Key.Key_D: ("right", 1.0),
    Qt.Key.Key_Right: ("right", 1.0),
    Qt.Key.Key_A: ("right", -1.0),
    Qt.Key.Key_Left: ("right", -1.0),
    Qt.Key.Key_E: ("turn", 1.0),
    Qt.Key.Key_Q: ("turn", -1.0),
    Qt.Key.Key_R: ("tilt", 1.0),
    Qt.Key.Key_F: ("tilt", -1.0),
    Qt.Key.Key_PageUp: ("up", 1.0),
    Qt.Key.Key_PageDown: ("up", -1.0),
    Qt.Key.Key_Plus: ("zoom", 1.0),
    Qt.Key.Key_Equal: ("zoom", 1.0),
    Qt.Key.Key_Minus: ("zoom", -1.0),
}


class TouchHost(Protocol):
    """The view, as its hands know it."""

    navigator: Navigator

    def went(self) -> None:
        """The pose is another, or the navigator moves now."""
        ...

    def click_at(self, x: float, y: float) -> None: ...


class Touch:
    """What is held between press and release, and which keys are down."""

    def __init__(self, host: TouchHost) -> None:
        self._host = host
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._turning = self._dragging = False
        self._trace: deque[tuple[float, QPointF]] = deque(maxlen=6)
        self._down: set[int] = set()

    @property
    def dragging(self) -> bool:
        return self._dragging

    def press(self, event: QMouseEvent) -> None:
        """Left takes hold of the ground; right, middle, or left with Ctrl turns about what is there."""
        self._pressed = self._last = event.position()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        self._turning = event.button() != Qt.MouseButton.LeftButton or control
        self._dragging = False
        self._trace.clear()
        self._host.navigator.grab(event.position().x(), event.position().y())

    def move(self, event: QMouseEvent) -> bool:
        """True while something is dragged."""
        if self._pressed is None:
            return False
        now = event.position()
        if not self._dragging and (now - self._pressed).manhattanLength() < DRAG:
            return True
        step, self._last, self._dragging = now - self._last, now, True
        if self._turning:
            self._host.navigator.orbit(step.x(), step.y())
        else:
            self._trace.append((time.monotonic(), now))
            self._host.navigator.pan(now.x(), now.y())
        self._host.went()
        return True

    def release(self, event: QMouseEvent) -> None:
        """A drag glides on, a press that was none is a click."""
        pressed, self._pressed = self._pressed, None
        dragged, self._dragging = self._dragging, False
        if pressed is None:
            return
        if dragged and not self._turning:
            self._fling()
        elif not dragged and event.button() == Qt.MouseButton.LeftButton:
            self._host.click_at(event.position().x(), event.position().y())
        self._host.went()

    def double_click(self, event: QMouseEvent) -> None:
        """Twice as near."""
        where = event.position()
        self._host.navigator.zoom(1.0, where.x(), where.y(), time.monotonic())
        self._host.went()

    def wheel(self, event: QWheelEvent) -> None:
        """Half a doubling a notch, around the pointer."""
        where, notches = event.position(), event.angleDelta().y() / 120.0
        if abs(notches) >= 0.9:
            self._host.navigator.zoom(notches * WHEEL_LEVELS, where.x(), where.y(), time.monotonic())
        else:
            self._host.navigator.zoom_at_once(notches * WHEEL_LEVELS, where.x(), where.y())
        self._host.went()

    def gesture(self, event: QEvent) -> bool:
        """Two fingers on a screen or a touchpad; True when it was that."""
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self._pinch(pinch)
                return True
        zoom = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == zoom:
            where = event.position()
            self._host.navigator.zoom_at_once(event.value(), where.x(), where.y())
            self._host.went()
            return True
        return False

    def key(self, event: QKeyEvent, *, down: bool) -> bool:
        """Keys that move while they are down, and those that turn the view; True when it was one of them."""
        key = event.key()
        if key in _KEYS:
            if not event.isAutoRepeat():
                (self._down.add if down else self._down.discard)(key)
                self._drive(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            return True
        return down and self._turn(key)

    def let_go(self) -> None:
        """Nothing is held any more, as when the window loses the keyboard."""
        self._pressed, self._dragging = None, False
        if self._down:
            self._down.clear()
            self._drive(False)

    def _turn(self, key: int) -> bool:
        navigator, now = self._host.navigator, time.monotonic()
        if key == Qt.Key.Key_Home:
            navigator.go_home(now)
        elif key == Qt.Key.Key_N:
            navigator.north_up(now)
        elif key == Qt.Key.Key_V:
            navigator.look_down(now)
        elif key == Qt.Key.Key_G:
            navigator.leave_walk(now) if navigator.walking else navigator.walk(now)
        else:
            return False
        self._host.went()
        return True

    def _drive(self, fast: bool) -> None:
        pushed: dict[str, float] = {}
        for key in self._down:
            name, value = _KEYS[key]
            pushed[name] = max(-1.0, min(1.0, pushed.get(name, 0.0) + value))
        self._host.navigator.drive(Drive(**pushed), time.monotonic(), fast=fast)
        self._host.went()

    def _pinch(self, pinch: QPinchGesture) -> None:
        where, navigator = pinch.centerPoint(), self._host.navigator
        if pinch.state() == Qt.GestureState.GestureStarted:
            navigator.grab(where.x(), where.y())
        turn = pinch.rotationAngle() - pinch.lastRotationAngle()
        navigator.pinch(where.x(), where.y(), pinch.scaleFactor(), turn)
        self._host.went()

    def _fling(self) -> None:
        now = time.monotonic()
        if len(self._trace) < 2 or now - self._trace[-1][0] > FRESH:
            return
        (began, first), (ended, last) = self._trace[0], self._trace[-1]
        speed = (last - first) / max(ended - began, 0.008)
        self._host.navigator.fling(speed.x(), speed.y(), now)
