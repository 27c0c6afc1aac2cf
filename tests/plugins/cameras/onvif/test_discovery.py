"""Looking for devices on the loopback interface, with honest and hostile answers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from plugins.cameras.server.onvif.discovery import DEVICES, EACH, Discovery
from tests.support.onvif_device import OnvifDevice, probe_match

Reply = Callable[[bytes], None]


@pytest.fixture
def device() -> Iterator[OnvifDevice]:
    """Answers probes."""
    with OnvifDevice().running() as device:
        yield device


def look(device: OnvifDevice, seconds: float = 0.6) -> list[tuple[str, str, str]]:
    found = Discovery(["127.0.0.1"], device.discovery_port)(seconds)
    return [(each.address, each.name, each.model) for each in found]


def test_a_device_is_found_once_where_its_answer_came_from(device: OnvifDevice) -> None:
    assert look(device) == [(device.address, "东门", "Sim-1")]


def test_hostile_answers_are_passed_over(device: OnvifDevice) -> None:
    def answer(message: str, reply: Reply) -> None:
        right = probe_match(message, "http://10.0.0.9/onvif/device_service")
        reply(os.urandom(4000))
        reply(b"<a>" + message.encode())
        reply(b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;' + message.encode() + b"</a>")
        reply(right + b" " * 40_000)
        for address in ("file:///etc/passwd", "http://[", "javascript:1", "", "http://h:99999/", "x" * 9000):
            reply(probe_match(message, address))
        reply(probe_match("urn:uuid:of-somebody-else", "http://10.0.0.8/onvif"))

    device.discovery = answer
    assert look(device) == []


def test_a_flood_of_answers_is_cut(device: OnvifDevice) -> None:
    def answer(message: str, reply: Reply) -> None:
        for n in range(500):
            reply(probe_match(message, f"http://10.0.0.9:{1000 + n}/onvif"))

    device.discovery = answer
    found = look(device, 1.0)
    assert 0 < len(found) <= min(EACH, DEVICES)
    assert all(address.startswith("http://127.0.0.1:") for address, _, _ in found)


def test_an_interface_that_is_not_there_hinders_nobody(device: OnvifDevice) -> None:
    found = Discovery(["192.0.2.1", "127.0.0.1"], device.discovery_port)(0.5)
    assert len(found) == 1 and Discovery(["192.0.2.1"], device.discovery_port)(0.1) == []
