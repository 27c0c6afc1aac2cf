"""What can be had from a platform: channels, pictures, movement, presets, recordings."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import av
import numpy as np
import pytest
from av.error import FFmpegError

from console.model.coordinates import Datum, from_wgs84
from console.sdk.records import CameraKind
from plugins.cameras.server.devices.driver import DeviceFault, Fault, Preset, Recording, VideoDevice
from plugins.cameras.server.wvp.driver import WvpDriver
from tests.plugins.cameras.wvp.conftest import (
    AWAY,
    BALL,
    GATE,
    ITSELF,
    NVR,
    QUICK,
    SQUARE,
    device_at,
    see,
    wait_for,
)
from tests.support.wvp import WvpPlatform

BEGAN = datetime(2026, 11, 22, 8, 0, tzinfo=timezone(timedelta(hours=8))).timestamp()


def fault_of(work) -> Fault:
    with pytest.raises(DeviceFault) as caught:
        work()
    return caught.value.fault


def test_channels_of_all_devices_with_place_kind_and_state(driver: WvpDriver, device: VideoDevice) -> None:
    found = {each.id: each for each in driver.channels(device)}
    assert len(found) == 5  # the folder is none
    gate, square = found[f"{NVR}/{GATE}"], found[f"{NVR}/{SQUARE}"]
    assert (gate.name, gate.owner, gate.where) == ("东门枪机", "公安", (121.4752, 31.2284))
    assert (gate.kind, gate.steerable, gate.online) == (CameraKind.BULLET, False, True)
    assert (square.kind, square.steerable) == (CameraKind.PTZ, True)
    dome = found[f"{NVR}/34020000001310000003"]
    assert (dome.kind, dome.online, dome.where) == (CameraKind.DOME, False, None)
    assert found[f"{BALL}/{ITSELF}"].steerable
    assert not found[f"{AWAY}/{GATE}"].online  # its device is away, whatever its own state


def test_channels_over_many_pages(driver: WvpDriver, device: VideoDevice, platform: WvpPlatform) -> None:
    for number in range(450):
        platform.add_channel(NVR, f"340200000013200{number:05}", f"路口{number}")
    found = driver.channels(device)
    assert len({each.id for each in found}) == 455
    assert len(platform.paths(f"/api/device/query/devices/{NVR}")) == 3
    assert len(platform.paths("/api/user/login")) == 1


def test_a_platform_that_tells_gcj02_is_turned(driver: WvpDriver, platform: WvpPlatform) -> None:
    lon, lat = from_wgs84(np.array(121.4752), np.array(31.2284), Datum.GCJ02)
    platform.channels[NVR][0] |= {"longitude": float(lon), "latitude": float(lat)}
    found = {each.id: each for each in driver.channels(device_at(f"{platform.url}?datum=gcj02"))}
    assert found[f"{NVR}/{GATE}"].where == pytest.approx((121.4752, 31.2284), abs=1e-6)


def test_two_viewers_share_one_call_and_the_end_hangs_up(
    driver: WvpDriver, device: VideoDevice, platform: WvpPlatform
) -> None:
    channel = f"{NVR}/{GATE}"
    first, second = driver.streams(device, channel), driver.streams(device, channel)
    assert platform.called == [f"{NVR}_{GATE}"]
    assert first.main.startswith("rtsp://127.0.0.1:")
    assert see(first.main) is not None
    assert see(second.main) is not None
    wait_for(lambda: platform.media.readers(f"{NVR}_{GATE}") == 0)
    driver.ended(device, channel)
    assert platform.playing == {}
    with pytest.raises(FFmpegError):
        see(first.main)


def test_a_picture_that_others_watch_goes_on(
    driver: WvpDriver, device: VideoDevice, platform: WvpPlatform
) -> None:
    channel = f"{NVR}/{GATE}"
    streams = driver.streams(device, channel)
    with av.open(streams.main, options=QUICK) as elsewhere:
        next(elsewhere.decode(video=0))
        driver.ended(device, channel)
        assert platform.paths("/api/play/stop") == []
        for _ in range(20):
            next(elsewhere.decode(video=0))
    driver.streams(device, channel)
    wait_for(lambda: platform.media.readers(f"{NVR}_{GATE}") == 0)
    driver.ended(device, channel)
    assert len(platform.paths("/api/play/stop")) == 1


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ((100, "点播超时"), Fault.UNREACHABLE),
        ((-1, "信令超时"), Fault.UNREACHABLE),
        ((-2, "收流超时"), Fault.UNREACHABLE),
        ((408, "Request Timeout"), Fault.UNREACHABLE),
        ((-3, "获取端口或者ssrc失败"), Fault.BUSY),
        ((486, "Busy Here"), Fault.BUSY),
        ((403, "无权限操作"), Fault.SIGN_IN),
        ((100, "单端口收流时不支持TCP主动方式收流"), Fault.UNABLE),
    ],
)
def test_a_device_that_does_not_answer_the_call(
    driver: WvpDriver, device: VideoDevice, platform: WvpPlatform, answer: tuple[int, str], fault: Fault
) -> None:
    platform.invites[GATE] = answer
    assert fault_of(lambda: driver.streams(device, f"{NVR}/{GATE}")) is fault


def test_what_the_platform_does_not_know(driver: WvpDriver, device: VideoDevice) -> None:
    for channel in (f"{NVR}/1", f"1/{GATE}", "nothing", f"{NVR}/../{GATE}", f"{NVR}/{GATE}?x=1"):
        assert fault_of(lambda channel=channel: driver.streams(device, channel)) is Fault.MISSING


def test_a_head_moves_at_a_speed_both_ways_and_stops(
    driver: WvpDriver, device: VideoDevice, platform: WvpPlatform
) -> None:
    head = driver.steering(device, f"{NVR}/{SQUARE}")
    head.move(1.0, 0.0, 0.0)
    head.move(-0.5, 0.5, 0.0)
    head.move(0.0, -0.001, -1.0)
    head.stop()
    assert platform.heads[SQUARE] == [(1, 255, 0, 0), (2 | 8, 128, 128, 0), (4 | 32, 0, 1, 15), (0, 0, 0, 0)]
    assert fault_of(head.pose) is Fault.UNABLE


def test_presets_are_kept_called_and_forgotten(
    driver: WvpDriver, device: VideoDevice, platform: WvpPlatform
) -> None:
    head = driver.steering(device, f"{NVR}/{SQUARE}")
    platform.presets[SQUARE] = {1: "东侧", 94: "重启"}
    assert list(head.presets()) == [Preset("1", "东侧"), Preset("94", "重启")]
    assert head.keep("北侧") == Preset("2", "北侧")
    head.keep("东侧", "1")
    head.go("2")
    head.forget("2")
    assert sorted(platform.presets[SQUARE]) == [1, 94]
    assert platform.heads[SQUARE] == [(0x82, 1, 2, 0)]
    platform.presets[SQUARE] = dict.fromkeys(range(1, 33), "满")
    assert fault_of(lambda: head.keep("多")) is Fault.UNABLE  # higher numbers may mean something else
    assert fault_of(lambda: head.go("../1")) is Fault.MISSING


def test_recordings_are_listed_in_our_time_and_replayed(
    driver: WvpDriver, device: VideoDevice, platform: WvpPlatform
) -> None:
    channel = f"{NVR}/{GATE}"
    platform.recorded[GATE] = [
        ("2026-11-22 09:00:00", "2026-11-22 10:00:00"),
        ("2026-11-22 08:00:00", "2026-11-22 08:30:00"),
        ("2026-11-22 11:00:00", "2026-11-22 11:00:00"),
    ]
    listed = driver.recordings(device, channel, BEGAN - 3600, BEGAN + 86_400)
    assert listed == [Recording(BEGAN, BEGAN + 1800), Recording(BEGAN + 3600, BEGAN + 7200)]
    assert driver.recordings(device, f"{NVR}/{SQUARE}", BEGAN, BEGAN + 60) == []
    replay = driver.replay(device, channel, BEGAN, BEGAN + 60, 4.0)
    assert replay.begin == BEGAN
    assert list(platform.playing.values()) == [4.0]
    assert see(replay.streams.main) is not None
    driver.end_replay(device, channel, replay.id)
    assert platform.playing == {}


def test_two_replays_of_one_stretch_end_with_the_last(
    driver: WvpDriver, device: VideoDevice, platform: WvpPlatform
) -> None:
    channel = f"{NVR}/{GATE}"
    first, second = (driver.replay(device, channel, BEGAN, BEGAN + 60, 1.0) for _ in range(2))
    driver.end_replay(device, channel, first.id)
    assert len(platform.playing) == 1
    driver.end_replay(device, channel, second.id)
    assert platform.playing == {}
