"""Drives ``async def`` handlers on the GUI thread.

A handler runs until it awaits a Pending; its future's callback, on whatever
thread, sends a queued signal, and the handler goes on here. No second event
loop, so nested ones (menus, drags) cannot wedge it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from console.sdk.map import Undo

OnError = Callable[[Exception], None]
log = logging.getLogger(__name__)


def log_error(error: Exception) -> None:
    """The error handler of work that belongs to no plugin."""
    log.error("a handler failed", exc_info=error)


class _Drive:
    """One handler on its way; *waiting* is what it awaits now, None while it runs or is over."""

    __slots__ = ("cancelled", "coroutine", "on_error", "waiting")

    def __init__(self, coroutine: Coroutine[Any, Any, Any], on_error: OnError) -> None:
        self.coroutine = coroutine
        self.on_error = on_error
        self.waiting: Future[Any] | None = None
        self.cancelled = False


class GuiDriver(QObject):
    """Runs coroutines on the thread that made it, which must be the GUI thread."""

    _ready = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._drives: set[_Drive] = set()
        self._closed = False
        self._ready.connect(self._resume, Qt.ConnectionType.QueuedConnection)

    def start(self, coroutine: Coroutine[Any, Any, Any], on_error: OnError = log_error) -> Undo:
        """Run *coroutine* to its first await at once; the undo cancels it."""
        drive = _Drive(coroutine, on_error)
        self._drives.add(drive)
        self._step(drive)
        return lambda: self._cancel(drive)

    def close(self) -> None:
        """Cancel everything; late results are ignored."""
        for drive in list(self._drives):
            self._cancel(drive)
        self._closed = True

    @Slot(object, object)
    def _resume(self, drive: _Drive, future: Future[Any]) -> None:
        if drive.waiting is future:  # else cancelled since the signal was queued
            drive.waiting = None
            self._step(drive)

    def _cancel(self, drive: _Drive) -> None:
        if drive not in self._drives or drive.cancelled:
            return
        drive.cancelled = True
        waiting, drive.waiting = drive.waiting, None
        if waiting is not None:  # else it runs just now and is told at its next await
            waiting.cancel()
            self._step(drive, asyncio.CancelledError())

    def _step(self, drive: _Drive, error: BaseException | None = None) -> None:
        """Run to the next await; *error* is raised at the present one."""
        try:
            future = drive.coroutine.throw(error) if error else drive.coroutine.send(None)
        except (StopIteration, asyncio.CancelledError):
            self._drives.discard(drive)
        except Exception as failure:  # the boundary to plugin code: everything is handed on
            self._drives.discard(drive)
            drive.on_error(failure)
        else:
            self._wait(drive, future, told=error is not None)

    def _wait(self, drive: _Drive, future: Any, *, told: bool) -> None:
        if not isinstance(future, Future):
            self._step(drive, TypeError(f"handlers await calls of the SDK, not {type(future).__name__}"))
        elif drive.cancelled and not told:
            future.cancel()
            self._step(drive, asyncio.CancelledError())
        else:
            drive.waiting = future
            future.add_done_callback(lambda done: self._closed or self._ready.emit(drive, done))
