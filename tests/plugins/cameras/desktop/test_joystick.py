"""A joystick moves the camera that is held: a pipe that says what Linux says of one (none is here)."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from console.testing import Console, MemoryBackend
from plugins.cameras.desktop.steering import joystick
from tests.plugins.cameras.desktop.test_steering_desktop import CAMERA, ME, Head

AXIS, BUTTON, FIRST = 2, 1, 0x80


class Stick:
    """What it says."""

    def __init__(self, path: Path) -> None:
        self.path = path
        os.mkfifo(path)
        self._file = os.open(path, os.O_RDWR)

    def says(self, kind: int, number: int, value: float) -> None:
        os.write(self._file, struct.pack("<IhBB", 0, round(value * 32767), kind, number))
        QTest.qWait(20)

    def pulled_out(self) -> None:
        self.path.unlink()
        os.close(self._file)
        QTest.qWait(20)


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stick]:
    monkeypatch.setattr(joystick, "DEVICES", tmp_path)
    (tmp_path / "event0").touch()
    yield Stick(tmp_path / "js0")


@pytest.fixture
def head(
    stick: Stick, backend: MemoryBackend, activate: Callable[..., Console], qtbot
) -> Iterator[tuple[Console, Head]]:
    """A camera that is held."""
    console = activate("grids", "cameras")
    console.put("camera", CAMERA)
    console.clock.advance(0.2)
    head = Head(console, backend)
    view = console.host.services.get("cameras").view()
    qtbot.addWidget(view.widget)
    view.widget.resize(640, 360)
    view.widget.show()
    view.show("c1")
    console.clock.advance(0.2)
    view.tile.widget.setFocus()
    view._steering.toggle()
    head.tell(ME)
    console.clock.advance(joystick.EVERY + 0.1)
    yield console, head


def newest(console: Console, head: Head) -> dict[str, float]:
    console.clock.advance(0.2)
    return head.moves[-1]


def test_the_stick_turns_and_its_twist_zooms(stick: Stick, head: tuple[Console, Head]) -> None:
    for number in range(3):
        stick.says(AXIS | FIRST, number, 0.0)
    assert not head[1].moves
    stick.says(AXIS, 0, 1.0)
    assert newest(*head) == {"pan": 1.0, "tilt": 0.0, "zoom": 0.0}
    stick.says(AXIS, 1, 0.5)
    slower = newest(*head)
    assert slower["pan"] == 1.0 and -0.5 < slower["tilt"] < 0.0, "towards the user is down, and eased"
    stick.says(AXIS, 0, 0.05)
    stick.says(AXIS, 1, 0.0)
    stick.says(AXIS, 2, -1.0)
    assert newest(*head) == {"pan": 0.0, "tilt": 0.0, "zoom": -1.0}


def test_buttons_go_to_presets_and_more_of_them_do_nothing(stick: Stick, head: tuple[Console, Head]) -> None:
    stick.says(BUTTON | FIRST, 0, 0)
    stick.says(BUTTON, 1, 1 / 32767)
    stick.says(BUTTON, 1, 0)
    stick.says(BUTTON, 11, 1 / 32767)
    head[0].clock.advance(0.2)
    assert [body for what, body in head[1].asked if what == "go"] == [{"preset": "b"}]


def test_a_throttle_that_rests_at_an_end_does_not_zoom(stick: Stick, head: tuple[Console, Head]) -> None:
    stick.says(AXIS | FIRST, 2, -1.0)
    stick.says(AXIS, 0, 1.0)
    assert newest(*head) == {"pan": 1.0, "tilt": 0.0, "zoom": 0.0}


def test_pulled_out_the_camera_stands_still_and_plugged_in_it_goes_on(
    stick: Stick, head: tuple[Console, Head]
) -> None:
    stick.says(AXIS, 0, 1.0)
    assert newest(*head)["pan"] == 1.0
    stick.pulled_out()
    assert newest(*head) == {"pan": 0.0, "tilt": 0.0, "zoom": 0.0}
    again = Stick(stick.path)
    head[0].clock.advance(joystick.EVERY + 0.1)
    again.says(AXIS, 1, -1.0)
    assert newest(*head) == {"pan": 0.0, "tilt": 1.0, "zoom": 0.0}


def test_who_holds_nothing_moves_nothing(stick: Stick, head: tuple[Console, Head]) -> None:
    console, backend = head
    stick.says(AXIS | FIRST, 0, 0.0)
    backend.nobody()
    stick.says(AXIS, 0, 1.0)
    stick.says(BUTTON, 0, 1 / 32767)
    console.clock.advance(0.5)
    assert [what for what, _ in backend.asked if what in ("move", "go")] == []


def test_half_an_event_breaks_nothing(stick: Stick, head: tuple[Console, Head]) -> None:
    os.write(stick._file, b"\x00\x01\x02")
    QTest.qWait(20)
    stick.says(AXIS, 0, -1.0)
    assert newest(*head)["pan"] == -1.0
