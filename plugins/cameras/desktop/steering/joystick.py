"""A joystick on the workstation, as Linux tells of it (linux/joystick.h): none is needed, one may be plugged
in or pulled at any time. Other systems have no such files; there the picture and the keys steer."""

from __future__ import annotations

import os
import struct
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QSocketNotifier

from console.sdk import Context
from plugins.cameras.desktop.steering.drive import STILL, Speed
from plugins.cameras.desktop.steering.mouse import eased

DEVICES = Path("/dev/input")
EVERY = 2.0
"""Seconds between looks for one that was plugged in."""
_EVENT = struct.Struct("<IhBB")
"""Milliseconds, value, kind, number."""
_BUTTON, _AXIS, _INITIAL = 0x01, 0x02, 0x80
_FULL = 32767
_PAN, _TILT, _ZOOM = 0, 1, 2
"""Of sticks for cameras the third axis is its twist."""
_RESTS = 0.5
"""A lever that stands farther out than this when it is plugged in is a throttle: it rests there."""


class Hand(Protocol):
    """Who steers a camera by it."""

    def push(self, speed: Speed) -> None: ...

    def press(self, button: int) -> None:
        """A button, from 0."""
        ...


class Joystick(QObject):
    """The first that there is moves the camera that was taken last."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self._hand: Hand | None = None
        self._file = -1
        self._notifier: QSocketNotifier | None = None
        self._axes = dict[int, float]()
        self._rests = dict[int, float]()
        ctx.tasks.every(EVERY, self._look)
        ctx.undo(self._close)

    @property
    def here(self) -> bool:
        """Whether one is plugged in."""
        return self._notifier is not None

    def take(self, hand: Hand) -> None:
        """*hand* has it from now on; whoever had it stands still."""
        if self._hand is not hand:
            self._push(STILL)
            self._hand = hand

    def leave(self, hand: Hand) -> None:
        """If *hand* has it, nobody does."""
        if self._hand is hand:
            self._hand = None

    def _look(self) -> None:
        if self._notifier is not None or self._hand is None:
            return
        for path in sorted(DEVICES.glob("js*")):
            if self._open(path):
                return

    def _open(self, path: Path) -> bool:
        try:
            self._file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError as error:
            self._ctx.log.info("the joystick %s cannot be read: %s", path.name, error.strerror)
            return False
        self._axes, self._rests = {}, {}
        self._notifier = QSocketNotifier(self._file, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        return True

    def _read(self) -> None:
        try:
            data = os.read(self._file, _EVENT.size * 64)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close()
            return
        for _, value, kind, number in _EVENT.iter_unpack(data[: len(data) // _EVENT.size * _EVENT.size]):
            self._on_event(value, kind, number)

    def _on_event(self, value: int, kind: int, number: int) -> None:
        if kind & _AXIS:
            at = max(value / _FULL, -1.0)
            if kind & _INITIAL:
                self._rests[number] = at if abs(at) > _RESTS else 0.0
            self._axes[number] = at
            if not kind & _INITIAL and number in (_PAN, _TILT, _ZOOM):
                self._push((self._axis(_PAN), -self._axis(_TILT), self._axis(_ZOOM)))
        elif kind == _BUTTON and value and self._hand is not None:
            self._hand.press(number)

    def _axis(self, number: int) -> float:
        """-1 to 1, slow near where it rests, where one aims; 0 of a lever that rests at an end."""
        return 0.0 if self._rests.get(number) else eased(self._axes.get(number, 0.0))

    def _push(self, speed: Speed) -> None:
        if self._hand is not None:
            self._hand.push(speed)

    def _close(self) -> None:
        """Pulled out, or over: what it moved stands still."""
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier.deleteLater()
            self._notifier = None
            self._push(STILL)
        if self._file >= 0:
            with suppress(OSError):
                os.close(self._file)
            self._file = -1
