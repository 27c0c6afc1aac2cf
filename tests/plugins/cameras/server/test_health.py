"""Cameras are asked in rotation whether their streams answer: what is told, and how gently it is asked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from plugins.cameras.server.health import watch as watching
from plugins.cameras.server.health.probe import authorization, probe
from plugins.cameras.server.health.watch import Pace
from plugins.cameras.server.streams import Streams
from tests.plugins.city import City
from tests.support.clips import encode
from tests.support.rtsp import RtspServer

SetPace = Callable[[Pace], None]
QUICK = Pace(turn=0.05, again=0.2, first=0.1, longest=0.4, refused=30.0, patience=0.5)


@pytest.fixture(scope="module")
def rtsp() -> Iterator[RtspServer]:
    with RtspServer({"main": encode(64, 64, 5, seconds=1)}, ("ada", "secret")).running() as server:
        yield server


@pytest.fixture
def watch(city: City, rtsp: RtspServer) -> Iterator[SetPace]:
    """Sets the pace of the server's own watch."""
    health = city.app.state.core.services.get("cameras.health")

    def set_pace(pace: Pace) -> None:
        health.pace = pace

    set_pace(QUICK)
    yield set_pace
    rtsp.deaf = False
    put(city, *CAMERAS)
    set_pace(Pace())


CAMERAS = ("c10", "c11", "c12", "c21")


def put(city: City, *cameras: str, url: str = "", user: str = "ada", password: str = "secret") -> None:
    """Streams of cameras; none without an address."""
    core = city.app.state.core
    streams = Streams(main=url, user=user, password=password) if url else None
    with core.database.write() as session:
        for camera in cameras:
            core.services.get("cameras.streams").put(session, camera, streams)


def online(city: City, camera: str) -> bool:
    return next(c["online"] for c in city.ok("whole", "GET", "/cameras") if c["id"] == camera)


def gone(city: City, who: str = "whole", query: str = "") -> dict[str, Any]:
    return {each["camera"]: each for each in city.ok(who, "GET", f"/cameras/health/gone{query}")}


@pytest.mark.parametrize(
    ("path", "sign_in", "state", "fault"),
    [
        ("main", ("ada", "secret"), "online", ""),
        ("main", ("ada", "wrong"), "refused", "sign-in"),
        ("main", ("", ""), "refused", "sign-in"),
        ("nothing", ("ada", "secret"), "offline", "missing"),
    ],
)
def test_what_a_stream_answers(
    rtsp: RtspServer, path: str, sign_in: tuple[str, str], state: str, fault: str
) -> None:
    before = rtsp.asked["DESCRIBE"]
    found = asyncio.run(probe(Streams(main=rtsp.url(path), user=sign_in[0], password=sign_in[1]), 5.0))
    assert (found.state, found.fault) == (state, fault)
    assert rtsp.asked["DESCRIBE"] - before <= 2, "a wrong sign-in is said once"


def test_nobody_there_and_nobody_who_speaks(rtsp: RtspServer) -> None:
    nobody = asyncio.run(probe(Streams(main="rtsp://127.0.0.1:9/main"), 5.0))
    assert (nobody.state, nobody.fault) == ("offline", "unreachable")
    rtsp.deaf = True
    silent = asyncio.run(probe(Streams(main=rtsp.url("main")), 0.2))
    rtsp.deaf = False
    assert (silent.state, silent.fault) == ("offline", "silent")
    assert asyncio.run(probe(Streams(main="udp://239.1.1.1:5000"), 0.2)).state == "unknown"
    by_udp = Streams(main=rtsp.url("main").replace("rtsp:", "rtspu:"), user="ada", password="secret")
    assert asyncio.run(probe(by_udp, 5.0)).state == "online"


def test_digest_as_the_standard_has_it() -> None:
    asked = 'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b", opaque="5ccc"'
    said = authorization(["Basic realm=x", asked], "DESCRIBE", "rtsp://h/dir", "Mufasa", "Circle Of Life")
    assert said.startswith("Digest ")
    assert 'opaque="5ccc"' in said
    assert "Circle" not in said
    assert authorization(["Basic realm=x"], "DESCRIBE", "rtsp://h", "a", "b") == "Basic YTpi"
    assert authorization(["Negotiate"], "DESCRIBE", "rtsp://h", "a", "b") == ""


def test_the_map_and_the_lists_follow_what_streams_answer(
    city: City, rtsp: RtspServer, watch: SetPace
) -> None:
    put(city, "c10", url=rtsp.url("main"))
    put(city, "c11", url=rtsp.url("main"), password="wrong")
    put(city, "c21", url="rtsp://127.0.0.1:9/main")
    city.until(lambda: set(gone(city)) == {"c11", "c21"})
    assert (gone(city)["c11"]["state"], gone(city)["c11"]["fault"]) == ("refused", "sign-in")
    assert gone(city)["c21"]["fault"] == "unreachable"
    assert set(gone(city, "west")) == {"c11"}
    city.until(lambda: not online(city, "c11") and not online(city, "c21"))
    assert online(city, "c10")
    city.until(lambda: city.ok("whole", "GET", "/cameras/health/units")[0]["watched"] == 3)
    unit = city.ok("whole", "GET", "/cameras/health/units")[0]
    assert (unit["cameras"], unit["online"], unit["share"]) == (10, 1, 0.3333)
    put(city, "c21", url=rtsp.url("main"))
    city.until(lambda: set(gone(city)) == {"c11"} and online(city, "c21"))


def test_one_silence_is_none(city: City, rtsp: RtspServer, watch: SetPace) -> None:
    put(city, "c12", url=rtsp.url("main"))
    known = lambda: city.ok("west", "GET", "/cameras/health/units")[0]["online"] == 1  # noqa: E731
    city.until(known)
    version = next(c["version"] for c in city.ok("whole", "GET", "/cameras") if c["id"] == "c12")
    asked = rtsp.asked["DESCRIBE"]
    city.until(lambda: rtsp.asked["DESCRIBE"] > asked + 4)
    again = next(c["version"] for c in city.ok("whole", "GET", "/cameras") if c["id"] == "c12")
    assert again == version, "only changes go on the feed"
    rtsp.deaf = True
    city.until(lambda: "c12" in gone(city))
    assert gone(city)["c12"]["fault"] == "silent"
    rtsp.deaf = False
    city.until(lambda: "c12" not in gone(city))


def test_dead_ones_do_not_storm(city: City, rtsp: RtspServer, watch: SetPace) -> None:
    watch(Pace(turn=0.05, at_once=2, patience=1.0, first=60.0, again=60.0))
    rtsp.deaf = True
    before = rtsp.asked["connections"]
    put(city, *CAMERAS, url=rtsp.url("main"))
    city.until(lambda: rtsp.asked["connections"] > before)
    time.sleep(0.3)
    assert rtsp.asked["connections"] - before <= 2
    city.until(lambda: set(gone(city)) >= set(CAMERAS))
    after = rtsp.asked["connections"]
    time.sleep(0.5)
    assert rtsp.asked["connections"] == after, "asked again after a while, not at once"


def test_a_fault_that_nobody_foresaw_does_not_end_the_watch(
    city: City, rtsp: RtspServer, watch: SetPace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "REST", 0.05)
    health = city.app.state.core.services.get("cameras.health")
    turn, failed = health._turn, list[bool]()

    def fail_twice(found: Any, room: int) -> Any:
        if len(failed) < 2:
            failed.append(True)
            raise KeyError("surprise")
        return turn(found, room)

    monkeypatch.setattr(health, "_turn", fail_twice)
    put(city, "c21", url="rtsp://127.0.0.1:9/main")
    city.until(lambda: set(gone(city)) == {"c21"})
    assert len(failed) == 2
