"""Recordings that are shown, and how that goes. Times are s since 1970 where nothing else is said."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from console.model.streams import Reason, Source, State


@dataclass(frozen=True, slots=True)
class Recorded(Source):
    """A recording that plays from a moment on."""

    begin: float = 0.0
    """Of its first picture."""


class Pace(msgspec.Struct, frozen=True):
    """A clock: it was *at* (s since 1970) at *since* (``time.monotonic``); *speed* 0: it stands."""

    at: float
    since: float
    speed: float

    def now(self, monotonic: float) -> float:
        """What it shows."""
        return self.at + (monotonic - self.since) * self.speed


class Told(msgspec.Struct, tag=True, frozen=True):
    """How it goes with a replay; 0: none."""

    stream: int
    state: State
    reason: Reason = Reason.NONE
    at: float = 0.0
    """Of the picture that is shown."""
    before: float = 0.0
    """Of the one before, if it is at hand."""
    after: float = 0.0
    held_from: float = 0.0
    """What is at hand."""
    held_to: float = 0.0
    over: bool = False
    """Nothing comes after ``held_to``."""


class Progress(msgspec.Struct, tag=True, frozen=True):
    """How it goes with a file."""

    stream: int
    done: float
    """0 to 1; 1: the file is whole."""
    sha256: str = ""
    size: int = 0
    frames: int = 0
    reason: Reason = Reason.NONE
    """Why it came to nothing."""
    disk: bool = False
    """Whether that is because the file could not be written."""
