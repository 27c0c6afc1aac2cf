"""Links that are opened elsewhere reach the running console, and nothing else does."""

from __future__ import annotations

import socket
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from console.door import ANSWERED, REFUSED, hand_over, socket_path
from console.shell import doorway
from console.shell.doorway import Doorway

LINK = "onemap://view?lon=117.2&lat=34.26&zoom=14"
SOON = 20_000


class Door:
    """A doorway with what it heard."""

    def __init__(self, path: str, parent: QObject) -> None:
        self.heard: list[str] = []
        self.path = path
        self.door = Doorway(self.heard.append, path, parent)


@pytest.fixture
def door(tmp_path: Path, qapp: QObject) -> Iterator[Door]:
    made = Door(str(tmp_path / "door.sock"), qapp)
    yield made
    made.door.close()


def in_thread(qtbot: QtBot, call: Callable[[], object]) -> object:
    """What *call* gives, while the window's events go on."""
    answers: list[object] = []
    thread = threading.Thread(target=lambda: answers.append(call()))
    thread.start()
    qtbot.waitUntil(lambda: bool(answers), timeout=SOON)
    thread.join()
    return answers[0]


def say(path: str, data: bytes) -> bytes:
    """The answer to raw bytes."""
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(15)
        caller.connect(path)
        try:
            caller.sendall(data)
            return caller.recv(100)
        except (BrokenPipeError, ConnectionResetError):
            return b""


def test_a_link_reaches_the_running_console(door: Door, qtbot: QtBot) -> None:
    assert in_thread(qtbot, lambda: hand_over(LINK, door.path)) is True
    qtbot.waitUntil(lambda: door.heard == [LINK], timeout=SOON)


def test_nobody_is_there(tmp_path: Path, qtbot: QtBot) -> None:
    assert in_thread(qtbot, lambda: hand_over(LINK, str(tmp_path / "none.sock"))) is False


def test_only_this_user_may_speak(door: Door) -> None:
    assert stat.S_IMODE(Path(door.path).stat().st_mode) & 0o077 == 0


@pytest.mark.parametrize(
    "data",
    [
        b"quit\n",
        b"onemap://run?command=rm\n",
        b"\xff\xfe\x00\n",
        b"\n",
        b"onemap://view?lon=1&lat=1&zoom=1&x=" + b"a" * 10_000 + b"\n",
        b"a" * 100_000,
        LINK.encode() + b"\x00\n",
    ],
    ids=range(7),
)
def test_anything_else_is_refused(door: Door, qtbot: QtBot, data: bytes) -> None:
    assert in_thread(qtbot, lambda: say(door.path, data)) in (REFUSED, b"")
    assert door.heard == []
    assert in_thread(qtbot, lambda: hand_over(LINK, door.path)) is True


def test_of_several_lines_the_first_alone_is_heard(door: Door, qtbot: QtBot) -> None:
    twice = f"{LINK}\n{LINK}\n".encode()
    assert in_thread(qtbot, lambda: say(door.path, twice)) == ANSWERED
    assert in_thread(qtbot, lambda: say(door.path, b"no\n")) == REFUSED
    assert door.heard == [LINK]


def test_who_says_nothing_is_sent_away(door: Door, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorway, "PATIENCE", 50)
    assert in_thread(qtbot, lambda: say(door.path, b"")) == b""


def test_a_second_console_leaves_the_door_to_the_first(door: Door, qtbot: QtBot, qapp: QObject) -> None:
    second = Door(door.path, qapp)
    assert not second.door.listening
    second.door.close()
    assert in_thread(qtbot, lambda: hand_over(LINK, door.path)) is True
    assert (door.heard, second.heard) == ([LINK], [])


def test_what_a_killed_console_left_is_in_nobodys_way(tmp_path: Path, qapp: QObject) -> None:
    path = tmp_path / "left.sock"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    made = Door(str(path), qapp)
    assert made.door.listening
    made.door.close()


def test_the_socket_lies_in_a_folder_of_this_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert Path(socket_path()).parent == tmp_path
    tmp_path.chmod(0o777)
    with pytest.raises(OSError, match="somebody else"):
        socket_path()
    tmp_path.chmod(0o700)


@pytest.fixture
def no_runtime_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The system gives no folder for sockets; this is the one for temporary files, with a short name."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


def test_nothing_is_left_of_it(no_runtime_folder: Path, qapp: QObject) -> None:
    door = Door(socket_path(), qapp).door
    assert door.listening
    assert len(list(no_runtime_folder.rglob("*.sock"))) == 1
    door.close()
    assert list(no_runtime_folder.iterdir()) == []


def test_where_names_are_too_long_there_is_no_door(
    no_runtime_folder: Path, monkeypatch: pytest.MonkeyPatch, qapp: QObject
) -> None:
    folder = no_runtime_folder / ("long" * 30)
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    assert doorway.open_doorway(lambda _: None, qapp) is None
    assert list(folder.iterdir()) == []
