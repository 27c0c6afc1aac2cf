"""Recordings: who may see which, what is replayed where, what is kept of it; recorders that misbehave."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from plugins.cameras.server import viewing
from plugins.cameras.server.devices.book import Link
from plugins.cameras.server.devices.driver import DeviceFault, Fault, VideoDevice
from plugins.cameras.server.playback.pattern import Pattern
from plugins.cameras.server.playback.recorder import RecorderDriver
from tests.plugins.city import DISTRICT, City

PLAY = "rtsp://nvr:554/{channel}?starttime={begin:%Y%m%dT%H%M%SZ}&endtime={end:%Y%m%dT%H%M%SZ}&speed={speed}"
PASSWORD = "nvr-geheim"
T = 1_790_000_000
"""2026-09-21 14:13:20 UTC."""


class List:
    """A recorder's list: what it answers, and what was asked."""

    def __init__(self) -> None:
        self.answer: tuple[int, bytes] = (200, b"[]")
        self.asked: list[str] = []


@pytest.fixture(scope="module")
def listing() -> Iterator[tuple[List, str]]:
    kept = List()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kept.asked.append(self.path)
            self.send_response(kept.answer[0])
            self.end_headers()
            self.wfile.write(kept.answer[1])

        def log_message(self, *_: Any) -> None:
            """Tests are quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield kept, f"http://127.0.0.1:{server.server_port}/{{channel}}?a={{begin}}&b={{end}}"
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def recorder(city: City, root: str, listing: tuple[List, str]) -> Iterator[List]:
    """West's cameras 1 to 3 are channels of a recorder; 3 is not recorded."""
    core = city.app.state.core
    book = core.services.get("cameras.devices")
    device = VideoDevice(
        id="r1", driver="recorder", name="录像机", address=f"{PLAY} {listing[1]}", area=DISTRICT,
        user="ward", password=PASSWORD,
    )  # fmt: skip
    with core.database.write() as session:
        book.put(session, device)
        for number in (1, 2, 3):
            book.link(session, Link(f"c1{number}", device, f"ch{number}", False, number < 3))
    yield listing[0]
    city.ok(root, "PUT", "/cameras/view-rules", {"rules": []})
    with core.database.write() as session:
        session.connection().exec_driver_sql("delete from cameras_replay")


def kept(city: City) -> list[Any]:
    query = (
        'select camera, user_name, reason, since, until, ended, sha256 from cameras_replay order by "began"'
    )
    with city.app.state.core.database.read() as session:
        return list(session.connection().exec_driver_sql(query).all())


def stretch(since: float = T, until: float = T + 60, **more: Any) -> dict[str, Any]:
    return {"since": since, "until": until, **more}


def refused(city: City, who: str, path: str, body: Any = None) -> tuple[int, str]:
    answer = city.call(who, "GET" if body is None else "POST", f"/cameras/{path}", body)
    return answer.status_code, answer.json()["code"]


def test_what_is_recorded_is_listed_within_what_was_asked(city: City, recorder: List) -> None:
    rows = [
        {"begin": "2026-09-21T14:30:00+00:00", "end": T + 4000},
        {"begin": T - 500, "end": T + 100},
        {"begin": 0, "end": T - 500},
    ]
    recorder.answer = (200, json.dumps(rows).encode())
    found = city.ok("west", "GET", f"/cameras/c11/recordings?since={T}&until={T + 3600}")
    assert found == [{"begin": T, "end": T + 100}, {"begin": T + 1000, "end": T + 3600}]
    assert recorder.asked[-1] == f"/ch1?a={T}&b={T + 3600}"


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (200, b"<html>", "device_garbled"),
        (200, b'{"begin": 1}', "device_garbled"),
        (200, b'[{"begin": 5, "end": 1}]', "device_garbled"),
        (200, b'[{"begin": "yesterday", "end": 1}]', "device_garbled"),
        (200, b"[" + b" " * (5 << 20) + b"]", "device_garbled"),
        (401, b"", "device_sign-in"),
        (404, b"", "device_missing"),
        (500, b"", "device_garbled"),
    ],
)
def test_a_recorder_that_answers_nonsense_is_told_of(
    city: City, recorder: List, status: int, body: bytes, code: str
) -> None:
    recorder.answer = (status, body)
    assert refused(city, "west", f"c11/recordings?since={T}&until={T + 60}")[1] == code


def test_a_replay_has_the_address_of_its_stretch_and_the_sign_in_apart(city: City) -> None:
    given = city.ok("west", "POST", "/cameras/c12/replay", stretch(speed=4))
    times = "starttime=20260921T141320Z&endtime=20260921T141420Z"
    assert given["main"] == f"rtsp://nvr:554/ch2?{times}&speed=4"
    assert (given["user"], given["password"], given["begin"]) == ("ward", PASSWORD, T)


def test_a_device_that_sends_no_faster_is_played_at_its_own_speed(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    replay, asked = RecorderDriver.replay, list[float]()

    def own_speed_alone(*args: Any) -> Any:
        asked.append(args[-1])
        if args[-1] != 1.0:
            raise DeviceFault(Fault.UNABLE)
        return replay(*args)

    monkeypatch.setattr(RecorderDriver, "replay", own_speed_alone)
    assert "speed=1" in city.ok("west", "POST", "/cameras/c12/replay", stretch(speed=16))["main"]
    assert asked == [16.0, 1.0]


@pytest.mark.parametrize(
    ("who", "path", "answer"),
    [
        ("east", "c11/replay", (404, "not_found")),
        ("looker", "c11/replay", (403, "forbidden")),
        ("looker", "c11/export", (403, "forbidden")),
        ("west", "c13/replay", (409, "no_recorder")),
        ("west", "c10/replay", (409, "no_recorder")),
        ("west", "nowhere/replay", (404, "not_found")),
    ],
)
def test_who_may_not_replay(city: City, who: str, path: str, answer: tuple[int, str]) -> None:
    assert refused(city, who, path, stretch(reason="调查")) == answer
    assert kept(city) == []


def test_rules_of_owners_hold_for_what_is_past_too(city: City, root: str) -> None:
    city.ok(root, "PUT", "/cameras/view-rules", {"rules": [{"reason": True}]})
    assert refused(city, "west", "c11/replay", stretch()) == (422, "reason_needed")
    assert refused(city, "west", f"c11/recordings?since={T}&until={T + 9}") == (422, "reason_needed")
    given = city.ok("west", "POST", "/cameras/c11/replay", stretch(reason="寻人"))
    city.ok(root, "PUT", "/cameras/view-rules", {"rules": [{"roles": ["administrator"]}]})
    answer = city.ok("west", "POST", "/cameras/replays/renew", {"ids": [given["id"]]})
    assert answer["over"] == {given["id"]: "owner_keeps"}
    assert kept(city)[0].ended is not None


@pytest.mark.parametrize(
    "body",
    [
        stretch(T, T),
        stretch(T, T - 5),
        stretch(T, T + 90_000),
        stretch(-5),
        stretch(speed=99),
        {"since": "x", "until": T},
    ],
)
def test_no_stretch_no_ticket(city: City, body: Any) -> None:
    assert city.call("west", "POST", "/cameras/c11/replay", body).status_code == 422


def test_a_replay_is_recorded_and_ends_when_it_is_not_renewed(
    city: City, root: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plugins.cameras.server.playback import desk

    monkeypatch.setattr(desk, "LASTS", 0.2)
    city.ok("west", "POST", "/cameras/c11/replay", stretch(reason="查井盖"))
    monkeypatch.setattr(desk, "LASTS", viewing.LASTS)
    given = city.ok("west", "POST", "/cameras/c12/replay", stretch())
    time.sleep(0.3)
    assert city.app.state.core.services.get("cameras.playback").sweep() == 1
    first, second = kept(city)
    assert (first.camera, first.user_name, first.reason, first.since, first.until) == (
        "c11", "west", "查井盖", T, T + 60,
    )  # fmt: skip
    assert first.ended is not None and second.ended is None
    city.ok("whole", "POST", "/cameras/replays/end", {"ids": [given["id"]]})
    assert kept(city)[1].ended is None  # of somebody else
    city.ok("west", "POST", "/cameras/replays/end", {"ids": [given["id"]]})
    assert kept(city)[1].ended is not None
    (line, *_) = [line for line in city.ok(root, "GET", "/audit") if line["action"] == "camera.replay"][1:]
    assert line["reason"] == "2026-09-21T14:13:20Z/2026-09-21T14:14:20Z 查井盖"


def test_an_export_says_why_and_leaves_its_hash(city: City, root: str) -> None:
    assert refused(city, "west", "c11/export", stretch(reason=" ")) == (422, "reason_needed")
    given = city.ok("west", "POST", "/cameras/c11/export", stretch(reason="交警调取"))
    wrong = {"id": given["id"], "sha256": "zz", "size": 5}
    assert city.call("west", "POST", "/cameras/exports/written", wrong).status_code == 422
    good = wrong | {"sha256": "ab" * 32}
    assert city.call("whole", "POST", "/cameras/exports/written", good).status_code == 404
    city.ok("west", "POST", "/cameras/exports/written", good)
    assert kept(city)[0].sha256 == "ab" * 32
    assert city.call("west", "POST", "/cameras/exports/written", good).status_code == 404
    actions = [line for line in city.ok(root, "GET", "/audit") if line["subject"] == "camera/c11"][:2]
    assert [line["action"] for line in actions] == ["camera.exported", "camera.export"]
    assert "ab" * 32 in actions[0]["reason"] and "交警调取" in actions[1]["reason"]


def test_a_recorder_is_taken_in_with_its_cameras(city: City, root: str) -> None:
    body = {"name": "录像机二", "address": PLAY, "user": "u", "password": "p2", "channels": {"c14": "7"}}
    assert city.call("west", "PUT", "/cameras/recorders/r2", body).status_code == 403
    city.ok(root, "PUT", "/cameras/recorders/r2", body)
    again = {name: value for name, value in body.items() if name not in ("user", "password")}
    city.ok(root, "PUT", "/cameras/recorders/r2", again)
    given = city.ok("west", "POST", "/cameras/c14/replay", stretch())
    assert "/7?" in given["main"] and given["password"] == "p2"
    assert [c["id"] for c in city.ok("west", "GET", "/cameras") if c["recorded"]] == ["c11", "c12", "c14"]
    city.ok(root, "PUT", "/cameras/recorders/r2", again | {"channels": {}})
    assert refused(city, "west", "c14/replay", stretch()) == (409, "no_recorder")
    assert city.call("root-east", "PUT", "/cameras/recorders/r2", again).status_code == 404


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"address": "{begin.__class__}"}, (422, "bad_pattern")),
        ({"address": "file:///etc/passwd"}, (422, "bad_pattern")),
        ({"address": "rtsp://u:p@nvr/{channel}"}, (422, "bad_pattern")),
        ({"address": f"{PLAY} rtsp://nvr/list"}, (422, "bad_pattern")),
        ({"address": ""}, (422, "bad_pattern")),
        ({"channels": {"c11": "1"}}, (409, "other_device")),
        ({"channels": {"nowhere": "1"}}, (404, "not_found")),
    ],
)
def test_a_recorder_that_makes_no_sense_is_refused(
    city: City, root: str, change: dict[str, Any], answer: tuple[int, str]
) -> None:
    body = {"name": "录像机三", "address": PLAY, "channels": {}} | change
    got = city.call(root, "PUT", "/cameras/recorders/r3", body)
    assert (got.status_code, got.json()["code"]) == answer


def test_a_replay_is_no_export(city: City) -> None:
    given = city.ok("west", "POST", "/cameras/c11/replay", stretch())
    body = {"id": given["id"], "sha256": "ab" * 32, "size": 5}
    assert city.call("west", "POST", "/cameras/exports/written", body).status_code == 404


@pytest.mark.parametrize("text", ["{begin.__class__}", "{0}", "{channel!r}", "{speed:>9}", "{x}", "{begin"])
def test_patterns_have_no_other_fields(text: str) -> None:
    with pytest.raises(ValueError):
        Pattern(text)


def test_a_pattern_writes_times_as_the_recorder_wants_them() -> None:
    assert Pattern("{begin}/{end:unix}").filled("", T + 0.5, T + 60) == f"{T}.5/{T + 60}"
    assert Pattern("{begin:%H%M}").filled("", T, T) == "1413"
    assert Pattern("x/{channel}").filled("a b?c/d", T, T) == "x/a%20b%3Fc/d"
    local = time.strftime("%H%M", time.localtime(T))
    assert Pattern("{begin:local:%H%M}").filled("", T, T) == local
