"""The two parsers: every way of writing that DESIGN.md names, and any garbage."""

from __future__ import annotations

import base64
import contextlib
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.secret import SecretBox

from console.sdk.server import PositionFix, ProtocolAnswer
from console.server.positions.rules import clean_fix
from console.server.protocols.osmand import parse_osmand
from console.server.protocols.owntracks import parse_owntracks

NOON = 1_750_000_000.0


def osmand(**query: str) -> PositionFix:
    return parse_osmand({"id": "p1", "lat": "34.2", "lon": "117.2", **query}, {}, b"").fixes[0]


def owntracks(message: object, **headers: str) -> ProtocolAnswer:
    return parse_owntracks({}, headers, json.dumps(message).encode())


@pytest.mark.parametrize(
    "written",
    [
        "1750000000",
        "1750000000000",
        "1750000000.0",
        "2025-06-15T15:06:40Z",
        "2025-06-15T23:06:40+08:00",
        "2025-06-15 15:06:40",
    ],
)
def test_osmand_times(written: str) -> None:
    assert osmand(timestamp=written).time == NOON


def test_osmand_query_is_in_knots_and_per_cent() -> None:
    fix = osmand(speed="10", bearing="90", batt="55", accuracy="7", altitude="31")
    assert fix.speed == pytest.approx(5.1444, abs=1e-3)
    assert (fix.heading, fix.battery, fix.accuracy, fix.altitude) == (90.0, pytest.approx(0.55), 7.0, 31.0)


def test_osmand_aliases() -> None:
    answer = parse_osmand({"deviceid": "p1", "location": "34.2,117.2", "heading": "45"}, {}, b"")
    assert answer.device_id == "p1"
    fix = answer.fixes[0]
    assert (fix.lon, fix.lat, fix.heading) == (117.2, 34.2, 45.0)


def test_osmand_form_body() -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert parse_osmand({}, kind, b"id=p1&lat=34.2&lon=117.2").fixes[0].lon == 117.2


def test_osmand_json_is_in_metres_a_second_and_minus_one_is_absent() -> None:
    body = {
        "location": {
            "timestamp": "2025-06-15T15:06:40.000Z",
            "coords": {"latitude": 34.2, "longitude": 117.2, "speed": 3.0, "heading": -1, "accuracy": 5},
            "battery": {"level": 0.8},
        },
        "device_id": "p1",
    }
    answer = parse_osmand({}, {}, json.dumps(body).encode())
    fix = answer.fixes[0]
    assert answer.device_id == "p1"
    assert (fix.speed, fix.heading, fix.battery, fix.time) == (3.0, None, 0.8, NOON)


def test_osmand_without_a_place_is_a_sign_of_life() -> None:
    assert parse_osmand({"id": "p1"}, {}, b"").fixes == ()


@pytest.mark.parametrize(
    "query",
    [
        {"lat": "34", "lon": "117"},
        {"id": "p1", "lat": "nan", "lon": "117"},
        {"id": "p1", "lat": "inf", "lon": "117"},
        {"id": "p1", "lat": "91", "lon": "117"},
        {"id": "p1", "lat": "34"},
        {"id": "p1", "lat": "34", "lon": "117", "timestamp": "yesterday"},
    ],
)
def test_osmand_refuses(query: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_osmand(query, {}, b"")


def test_owntracks_is_in_kilometres_an_hour_and_answers_a_list() -> None:
    answer = owntracks(
        {
            "_type": "location",
            "lat": 34.2,
            "lon": 117.2,
            "tst": 1750000000,
            "vel": 36,
            "batt": 50,
            "tid": "xx",
        }
    )
    fix = answer.fixes[0]
    assert (fix.speed, fix.battery, fix.time) == (pytest.approx(10.0), 0.5, NOON)
    assert answer.reply == b"[]"


def test_owntracks_topic_beats_header() -> None:
    message = {"_type": "location", "lat": 34.2, "lon": 117.2, "topic": "owntracks/p1/phone", "tid": "zz"}
    assert owntracks(message, **{"x-limit-u": "p2"}).device_id == "p1"
    message.pop("topic")
    assert owntracks(message, **{"x-limit-u": "p2", "x-limit-d": "phone"}).device_id == "p2"


def test_owntracks_empty_body_and_other_messages_are_taken() -> None:
    assert parse_owntracks({}, {}, b" ").fixes == ()
    assert owntracks({"_type": "lwt", "tst": 1}).reply == b"[]"


def test_owntracks_encrypted_with_the_device_secret() -> None:
    plain = json.dumps({"_type": "location", "lat": 34.2, "lon": 117.2, "tst": 1750000000}).encode()
    sealed = SecretBox(b"short key".ljust(32, b"\0")).encrypt(plain)
    message = {"_type": "encrypted", "data": base64.b64encode(sealed).decode()}
    good = base64.b64encode(b"p1:short key").decode()
    assert owntracks(message, authorization=f"Basic {good}").fixes[0].lon == 117.2
    for other in (b"p1:wrong", b"p1:", b"p1:" + b"x" * 40):
        with pytest.raises(ValueError, match="decrypted"):
            owntracks(message, authorization=f"Basic {base64.b64encode(other).decode()}")


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(
    ["id", "deviceid", "lat", "lon", "location", "timestamp", "speed", "bearing", "batt", "accuracy", "alarm"]
)
NUMBERS = st.sampled_from(["34.2", "117", "-1", "nan", "1e400", "", "１２", "0x10", "1750000000000"])


def usable(answer: ProtocolAnswer) -> None:
    """Whatever comes out must survive the rules and stay in range."""
    for fix in answer.fixes:
        clean = clean_fix(fix, NOON)
        assert clean is not None and math.isfinite(clean.time)
        assert -180 <= clean.lon <= 180 and -90 <= clean.lat <= 90 and clean.time <= NOON


@given(st.dictionaries(KEYS, NUMBERS | st.text(max_size=20), max_size=8), st.binary(max_size=60))
def test_osmand_survives_any_query(query: dict[str, str], body: bytes) -> None:
    with contextlib.suppress(ValueError):
        usable(parse_osmand(query, {"content-type": "application/x-www-form-urlencoded"}, body))


@given(
    st.fixed_dictionaries(
        {"device_id": st.just("p1") | JSON_VALUES},
        optional={
            "location": JSON_VALUES
            | st.fixed_dictionaries(
                {
                    "coords": st.fixed_dictionaries(
                        {"latitude": JSON_VALUES | st.floats(-90, 90), "longitude": st.floats(-180, 180)},
                        optional={"speed": JSON_VALUES, "heading": JSON_VALUES},
                    )
                },
                optional={"timestamp": JSON_VALUES, "battery": JSON_VALUES},
            )
        },
    )
)
def test_osmand_survives_any_json(content: object) -> None:
    with contextlib.suppress(ValueError):
        usable(parse_osmand({}, {}, json.dumps(content).encode()))


@given(
    st.lists(
        st.fixed_dictionaries(
            {"_type": st.sampled_from(["location", "encrypted", "lwt"]) | JSON_VALUES},
            optional={
                "lat": st.floats(-90, 90) | JSON_VALUES,
                "lon": st.floats(-180, 180) | JSON_VALUES,
                "tst": st.integers() | JSON_VALUES,
                "vel": JSON_VALUES,
                "data": st.text(max_size=40),
                "topic": JSON_VALUES,
            },
        ),
        max_size=3,
    )
    | JSON_VALUES
)
def test_owntracks_survives_any_json(content: object) -> None:
    with contextlib.suppress(ValueError):
        usable(parse_owntracks({}, {"authorization": "Basic cDE6a2V5"}, json.dumps(content).encode()))


@given(st.binary(max_size=200))
def test_both_survive_any_bytes(body: bytes) -> None:
    for parse in (parse_osmand, parse_owntracks):
        with contextlib.suppress(ValueError):
            usable(parse({}, {}, body))


def test_deep_nesting_is_refused() -> None:
    for parse in (parse_osmand, parse_owntracks):
        with pytest.raises(ValueError, match=r"\w"):
            parse({}, {}, b'{"a":' + b"[" * 30_000 + b"]" * 30_000 + b"}")
