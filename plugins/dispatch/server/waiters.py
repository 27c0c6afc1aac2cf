"""Devices that wait for news of their orders, without a thread each."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Waiters:
    """Wakes long polls by staff id. ``notify`` may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.closed = False
        self._waiting: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = {}

    def close(self) -> None:
        """The server stops: everybody is to answer now."""
        self.closed = True
        with self._lock:
            waiting = list(self._waiting)
        for staff in waiting:
            self.notify(staff)

    def notify(self, staff: str) -> None:
        """Something changed for *staff*; call after the transaction has ended."""
        with self._lock:
            waiting = list(self._waiting.get(staff, ()))
        for loop, event in waiting:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    async def wait(self, news: asyncio.Event, seconds: float) -> None:
        """Wait until *news* is set or *seconds* are over."""
        with suppress(TimeoutError):
            await asyncio.wait_for(news.wait(), seconds)

    @contextmanager
    def listening(self, staff: str) -> Iterator[asyncio.Event]:
        """An event that is set by news for *staff* from now on. Call on the event loop."""
        entry = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._waiting.setdefault(staff, set()).add(entry)
        try:
            yield entry[1]
        finally:
            with self._lock:
                waiting = self._waiting[staff]
                waiting.discard(entry)
                if not waiting:
                    del self._waiting[staff]
