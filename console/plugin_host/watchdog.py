"""Sees when the window stands still, and whose code holds it up."""

from __future__ import annotations

import collections
import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from console.plugin_host.owners import Owners

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stall:
    """The GUI thread did not come round for *seconds*; *plugin_id* is empty when no plugin was at work."""

    plugin_id: str
    seconds: float
    stack: str
    """Where it stood, most recent call last."""


class Watchdog:
    """A thread that samples the watched thread's stack while its heartbeat is late.

    ``beat()`` is called every tenth of a second or so on the watched thread; it
    also delivers the stalls that are over to *on_stall*, on that thread.
    """

    def __init__(self, owners: Owners, on_stall: Callable[[Stall], None], limit: float = 0.3) -> None:
        self._owners = owners
        self._on_stall = on_stall
        self._limit = limit
        self._watched = threading.get_ident()
        self._last: float | None = None
        self._samples: list[tuple[str, str]] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="onemap-watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch; nothing is late before the first beat."""
        self._thread.start()

    def close(self) -> None:
        """Stop and join the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def beat(self) -> None:
        """The watched thread lives."""
        now = time.monotonic()
        with self._lock:
            last, self._last = self._last, now
            samples, self._samples = self._samples, []
        if samples and last is not None:
            self._on_stall(self._summary(samples, now - last))

    def _summary(self, samples: list[tuple[str, str]], seconds: float) -> Stall:
        """The plugin seen most often, with a stack of its."""
        plugin_id = collections.Counter(owner for owner, _ in samples).most_common(1)[0][0]
        stack = next(stack for owner, stack in samples if owner == plugin_id)
        return Stall(plugin_id, seconds, stack)

    def _watch(self) -> None:
        while not self._stop.wait(self._limit / 3):
            with self._lock:
                last = self._last
            if last is not None and time.monotonic() - last > self._limit:
                self._sample(last)

    def _sample(self, last: float) -> None:
        calls = _calls_of(self._watched)
        owner = self._owners.of_files(file for file, _line, _name in reversed(calls))
        stack = "".join(traceback.StackSummary.from_list([(*call, None) for call in calls]).format())
        with self._lock:
            if self._last != last:  # it came round meanwhile
                return
            first = not self._samples
            self._samples = [*self._samples[-99:], (owner, stack)]
        if first:  # said at once: it may never come round
            log.warning("the window stands still in %s\n%s", owner or "the console itself", stack)


def _calls_of(thread: int) -> list[tuple[str, int, str]]:
    """Files, lines and functions of a running stack, most recent call last.

    Frames are let go at once, with nothing in between that would let the watched thread
    go on: who holds its frames holds its painters and widgets, and would be the one to
    delete them, which Qt does not survive.
    """
    calls: list[tuple[str, int, str]] = []
    frame = sys._current_frames().get(thread)
    while frame is not None:
        calls.append((frame.f_code.co_filename, frame.f_lineno or 0, frame.f_code.co_name))
        frame = frame.f_back
    return calls[::-1]
