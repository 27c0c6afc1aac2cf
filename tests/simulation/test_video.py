"""The demo's cameras: streamed by a process of their own, behind a sign-in, gone with who started them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest
from av.error import HTTPUnauthorizedError

from console.cli.demo_video import COUNT, live_cameras
from console.model.records import Camera, CameraKind
from console.simulation.video.__main__ import later
from console.simulation.video.making import encoded
from console.simulation.video.street import SCENES, SECONDS, Street

SECRET = "kR3-secret"
Streamer = tuple[subprocess.Popen[bytes], str]


@pytest.fixture(scope="module")
def streamer() -> Iterator[Streamer]:
    """The process, and where it streams."""
    command = [sys.executable, "-m", "console.simulation.video"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin and process.stdout
    process.stdin.write(json.dumps({"user": "u", "password": SECRET, "count": 5}).encode() + b"\n")
    process.stdin.flush()
    yield process, f"127.0.0.1:{int(process.stdout.readline())}"
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()


def pictures(url: str, count: int) -> list[np.ndarray]:
    with av.open(url, options={"rtsp_transport": "tcp"}, timeout=20) as stream:
        return [frame.to_ndarray(format="gray") for frame in islice(stream.decode(video=0), count)]


@pytest.mark.timeout(120)
def test_pictures_move(streamer: Streamer) -> None:
    _, where = streamer
    first = pictures(f"rtsp://u:{SECRET}@{where}/0-sub", 10)
    assert first[0].shape == (360, 640)
    assert np.abs(first[-1].astype(int) - first[0]).mean() > 0.5
    assert pictures(f"rtsp://u:{SECRET}@{where}/1-main", 1)[0].shape == (720, 1280)


@pytest.mark.timeout(120)
def test_nobody_looks_without_the_sign_in(streamer: Streamer) -> None:
    process, where = streamer
    for sign_in in ("", "u:wrong@"):
        with pytest.raises(HTTPUnauthorizedError):
            pictures(f"rtsp://{sign_in}{where}/0-sub", 1)
    command = (
        Path(f"/proc/{process.pid}/cmdline").read_bytes() + Path(f"/proc/{process.pid}/environ").read_bytes()
    )
    assert SECRET.encode() not in command


@pytest.mark.timeout(120)
def test_it_ends_with_who_started_it() -> None:
    command = [sys.executable, "-m", "console.simulation.video"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        process.stdin.write(b'{"user": "u", "password": "p", "count": 1}\n')
        process.stdin.flush()
        assert int(process.stdout.readline()) > 0
        process.stdin.close()
        assert process.wait(20) == 0


def test_a_clip_goes_over_into_its_beginning_at_a_key_frame() -> None:
    clip = encoded(Street(1, 160, 90), 160, 90, 5)
    assert len(clip.frames) == SECONDS * 5
    turned = later(clip, 6)
    assert turned.frames != clip.frames and sorted(turned.frames) == sorted(clip.frames)
    assert turned.parameter_sets == clip.parameter_sets  # begins with a key frame


def test_no_two_of_the_demos_cameras_show_the_same_at_once() -> None:
    clips = [encoded(Street(number, 160, 90), 160, 90, 5) for number in range(SCENES)]
    shown = [later(clips[number % SCENES], number).frames for number in range(COUNT)]
    for moment in (0, 7, 23):
        assert len({frames[moment] for frames in shown}) == COUNT


def test_live_are_those_in_the_middle_and_some_that_stand_high() -> None:
    def camera(number: int, **more: object) -> Camera:
        where = (117.0 + (number - 15) / 100, 34.0)
        return Camera(id=f"c{number:02}", name="", area="32", where=where, **more)  # type: ignore[arg-type]

    cameras = [camera(n, high=n % 10 == 0, online=n != 16) for n in range(31)]
    found = live_cameras(cameras)
    assert len(found) == 16 and set(found[:2]) == {"c10", "c20"}
    assert "c16" not in found and "c15" in found and "c00" not in found
    assert live_cameras(cameras) == found and live_cameras([]) == []
    turned = replace(cameras[25], kind=CameraKind.PTZ)
    assert live_cameras([*cameras[:25], turned, *cameras[26:]])[2] == "c25"
