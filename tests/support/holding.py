"""What processes hold: threads, open files, memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Holding:
    """Of some processes together."""

    threads: int
    files: int
    """Also sockets and pipes."""
    megabytes: float
    """Of their own: what they share is not counted."""


def held_by(pids: Sequence[int]) -> Holding:
    """At this moment."""
    processes = [psutil.Process(pid) for pid in pids]
    return Holding(
        sum(process.num_threads() for process in processes),
        sum(process.num_fds() for process in processes),
        sum(process.memory_full_info().uss for process in processes) / 1e6,
    )
