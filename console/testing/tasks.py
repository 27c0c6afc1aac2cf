"""``ctx.tasks`` on the test's clock: workers run at once, waiting is turning the clock."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any

from console.plugin_host.listeners import once
from console.sdk import Undo
from console.sdk.context import Handler
from console.tasks.pending import Pending
from console.testing.clock import Clock


class ClockTasks:
    """Implements ``console.sdk.context.Tasks`` without threads and without Qt."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def start(self, coroutine: Coroutine[Any, Any, Any]) -> Undo:
        """Drive *coroutine* until it is over or waits for the clock."""
        over, waiting = False, Future[Any]()

        def step(error: BaseException | None = None) -> None:
            nonlocal over, waiting
            if over:
                return
            try:
                waiting = coroutine.throw(error) if error else coroutine.send(None)
            except (StopIteration, asyncio.CancelledError):
                over = True
            else:
                waiting.add_done_callback(lambda _: step())

        def cancel() -> None:
            """As on the GUI thread: what is waited for is cancelled, too."""
            if not waiting.cancel():
                step(asyncio.CancelledError())

        step()
        return once(cancel)

    def run(self, function: Callable[..., Any], *args: Any) -> Pending[Any]:
        """Run *function* at once."""
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args))
        except Exception as error:
            future.set_exception(error)
        return Pending(future)

    def later(self, seconds: float, handler: Handler) -> Undo:
        """Call *handler* when the clock has been turned by *seconds*."""
        return self._clock.later(seconds, lambda: self._call(handler))

    def every(self, seconds: float, handler: Handler) -> Undo:
        """Call *handler* each time the clock has been turned by *seconds*."""

        def turn() -> None:
            nonlocal stop
            stop = self._clock.later(seconds, turn)
            self._call(handler)

        stop = self._clock.later(seconds, turn)
        return lambda: stop()

    def sleep(self, seconds: float) -> Pending[None]:
        """Await to go on when the clock has been turned by *seconds*."""
        future: Future[None] = Future()
        self._clock.later(seconds, lambda: future.done() or future.set_result(None))
        return Pending(future)

    def progress(self, title: str) -> QuietProgress:
        """A progress that nobody watches."""
        return QuietProgress()

    def _call(self, handler: Handler) -> None:
        result = handler()
        if inspect.iscoroutine(result):
            self.start(result)


class QuietProgress:
    """Implements ``console.sdk.Progress``."""

    def __enter__(self) -> QuietProgress:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing is shown, so nothing is taken away."""

    def report(self, done: float, text: str = "") -> None:
        """Check the promise that the status bar relies on."""
        if not 0.0 <= done <= 1.0:
            raise ValueError(f"progress is 0..1, not {done}")
