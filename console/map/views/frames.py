"""When a view paints: frames come while anything moves, and stop when nothing does."""

from __future__ import annotations

import time
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer

from console.map.views.navigator import Navigator

FRAME = 16
"""Milliseconds between frames while the view moves."""
GLIDE = 33
"""… and while only symbols do."""


TOGETHER = 0.012
"""Seconds in which frames of several views show one moment."""


class FrameClock:
    """The moment that a frame shows. Views that are painted one after the other show the same, so that
    what moves is at one place in all of them, and is reckoned once."""

    def __init__(self) -> None:
        self._last = 0.0

    def now(self) -> float:
        """Monotonic seconds."""
        now = time.monotonic()
        if now - self._last > TOGETHER:
            self._last = now
        return self._last


class FrameHost(Protocol):
    """The view, as its frames know it."""

    navigator: Navigator
    light: bool
    """Whether the last frame painted parts of the view alone, so that the next may come sooner."""

    def isVisible(self) -> bool: ...
    def unrest(self, now: float) -> bool:
        """Whether the next frame will look different from the last, though the view stays."""
        ...

    def frame(self, *, moved: bool) -> None:
        """Paint anew; *moved*: the view has."""
        ...

    def come_to_rest(self) -> None:
        """A pinch is over."""
        ...


class Frames(QObject):
    """The timers of one view."""

    def __init__(self, host: FrameHost, parent: QObject) -> None:
        super().__init__(parent)
        self._host = host
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._rest = QTimer(self, singleShot=True, interval=180)
        self._rest.timeout.connect(self._come_to_rest)

    @property
    def running(self) -> bool:
        return self._timer.isActive()

    def close(self) -> None:
        self._timer.stop()
        self._rest.stop()

    def view_moved(self) -> None:
        """The view has changed or is about to."""
        if self._host.navigator.zooming:
            self._rest.start()
        self.run()

    def run(self) -> None:
        """Have frames come while anything moves; the next one will see whether that is still so."""
        moving = self._host.navigator.moving
        if (moving and self._timer.interval() != FRAME) or not self._timer.isActive():
            self._run_on()

    def _run_on(self) -> None:
        if self._host.navigator.moving:
            self._timer.start(FRAME)
        elif self._host.isVisible() and self._host.unrest(time.monotonic()):
            self._timer.start(FRAME if self._host.light else GLIDE)
        else:
            self._timer.stop()

    def _tick(self) -> None:
        moving = self._host.navigator.moving
        if moving:
            self._host.navigator.step(time.monotonic())
        self._host.frame(moved=moving)
        self._run_on()

    def _come_to_rest(self) -> None:
        """After a pinch: on to the nearest zoom at which tiles are sharp."""
        if self._host.navigator.zooming and not self._host.navigator.moving:
            self._host.come_to_rest()
