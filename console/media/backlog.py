"""How far a decoder is behind what was sent to it: what waits in the connection is a growing delay."""

from __future__ import annotations

RESTED = 0.25
"""Of a frame's time: who waited so long for the next one had nothing before it."""
JUMP = 5.0
"""Seconds: a time that goes on by more, or back, begins anew."""


class Backlog:
    """Times of frames are those of the stream, in seconds, from anywhere."""

    def __init__(self) -> None:
        self._offset: float | None = None
        self._last = 0.0

    def late(self, at: float, now: float, waited: float) -> float:
        """Seconds, for the frame of the time *at*, got at *now* after *waited* seconds of reading."""
        step, self._last = at - self._last, at
        jumped = not 0 <= step < JUMP
        if self._offset is None or jumped or waited > RESTED * step > 0:
            self._offset = now - at
        return max(0.0, now - at - self._offset)
