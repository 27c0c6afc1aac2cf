"""What of a recording is at hand: encoded pictures around the one that is shown, in the order of decoding."""

from __future__ import annotations

import threading
from bisect import bisect_right
from typing import NamedTuple

from av.packet import Packet

AHEAD = 8.0
"""Seconds of playing that are fetched ahead."""
BEHIND = 20.0
"""Seconds that are kept: one steps back without a new request."""
MOST = 64 << 20
"""Bytes."""
TOUCH = 1e-3
"""Seconds by which a picture may be early: times are rounded on their way."""


class Shot(NamedTuple):
    """An encoded picture, and when it was taken, s since 1970."""

    at: float
    key: bool
    packet: Packet


class Reel:
    """Filled by one thread, read by another. Shots have numbers that go on when old ones are dropped."""

    def __init__(self) -> None:
        self._room = threading.Condition()
        self._shots: list[Shot] = []
        self._times: list[float] = []
        self._first = self._bytes = 0
        self._now, self._speed = 0.0, 1.0
        self.over = self.closed = False
        """``over``: nothing more comes."""

    @property
    def held(self) -> tuple[float, float]:
        """Times of the first and the last."""
        with self._room:
            return (self._times[0], self._times[-1]) if self._times else (0.0, 0.0)

    def add(self, shot: Shot) -> bool:
        """Put it behind the others, when there is room; False: nobody wants it any more."""
        with self._room:
            while not self.closed and self._is_full():
                self._room.wait(0.5)
            if not self._shots and not shot.key:
                return not self.closed  # nothing can be made of it
            self._shots.append(shot)
            self._times.append(max(shot.at, self._times[-1] if self._times else shot.at))
            self._bytes += shot.packet.size
            self._forget()
            return not self.closed

    def _is_full(self) -> bool:
        if not self._times:
            return False
        far = self._times[-1] - self._now > AHEAD * max(1.0, self._speed)
        return far or (self._bytes > MOST and self._times[-1] > self._now)

    def _forget(self) -> None:
        """Groups of pictures that are long past."""
        while self._bytes > MOST or self._times[0] < self._now - BEHIND:
            second = next((at for at, shot in enumerate(self._shots) if at and shot.key), 0)
            if not second or self._times[second] > self._now - (0 if self._bytes > MOST else BEHIND):
                return
            self._bytes -= sum(shot.packet.size for shot in self._shots[:second])
            del self._shots[:second], self._times[:second]
            self._first += second

    def play_at(self, now: float, speed: float) -> None:
        """What is shown: more is fetched ahead of it."""
        with self._room:
            self._now, self._speed = now, speed
            self._room.notify()

    def close(self) -> None:
        """Nobody reads any more."""
        with self._room:
            self.closed = True
            self._room.notify()

    def find(self, when: float, keys_only: bool) -> tuple[int, int] | None:
        """Numbers of the picture that is to be seen at *when* and of the key frame that it builds on.

        None: it is not at hand.
        """
        with self._room:
            at = bisect_right(self._times, when + TOUCH) - 1
            if at < 0:
                return None
            key = at
            while key > 0 and not self._shots[key].key:
                key -= 1
            return self._first + (key if keys_only else at), self._first + key

    def shot(self, number: int) -> Shot | None:
        """None: it is gone, or not there yet."""
        with self._room:
            at = number - self._first
            return self._shots[at] if 0 <= at < len(self._shots) else None

    def time(self, number: int) -> float:
        """When it was; 0: not at hand."""
        shot = self.shot(number)
        return shot.at if shot else 0.0
