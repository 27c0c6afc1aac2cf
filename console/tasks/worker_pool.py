"""A few threads for plain functions: parsing, files, REST calls. No Qt inside."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


class WorkerPool:
    """Threads for work that blocks; *size* None is four more than the cores, eight at most."""

    def __init__(self, size: int | None = None, name: str = "onemap-worker") -> None:
        self._pool = ThreadPoolExecutor(size or min(8, (os.cpu_count() or 1) + 4), name)

    def submit(self, function: Callable[..., T], *args: Any) -> Future[T]:
        """Run *function*; a future that has not begun can be cancelled."""
        return self._pool.submit(function, *args)

    def close(self) -> None:
        """Drop what has not begun and wait for what has."""
        self._pool.shutdown(wait=True, cancel_futures=True)
