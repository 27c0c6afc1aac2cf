"""Two threads that read and decode, always what is wanted most just now."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from queue import Empty, SimpleQueue
from typing import Any

Job = Callable[[], Any]
THREADS = 8
"""Most of them wait for a disk or a server."""
DECODING = 2
"""Of them at work at a time: more are no faster."""


class Gate:
    """Lets DECODING threads work; one that waits for a file lets another in."""

    def __init__(self, places: int = DECODING) -> None:
        self._places = threading.BoundedSemaphore(places)

    def __enter__(self) -> None:
        self._places.acquire()

    def __exit__(self, *_: object) -> None:
        self._places.release()

    def aside(self, wait: Callable[[], bytes]) -> bytes:
        """What *wait* gives, without taking up a place meanwhile."""
        self._places.release()
        try:
            return wait()
        finally:
            self._places.acquire()


class Loader:
    """Jobs by key. What is no longer wanted is never begun; what is done waits to be taken."""

    def __init__(self, woken: Callable[[], None], threads: int = THREADS) -> None:
        """*woken* is called in a thread of the loader when something is done."""
        self.gate = Gate()
        self._woken = woken
        self._change = threading.Condition()
        self._waiting: list[tuple[Hashable, Job]] = []
        self._running: set[Hashable] = set()
        self._done: SimpleQueue[tuple[Hashable, Any]] = SimpleQueue()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"scene-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def want(self, jobs: Sequence[tuple[Hashable, Job]]) -> None:
        """The most urgent first; in place of all that waited until now."""
        with self._change:
            self._waiting = [(key, job) for key, job in reversed(jobs) if key not in self._running]
            self._change.notify_all()

    def running(self) -> set[Hashable]:
        """Begun and not yet taken."""
        with self._change:
            return set(self._running)

    @property
    def busy(self) -> bool:
        """Whether anything waits, is at work, or is done and not taken."""
        with self._change:
            return bool(self._waiting or self._running)

    def take(self) -> tuple[Hashable, Any] | None:
        """One that is done: key, and its result or the exception that it raised."""
        try:
            key, result = self._done.get_nowait()
        except Empty:
            return None
        with self._change:
            self._running.discard(key)
        return key, result

    def close(self) -> None:
        """End; whoever is at work ends by itself and is not heard any more."""
        with self._change:
            self._closed = True
            self._waiting = []
            self._change.notify_all()
        for thread in self._threads:
            thread.join(0.5)

    def _work(self) -> None:
        while (next_job := self._next()) is not None:
            key, job = next_job
            try:
                with self.gate:
                    result = job()
            except (
                Exception
            ) as error:  # whatever a reader meets: the tile is listed as broken, not the engine
                result = error
            self._done.put((key, result))
            if not self._closed:
                self._woken()

    def _next(self) -> tuple[Hashable, Job] | None:
        with self._change:
            while not self._waiting and not self._closed:
                self._change.wait()
            if self._closed:
                return None
            key, job = self._waiting.pop()
            self._running.add(key)
            return key, job
