"""When a picture is shown that came before its time: play lists hand out seconds of video at once."""

from __future__ import annotations

AHEAD, BEHIND = 30.0, 0.1
"""Seconds: a time that is further ahead is another clock; one that is so late sets the clock back, so that
what comes as late next time is in time."""


class Pace:
    """Holds a stream to its own times, in seconds."""

    def __init__(self) -> None:
        self._offset: float | None = None

    def wait(self, at: float, now: float) -> float:
        """Seconds until the picture of the time *at* is due; *now*: of ``time.monotonic``."""
        due = at + self._offset - now if self._offset is not None else 0.0
        if self._offset is None or not -BEHIND < due < AHEAD:
            self._offset, due = now - at, 0.0
        return max(due, 0.0)
