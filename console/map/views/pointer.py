"""Mouse, wheel, keys and fingers, turned into motion, clicks and the zoom box."""

from __future__ import annotations

import math
import time
from collections import deque
from typing import Protocol

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture

from console.map.listeners import Listeners
from console.map.tool_bench import ToolBench
from console.map.tools import Tool
from console.map.viewport import Viewport, from_world
from console.map.views.navigator import Navigator

DRAG = 4.0
"""Logical pixels that make a press a drag."""
KEY_STEP = 96.0
WHEEL_LEVELS = 0.5
"""Zoom levels a notch."""


class PointerHost(Protocol):
    """The view, as its pointer knows it."""

    navigator: Navigator
    place_left: Listeners[[]]

    bench: ToolBench

    def moved(self, *, by_user: bool) -> None: ...
    def clicked(self, px: float, py: float) -> None: ...
    def show_view(self, viewport: Viewport) -> None: ...
    def full_extent(self) -> None: ...


class Pointer:
    """State between press and release."""

    def __init__(self, host: PointerHost) -> None:
        self._host = host
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._dragging = False
        self._boxing = False
        self._grabbed: Tool | None = None
        """The tool that holds something since the press: the map stays."""
        self._trace: deque[tuple[float, QPointF]] = deque(maxlen=6)
        self.box: QRectF | None = None

    @property
    def dragging(self) -> bool:
        return self._dragging

    def press(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._host.navigator.stop()
            self._pressed = self._last = event.position()
            self._dragging = False
            self._boxing = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._trace.clear()
            if event.button() == Qt.MouseButton.LeftButton and not self._boxing:
                self._grab(event.position())

    def _grab(self, where: QPointF) -> None:
        tool = self._host.bench.tool
        if tool is not None and tool.grab(self._host.navigator.viewport, where.x(), where.y()):
            self._grabbed = tool

    def move(self, event: QMouseEvent) -> bool:
        """True while something is being dragged."""
        if self._pressed is None:
            return False
        now = event.position()
        if not self._dragging and (now - self._pressed).manhattanLength() < DRAG:
            return True
        if self._grabbed is not None:
            self._dragging = True
            return True
        if self._boxing:
            self._dragging = True
            self.box = QRectF(self._pressed, now).normalized()
            self._host.moved(by_user=False)
            return True
        step = now - self._last
        self._dragging = True
        self._last = now
        self._trace.append((time.monotonic(), now))
        self._host.navigator.pan(step.x(), step.y())
        self._host.moved(by_user=True)
        return True

    def release(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        box, self.box = self.box, None
        grabbed, self._grabbed = self._grabbed, None
        if pressed is None:
            return
        if grabbed is not None:
            grabbed.drop(self._dragging)
            self._host.bench.moved.fire()
        elif self._boxing and box is not None:
            self._zoom_to(box)
        elif self._dragging:
            self._fling()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._host.clicked(event.position().x(), event.position().y())
        self._dragging = False

    def _zoom_to(self, box: QRectF) -> None:
        """Show what the user drew the box around."""
        viewport = self._host.navigator.viewport
        left, top = viewport.from_pixels(box.left(), box.top())
        right, bottom = viewport.from_pixels(box.right(), box.bottom())
        lon, lat = from_world([left, right], [bottom, top])
        self._host.show_view(viewport.fitted((lon[0], lat[0], lon[1], lat[1]), 0.0))

    def gesture(self, event: QEvent) -> bool:
        """Two fingers on a screen or touchpad, or a key that a tool has before the window's shortcuts;
        True when it was that. A pointer that leaves is told of."""
        if event.type() == QEvent.Type.Leave:
            self._host.place_left.fire()
        if isinstance(event, QKeyEvent):
            return self._tool_key(event)
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self._pinch(pinch.scaleFactor(), pinch.centerPoint())
                return True
        zoom = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == zoom:
            self._pinch(1.0 + event.value(), event.position())
            return True
        return False

    def _tool_key(self, event: QKeyEvent) -> bool:
        """What Qt or the window would otherwise take: shortcuts, Tab, undo and redo."""
        tool, control = self._host.bench.tool, event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if tool is None:
            return False
        undo = event.matches(QKeySequence.StandardKey.Undo)
        redo = event.matches(QKeySequence.StandardKey.Redo) or (control and event.key() == Qt.Key.Key_Y)
        steps = bool(undo or redo)
        if event.type() == QEvent.Type.ShortcutOverride:
            wanted = steps or (not control and tool.wants(event.key()))
            event.setAccepted(wanted)
            return wanted
        if event.type() != QEvent.Type.KeyPress:
            return False
        if steps:
            tool.redo() if redo else tool.undo()
        elif event.key() not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) or not tool.key(event.key()):
            return False
        self._host.bench.moved.fire()
        return True

    def _pinch(self, factor: float, where: QPointF) -> None:
        navigator = self._host.navigator
        zoom = navigator.viewport.zoom + math.log2(max(factor, 0.1))
        navigator.pinch(zoom, where.x(), where.y())
        self._host.moved(by_user=False)

    def _fling(self) -> None:
        """Glide on when the last move was just before the release."""
        now = time.monotonic()
        if len(self._trace) < 2 or now - self._trace[-1][0] > 0.06:
            return
        (began, first), (ended, last) = self._trace[0], self._trace[-1]
        seconds = max(ended - began, 0.008)
        step = (last - first) / seconds
        self._host.navigator.fling(step.x(), step.y(), now)
        self._host.moved(by_user=True)

    def wheel(self, event: QWheelEvent) -> None:
        """Half a level a notch, around the pointer; a touchpad's small steps add up smoothly."""
        where, navigator = event.position(), self._host.navigator
        notches = event.angleDelta().y() / 120.0
        if abs(notches) >= 0.9:
            goal = navigator.goal_zoom + notches * WHEEL_LEVELS
            navigator.zoom_to(goal, where.x(), where.y(), time.monotonic())
        else:
            navigator.pinch(navigator.viewport.zoom + notches * WHEEL_LEVELS, where.x(), where.y())
        self._host.moved(by_user=False)

    def key(self, event: QKeyEvent) -> bool:
        """Arrows pan, + and - zoom, Home shows all; True when the key was one of these."""
        navigator = self._host.navigator
        steps = {
            Qt.Key.Key_Left: (KEY_STEP, 0.0),
            Qt.Key.Key_Right: (-KEY_STEP, 0.0),
            Qt.Key.Key_Up: (0.0, KEY_STEP),
            Qt.Key.Key_Down: (0.0, -KEY_STEP),
        }
        levels = {
            Qt.Key.Key_Plus: 1.0,
            Qt.Key.Key_Equal: 1.0,
            Qt.Key.Key_Minus: -1.0,
            Qt.Key.Key_Underscore: -1.0,
        }
        key = Qt.Key(event.key())
        if key in steps:
            navigator.pan(*steps[key])
            self._host.moved(by_user=True)
        elif key in levels:
            size = navigator.viewport
            goal = navigator.goal_zoom + levels[key]
            navigator.zoom_to(goal, size.width / 2, size.height / 2, time.monotonic())
            self._host.moved(by_user=False)
        elif key == Qt.Key.Key_Home:
            self._host.full_extent()
        else:
            return False
        return True
