"""Mouse, wheel, fingers and keys, turned into motion in the scene and clicks."""

from __future__ import annotations

import math
import time
from collections import deque
from enum import Enum, auto
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
FINGERS, SPREAD, TWIST = 16.0, 0.12, 8.0
"""Logical pixels, doublings and degrees at which two fingers show what they are about."""
SLANT = 0.3
"""Degrees of tilt for a pixel of two fingers."""
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
_TURNS = {Qt.Key.Key_Home, Qt.Key.Key_N, Qt.Key.Key_V, Qt.Key.Key_G, Qt.Key.Key_U}
_OTHERS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
"""With these a key is a shortcut of the window's."""


class Drag(Enum):
    """What moving the pointer does."""

    PAN = auto()
    TURN = auto()
    LOOK = auto()


class TouchHost(Protocol):
    """The view, as its hands know it."""

    navigator: Navigator

    def went(self) -> None:
        """The pose is another, or the navigator moves now."""
        ...

    def toggle_underground(self) -> None:
        """Let the eye below the ground, or no more."""
        ...

    def click_at(self, x: float, y: float) -> None: ...

    def mapFromGlobal(self, where: QPointF, /) -> QPointF: ...


class Touch:
    """What is held between press and release, and which keys are down."""

    def __init__(self, host: TouchHost) -> None:
        self._host = host
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._drag = Drag.PAN
        self._dragging = False
        self._trace: deque[tuple[float, QPointF]] = deque(maxlen=6)
        self._down: set[int] = set()
        self._fingers = _Fingers()

    @property
    def dragging(self) -> bool:
        return self._dragging

    def press(self, event: QMouseEvent) -> None:
        """Left takes hold of the ground; right, middle, or left with Ctrl turns about what is there; left
        with Shift looks about."""
        self._pressed = self._last = event.position()
        self._drag = _meant(event)
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
        if self._drag is Drag.TURN:
            self._host.navigator.orbit(step.x(), step.y())
        elif self._drag is Drag.LOOK:
            self._host.navigator.look(step.x(), step.y())
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
        if dragged and self._drag is Drag.PAN:
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
        """Two fingers on a screen or a touchpad, or a key that is ours before it is a shortcut; True when it
        was one of them."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(self._ours(event))
            return event.isAccepted()
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self._pinch(pinch)
                return True
        return isinstance(event, QNativeGestureEvent) and self._on_touchpad(event)

    def key(self, event: QKeyEvent, *, down: bool) -> bool:
        """Keys that move while they are down, and those that turn the view; True when it was one of them."""
        key = event.key()
        fast = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key == Qt.Key.Key_Shift and self._down:
            self._drive(down)
        if key in _KEYS and (self._ours(event) or key in self._down):
            if not event.isAutoRepeat():
                (self._down.add if down else self._down.discard)(key)
                self._drive(fast)
            return True
        return down and self._ours(event) and self._turn(key)

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
        elif key == Qt.Key.Key_U:
            self._host.toggle_underground()
        elif key == Qt.Key.Key_Escape:
            navigator.leave_walk(now)
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

    def _ours(self, event: QKeyEvent) -> bool:
        key = event.key()
        walking = key == Qt.Key.Key_Escape and self._host.navigator.walking
        return not event.modifiers() & _OTHERS and (key in _KEYS or key in _TURNS or walking)

    def _on_touchpad(self, event: QNativeGestureEvent) -> bool:
        where, navigator = event.position(), self._host.navigator
        if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            navigator.zoom_at_once(event.value(), where.x(), where.y())
        elif event.gestureType() == Qt.NativeGestureType.RotateNativeGesture:
            navigator.grab(where.x(), where.y())
            navigator.pinch(where.x(), where.y(), 1.0, event.value())
        else:
            return False
        self._host.went()
        return True

    def _pinch(self, pinch: QPinchGesture) -> None:
        """Two fingers hold what is between them; moved up or down together they tilt."""
        where, navigator = self._host.mapFromGlobal(pinch.centerPoint()), self._host.navigator
        if pinch.state() == Qt.GestureState.GestureStarted:
            self._pressed, self._dragging = None, False  # the first finger was a mouse until now
            self._fingers = _Fingers(where)
            navigator.grab(where.x(), where.y())
        if self._fingers.rested(pinch):
            return
        drag, rise = self._fingers.moved(pinch, where)
        if drag is Drag.TURN:
            navigator.pinch(where.x(), where.y(), 1.0, tilt=rise * SLANT)
        elif drag is Drag.PAN:
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


class _Fingers:
    """What two fingers are about: it shows once they have moved a little, and stays so."""

    def __init__(self, began: QPointF | None = None) -> None:
        self._began = self._last = began or QPointF()
        self._drag: Drag | None = None
        self._told: tuple[float, ...] = ()

    def rested(self, pinch: QPinchGesture) -> bool:
        """Whether nothing is new: Qt tells a step again when the pressure changes, and at the end."""
        where = pinch.centerPoint()
        told, self._told = self._told, (pinch.scaleFactor(), pinch.rotationAngle(), where.x(), where.y())
        return told == self._told or pinch.state() == Qt.GestureState.GestureFinished

    def moved(self, pinch: QPinchGesture, where: QPointF) -> tuple[Drag | None, float]:
        """PAN (and zoom and turn), TURN (tilt) or not known yet; pixels up since the last time."""
        way, rise = where - self._began, self._last.y() - where.y()
        self._last = where
        if self._drag is None:
            spread = abs(math.log2(max(pinch.totalScaleFactor(), 1e-3)))
            if spread > SPREAD or abs(pinch.totalRotationAngle()) > TWIST or abs(way.x()) > FINGERS:
                self._drag = Drag.PAN
            elif abs(way.y()) > FINGERS:
                self._drag = Drag.TURN
        return self._drag, rise


def _meant(event: QMouseEvent) -> Drag:
    if event.button() != Qt.MouseButton.LeftButton or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return Drag.TURN
    return Drag.LOOK if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else Drag.PAN
