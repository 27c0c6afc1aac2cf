"""How far a decoder is behind what was sent to it: what waits in the connection is a growing delay."""

from __future__ import annotations

BEHIND, FAR_BEHIND = 0.4, 1.5
"""Seconds of delay from which few pictures are shown, and from which key frames alone are decoded."""
JUMP = 5.0
"""Seconds: a time that goes on by more, or back, begins anew."""
DRIFT = 0.001
"""Of the time: clocks of cameras are worse than ours, but not by so much."""
STEADY, SETTLED = 0.2, 5.0
"""A delay that stays within so much for so long, though less is done, is the line's and not ours."""


class Backlog:
    """The delay beyond the least that there was; times of frames are the stream's, in seconds."""

    def __init__(self) -> None:
        self._last = self._least = 0.0
        self._known = False
        self._low = self._high = self._since = 0.0

    def late(self, at: float, now: float) -> float:
        """Seconds, for the frame of the time *at* that was got at *now*."""
        step, self._last, delay = at - self._last, at, now - at
        if not self._known or not 0 <= step < JUMP or self._settled(delay, now):
            self._known, self._least = True, delay
        self._least = min(self._least + DRIFT * step, delay) if 0 <= step < JUMP else delay
        return delay - self._least

    def _settled(self, delay: float, now: float) -> bool:
        late = delay - self._least
        low, high = min(self._low, late), max(self._high, late)
        if late < BEHIND or high - low > STEADY:
            self._low, self._high, self._since = late, late, now
            return False
        self._low, self._high = low, high
        return now - self._since > SETTLED
