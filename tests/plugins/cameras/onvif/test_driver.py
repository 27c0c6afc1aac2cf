"""The ONVIF driver with a correct device: pictures, angles, presets, sign-ins, clocks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from console.model.camera_pose import Pose
from plugins.cameras.model import Health
from plugins.cameras.server.devices.driver import Ability, Fault
from plugins.cameras.server.health.probe import probe
from plugins.cameras.server.onvif.driver import OnvifDriver
from tests.support.clips import encode
from tests.support.onvif_device import PASSWORD, USER, OnvifDevice, fault, known
from tests.support.rtsp import RtspServer


@pytest.fixture(params=[True, False], ids=["degrees", "generic"])
def device(request: pytest.FixtureRequest) -> Iterator[OnvifDevice]:
    """A device whose head knows degrees, and one whose head does not."""
    with OnvifDevice(degrees=request.param).running() as device:
        yield device


@pytest.fixture
def plain() -> Iterator[OnvifDevice]:
    """One of them is enough."""
    with OnvifDevice().running() as device:
        yield device


@pytest.fixture
def driver() -> OnvifDriver:
    """As at the backend's start."""
    return OnvifDriver()


def close(pose: Pose, pan: float, tilt: float, zoom: float) -> bool:
    return abs(pose.pan - pan) < 0.1 and abs(pose.tilt - tilt) < 0.1 and abs(pose.zoom - zoom) < 0.01


def until(check: Callable[[], bool]) -> None:
    end = time.monotonic() + 15.0
    while not check():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_each_video_source_is_a_channel(driver: OnvifDriver, plain: OnvifDevice) -> None:
    first, second = driver.channels(known(plain))
    assert (first.id, first.name, first.kind.value, first.steerable) == ("s1", "大院 东门", "ptz", True)
    assert (second.id, second.kind.value, second.steerable) == ("s2", "bullet", False)


def test_pictures_are_the_largest_and_a_small_one_on_the_host_that_was_told(
    driver: OnvifDriver, plain: OnvifDevice
) -> None:
    plain.rtsp_port = 8554
    streams = driver.streams(known(plain), "s1")
    assert streams.main == "rtsp://127.0.0.1:8554/main" and streams.sub == "rtsp://127.0.0.1:8554/small"
    assert (streams.user, streams.password) == (USER, PASSWORD)
    assert driver.streams(known(plain), "s2").sub == ""
    assert fault(lambda: driver.streams(known(plain), "gone")) is Fault.MISSING


def test_its_pictures_play_with_its_sign_in(driver: OnvifDriver, plain: OnvifDevice) -> None:
    clips = {"main": encode(64, 64, 5, seconds=1), "small": encode(32, 32, 5, seconds=1)}
    with RtspServer(clips, (USER, PASSWORD)).running() as rtsp:
        plain.rtsp_port = rtsp.port
        streams = driver.streams(known(plain), "s1")
        for address in (streams.main, streams.sub):
            found = asyncio.run(probe(replace(streams, main=address), 10.0))
            assert found.state is Health.ONLINE, address
        assert asyncio.run(probe(replace(streams, password="x"), 10.0)).state is Health.REFUSED


def test_a_head_goes_to_angles_and_says_where_it_looks(driver: OnvifDriver, device: OnvifDevice) -> None:
    steering = driver.steering(known(device), "s1")
    assert steering.abilities == frozenset(Ability)
    for pan, tilt, zoom in ((-120.0, -45.0, 0.5), (90.0, 20.0, 0.0), (179.0, 0.0, 1.0)):
        steering.point(Pose(pan, tilt, zoom))
        until(lambda pan=pan, tilt=tilt, zoom=zoom: close(device.head.pose(), pan, tilt, zoom))
        assert close(steering.pose(), pan, tilt, zoom)


def test_a_head_moves_until_it_is_stopped(driver: OnvifDriver, plain: OnvifDevice) -> None:
    steering, before = driver.steering(known(plain), "s1"), plain.head.pose()
    steering.move(0.5, 0.25, 0.5)
    until(lambda: plain.head.pose().pan > before.pan and plain.head.pose().zoom > 0)
    steering.stop()
    rest = plain.head.pose()
    time.sleep(0.1)
    assert plain.head.pose() == rest and rest.tilt > before.tilt


def test_presets_are_listed_kept_gone_to_and_removed(driver: OnvifDriver, plain: OnvifDevice) -> None:
    steering = driver.steering(known(plain), "s1")
    assert [each.name for each in steering.presets()] == ["全景", "路口"]
    kept = steering.keep("南门 <1>")
    assert kept in steering.presets()
    steering.go("2")
    until(lambda: close(plain.head.pose(), 45.0, -15.0, 0.3))
    assert steering.keep("换", kept.id).id == kept.id
    steering.forget(kept.id)
    assert kept.id not in {each.id for each in steering.presets()}
    assert fault(lambda: steering.go(kept.id)) is Fault.MISSING


def test_a_camera_without_a_head_is_not_steered(driver: OnvifDriver, plain: OnvifDevice) -> None:
    assert fault(lambda: driver.steering(known(plain), "s2")) is Fault.UNABLE


@pytest.mark.parametrize("hours", [-9, 8_000])
def test_a_clock_that_is_wrong_does_not_matter(driver: OnvifDriver, plain: OnvifDevice, hours: int) -> None:
    plain.clock = timedelta(hours=hours)
    assert len(driver.channels(known(plain))) == 2
    assert plain.asked["refused"] == 0


def test_a_device_may_want_its_sign_in_by_http(driver: OnvifDriver, plain: OnvifDevice) -> None:
    plain.http_digest = True
    assert len(driver.channels(known(plain))) == 2
    driver.steering(known(plain), "s1").presets()
    wrong = replace(known(plain), password="wrong")
    assert fault(lambda: driver.channels(wrong)) is Fault.SIGN_IN


def test_a_wrong_password_is_said_once(driver: OnvifDriver, plain: OnvifDevice) -> None:
    wrong = replace(known(plain), password="wrong")
    assert fault(lambda: driver.streams(wrong, "s1")) is Fault.SIGN_IN
    for _ in range(20):
        assert fault(lambda: driver.streams(wrong, "s1")) is Fault.SIGN_IN
    assert fault(lambda: driver.watched(wrong)) is Fault.SIGN_IN
    assert plain.asked["refused"] == 1
    assert fault(lambda: driver.channels(wrong)) is Fault.SIGN_IN and plain.asked["refused"] == 2
    assert driver.streams(known(plain), "s1").main  # the right one is tried at once


def test_a_movement_costs_one_request(driver: OnvifDriver, plain: OnvifDevice) -> None:
    steering = driver.steering(known(plain), "s1")
    before = plain.asked.total()
    steering.move(0.1, 0.0, 0.0)
    driver.steering(known(plain), "s1").stop()
    assert plain.asked.total() == before + 2


def test_what_a_device_forgot_is_learned_anew(driver: OnvifDriver, plain: OnvifDevice) -> None:
    steering = driver.steering(known(plain), "s1")
    plain.clock = timedelta(hours=3)  # it was set meanwhile
    assert fault(steering.stop) is Fault.SIGN_IN
