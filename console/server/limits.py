"""Rate limits by key over a sliding window, in memory, bounded."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque

_MAX_KEYS = 50_000


class RateLimit:
    """At most *count* hits in *seconds* a key. The oldest keys are forgotten beyond 50,000."""

    def __init__(self, count: int, seconds: float) -> None:
        self._count, self._seconds = count, seconds
        self._hits: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def hit(self, key: str) -> float:
        """Count a hit; returns 0, or the seconds to wait when there were too many."""
        now = time.monotonic()
        with self._lock:
            hits = self._hits.setdefault(key, deque())
            self._hits.move_to_end(key)
            while hits and hits[0] <= now - self._seconds:
                hits.popleft()
            if len(hits) >= self._count:
                return hits[0] + self._seconds - now
            hits.append(now)
            if len(self._hits) > _MAX_KEYS:
                self._hits.popitem(last=False)
        return 0.0

    def clear(self, key: str) -> None:
        """Forget the hits of *key* (after a success)."""
        with self._lock:
            self._hits.pop(key, None)
