"""The clock that all open recordings go by."""

from __future__ import annotations

import time
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from console.sdk.media import Pace

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


LATEST = 4.0
"""Seconds that recordings may be behind: what was just now is not to be had yet."""


@dataclass(slots=True)
class Marks:
    """What is to be exported, s since 1970; None: not marked."""

    begin: float | None = None
    end: float | None = None

    @property
    def stretch(self) -> tuple[float, float] | None:
        """Both ends in order."""
        if self.begin is None or self.end is None or self.begin == self.end:
            return None
        return min(self.begin, self.end), max(self.begin, self.end)


class PlayClock(QObject):
    """Times are s since 1970. It never goes into the future."""

    changed = Signal()
    """Another pace: it was started, stopped, set or made faster."""

    def __init__(self, at: float) -> None:
        super().__init__()
        self.speed, self.playing = 1.0, False
        self._pace = Pace(at, time.monotonic(), 0.0)

    @property
    def pace(self) -> Pace:
        """For players."""
        return self._pace

    @property
    def now(self) -> float:
        """What it shows."""
        return self._pace.now(time.monotonic())

    def seek(self, at: float) -> None:
        """Go there, playing on if it plays."""
        at = min(max(at, 0.0), time.time() - LATEST)
        self._pace = Pace(at, time.monotonic(), self.speed if self.playing else 0.0)
        self.changed.emit()

    def stay_past(self) -> None:
        """Who plays fast and comes to now goes on as fast as time does."""
        if self.playing and self.now > time.time() - LATEST / 2:
            self.speed = 1.0
            self.seek(self.now)

    def play(self, playing: bool) -> None:
        """Start or stop."""
        self.playing = playing
        self.seek(self.now)

    def faster(self, steps: int) -> None:
        """By *steps* of SPEEDS; negative: slower."""
        at = SPEEDS.index(self.speed) + steps
        self.speed = SPEEDS[min(max(at, 0), len(SPEEDS) - 1)]
        self.seek(self.now)
