"""The live feed: snapshot, deltas, resume, areas, positions; nothing lost, nothing foreign."""

from __future__ import annotations

import base64
import json
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy.orm import Session
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from console.model.positions import COLUMNS
from console.model.records import Event, Role
from console.sdk.server import Device, PositionFix
from console.server.changes import drop_record, put_record, trim_log
from console.server.settings import ServerSettings
from tests.support.server import Client, Server, running_server

EVENTS: dict[str, Event] = {}


@pytest.fixture(scope="module")
def server(settings: ServerSettings) -> Iterator[Server]:
    """A server with a record type whose rows live in EVENTS."""
    EVENTS.clear()
    with running_server(settings) as running:
        running.core.rights.declare("event.read", tuple(Role))
        running.core.sources.provide(
            "event", lambda _s, c: [e for e in EVENTS.values() if c.may_see(e.area)], "event.read"
        )
        yield running


@pytest.fixture
def client(server: Server) -> Client:
    return server.account(f"u{uuid.uuid4().hex[:8]}")


def put(session: Session, name: str, area: str = "320302001", version: int = 1) -> None:
    EVENTS[name] = Event(
        id=name, number=name, title=f"事件{name}", area=area, where=(117.2, 34.2), version=version
    )
    put_record(session, "event", EVENTS[name])


def write(server: Server, name: str, area: str = "320302001", version: int = 1) -> None:
    with server.core.database.write() as session:
        put(session, name, area, version)


def test_snapshot_then_deltas(server: Server, client: Client) -> None:
    write(server, "before")
    with client.live() as feed:
        snapshot = feed.next("snapshot")
        assert "before" in [r["id"] for r in snapshot["records"]["event"]]
        write(server, "after")
        delta = feed.next("delta")
        assert delta["seq"] > snapshot["seq"]
        [(op, kind, name, record)] = delta["records"]
        assert (op, kind, name, record["title"]) == ("put", "event", "after", "事件after")


def test_a_rolled_back_change_is_never_told(server: Server, client: Client) -> None:
    with client.live() as feed:
        feed.next("snapshot")
        with pytest.raises(ZeroDivisionError), server.core.database.write() as session:
            put(session, "ghost")
            raise ZeroDivisionError
        EVENTS.pop("ghost")
        write(server, "real")
        assert [r[2] for r in feed.next("delta")["records"]] == ["real"]


def test_resume_gets_each_missed_change_once(server: Server, client: Client) -> None:
    with client.live() as feed:
        snapshot = feed.next("snapshot")
    for n in range(5):
        write(server, f"missed{n}")
    resume = {"stream": snapshot["stream"], "seq": snapshot["seq"]}
    with client.live(resume=resume) as feed:
        got: list[str] = []
        while len(got) < 5:
            got += [r[2] for r in feed.next("delta")["records"]]
        assert got == [f"missed{n}" for n in range(5)]
        write(server, "present")
        assert [r[2] for r in feed.next("delta")["records"]] == ["present"]


def test_resume_beyond_the_kept_log_or_in_another_view_begins_anew(server: Server, client: Client) -> None:
    write(server, "old")
    with client.live() as feed:
        snapshot = feed.next("snapshot")
    write(server, "newer")
    resume = {"stream": snapshot["stream"], "seq": snapshot["seq"]}
    with client.live(resume=resume, areas=["320302001"]) as feed:
        assert feed.next("snapshot")["stream"] != snapshot["stream"]
    with server.core.database.write() as session:
        trim_log(session, time.time() + 1)
    with client.live(resume=resume) as feed:
        assert feed.next("snapshot")["seq"] > snapshot["seq"]


def test_areas_are_cut_and_leaving_one_is_told(server: Server) -> None:
    client = server.account(f"u{uuid.uuid4().hex[:8]}", "operator", ("320302001",))
    write(server, "foreign", "320302002")
    with client.live(areas=["320302", "110101"]) as feed:
        snapshot = feed.next("snapshot")
        assert all(r["area"].startswith("320302001") for r in snapshot["records"]["event"])
        write(server, "foreign", "320302002", 2)
        write(server, "wanderer", "320302001", 1)
        write(server, "wanderer", "320302002", 2)
        got: list[list] = []
        while len(got) < 2:
            got += feed.next("delta")["records"]
        assert [r[:3] for r in got] == [["put", "event", "wanderer"], ["drop", "event", "wanderer"]]
        assert got[1][3] is None


def test_a_drop_is_told(server: Server, client: Client) -> None:
    write(server, "gone")
    with client.live() as feed:
        feed.next("snapshot")
        with server.core.database.write() as session:
            drop_record(session, "event", EVENTS.pop("gone").id, "320302001")
        assert feed.next("delta")["records"] == [["drop", "event", "gone", None]]


def test_types_without_the_right_are_not_shown(server: Server, client: Client) -> None:
    with client.live() as feed:
        assert set(feed.next("snapshot")["records"]) == {"event", "layer"}


def columns(message: dict) -> dict[str, np.ndarray]:
    return {n: np.frombuffer(base64.b64decode(message[n]), t) for n, t in COLUMNS.items()}


def test_positions_of_own_areas_only_and_only_what_moved(server: Server) -> None:
    client = server.account(f"u{uuid.uuid4().hex[:8]}", "operator", ("320302001",))
    ours, _ = server.device("ours", "320302001001")
    other, _ = server.device("other", "320302002001")
    with client.live() as feed:
        feed.next("snapshot")
        for handle, area, lon in ((ours, "320302001001", 117.1), (other, "320302002001", 117.9)):
            device = Device(id="d", subject="s", handle=handle, area=area)
            server.core.intake.take(device, [PositionFix(lon=lon, lat=34.2, speed=1.5)])
        moved = columns(feed.next("pos")["cols"])
        assert moved["handle"].tolist() == [ours]
        assert moved["lon"].tolist() == [117.1] and moved["speed"].tolist() == [1.5]
        assert np.isnan(moved["battery"]).all()
        with pytest.raises(TimeoutError):
            feed.next("pos", timeout=0.5)
    with client.live() as feed:
        assert ours in columns(feed.next("snapshot")["positions"])["handle"]


def test_subscribing_anew_sends_a_new_snapshot(server: Server, client: Client) -> None:
    with client.live() as feed:
        first = feed.next("snapshot")
        feed.say(t="areas", areas=["320302001"])
        second = feed.next("snapshot")
        assert second["stream"] != first["stream"]
        feed.say(t="ping", n=7)
        assert feed.next("pong")["n"] == 7


@pytest.mark.parametrize(
    ("first", "code"),
    [
        ({"t": "hello", "token": "wrong"}, "not_signed_in"),
        ({"t": "ping", "n": 1}, "no_hello"),
        ({"t": "nonsense"}, "bad_message"),
        ({"t": "hello", "token": 5}, "bad_message"),
    ],
)
def test_bad_beginnings_are_refused(server: Server, client: Client, first: dict, code: str) -> None:
    with connect(server.url.replace("http", "ws", 1) + "/live") as socket:
        socket.send(json.dumps(first))
        answer = socket.recv(timeout=10)
        assert code in (answer if isinstance(answer, str) else answer.decode("utf-8", "replace"))
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=10)


def test_a_browser_of_a_foreign_origin_is_refused(server: Server) -> None:
    with (
        pytest.raises(InvalidStatus),
        connect(
            server.url.replace("http", "ws", 1) + "/live",
            additional_headers={"Origin": "https://evil.example"},
        ),
    ):
        pass


def test_consoles_of_one_user_are_limited(server: Server, client: Client) -> None:
    with ExitStack() as stack:
        for _ in range(server.core.settings.consoles_per_user):
            stack.enter_context(client.live()).next("snapshot")
        feed = stack.enter_context(client.live())
        assert feed.next("bye")["code"] == "too_many_consoles"


def test_a_second_server_process_sees_the_changes(server: Server, settings: ServerSettings) -> None:
    client = server.account(f"u{uuid.uuid4().hex[:8]}")
    handle, _ = server.device("shared", "320302001001")
    other_settings = replace(settings, shared=True, secret_key=settings.secret_key)
    with running_server(other_settings) as second:
        second.core.rights.declare("event.read", tuple(Role))
        second.core.sources.provide("event", lambda _s, _c: [], "event.read")
        with Client(second.url, client.ticket).live() as feed:
            feed.next("snapshot")
            write(server, "from-first")
            assert [r[2] for r in feed.next("delta")["records"]] == ["from-first"]
            device = Device(id="d", subject="s", handle=handle, area="320302001001")
            server.core.intake.take(device, [PositionFix(lon=117.3, lat=34.3)])
            assert columns(feed.next("pos")["cols"])["handle"].tolist() == [handle]
