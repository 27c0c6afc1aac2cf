"""The driver with a device that is not ours: ipycam, whose status is malformed XML."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from console.model.camera_pose import Pose
from plugins.cameras.server.devices.driver import Ability, Fault, VideoDevice
from plugins.cameras.server.onvif.driver import OnvifDriver
from tests.support import foreign_onvif
from tests.support.onvif_device import fault


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VideoDevice]:
    """In a process of its own, in a folder of its own: it leaves its presets where it runs."""
    script = Path(foreign_onvif.__file__)
    command, folder = [sys.executable, script], tmp_path_factory.mktemp("device")
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdin is not None
        port = int(process.stdout.readline())
        address = f"http://127.0.0.1:{port}/onvif/device_service"
        user, password = foreign_onvif.USER, foreign_onvif.PASSWORD
        yield VideoDevice(
            id="f", driver="onvif", name="外来", address=address, area="31", user=user, password=password
        )
        process.stdin.close()


def test_its_pictures_and_head(device: VideoDevice) -> None:
    driver = OnvifDriver()
    (channel,) = driver.channels(device)
    assert channel.steerable and channel.name == "外来"
    streams = driver.streams(device, channel.id)
    assert streams.main.startswith("rtsp://127.0.0.1:8554/") and streams.sub not in ("", streams.main)
    steering = driver.steering(device, channel.id)
    assert Ability.POINT in steering.abilities and Ability.MOVE in steering.abilities
    steering.point(Pose(90.0, -22.5, 0.5))
    end = time.monotonic() + 10.0
    while abs(steering.pose().pan - 90.0) > 1.0 or abs(steering.pose().tilt + 22.5) > 1.0:
        assert time.monotonic() < end, steering.pose()
        time.sleep(0.1)
    kept = steering.keep("东门")
    assert kept.name in {each.name for each in steering.presets()}
    steering.move(0.2, 0.0, 0.0)
    steering.stop()


def test_its_refusals(device: VideoDevice) -> None:
    wrong = replace(device, password="wrong")
    assert fault(lambda: OnvifDriver().channels(wrong)) is Fault.SIGN_IN
