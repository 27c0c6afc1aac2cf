"""What a kind of device can do for its cameras: one driver for each kind (ONVIF, WVP).

Drivers are called on threads, never inside a transaction, and may take seconds. What fails raises
DeviceFault. A driver keeps no sign-in beyond the call; it may keep sessions by device id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from console.sdk.records import CameraKind, LonLat, Pose
from plugins.cameras.server.streams import Streams


class Fault(StrEnum):
    """Why a device did not do it."""

    UNREACHABLE = "unreachable"
    SIGN_IN = "sign-in"
    MISSING = "missing"
    """It knows no such channel, preset or recording."""
    UNABLE = "unable"
    """It cannot do that at all."""
    BUSY = "busy"
    """Not now: too many sessions."""
    GARBLED = "garbled"
    """Its answer was not understood."""
    BARRED = "barred"
    """The deployment lets the backend talk to no such address."""


class DeviceFault(Exception):
    """A device did not do what was asked. Its text holds no secret and no address."""

    def __init__(self, fault: Fault, told: str = "") -> None:
        super().__init__(told or fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoDevice:
    """A device, or a platform with many channels."""

    id: str
    driver: str
    name: str
    address: str
    """Of its service, ``http://`` or ``https://``, without a sign-in."""
    area: str
    """Who sees this area manages it."""
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A picture that a device offers."""

    id: str
    """In the device's own words: a profile's token, ``device/channel``. At most 128 letters."""
    name: str
    kind: CameraKind = CameraKind.BULLET
    where: LonLat | None = None
    """WGS84 degrees, if it says."""
    owner: str = ""
    steerable: bool = False
    recorded: bool = False
    online: bool = True


class Ability(StrEnum):
    """What of a camera can be steered."""

    MOVE = "move"
    """At a speed, until it is stopped."""
    POINT = "point"
    """To an angle."""
    POSE = "pose"
    """It says where it looks."""
    ZOOM = "zoom"
    PRESETS = "presets"
    SET_PRESETS = "set-presets"


@dataclass(frozen=True, slots=True)
class Preset:
    """A pose that the device keeps."""

    id: str
    name: str


class Steering(Protocol):
    """One camera's head. Speeds are -1 to 1: right, up, closer."""

    @property
    def abilities(self) -> frozenset[Ability]: ...

    def move(self, pan: float, tilt: float, zoom: float) -> None:
        """Go on at these speeds; the device stops by itself a few seconds later when nothing comes."""
        ...

    def stop(self) -> None: ...

    def point(self, pose: Pose) -> None:
        """To these angles."""
        ...

    def pose(self) -> Pose: ...

    def presets(self) -> Sequence[Preset]: ...

    def go(self, preset: str) -> None: ...

    def keep(self, name: str, preset: str = "") -> Preset:
        """Keep the present pose under *name*, in place of *preset* if given."""
        ...

    def forget(self, preset: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Recording:
    """A stretch of time that is recorded, s since 1970."""

    begin: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A recording that plays."""

    id: str
    """In the driver's words, for ``end_replay``; empty: nothing needs to be ended."""
    streams: Streams
    begin: float
    """s since 1970 of its first picture."""


class Driver(Protocol):
    """Of one kind of device. Every method may raise DeviceFault; what a kind cannot do raises UNABLE."""

    @property
    def name(self) -> str:
        """As it stands in ``VideoDevice.driver``."""
        ...

    def channels(self, device: VideoDevice) -> Sequence[Channel]:
        """All that the device offers."""
        ...

    def streams(self, device: VideoDevice, channel: str) -> Streams:
        """Where the live picture is now: may begin a session."""
        ...

    def ended(self, device: VideoDevice, channel: str) -> None:
        """Nobody looks at the live picture any more."""
        ...

    def steering(self, device: VideoDevice, channel: str) -> Steering: ...

    def recordings(
        self, device: VideoDevice, channel: str, since: float, until: float
    ) -> Sequence[Recording]: ...

    def replay(
        self, device: VideoDevice, channel: str, since: float, until: float, speed: float
    ) -> Replay: ...

    def end_replay(self, device: VideoDevice, channel: str, replay: str) -> None: ...
