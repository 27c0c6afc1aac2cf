"""How long to wait before the next try."""

from __future__ import annotations

import random
from collections.abc import Callable


class Backoff:
    """Doubles from *shortest* to *longest* seconds; by chance up to half less, so that many come apart."""

    def __init__(self, shortest: float, longest: float, chance: Callable[[], float] = random.random) -> None:
        self._shortest, self._longest, self._chance = shortest, longest, chance
        self._next = shortest

    def after(self, lived: float) -> float:
        """Seconds to wait after a try that was live for *lived* seconds: long enough, and it starts anew."""
        if lived >= self._longest:
            self._next = self._shortest
        now, self._next = self._next, min(self._next * 2, self._longest)
        return now * (1 - self._chance() / 2)
