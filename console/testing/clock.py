"""Time that a test turns by hand."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable

from console.plugin_host.listeners import once
from console.sdk import Undo


class Clock:
    """Seconds since the test began; what is due runs inside ``advance``."""

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._count = itertools.count()

    def later(self, seconds: float, handler: Callable[[], object]) -> Undo:
        """Call *handler* when *seconds* have been turned."""
        entry = (self.now + seconds, next(self._count), handler)
        heapq.heappush(self._due, entry)
        return once(lambda: self._drop(entry))

    def _drop(self, entry: tuple[float, int, Callable[[], object]]) -> None:
        if entry in self._due:
            self._due.remove(entry)
            heapq.heapify(self._due)

    def advance(self, seconds: float = 0.0) -> None:
        """Let *seconds* pass, running everything at its time and in its order."""
        end = self.now + seconds
        while self._due and self._due[0][0] <= end:
            self.now, _, handler = heapq.heappop(self._due)
            handler()
        self.now = end
