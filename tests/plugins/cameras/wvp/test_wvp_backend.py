"""A platform at the backend: added over REST, its channels are cameras, a ticket leads to a picture."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from console.model.records import Role
from console.server.admin import create_account
from plugins.cameras.server.devices import sessions
from plugins.cameras.server.streams import Streams
from tests.plugins.cameras.wvp.conftest import GATE, NVR, SQUARE, see, wait_for
from tests.plugins.city import DISTRICT, WEST, City
from tests.plugins.city import PASSWORD as CITY_PASSWORD
from tests.support.wvp import PASSWORD, USER, WvpPlatform


@pytest.fixture(scope="module", autouse=True)
def root(city: City) -> None:
    with city.app.state.core.database.write() as session:
        create_account(session, "root", CITY_PASSWORD, "管理员", Role.ADMINISTRATOR, [DISTRICT])


@pytest.fixture
def linked(city: City, platform: WvpPlatform, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Cameras of the gate (a new one) and the square (one that there is), by channel."""
    monkeypatch.setattr(sessions, "GRACE", 0.0)
    lon, lat = city.places[WEST][3]
    platform.channels[NVR][0] |= {"longitude": lon, "latitude": lat}
    known = city.ok("root", "POST", "/cameras/devices", sign_in(platform))
    path = f"/cameras/devices/{known['id']}"
    assert len(city.ok("root", "GET", f"{path}/channels")) == 5
    wanted = [{"channel": f"{NVR}/{GATE}"}, {"channel": f"{NVR}/{SQUARE}", "camera": "c10"}]
    answer = city.ok("root", "POST", f"{path}/link", {"channels": wanted})
    assert answer["rejected"] == []
    yield answer["cameras"]
    for channel in answer["cameras"]:
        city.call("root", "POST", f"{path}/unlink", {"channel": channel})
    city.ok("root", "DELETE", path)
    service(city, "cameras.viewing").sweep()


def sign_in(platform: WvpPlatform) -> dict[str, str]:
    return {"driver": "wvp", "address": platform.url, "name": "区平台", "user": USER, "password": PASSWORD}


def service(city: City, name: str) -> Any:
    return city.app.state.core.services.get(name)


def camera(city: City, camera_id: str) -> Any:
    return next(each for each in city.ok("whole", "GET", "/cameras") if each["id"] == camera_id)


def test_from_a_ticket_to_a_picture_and_to_the_end(
    city: City, platform: WvpPlatform, linked: dict[str, str]
) -> None:
    gate = linked[f"{NVR}/{GATE}"]
    shown = camera(city, gate)
    assert (shown["name"], shown["live"], shown["steerable"], shown["recorded"]) == (
        "东门枪机",
        True,
        False,
        True,
    )
    first = city.ok("west", "POST", f"/cameras/{gate}/ticket", {})
    second = city.ok("whole", "POST", f"/cameras/{gate}/ticket", {})
    assert see(first["main"]) is not None
    assert platform.called == [f"{NVR}_{GATE}"]
    viewing = service(city, "cameras.viewing")
    city.ok("west", "POST", "/cameras/tickets/end", {"ids": [first["id"]]})
    viewing.sweep()
    assert see(second["main"]) is not None  # somebody still looks
    wait_for(lambda: platform.media.readers(f"{NVR}_{GATE}") == 0)
    city.ok("whole", "POST", "/cameras/tickets/end", {"ids": [second["id"]]})
    viewing.sweep()
    assert platform.playing == {}
    assert len(platform.paths(f"/api/play/stop/{NVR}/{GATE}")) == 1


def test_a_refused_call_is_told_in_words(city: City, platform: WvpPlatform, linked: dict[str, str]) -> None:
    platform.invites[GATE] = (-1, "信令超时 rtsp://10.1.1.1")
    answer = city.call("west", "POST", f"/cameras/{linked[f'{NVR}/{GATE}']}/ticket", {})
    assert (answer.status_code, answer.json()["code"]) == (503, "device_unreachable")
    assert "10.1.1.1" not in answer.text


def test_a_head_that_nobody_speaks_to_any_more_is_stopped(
    city: City, platform: WvpPlatform, linked: dict[str, str]
) -> None:
    taken = city.ok("west", "POST", "/cameras/c10/steering", {})
    path = f"/cameras/c10/steering/{taken['claim']}"
    city.ok("west", "POST", f"{path}/move", {"pan": 1.0, "tilt": -0.5})
    wait_for(lambda: (0, 0, 0, 0) in platform.heads.get(SQUARE, []))
    assert platform.heads[SQUARE][0] == (1 | 4, 255, 128, 0)
    kept = city.ok("west", "POST", f"{path}/presets", {"name": "路口"})
    city.ok("west", "POST", f"{path}/go", {"preset": kept["id"]})
    assert list(platform.presets[SQUARE]) == [int(kept["id"])]
    city.ok("west", "POST", "/cameras/steering/release", {"ids": [taken["claim"]]})


def test_a_recording_is_replayed_and_ended_by_a_ticket(
    city: City, platform: WvpPlatform, linked: dict[str, str]
) -> None:
    gate = linked[f"{NVR}/{GATE}"]
    begin = datetime(2026, 11, 22, 8, 0, tzinfo=timezone(timedelta(hours=8))).timestamp()
    platform.recorded[GATE] = [("2026-11-22 08:00:00", "2026-11-22 09:00:00")]
    query = f"since={begin}&until={begin + 7200}"
    listed = city.ok("west", "GET", f"/cameras/{gate}/recordings?{query}")
    assert listed == [{"begin": begin, "end": begin + 3600}]
    replay = city.ok("west", "POST", f"/cameras/{gate}/replay", {"since": begin, "until": begin + 60})
    assert see(replay["main"]) is not None
    city.ok("west", "POST", "/cameras/replays/end", {"ids": [replay["id"]]})
    assert platform.playing == {}


def test_cameras_follow_their_platform(
    city: City, platform: WvpPlatform, linked: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    gate, watch = linked[f"{NVR}/{GATE}"], service(city, "cameras.platforms")
    watch.turn()
    assert camera(city, gate)["online"]
    platform.channels[NVR][0] |= {"status": "OFF", "ptzType": 4}
    watch.turn()
    assert (camera(city, gate)["online"], camera(city, gate)["steerable"]) == (False, True)
    assert camera(city, "c10")["online"]
    gone = city.ok("root", "GET", "/cameras/health/gone")
    assert [(each["camera"], each["fault"]) for each in gone] == [(gate, "unreachable")]
    version = camera(city, gate)["version"]
    watch.turn()
    assert camera(city, gate)["version"] == version  # nothing new, nothing announced
    platform.channels[NVR][0]["status"] = "ON"
    watch.turn()
    assert camera(city, gate)["online"]
    assert PASSWORD not in caplog.text


def test_a_platform_that_is_silent_once_takes_no_camera_down(
    city: City, platform: WvpPlatform, linked: dict[str, str]
) -> None:
    watch = service(city, "cameras.platforms")
    watch.turn()
    platform.answers["/api/device"] = lambda handler: handler.give_raw(b"<html>starting</html>", 502)
    watch.turn()
    assert camera(city, "c10")["online"]
    watch.turn()
    assert not camera(city, "c10")["online"]
    platform.answers.clear()
    watch.turn()
    assert camera(city, "c10")["online"]


def test_a_camera_with_an_address_of_its_own_is_not_judged_by_the_platform(
    city: City, platform: WvpPlatform, linked: dict[str, str]
) -> None:
    streams, core = service(city, "cameras.streams"), city.app.state.core
    with core.database.write() as session:
        streams.put(session, "c10", Streams(main="udp://239.0.0.1:5000"))
    platform.channels[NVR][1]["status"] = "OFF"
    service(city, "cameras.platforms").turn()
    assert camera(city, "c10")["online"]
    with core.database.write() as session:
        streams.put(session, "c10", None)


def test_what_was_known_goes_with_the_link(city: City, platform: WvpPlatform, linked: dict[str, str]) -> None:
    watch, gate = service(city, "cameras.platforms"), linked[f"{NVR}/{GATE}"]
    platform.channels[NVR][0]["status"] = "OFF"
    watch.turn()
    device = city.ok("root", "GET", "/cameras/devices")["devices"][0]["id"]
    city.ok("root", "POST", f"/cameras/devices/{device}/unlink", {"channel": f"{NVR}/{GATE}"})
    watch.turn()
    assert gate not in [each["camera"] for each in city.ok("root", "GET", "/cameras/health/gone")]
