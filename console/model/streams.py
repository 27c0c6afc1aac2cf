"""Streams of cameras that are watched, and how that goes. Times are of ``time.monotonic``."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """A camera's streams. Addresses may carry a sign-in, so they are in no ``repr``, log or file."""

    id: str
    title: str
    main: str = field(repr=False)
    """The address of its full picture."""
    sub: str = field(default="", repr=False)
    """The address of its small picture; empty: it has none."""


class State(StrEnum):
    """Of a stream."""

    IDLE = "idle"
    """Nobody looks, so nothing is fetched."""
    CONNECTING = "connecting"
    LIVE = "live"
    STALLED = "stalled"
    """It was live, and now nothing comes."""
    WAITING = "waiting"
    """Tried again later."""
    REFUSED = "refused"
    """The sign-in was not accepted. Not tried again soon: cameras lock out who does."""
    UNSUPPORTED = "unsupported"
    """It is no picture that we can decode."""


class Saving(StrEnum):
    """What a stream does without because this machine cannot decode all in full."""

    NONE = ""
    FILTER = "filter"
    """Edges between blocks are not smoothed."""
    FRAMES = "frames"
    """Key frames alone."""


class Sound(StrEnum):
    """Whether a stream is heard."""

    OFF = ""
    ON = "on"
    NONE = "none"
    """It is to be heard, but there is no sound in it."""
    NO_DEVICE = "no-device"
    """It is to be heard, but this machine has nothing to play it."""


class Reason(StrEnum):
    """Why a stream is not live."""

    NONE = ""
    UNREACHABLE = "unreachable"
    """Nobody answers there."""
    MISSING = "missing"
    """The server has no such stream."""
    SILENT = "silent"
    """Connected, but no picture comes."""
    GARBLED = "garbled"
    """What it answers is no stream."""
    ENDED = "ended"
    """It came, and was broken off."""
    SIGN_IN = "sign-in"
    STRANGER = "stranger"
    """Nobody that this machine trusts vouches for who answers (TLS)."""
    NO_VIDEO = "no-video"
    CRASHED = "crashed"
    """The process that decoded it died."""


@dataclass(frozen=True, slots=True)
class Status:
    """How it goes, for words in a tile. Times are of ``time.monotonic``, in seconds."""

    state: State = State.IDLE
    reason: Reason = Reason.NONE
    retry_at: float = 0.0
    """When it is tried again; 0: not planned."""
    picture_at: float = 0.0
    """When the picture that is shown was decoded; 0: there is none."""
    keys_only: bool = False
    """Whether only key frames are decoded."""
    behind: bool = False
    """Whether pictures are left out, because decoding does not keep up."""
    reduced: bool = False
    """Whether the small picture stands in for the full one."""
    saving: Saving = Saving.NONE
    """What it does without for the sake of others."""
    sound: Sound = Sound.OFF


@dataclass(frozen=True, slots=True)
class Still:
    """One picture in the stream's own size."""

    image: Any
    """QImage."""
    at: float
    """When it was decoded, s since 1970."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a drone says beside its picture (MISB ST 0601). WGS84, degrees, metres; None: not said."""

    at: float = 0.0
    """When that was, in seconds since 1970 (UTC); 0: not said."""
    mission: str = ""
    platform: str = ""
    longitude: float | None = None
    latitude: float | None = None
    altitude: float | None = None
    """Above the sea."""
    heading: float | None = None
    """Of the drone, from true north, clockwise."""
    pitch: float | None = None
    roll: float | None = None
    view_width: float | None = None
    """The angle that the picture shows from left to right."""
    view_height: float | None = None
    sensor_azimuth: float | None = None
    """From the drone's nose, clockwise."""
    sensor_elevation: float | None = None
    """From the drone's plane, below it negative."""
    sensor_roll: float | None = None
    distance: float | None = None
    """To what is in the middle of the picture."""
    center_height: float | None = None
    """Of the ground in the middle of the picture, above the sea."""
    center: tuple[float, float] | None = None
    """Longitude and latitude of the ground in the middle of the picture."""
    corners: tuple[tuple[float, float], ...] = ()
    """The ground at the picture's corners, from the upper left clockwise, or nothing."""
