"""What processes have cost: CPU seconds and memory, of a process with all that it has started."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable

import psutil


def family(pid: int) -> list[int]:
    """The process and those that it has started, and they."""
    process = psutil.Process(pid)
    return [pid, *(child.pid for child in process.children(recursive=True))]


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system time so far; one that has ended counts nothing."""
    total = 0.0
    for pid in pids:
        try:
            times = psutil.Process(pid).cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


def megabytes(pids: Iterable[int]) -> float:
    """Proportional set size: memory that several share counts once in all."""
    total = 0
    for pid in pids:
        try:
            total += psutil.Process(pid).memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return total / 1e6


def load() -> float:
    """Of the last minute, so that figures can be judged."""
    return round(os.getloadavg()[0], 1)


class PeakMemory:
    """The most memory that a process with all that it has started held at once, looked at in a thread."""

    def __init__(self, pid: int, every: float = 0.5) -> None:
        self.megabytes = 0.0
        self._pid, self._every = pid, every
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(self._every):
            try:
                self.megabytes = max(self.megabytes, megabytes(family(self._pid)))
            except psutil.NoSuchProcess:
                return
