"""The QGIS worker dies, hangs, talks nonsense or is not there: what the window makes of it."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import tomllib
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.map.qgis.client import Patience, QgisClient
from console.map.qgis.messages import Asks, Open, Ping, Pong, Run, Word, decode
from console.map.qgis.words import FAILURES
from console.sdk.errors import QgisError
from console.sdk.qgis import QgisState
from console.shell.language import TRANSLATIONS
from tests.map.qgis.conftest import SOON


@pytest.fixture
def ask(client: QgisClient, qtbot: Any) -> Callable[..., Any]:
    """Ask the worker and wait for the answer."""

    def ask(request: Asks) -> Any:
        return result(client.ask(request), qtbot)

    return ask


def result(future: Future[Any], qtbot: Any) -> Any:
    qtbot.waitUntil(future.done, timeout=SOON)
    return future.result()


def test_a_killed_worker_is_started_again(client: QgisClient, ask: Callable[..., Any], qtbot: Any) -> None:
    ask(Ping())
    states: list[QgisState] = []
    client.changed.connect(lambda: states.append(client.state))
    os.kill(client.process_id, signal.SIGKILL)
    qtbot.waitUntil(lambda: QgisState.READY in states, timeout=SOON)
    assert states == [QgisState.BROKEN, QgisState.STARTING, QgisState.READY]
    assert isinstance(ask(Ping()), Pong)


def test_who_waited_for_a_dead_worker_is_told(
    client: QgisClient, ask: Callable[..., Any], qtbot: Any
) -> None:
    ask(Ping())
    os.kill(client.process_id, signal.SIGSTOP)
    future = client.ask(Ping())
    os.kill(client.process_id, signal.SIGKILL)
    with pytest.raises(QgisError) as caught:
        result(future, qtbot)
    assert caught.value.code == "ended"


def test_a_worker_that_hangs_is_ended_and_started_again(
    client: QgisClient, ask: Callable[..., Any], qtbot: Any
) -> None:
    ask(Ping())
    before = client.process_id
    os.kill(before, signal.SIGSTOP)
    qtbot.waitUntil(lambda: client.process_id not in (0, before), timeout=SOON)
    assert isinstance(ask(Ping()), Pong)


def test_a_tool_that_does_not_stop_is_ended_with_its_worker(
    qgis: None, client_of: Callable[..., QgisClient], shared_data: Path, tmp_path: Path, qtbot: Any
) -> None:
    """QGIS hears between two geometries only, and here all houses of a town quarter are one."""
    client = client_of(patience=Patience(beat=0.5, stop=1.0))
    quarters = str(shared_data / "nanshan-building.geojson")
    values = {"INPUT": quarters, "DISTANCE": 0.001, "SEGMENTS": 400}
    result(client.ask(Ping()), qtbot)
    before = client.process_id
    worker = psutil.Process(before)
    began = worker.cpu_times().user
    future = client.ask(Run(algorithm="native:buffer", values=values, folder=str(tmp_path)))
    qtbot.waitUntil(lambda: worker.cpu_times().user > began + 1.5, timeout=SOON)  # deep in a geometry
    future.cancel()
    qtbot.waitUntil(lambda: client.process_id not in (0, before), timeout=SOON)
    assert isinstance(result(client.ask(Ping()), qtbot), Pong)


def test_failures_are_told_in_chinese() -> None:
    table = tomllib.loads((TRANSLATIONS / "zh_CN.toml").read_text("utf-8"))
    assert set(FAILURES.values()) <= table.keys()


def test_garbage_does_not_end_the_worker(client: QgisClient, ask: Callable[..., Any]) -> None:
    ask(Ping())
    before = client.process_id
    for line in (b"garbage\n", b"[1, 2]\n", b'{"type": 7}\n', b'{"type": "Nothing"}\n', b"\xff\xfe\n"):
        client._process.write(line)
    client._process.write(b"x" * 17_000_000 + b"\n")
    client._process.write(b'{"type": "Render", "request": 900}\n' + b"[" * 100_000 + b"\n")
    assert isinstance(ask(Ping()), Pong)
    assert client.process_id == before


def liar(folder: Path, script: str) -> str:
    """A program in the place of Python that says what it likes."""
    path = folder / "liar"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


HELLO = """echo '{"type":"Hello","version":"1"}'"""


def test_garbage_from_the_worker_is_survived(
    client_of: Callable[..., QgisClient], tmp_path: Path, qtbot: Any
) -> None:
    lies = """echo garbage; echo '{"type":"Rendered","request":1}'; echo '{"type":"Pong","request":77}'"""
    client = client_of(program=liar(tmp_path, f"{HELLO}; read line; {lies}; exec cat > /dev/null"))
    with pytest.raises(QgisError) as caught:
        result(client.ask(Open(path="")), qtbot)
    assert caught.value.code == "garbled"
    assert client.state is QgisState.READY


def test_a_worker_that_never_ends_a_line_is_ended(
    client_of: Callable[..., QgisClient], tmp_path: Path, qtbot: Any
) -> None:
    client = client_of(program=liar(tmp_path, f"{HELLO}; exec head -c 40000000 /dev/zero"))
    client.start()
    qtbot.waitUntil(lambda: client.state is QgisState.BROKEN, timeout=SOON)


def test_a_silent_worker_is_not_waited_for_for_ever(
    client_of: Callable[..., QgisClient], tmp_path: Path, qtbot: Any
) -> None:
    patience = Patience(beat=0.1, start=0.3)
    client = client_of(program=liar(tmp_path, "exec sleep 100"), patience=patience)
    future = client.ask(Ping())
    with pytest.raises(QgisError):
        result(future, qtbot)
    assert client.state is QgisState.BROKEN
    assert client._again.isActive()


@pytest.mark.parametrize("program", ["/nowhere/python3", "plain"])
def test_without_qgis_it_says_what_to_install(
    client_of: Callable[..., QgisClient], tmp_path: Path, qtbot: Any, program: str
) -> None:
    """Neither a Python nor QGIS in it."""
    absent = """echo '{"type":"Absent","error":"no module"}'; exit 3"""
    client = client_of(program=liar(tmp_path, absent) if program == "plain" else program)
    with pytest.raises(QgisError) as caught:
        result(client.ask(Ping()), qtbot)
    assert client.state is QgisState.ABSENT
    assert "apt-get install python3-qgis qgis-providers" in str(caught.value)
    assert not client._again.isActive(), "it isn't tried again and again"


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_any_line_is_a_word_or_no_word(line: bytes) -> None:
    with contextlib.suppress(ValueError, UnicodeDecodeError):
        assert isinstance(decode(line), Word)


def test_cancelling_what_is_over_does_no_harm(client: QgisClient, ask: Callable[..., Any]) -> None:
    ask(Ping())
    for number in (-1, 1, 99):
        client._process.write(b'{"type":"Cancel","request":%d}\n' % number)
    assert isinstance(ask(Ping()), Pong)
