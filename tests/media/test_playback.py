"""Recordings over real RTSP, shown by a clock: which picture is painted, what is written to files."""

from __future__ import annotations

import hashlib
import json
import math
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PySide6.QtTest import QTest

from console.media.facet import MediaFacet, MediaPlayer
from console.model.replays import Pace, Progress, Recorded
from console.model.streams import Reason, State
from console.simulation.video.recorded import PREFIX, RecordedServer
from tests.media.conftest import number_on, until
from tests.support.clips import Clip, encode, read_number

T = 1_790_000_000.0
FPS, LENGTH = 15, 600
"""Numbers repeat after forty seconds."""
Open = Callable[..., MediaPlayer]


@pytest.fixture(scope="module")
def clip() -> Clip:
    """Small pictures: none of their numbers comes twice within a test."""
    return encode(176, 144, FPS, seconds=LENGTH / FPS)


@pytest.fixture(scope="module")
def recorder(clip: Clip) -> Iterator[RecordedServer]:
    with RecordedServer({"one": clip, "two": clip}, ("ward", "p")).running() as server:
        yield server


@pytest.fixture(scope="module")
def media(qapp: Any) -> Iterator[MediaFacet]:
    facet = MediaFacet()
    yield facet
    facet.close()


def recorded(server: RecordedServer, at: float, name: str = "one", **more: float) -> Recorded:
    query = "&".join(f"{key}={value}" for key, value in {"starttime": at, "speed": 32, **more}.items())
    return Recorded(name, name, server.url(f"{PREFIX}{name}?{query}", "ward:p"), begin=at)


@pytest.fixture
def play(media: MediaFacet, recorder: RecordedServer, qtbot: Any) -> Iterator[Open]:
    """Players with a recording, by a clock."""
    made: list[MediaPlayer] = []

    def play(at: float, speed: float = 1.0, name: str = "one", source: Recorded | None = None) -> MediaPlayer:
        player = media.player()
        player.widget.resize(352, 288)
        player.widget.show()
        player.pace(Pace(at, time.monotonic(), speed))
        player.show(source or recorded(recorder, at, name))
        made.append(player)
        return player

    yield play
    for player in made:
        player.remove()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def number_at(when: float) -> int:
    return math.floor(when * FPS + 1e-3) % LENGTH


def shown(player: MediaPlayer) -> int | None:
    return number_on(player.widget)


def shows(player: MediaPlayer, when: float) -> None:
    """Wait until the picture of *when* is painted."""
    wanted = number_at(when)
    until(lambda: shown(player) == wanted, 6, f"not {wanted}", player.told)


def behind(player: MediaPlayer, pace: Pace) -> int:
    """How many pictures it is behind its clock, just now."""
    number = shown(player)
    assert number is not None
    return (number_at(pace.now(time.monotonic())) - number) % LENGTH


@pytest.mark.parametrize("speed", [0.25, 1.0, 4.0, 16.0])
def test_the_picture_of_the_clock_is_painted_at_every_speed(play: Open, speed: float) -> None:
    player = play(T + 2.4, 0.0)
    shows(player, T + 2.4)
    pace = Pace(T + 2.4, time.monotonic(), speed)
    player.pace(pace)
    most = FPS if speed > 4 else 2 + round(0.12 * FPS * speed)  # key frames alone, or what passes meanwhile
    for _ in range(6):
        QTest.qWait(150)
        assert behind(player, pace) <= most
    assert player.told.at > T + 2.4


def test_several_cameras_show_the_same_moment(play: Open) -> None:
    first, second = play(T + 5.5, 0.0), play(T + 5.5, 0.0, name="two")
    shows(first, T + 5.5)
    shows(second, T + 5.5)
    pace = Pace(T + 5.5, time.monotonic(), 1.0)
    first.pace(pace)
    second.pace(pace)
    apart = []
    for _ in range(10):
        QTest.qWait(90)
        one, two = shown(first), shown(second)
        assert one is not None and two is not None
        apart.append((two - one) % LENGTH)
    assert sorted(apart)[-2] <= 1  # the second one is grabbed a little later


def test_one_steps_on_and_back_over_key_frames(play: Open, recorder: RecordedServer) -> None:
    player = play(T + 1.0, 0.0, source=recorded(recorder, T))
    shows(player, T + 1.0)
    for _ in range(3):
        before = until(lambda: player.told.after, what="no next picture")
        player.pace(Pace(before, 0.0, 0.0))
        shows(player, before)
    for _ in range(5):  # past the key frame where it began
        here = player.told.at
        before = until(lambda here=here: player.told.at == here and player.told.before, what="none before")
        player.pace(Pace(before, 0.0, 0.0))
        shows(player, before)
        until(lambda here=here: player.told.at < here)
    assert player.told.at == pytest.approx(T + 1.0 - 2 / FPS, abs=0.01)


def test_another_moment_that_is_at_hand_is_painted_at_once(play: Open) -> None:
    player = play(T, 0.0)
    shows(player, T)
    until(lambda: player.told.held_to > T + 6)
    for when in (T + 5.2, T + 0.4, T + 3.0):
        player.pace(Pace(when, 0.0, 0.0))
        shows(player, when)


def test_what_is_fetched_ahead_has_bounds(play: Open) -> None:
    player = play(T, 0.0)
    shows(player, T)
    QTest.qWait(700)
    assert T + 6 < player.told.held_to < T + 12


def test_a_recorder_that_refuses_or_has_nothing_is_told_of(
    play: Open, media: MediaFacet, recorder: RecordedServer
) -> None:
    wrong = Recorded("x", "x", recorder.url(f"{PREFIX}one?starttime={T}", "ward:wrong"), begin=T)
    player = play(T, source=wrong)
    until(lambda: player.status.reason == Reason.SIGN_IN)
    assert player.status.state == State.UNSUPPORTED
    nothing = Recorded("y", "y", recorder.url(f"{PREFIX}three", "ward:p"), begin=T)
    missing = play(T, source=nothing)
    until(lambda: missing.status.reason == Reason.MISSING)
    local = play(T, source=Recorded("z", "z", "file:///etc/passwd", begin=T))
    until(lambda: local.status.reason == Reason.NO_VIDEO)


def test_a_file_over_http_is_played_and_what_is_no_video_is_told_of(
    play: Open, media: MediaFacet, recorder: RecordedServer, folder: Path
) -> None:
    heard: list[Progress] = []
    media.export(recorded(recorder, T), str(folder / "a.mp4"), (T, T + 5), {}, heard.append)
    until(lambda: heard and heard[-1].done == 1.0, what="not written")
    (folder / "b.mp4").write_bytes(bytes(range(256)) * 4000)
    handler = partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        player = play(T + 3.4, 0.0, source=Recorded("f", "f", f"{url}/a.mp4", begin=T))
        shows(player, T + 3.4)
        until(lambda: player.told.over)
        garbled = play(T, 0.0, source=Recorded("g", "g", f"{url}/b.mp4", begin=T))
        until(lambda: garbled.status.reason in (Reason.GARBLED, Reason.NO_VIDEO, Reason.ENDED))
        server.shutdown()
        thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Tests are quiet."""


def test_a_process_that_dies_is_told_of_and_comes_back(
    play: Open, media: MediaFacet, recorder: RecordedServer
) -> None:
    player = play(T, 0.0)
    shows(player, T)
    assert media._playback
    os.kill(media._playback.process_id, signal.SIGKILL)
    until(lambda: player.told.reason == Reason.CRASHED)
    player.show(None)
    player.show(recorded(recorder, T))
    shows(player, T)


def test_a_stretch_is_written_as_it_was_with_its_hash(
    media: MediaFacet, recorder: RecordedServer, folder: Path
) -> None:
    heard: list[Progress] = []
    source = recorded(recorder, T + 10.0, endtime=T + 20.0)
    path = folder / "路口.mp4"
    media.export(
        source, str(path), (T + 10.0, T + 14.0), {"camera": "c1", "reason": "交警调取"}, heard.append
    )
    until(lambda: heard and heard[-1].done == 1.0, what="not written", about=None)
    about = json.loads(path.with_suffix(".json").read_text())
    assert heard[-1].sha256 == about["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert about["reason"] == "交警调取" and about["first_picture"] == "2026-09-21T14:13:30.000Z"
    with av.open(str(path)) as file:
        numbers = [
            read_number(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
            for frame in file.decode(video=0)
        ]
    assert numbers == [number_at(T + 10.0) + each for each in range(4 * FPS)]
    assert heard[-1].frames == 4 * FPS and heard[-1].size == path.stat().st_size
    assert sorted(each.name for each in folder.iterdir()) == ["路口.json", "路口.mp4"]


def test_an_export_that_is_cancelled_or_fails_leaves_nothing(
    media: MediaFacet, recorder: RecordedServer, folder: Path
) -> None:
    heard: list[Progress] = []
    slow = recorded(recorder, T, speed=1.0)
    cancel = media.export(slow, str(folder / "a.mp4"), (T, T + 60), {}, heard.append)
    until(lambda: heard, what="no progress")
    cancel()
    until(lambda: not list(folder.iterdir()), seconds=5, what="something is left")
    nowhere = folder / "gone" / "b.mp4"
    media.export(recorded(recorder, T), str(nowhere), (T, T + 2), {}, heard.append)
    until(lambda: heard[-1].reason or heard[-1].disk, what="it was not told")
    assert heard[-1].done < 1.0
