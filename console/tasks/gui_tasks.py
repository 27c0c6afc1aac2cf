"""``ctx.tasks``: handlers, workers and time, with one owner's errors going to one place."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from PySide6.QtCore import QTimer
from shiboken6 import isValid

from console.sdk.context import Handler
from console.sdk.map import Undo
from console.tasks.driver import GuiDriver, OnError, log_error
from console.tasks.pending import Pending
from console.tasks.progress import ProgressRegistry, TaskProgress
from console.tasks.worker_pool import WorkerPool

T = TypeVar("T")


class GuiTasks:
    """Implements ``console.sdk.context.Tasks``. All methods are for the GUI thread."""

    def __init__(
        self,
        driver: GuiDriver,
        pool: WorkerPool,
        progress: ProgressRegistry,
        on_error: OnError = log_error,
    ) -> None:
        self._driver = driver
        self._pool = pool
        self._progress = progress
        self._on_error = on_error

    def for_owner(self, on_error: OnError) -> GuiTasks:
        """The same workers, with errors going to *on_error*: one for each plugin."""
        return GuiTasks(self._driver, self._pool, self._progress, on_error)

    def start(self, coroutine: Any) -> Undo:
        """Drive an ``async def``; the undo cancels it."""
        return self._driver.start(coroutine, self._on_error)

    def call(self, handler: Handler, *args: Any) -> Undo:
        """Call a plain function or start a coroutine function; errors go to the owner."""
        try:
            result = handler(*args)
        except Exception as error:  # the boundary to plugin code: everything is handed on
            self._on_error(error)
            return _nothing
        return self.start(result) if inspect.iscoroutine(result) else _nothing

    def run(self, function: Callable[..., T], *args: Any) -> Pending[T]:
        """Run a plain function in the worker pool."""
        return Pending(self._pool.submit(function, *args))

    def every(self, seconds: float, handler: Handler) -> Undo:
        """Call *handler* again and again; a turn is left out while an async one still runs."""
        timer, busy = QTimer(self._driver), False

        async def turn() -> None:
            nonlocal busy
            busy = True
            try:
                result = handler()
                if inspect.iscoroutine(result):
                    await result
            finally:
                busy = False

        timer.timeout.connect(lambda: busy or self.start(turn()))
        timer.start(_milliseconds(seconds))
        return _stopper(timer)

    def later(self, seconds: float, handler: Handler) -> Undo:
        """Call *handler* once; the undo takes it back while it has not begun."""
        wanted = True

        def fire() -> None:
            if wanted:
                self.call(handler)

        def take_back() -> None:
            nonlocal wanted
            wanted = False

        QTimer.singleShot(_milliseconds(seconds), self._driver, fire)
        return take_back

    def sleep(self, seconds: float) -> Pending[None]:
        """Await to go on after *seconds*."""
        future: Future[None] = Future()
        stop = self.later(seconds, lambda: future.done() or future.set_result(None))
        future.add_done_callback(lambda done: stop() if done.cancelled() else None)
        return Pending(future)

    def progress(self, title: str) -> TaskProgress:
        """Show a task in the status bar: ``with ctx.tasks.progress(title) as p: p.report(0.5)``."""
        return self._progress.begin(title)


def _nothing() -> None:
    """The undo of what is over."""


def _milliseconds(seconds: float) -> int:
    return max(0, round(seconds * 1000))


def _stopper(timer: QTimer | None) -> Undo:
    """Stop and delete *timer* once; it may be gone with the application already."""

    def stop() -> None:
        nonlocal timer
        if timer is not None and isValid(timer):
            timer.stop()
            timer.deleteLater()
        timer = None

    return stop
