"""What runs just now, for the status bar: title, share done, cancel."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Qt, Signal, Slot

from console.sdk.map import Undo


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """One task as the status bar shows it."""

    id: int
    title: str
    done: float = 0.0
    """0..1."""
    text: str = ""


class TaskProgress:
    """Handle of one running task, usable on any thread; leaving the ``with`` block ends it."""

    def __init__(self, registry: ProgressRegistry, running: Running) -> None:
        self._registry = registry
        self._running = running
        self._cancelled = threading.Event()

    def report(self, done: float, text: str = "") -> None:
        """*done* is 0..1. Raises CancelledError when the user cancelled."""
        if self._cancelled.is_set():
            raise asyncio.CancelledError
        self._running = replace(self._running, done=min(1.0, max(0.0, done)), text=text)
        self._registry.put(self._running, self)

    def cancel(self) -> None:
        """Ask the task to stop at its next report."""
        self._cancelled.set()

    def __enter__(self) -> TaskProgress:
        self._registry.put(self._running, self)
        return self

    def __exit__(self, *error: object) -> None:
        self._registry.drop(self._running.id)


class ProgressRegistry(QObject):
    """All running tasks; ``on_change`` handlers are called on the GUI thread."""

    _changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._tasks: dict[int, tuple[Running, TaskProgress]] = {}
        self._ids = itertools.count(1)
        self._handlers: list[Callable[[], None]] = []
        self._changed.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def begin(self, title: str) -> TaskProgress:
        """A new task, shown from entering its ``with`` block."""
        return TaskProgress(self, Running(id=next(self._ids), title=title))

    def running(self) -> list[Running]:
        """Tasks in the order in which they began."""
        with self._lock:
            return [running for running, _ in self._tasks.values()]

    def cancel(self, task_id: int) -> None:
        """Ask one task to stop; unknown ids are over already."""
        with self._lock:
            found = self._tasks.get(task_id)
        if found:
            found[1].cancel()

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called after begin, report and end."""
        self._handlers.append(handler)
        return lambda: self._handlers.remove(handler) if handler in self._handlers else None

    def put(self, running: Running, task: TaskProgress) -> None:
        """Used by TaskProgress."""
        with self._lock:
            self._tasks[running.id] = (running, task)
        self._changed.emit()

    def drop(self, task_id: int) -> None:
        """Used by TaskProgress."""
        with self._lock:
            self._tasks.pop(task_id, None)
        self._changed.emit()

    @Slot()
    def _tell(self) -> None:
        for handler in list(self._handlers):
            handler()
