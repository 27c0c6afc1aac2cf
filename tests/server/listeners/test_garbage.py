"""Whatever comes in by whichever protocol: no crash, no growth, no fix of somebody else."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
import takproto
from google.transit.gtfs_realtime_pb2 import FeedMessage
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.secret import SecretBox

from console.sdk.server import PositionFix
from console.server.app import create_app
from console.server.core import Core
from console.server.listeners.cot.events import CotEvent, fix_of, read_frame
from console.server.listeners.cot.framing import MAX_EVENT, Frame, Splitter, datagram_frame
from console.server.listeners.cot.mesh import take_datagram
from console.server.listeners.door import ListenerDoor
from console.server.listeners.gtfs import read_feed, take_feed
from console.server.listeners.mqtt import MqttListener
from console.server.listeners.settings import CotSettings, MqttSettings
from console.server.positions.rules import clean_fix
from tests.support.listening import quick_settings

NOW = time.time()
XML = (
    b'<event version="2.0" uid="A1" type="a-f-G-U-C" how="m-g" time="2026-11-22T08:00:00.000Z">'
    b'<point lat="34.2" lon="117.2" hae="30" ce="5" le="9999999"/>'
    b'<detail><track speed="1.5" course="90"/><status battery="80"/></detail></event>'
)
PROTO = bytes(
    takproto.xml2proto(
        XML.replace(b"how=", b'start="2026-11-22T08:00:00.000Z" how=').decode(), takproto.TAKProtoVer.STREAM
    )
)
CHUNKS = st.lists(st.integers(1, 200), min_size=1, max_size=30)
STREAMS = st.lists(st.sampled_from([XML, PROTO, b"\r\n" + XML, b"<?xml version='1.0'?>" + XML]), max_size=6)


def usable(fix: PositionFix | None) -> None:
    """Whatever comes out must survive the rules and stay in range."""
    clean = clean_fix(fix, NOW) if fix is not None else None
    if clean is not None:
        assert -180 <= clean.lon <= 180 and -90 <= clean.lat <= 90
        assert clean.time <= NOW and math.isfinite(clean.time)


def in_chunks(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    at, turn = 0, 0
    while at < len(data):
        size = sizes[turn % len(sizes)]
        yield data[at : at + size]
        at, turn = at + size, turn + 1


@given(STREAMS, CHUNKS)
def test_frames_are_the_same_however_they_are_split(parts: list[bytes], sizes: list[int]) -> None:
    splitter = Splitter()
    frames = [frame for chunk in in_chunks(b"".join(parts), sizes) for frame in splitter.feed(chunk)]
    assert [frame.kind for frame in frames] == ["protobuf" if p is PROTO else "xml" for p in parts]
    for frame in frames:
        event = read_frame(frame)
        assert isinstance(event, CotEvent)
        fix = fix_of(event, "A1")
        assert fix is not None and (fix.lon, fix.lat, fix.speed, fix.battery) == (117.2, 34.2, 1.5, 0.8)


@given(
    st.binary(max_size=400) | st.builds(lambda a, b: a + b, st.sampled_from([XML, PROTO]), st.binary()),
    CHUNKS,
)
def test_no_stream_breaks_the_splitter(data: bytes, sizes: list[int]) -> None:
    splitter = Splitter()
    with contextlib.suppress(ValueError):
        for chunk in in_chunks(data, sizes):
            for frame in splitter.feed(chunk):
                read_frame(frame)


def test_giants_are_refused_before_they_are_kept() -> None:
    for start in (b"<event>", b"\xbf\xff\xff\x04", b"\xbf\xff\xff\xff\x7f"):
        splitter = Splitter()
        with pytest.raises(ValueError, match="too large"):
            for _ in range(MAX_EVENT // 1000 + 100):
                splitter.feed(start + b"x" * 1000)
                start = b""
    with pytest.raises(ValueError, match="too large"):
        datagram_frame(b"<" + b"x" * MAX_EVENT)


@pytest.mark.parametrize(
    "bomb",
    [
        b'<!DOCTYPE e [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><event uid="&b;"/>',
        b'<!DOCTYPE e SYSTEM "file:///etc/passwd"><event/>',
        b'<?xml version="1.0" encoding="no-such"?><event/>',
        b"<event>" + b"<a>" * 15_000 + b"</event>",
        b"<event><event></event>",
        b"",
    ],
)
def test_bombs_and_broken_xml(bomb: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_frame(Frame("xml", bomb))


@given(st.integers(0, len(XML)), st.integers(0, len(XML)), st.binary(max_size=6))
def test_events_with_a_piece_cut_out_or_in(start: int, end: int, put: bytes) -> None:
    for kind, whole in (("xml", XML), ("protobuf", PROTO[2:])):
        with contextlib.suppress(ValueError):
            event = read_frame(Frame(kind, whole[:start] + put + whole[end:]))
            if isinstance(event, CotEvent):
                usable(fix_of(event, event.uid))


TEXTS = st.sampled_from(["nan", "inf", "-1e400", "91", "181", "9999999.0", "", "0x1", "１２", "117.2"])


@given(
    TEXTS,
    TEXTS,
    TEXTS,
    TEXTS,
    st.sampled_from(["", "yesterday", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]),
)
def test_events_with_wrong_numbers_and_clocks(lat: str, lon: str, ce: str, speed: str, at: str) -> None:
    point = f'<point lat="{lat}" lon="{lon}" ce="{ce}" hae="{ce}"/>'
    detail = f'<detail><track speed="{speed}" course="{speed}"/><status battery="{ce}"/></detail>'
    with contextlib.suppress(ValueError):
        event = read_frame(
            Frame("xml", f'<event uid="A1" type="a-f" time="{at}">{point}{detail}</event>'.encode())
        )
        assert isinstance(event, CotEvent)
        usable(fix_of(event, "A1"))


def a_feed() -> bytes:
    feed = FeedMessage()
    feed.header.gtfs_realtime_version, feed.header.timestamp = "2.0", int(NOW)
    for number in range(3):
        entity = feed.entity.add(id=str(number))
        entity.vehicle.vehicle.id = f"bus{number}"
        entity.vehicle.position.latitude, entity.vehicle.position.longitude = 34.2, 117.2
    return feed.SerializeToString()


FEED = a_feed()


@given(
    st.binary(max_size=200)
    | st.builds(lambda a, b, p: FEED[:a] + p + FEED[b:], *[st.integers(0, 90)] * 2, st.binary())
)
def test_no_feed_breaks_the_reader(body: bytes) -> None:
    with contextlib.suppress(ValueError):
        for _, fix in read_feed(body):
            usable(fix)


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Core:
    made: Core = create_app(quick_settings(tmp_path_factory.mktemp("garbage"))).state.core
    with made.database.write() as session:
        for name in ("p1", "p2"):
            made.devices.add(session, name, f"staff-{name}", "320302001001001")
    return made


def door_of(core: Core) -> ListenerDoor:
    return ListenerDoor(core.door, core.devices, core.board, lambda *_: None, lambda _: {})


def sealed(key: bytes | None, plain: bytes) -> bytes:
    assert key
    data = base64.b64encode(SecretBox(key).encrypt(plain)).decode()
    return json.dumps({"_type": "encrypted", "data": data}).encode()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
MESSAGES = st.fixed_dictionaries(
    {"_type": st.sampled_from(["location", "transition", "lwt", "waypoint", "encrypted"]) | VALUES},
    optional=dict.fromkeys(("lat", "lon", "tst", "acc", "batt", "vel", "data", "topic"), VALUES),
)
PAYLOADS = st.binary(max_size=100) | (MESSAGES | VALUES).map(lambda m: json.dumps(m).encode())
TOPICS = st.sampled_from(
    ["owntracks/p1/phone", "owntracks//", "owntracks/p1", "owntracks/nobody/x", "", "a/b/c/d"]
)


@pytest.mark.parametrize("trust", ["broker", "encrypted"])
def test_no_message_breaks_the_mqtt_listener(core: Core, trust: Literal["broker", "encrypted"]) -> None:
    listener = MqttListener(MqttSettings(host="", port=1, tls=False, trust=trust), door_of(core))
    key = core.devices.message_key("p1")

    @settings(max_examples=100)
    @given(TOPICS, PAYLOADS, st.booleans())
    def one(topic: str, payload: bytes, seal_it: bool) -> None:
        asyncio.run(listener.take(topic, sealed(key, payload) if seal_it else payload))

    one()


def test_forged_names_are_refused_by_multicast_and_feed(core: Core) -> None:
    async def play() -> None:
        door = door_of(core)
        settings = CotSettings(pinned={"A1": "10.0.0.1", "p1": "10.0.0.2"})
        await take_datagram(XML.replace(b"A1", b"p1"), "10.0.0.1", settings, door)
        await take_datagram(XML.replace(b"A1", b"p2"), "10.0.0.1", settings, door)
        await take_datagram(XML, "10.0.0.1", settings, door)  # pinned, but nobody's device
        feed = FeedMessage.FromString(FEED)
        feed.entity[0].vehicle.vehicle.id = "p1"
        await take_feed(feed.SerializeToString(), "vehicle-", door)
        assert door.taken == 0
        assert door.refused == {"other_device": 2, "unknown_device": 4}

    asyncio.run(play())


def test_what_a_listener_remembers_is_bounded(core: Core) -> None:
    async def play() -> None:
        door = door_of(core)
        device = core.devices.find("p1")
        assert device is not None
        for n in range(20_000):
            door.said(device, "hello", str(n))
        assert len(door._told) <= 10_000  # the bound is all that can be seen of it
        waits = [door.take(device, [PositionFix(lon=117.2, lat=34.2, time=NOW)]) for _ in range(1100)]
        assert waits[0] == 0 and waits[-1] > 0 and door.taken == 1000

    asyncio.run(play())


def test_a_private_key_of_each_device_changes_with_its_secret(tmp_path: Path) -> None:
    core: Core = create_app(quick_settings(tmp_path)).state.core
    keys = []
    for _ in range(2):
        with core.database.write() as session:
            core.devices.add(session, "p1", "s", "320302")
        keys.append(core.devices.message_key("p1"))
    assert keys[0] != keys[1]
