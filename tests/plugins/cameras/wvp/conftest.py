"""A platform with two devices that answer, one that does not, and the driver that asks it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator

import av
import numpy as np
import pytest

from console.model.datums import conversion
from plugins.cameras.server.devices.driver import VideoDevice
from plugins.cameras.server.wvp.driver import WvpDriver
from tests.support.clips import Clip, encode, read_number
from tests.support.wvp import PASSWORD, USER, WvpPlatform, wvp_platform

NVR, BALL, AWAY = "34020000001180000001", "34020000001320000009", "34020000001110000007"
GATE, SQUARE, DOME = "34020000001310000001", "34020000001310000002", "34020000001310000003"
ITSELF = "34020000001320000010"

QUICK = {
    "rtsp_transport": "tcp",
    "fflags": "nobuffer",
    "probesize": "65536",
    "analyzeduration": "100000",
    "timeout": "5000000",
}


def see(url: str) -> int | None:
    """The number in the first picture that comes."""
    with av.open(url, options=QUICK) as file:
        picture = next(file.decode(video=0)).to_ndarray(format="rgb24")
    return read_number(np.asarray(picture, np.uint8))


@pytest.fixture(scope="package")
def clip() -> Clip:
    return encode(352, 288, 15, seconds=2, key_every=5)


@pytest.fixture
def platform(clip: Clip) -> Iterator[WvpPlatform]:
    with wvp_platform(clip) as platform:
        fill(platform)
        yield platform


def fill(platform: WvpPlatform) -> None:
    platform.add_device(NVR, "派出所录像机")
    platform.add_channel(NVR, GATE, "东门枪机", ptzType=3, owner="公安", longitude=121.4752, latitude=31.2284)
    platform.add_channel(NVR, SQUARE, "广场球机", ptzType=1, longitude=121.4760, latitude=31.2290)
    platform.add_channel(NVR, DOME, "大厅半球", ptzType=2, status="OFF", longitude=0.0, latitude=0.0)
    platform.add_channel(NVR, "3402000000215", "治安组", channelType=2)
    platform.add_device(BALL, "独立球机")
    platform.add_channel(BALL, ITSELF, "江边球机", ptzType=4)
    platform.add_device(AWAY, "工地录像机", online=False)
    platform.add_channel(AWAY, GATE, "塔吊")


@pytest.fixture
def device(platform: WvpPlatform) -> VideoDevice:
    return device_at(platform.url)


def device_at(address: str, password: str = PASSWORD) -> VideoDevice:
    return VideoDevice(
        id="p1", driver="wvp", name="区平台", address=address, area="3", user=USER, password=password
    )


@pytest.fixture
def driver() -> WvpDriver:
    return WvpDriver(lambda datum, x, y: conversion(datum).to_wgs84(x, y), logging.getLogger("wvp"))


def wait_for(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Until *condition* holds."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)
