"""Heads that turn as real ones do: for the demo and for tests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from console.model.camera_pose import Pose
from plugins.cameras.server.devices.driver import (
    Ability,
    Channel,
    DeviceFault,
    Fault,
    Preset,
    Recording,
    Replay,
    VideoDevice,
)
from plugins.cameras.server.streams import Streams

TURN, RISE, ZOOM = 90.0, 45.0, 0.25
"""Fastest: degrees a second around and up, parts of the zoom a second."""
LOWEST, HIGHEST = -90.0, 30.0
"""Degrees above the horizon."""
GOES_ON = 5.0
"""Seconds after which a movement ends by itself."""


class SimulatedHead:
    """Where it looks is computed from when it was told what. Implements ``Steering``."""

    abilities = frozenset(Ability)

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._pose, self._at = Pose(0.0, -20.0, 0.0), clock()
        self._speed = (0.0, 0.0, 0.0)
        self._until = 0.0
        self._target: Pose | None = None
        self._presets: dict[str, tuple[str, Pose]] = {}
        self.told: list[str] = []
        """What it was told, in order."""
        for name, pose in (("全景", self._pose), ("路口", Pose(45.0, -15.0, 0.3))):
            self._presets[str(len(self._presets) + 1)] = (name, pose)

    def move(self, pan: float, tilt: float, zoom: float) -> None:
        with self._lock:
            self._go_on("move")
            self._speed, self._until = (pan, tilt, zoom), self._at + GOES_ON

    def stop(self) -> None:
        with self._lock:
            self._go_on("stop")

    def point(self, pose: Pose) -> None:
        with self._lock:
            self._go_on("point")
            self._target = pose

    def pose(self) -> Pose:
        with self._lock:
            self._advance()
            return self._pose

    @property
    def moving(self) -> bool:
        """Whether it turns now."""
        before = self.pose()
        with self._lock:
            return any(self._speed) or (self._target is not None and self._target != before)

    def where(self, preset: str) -> Pose:
        """The pose of a preset."""
        return self._presets[preset][1]

    def presets(self) -> Sequence[Preset]:
        with self._lock:
            return [Preset(key, name) for key, (name, _) in self._presets.items()]

    def go(self, preset: str) -> None:
        with self._lock:
            if preset not in self._presets:
                raise DeviceFault(Fault.MISSING)
            self._go_on("go")
            self._target = self._presets[preset][1]

    def keep(self, name: str, preset: str = "") -> Preset:
        with self._lock:
            self._advance()
            key = preset or str(max((int(each) for each in self._presets), default=0) + 1)
            self._presets[key] = (name, self._pose)
            return Preset(key, name)

    def forget(self, preset: str) -> None:
        with self._lock:
            if self._presets.pop(preset, None) is None:
                raise DeviceFault(Fault.MISSING)

    def _go_on(self, told: str) -> None:
        """Come to where it is now, and end what it was doing."""
        self._advance()
        self.told.append(told)
        self._speed, self._target = (0.0, 0.0, 0.0), None

    def _advance(self) -> None:
        now = self._clock()
        if self._target is not None:
            self._pose = _towards(self._pose, self._target, now - self._at)
        else:
            seconds = max(0.0, min(now, self._until) - self._at)
            pan, tilt, zoom = self._speed
            self._pose = _limited(
                self._pose.pan + pan * TURN * seconds,
                self._pose.tilt + tilt * RISE * seconds,
                self._pose.zoom + zoom * ZOOM * seconds,
            )
            if now >= self._until:
                self._speed = (0.0, 0.0, 0.0)
        self._at = now


class SimulatedDriver:
    """Implements ``Driver`` for heads alone; their pictures come from elsewhere."""

    name = "demo"

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """*clock*: seconds."""
        self._clock = clock
        self._lock = threading.Lock()
        self._heads: dict[str, SimulatedHead] = {}

    def head(self, channel: str) -> SimulatedHead:
        """The one of a channel."""
        with self._lock:
            return self._heads.setdefault(channel, SimulatedHead(self._clock))

    def steering(self, device: VideoDevice, channel: str) -> SimulatedHead:
        return self.head(channel)

    def channels(self, device: VideoDevice) -> Sequence[Channel]:
        return ()

    def streams(self, device: VideoDevice, channel: str) -> Streams:
        raise DeviceFault(Fault.UNABLE)

    def ended(self, device: VideoDevice, channel: str) -> None:
        """There are no pictures to end."""

    def recordings(self, *_: Any) -> Sequence[Recording]:
        return ()

    def replay(self, *_: Any) -> Replay:
        raise DeviceFault(Fault.UNABLE)

    def end_replay(self, *_: Any) -> None:
        """There are no recordings to end."""


def _limited(pan: float, tilt: float, zoom: float) -> Pose:
    return Pose((pan + 180.0) % 360.0 - 180.0, min(max(tilt, LOWEST), HIGHEST), min(max(zoom, 0.0), 1.0))


def _towards(pose: Pose, target: Pose, seconds: float) -> Pose:
    """The shorter way round, each at its own fastest."""

    def step(way: float, rate: float) -> float:
        return min(max(way, -rate * seconds), rate * seconds)

    around = (target.pan - pose.pan + 180.0) % 360.0 - 180.0
    return _limited(
        pose.pan + step(around, TURN),
        pose.tilt + step(target.tilt - pose.tilt, RISE),
        pose.zoom + step(target.zoom - pose.zoom, ZOOM),
    )
