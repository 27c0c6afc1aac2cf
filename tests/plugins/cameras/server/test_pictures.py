"""Samples of cameras' pictures: what is black, covered or frozen is on the list of those that are gone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from urllib.parse import urlsplit

import av
import numpy as np
import pytest
from av.video.codeccontext import VideoCodecContext

from console.simulation.video.clip import Clip
from plugins.cameras.server.health.pictures import LookPace, PictureWatch, judged
from plugins.cameras.server.health.sampling import Order, Sample, ordered, read_samples
from plugins.cameras.server.health.watch import HealthWatch, Pace
from plugins.cameras.server.streams import Streams
from tests.plugins.city import City
from tests.support.certificates import Authority
from tests.support.clips import encode
from tests.support.rtsp import RtspServer
from tests.support.tls_front import under_tls

Paint = Callable[[int], np.ndarray]
WIDTH, HEIGHT, FPS = 160, 96, 5


def clip(paint: Paint) -> Clip:
    """Ten seconds, a key frame each second."""
    stream = VideoCodecContext.create("libx264", "w")
    stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    stream.time_base, stream.framerate = Fraction(1, FPS), Fraction(FPS)
    params = f"keyint={FPS}:min-keyint={FPS}:scenecut=0:repeat-headers=1:bframes=0"
    stream.options = {"preset": "ultrafast", "tune": "zerolatency", "x264-params": params}
    frames: list[bytes] = []
    for number in range(10 * FPS):
        frame = av.VideoFrame.from_ndarray(paint(number), "gray")
        frame.pts = number
        frames += [bytes(packet) for packet in stream.encode(frame.reformat(format="yuv420p"))]
    frames += [bytes(packet) for packet in stream.encode(None)]
    return Clip(WIDTH, HEIGHT, FPS, "h264", frames, FPS)


def even(level: int) -> Paint:
    return lambda _: np.full((HEIGHT, WIDTH), level, np.uint8)


def street(number: int) -> np.ndarray:
    """Some picture that stands still."""
    return np.tile(np.linspace(40, 220, WIDTH).astype(np.uint8), (HEIGHT, 1))


def another_street(number: int) -> np.ndarray:
    """Stands still as well, but shows something else."""
    return street(number)[:, ::-1]


def with_clock(number: int) -> np.ndarray:
    """The same, but for a corner that changes each second."""
    picture = street(number).copy()
    picture[2:10, 2:10] = 255 if number // FPS % 2 else 0
    return picture


@pytest.fixture(scope="module")
def rtsp() -> Iterator[RtspServer]:
    clips = {
        "live": encode(160, 96, 5, seconds=10),
        "black": clip(even(3)),
        "covered": clip(even(120)),
        "frozen": clip(street),
        "clock": clip(with_clock),
    }
    with RtspServer(clips, ("ada", "s/e:c@ret")).running() as server:
        yield server


def address(rtsp: RtspServer, path: str) -> str:
    return rtsp.url(path, "ada:s%2Fe%3Ac%40ret")


def run(orders: list[Order]) -> list[Sample]:
    command = [sys.executable, "-m", "plugins.cameras.server.health.sampling"]
    ended = subprocess.run(command, input=ordered(orders), capture_output=True, timeout=60)
    assert b"s%2Fe" not in ended.stdout + ended.stderr
    return read_samples(ended.stdout)


def test_what_is_seen_of_real_streams(rtsp: RtspServer) -> None:
    paths = ["live", "black", "covered", "frozen", "clock", "nothing"]
    found = {sample.camera: sample for sample in run([Order(path, address(rtsp, path)) for path in paths])}
    assert set(found) == set(paths) - {"nothing"}
    assert {path: judged(sample, b"") for path, sample in found.items()} == {
        "live": "",
        "black": "black",
        "covered": "covered",
        "frozen": "still",
        "clock": "",
    }
    again = bytes.fromhex(found["frozen"].print)
    assert len(again) == 16 * 9
    assert judged(found["frozen"], again) == "frozen"
    another = replace(found["frozen"], print=again[::-1].hex())
    assert judged(another, again) == "still"


def test_under_tls_only_who_is_vouched_for_is_looked_at(
    rtsp: RtspServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    district, other = Authority(tmp_path, "district"), Authority(tmp_path, "other")
    port = urlsplit(address(rtsp, "black")).port or 0
    with under_tls(port, *district.issue("camera")) as front:
        secure = address(rtsp, "black").replace("rtsp:", "rtsps:").replace(f":{port}/", f":{front}/")
        before = rtsp.asked.total()
        monkeypatch.setenv("SSL_CERT_FILE", str(other.ca))
        assert run([Order("a", secure)]) == []
        assert rtsp.asked.total() == before, "a stranger gets no sign-in"
        monkeypatch.setenv("SSL_CERT_FILE", str(district.ca))
        assert [judged(sample, b"") for sample in run([Order("a", secure)])] == ["black"]


def test_no_address_of_this_machine_and_no_answer(tmp_path) -> None:
    assert run([Order("a", "file:///etc/hosts"), Order("b", "rtsp://127.0.0.1:9/x")]) == []
    for answer in (b"", b"{", b'[{"camera": 1}]'):
        with pytest.raises(ValueError):
            read_samples(answer)
    assert json.loads(ordered([Order("a", "b")])) == [{"camera": "a", "url": "b"}]


def put(city: City, url: str, *cameras: str) -> None:
    core = city.app.state.core
    with core.database.write() as session:
        for camera in cameras:
            streams = Streams(main=url, user="ada", password="s/e:c@ret") if url else None
            core.services.get("cameras.streams").put(session, camera, streams)


@pytest.fixture
def watches(city: City) -> Iterator[tuple[HealthWatch, PictureWatch]]:
    services = city.app.state.core.services
    health, pictures = services.get("cameras.health"), services.get("cameras.pictures")
    health.pace = Pace(turn=0.05, again=0.2, first=0.1, longest=0.4, patience=2.0)
    pictures.pace = LookPace(turn=3600.0, doubt=0.0, again=0.0, claim=0.0)
    yield health, pictures
    put(city, "", "c10", "c11")
    health.pace, pictures.pace = Pace(), LookPace()


@pytest.mark.timeout(120)
def test_a_picture_that_is_black_twice_counts_as_gone_until_it_shows_something(
    city: City, rtsp: RtspServer, watches: tuple[HealthWatch, PictureWatch]
) -> None:
    def row(camera: str) -> dict:
        gone = city.ok("whole", "GET", "/cameras/health/gone")
        return next((each for each in gone if each["camera"] == camera), {})

    def units() -> tuple[int, int]:
        unit = city.ok("whole", "GET", "/cameras/health/units")[0]
        return unit["watched"], unit["online"]

    def told(camera: str) -> tuple[bool, str]:
        cameras = city.ok("whole", "GET", "/cameras")
        return next((each["online"], each["blind"]) for each in cameras if each["id"] == camera)

    _, pictures = watches
    rtsp.clips["black"] = clip(even(3))
    put(city, rtsp.url("black"), "c10")
    put(city, rtsp.url("live"), "c11")
    city.until(lambda: units() == (2, 2))
    assert pictures.look() == 2
    assert row("c10") == {}  # once may be chance
    assert pictures.look() == 2
    assert (row("c10")["state"], row("c10")["fault"]) == ("blind", "black")
    assert row("c11") == {}
    city.until(lambda: units() == (2, 1))
    assert told("c10") == (False, "black") and told("c11") == (True, "")
    asked = rtsp.asked["DESCRIBE"]
    city.until(lambda: rtsp.asked["DESCRIBE"] > asked + 4)  # it answers, but that does not make it see
    assert row("c10")["state"] == "blind"
    rtsp.clips["black"] = rtsp.clips["live"]
    assert pictures.look() == 2
    assert row("c10") == {}
    assert told("c10") == (True, "")
    city.until(lambda: units() == (2, 2))


def test_one_picture_that_stands_still_after_another_is_not_frozen(
    city: City, rtsp: RtspServer, watches: tuple[HealthWatch, PictureWatch]
) -> None:
    def gone() -> set[str]:
        return {each["camera"] for each in city.ok("whole", "GET", "/cameras/health/gone")}

    _, pictures = watches
    rtsp.clips["frozen"] = clip(street)
    put(city, rtsp.url("frozen"), "c10")
    city.until(lambda: city.ok("whole", "GET", "/cameras/health/units")[0]["online"] == 1)
    assert pictures.look() == 1
    rtsp.clips["frozen"] = clip(another_street)
    assert pictures.look() == 1
    assert "c10" not in gone()
    assert pictures.look() == 1
    assert "c10" in gone()
