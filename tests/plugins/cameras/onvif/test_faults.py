"""Devices that are away, broken or hostile: a fault within time and memory, and never a sign-in elsewhere."""

from __future__ import annotations

import socket
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.model.camera_pose import Pose
from plugins.cameras.server.devices.driver import DeviceFault, Fault
from plugins.cameras.server.onvif import soap
from plugins.cameras.server.onvif.driver import OnvifDriver
from plugins.cameras.server.onvif.soap import on_host
from tests.support.onvif_device import PASSWORD, OnvifDevice, fault, known, send

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + ']><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>&a9;</s:Body></s:Envelope>'
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>&x;</s:Body></s:Envelope>'
)


@pytest.fixture(scope="module")
def device() -> Iterator[OnvifDevice]:
    """One for all."""
    with OnvifDevice().running() as device:
        yield device


@pytest.fixture(autouse=True)
def _well_again(device: OnvifDevice) -> Iterator[None]:
    yield
    device.answer = None


def said(body: bytes, status: int = 200, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request: send(request, body, status, names)


def endless(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    with suppress(OSError):
        for _ in range(200):
            request.wfile.write(b"<a>" * 100_000)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(said(b""), Fault.GARBLED, id="empty"),
        pytest.param(said(b"\x00\xff garbage <"), Fault.GARBLED, id="garbage"),
        pytest.param(said(b"<html>Login</html>"), Fault.GARBLED, id="page"),
        pytest.param(said(BOMB.encode()), Fault.GARBLED, id="entity-bomb"),
        pytest.param(said(OUTSIDE.encode()), Fault.GARBLED, id="entity-of-a-file"),
        pytest.param(
            said(zlib.compress(b"0" * 50_000_000), Content_Encoding="deflate"), Fault.GARBLED, id="zip-bomb"
        ),
        pytest.param(said(b"", 401), Fault.SIGN_IN, id="401"),
        pytest.param(said(b"", 404), Fault.UNABLE, id="404"),
        pytest.param(said(b"", 503), Fault.BUSY, id="503"),
        pytest.param(said(b"", 302, Location="http://127.0.0.1:1/"), Fault.GARBLED, id="elsewhere"),
        pytest.param(endless, Fault.GARBLED, id="endless"),
        pytest.param(
            lambda request: request.wfile.write(b"SSH-2.0-x\r\n"), Fault.UNREACHABLE, id="another-protocol"
        ),
    ],
)
def test_a_broken_answer_is_a_fault(device: OnvifDevice, answer: Any, expected: Fault) -> None:
    device.answer = answer
    began = time.monotonic()
    assert fault(lambda: OnvifDriver().channels(known(device))) is expected
    assert time.monotonic() - began < 5.0


def test_who_does_not_answer_is_not_waited_for(device: OnvifDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    def drip(request: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):
            for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 60:
                request.wfile.write(bytes((letter,)))
                time.sleep(0.05)

    monkeypatch.setattr(soap, "PATIENCE", 0.6)
    device.answer = drip
    began = time.monotonic()
    assert fault(lambda: OnvifDriver().channels(known(device))) is Fault.UNREACHABLE
    assert time.monotonic() - began < 2.5


def test_who_is_away_is_unreachable(device: OnvifDevice) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        away = OnvifDevice()
        away.port = free.getsockname()[1]
        assert fault(lambda: OnvifDriver().channels(known(away))) is Fault.UNREACHABLE


@pytest.mark.parametrize(
    "told",
    [
        "http://evil.example/onvif",
        "https://admin:x@evil.example:444/onvif",
        "//evil.example/onvif",
        "evil.example/onvif",
        "rtsp://evil.example:554/a",
        "rtsp://u:p@evil.example/a",
        "http://127.0.0.1:80@evil.example/",
    ],
)
def test_addresses_lead_to_the_host_that_was_told(told: str) -> None:
    there = on_host("http://192.0.2.4:8080/onvif/device_service", told)
    assert there.startswith(("http://192.0.2.4:8080/", "rtsp://192.0.2.4")) and "@" not in there
    assert on_host("http://[2001:db8::1]:80/x", "rtsp://10.0.0.1:554/a") == "rtsp://[2001:db8::1]:554/a"


@pytest.mark.parametrize("told", ["file:///etc/passwd", "ftp://a/b", "rtsp://a:99999/x", "gopher://x"])
def test_what_is_no_address_of_a_picture_is_refused(told: str) -> None:
    with pytest.raises(DeviceFault):
        on_host("http://192.0.2.4", told)


WORDS = st.sampled_from(
    ["Profiles", "PTZNode", "Position", "PanTilt", "Service", "XAddr", "Uri", "Fault", "Zoom", "Preset"]
)
VALUES = st.sampled_from(["nan", "1e999", "-1", "", "x" * 3000, "http://[", "\u202e", "9" * 400])


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(WORDS, WORDS, VALUES, VALUES), max_size=12))
def test_whatever_stands_in_an_answer_only_faults_come_of_it(
    device: OnvifDevice, parts: list[tuple[str, str, str, str]]
) -> None:
    inner = "".join(
        f'<q:{outer} token="{one}" x="{two}" y="{one}"><q:{name} x="{one}">{two}</q:{name}></q:{outer}>'
        for outer, name, one, two in parts
    )
    body = (
        f'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>{inner}</s:Body></s:Envelope>'
    )
    device.answer = None
    driver = OnvifDriver()
    steering = driver.steering(known(device), "s1")
    device.answer = said(body.encode())
    for work in (
        lambda: driver.channels(known(device)),
        lambda: driver.streams(known(device), "s1"),
        steering.pose,
        steering.presets,
        lambda: steering.keep("a"),
    ):
        with suppress(DeviceFault):
            work()


def test_prefixes_that_a_device_never_declared_are_understood(device: OnvifDevice) -> None:
    steering = OnvifDriver().steering(known(device), "s1")
    space = "http://www.onvif.org/ver10/tptz/PanTiltSpaces/PositionGenericSpace"
    device.answer = said(  # as ipycam 1.3 says it
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:tt="http://www.onvif.org/ver10/schema"><s:Body><ptz:GetStatusResponse><ptz:PTZStatus>'
        f'<tt:Position><tt:PanTilt x="0.5" y="-0.25" space="{space}"/><tt:Zoom x="0.75"/></tt:Position>'
        "<tt:UtcTime>{{utc_time}}</tt:UtcTime></ptz:PTZStatus></ptz:GetStatusResponse></s:Body></s:Envelope>".encode()
    )
    assert steering.pose() == Pose(90.0, -22.5, 0.75)


def test_nothing_of_a_sign_in_shows(device: OnvifDevice) -> None:
    assert PASSWORD not in repr(known(device)) and PASSWORD not in repr(vars(OnvifDriver()))
