"""How much a plugin may get wrong before it is suspended."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable

STRIKES = 3
WITHIN = 60.0
"""Seconds."""


class Strikes:
    """Counts faults by plugin; *clock* gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._times: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=STRIKES))

    def out(self, plugin_id: str) -> bool:
        """Count a fault; true when it is the third within a minute."""
        times, now = self._times[plugin_id], self._clock()
        times.append(now)
        return len(times) == STRIKES and now - times[0] <= WITHIN

    def forgive(self, plugin_id: str) -> None:
        """Begin anew, after a retry."""
        self._times.pop(plugin_id, None)
