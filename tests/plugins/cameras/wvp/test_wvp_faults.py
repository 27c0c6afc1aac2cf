"""Platforms that are away, slow, wrong or hostile: a fault in time, never more."""

from __future__ import annotations

import json
import logging
import socket
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.cameras.server.devices.driver import DeviceFault, Fault, VideoDevice
from plugins.cameras.server.wvp import client, reading
from plugins.cameras.server.wvp.driver import WvpDriver
from tests.plugins.cameras.wvp.conftest import GATE, NVR, device_at
from tests.plugins.cameras.wvp.test_wvp_driver import fault_of
from tests.support.web_site import drip
from tests.support.wvp import PASSWORD, Handler, WvpPlatform

CHANNEL = f"{NVR}/{GATE}"


def test_a_token_that_ran_out_is_renewed(
    driver: WvpDriver, device: VideoDevice, platform: WvpPlatform
) -> None:
    driver.channels(device)
    platform.sign_out_all()
    assert len(driver.channels(device)) == 5
    assert len(platform.paths("/api/user/login")) == 2


def test_a_wrong_password_is_said_once_and_a_new_one_at_once(
    driver: WvpDriver, device: VideoDevice, platform: WvpPlatform
) -> None:
    wrong = device_at(platform.url, "wrong")
    for _ in range(3):
        assert fault_of(lambda: driver.channels(wrong)) is Fault.SIGN_IN
    assert len(platform.paths("/api/user/login")) == 1
    assert len(driver.channels(device)) == 5


def test_who_may_never_look_is_refused_after_one_more_sign_in(
    driver: WvpDriver, device: VideoDevice, platform: WvpPlatform
) -> None:
    platform.answers["/api/play"] = lambda handler: handler.give(
        {"code": 401, "msg": "请登录后重新请求"}, 401
    )
    assert fault_of(lambda: driver.streams(device, CHANNEL)) is Fault.SIGN_IN
    assert len(platform.paths("/api/user/login")) == 2


def test_nobody_there(driver: WvpDriver) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = device_at(f"http://127.0.0.1:{taken.getsockname()[1]}")
        assert fault_of(lambda: driver.channels(nobody)) is Fault.UNREACHABLE
    for address in ("ftp://a", "http://", "http://u:p@a", "http://[", "http://a?datum=mars"):
        assert fault_of(lambda address=address: driver.channels(device_at(address))) is Fault.UNREACHABLE


def _die(handler: Handler) -> None:
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{"code": 0, "da')
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def _lead_away(handler: Handler) -> None:
    handler.give_raw(b"", 302, Location=f"{handler.server.url}/elsewhere")


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (_die, Fault.GARBLED),
        (_lead_away, Fault.GARBLED),
        (lambda handler: handler.give_raw(b"<html>502 Bad Gateway</html>", 502), Fault.GARBLED),
        (lambda handler: handler.give_raw(b"\x1f\x8b\x08\0\xff", Content_Encoding="gzip"), Fault.GARBLED),
        (lambda handler: handler.give_raw(b"[" * 200_000), Fault.GARBLED),
        (lambda handler: handler.give_raw(b'{"code": 1' + b"0" * 9_000 + b"}"), Fault.GARBLED),
        (lambda handler: handler.give({"code": "0", "data": []}), Fault.GARBLED),
        (lambda handler: handler.give({"code": 0, "data": {"list": "x"}}), Fault.GARBLED),
        (lambda handler: handler.give({"code": 500, "msg": "null"}, 500), Fault.BUSY),
        (drip(b"", b"X-More: 1\r\n", 0.02), Fault.UNREACHABLE),
        (drip(b"Content-Length: 999\r\n\r\n", b"[", 0.02), Fault.UNREACHABLE),
        (lambda handler: time.sleep(2), Fault.UNREACHABLE),
    ],
)
def test_what_makes_no_sense_is_a_fault_in_time(
    driver: WvpDriver,
    device: VideoDevice,
    platform: WvpPlatform,
    answer: Any,
    fault: Fault,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client.Platform.ask, "__defaults__", (0.6,))
    platform.answers["/api/device"] = answer
    began = time.monotonic()
    assert fault_of(lambda: driver.channels(device)) is fault
    assert time.monotonic() - began < 5
    assert platform.paths("/elsewhere") == []


def test_an_endless_answer_is_not_read_to_its_end(
    driver: WvpDriver, device: VideoDevice, platform: WvpPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "LARGEST", 100_000)
    platform.answers["/api/device"] = lambda handler: handler.give_raw(b" " * 200_000 + b"{}")
    assert fault_of(lambda: driver.channels(device)) is Fault.GARBLED


def test_a_page_that_never_ends_comes_to_an_end(
    driver: WvpDriver, device: VideoDevice, platform: WvpPlatform
) -> None:
    platform.answers["/api/device"] = lambda handler: handler.give(
        {"code": 0, "data": {"total": 10**12, "list": [None] if handler.path.endswith("page=1") else []}}
    )
    assert driver.channels(device) == []


def test_pictures_come_from_hosts_that_were_named_alone(
    driver: WvpDriver, platform: WvpPlatform, caplog: pytest.LogCaptureFixture
) -> None:
    platform.media_host = "localhost"
    with caplog.at_level(logging.WARNING):
        assert fault_of(lambda: driver.streams(device_at(platform.url), CHANNEL)) is Fault.GARBLED
    assert "localhost is not among those allowed" in caplog.text
    assert "callId" not in caplog.text
    named = device_at(f"{platform.url}?media=10.0.0.9,localhost")
    assert driver.streams(named, CHANNEL).main.startswith("rtsp://localhost:")


def test_no_secret_is_in_what_a_fault_tells(
    driver: WvpDriver, platform: WvpPlatform, caplog: pytest.LogCaptureFixture
) -> None:
    platform.answers["/api/user"] = _die
    with pytest.raises(DeviceFault) as caught, caplog.at_level(logging.DEBUG):
        driver.channels(device_at(platform.url))
    told = f"{caught.value!r} {caught.value.__cause__!r} {caplog.text} {device_at(platform.url)!r}"
    assert platform.users["admin"] not in told
    assert PASSWORD not in told
    assert caught.value.__suppress_context__


PLAIN = ("list", "total", "deviceId", "name", "channelCount", "ptzType", "longitude", "latitude", "status")
OTHERS = (
    "rtsp",
    "flv",
    "stream",
    "presetId",
    "presetName",
    "recordList",
    "startTime",
    "endTime",
    "readerCount",
)
TOLD = ("rtsp://127.0.0.1:1/a", "http://[", "2026-11-22 08:00:00", "2026-11-22 09:00:00", "ON", NVR, "1")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(TOLD),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(PLAIN + OTHERS), inner, max_size=8)
    ),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_whatever_stands_in_an_answer_only_sense_or_a_fault_comes_out(data: Any) -> None:
    device = reading.Registered(NVR, "", True, 1)
    row = data if isinstance(data, dict) else {}
    if (found := reading.channel(row, device)) is not None:
        assert len(found.id) <= 128
        assert found.name
        assert found.where is None or abs(found.where[1]) <= 90
    reading.registered(row)
    assert all(1 <= int(each.id) <= 255 for each in reading.presets(data))
    assert all(each.begin < each.end for each in reading.recordings(data))
    assert reading.watchers(data) >= 0
    for read in (reading.rows, lambda told: reading.played(told, {"127.0.0.1"})):
        try:
            read(data)
        except DeviceFault as fault:
            assert fault.fault is Fault.GARBLED
    assert json.dumps(reading.told_time(0.0))
