"""Runs plugin code so that its faults are caught and attributed to it."""

from __future__ import annotations

import functools
import inspect
import sys
import threading
from collections.abc import Callable, Coroutine, Generator
from types import TracebackType, coroutine
from typing import Any

from console.plugin_host.breadcrumb import Breadcrumb
from console.plugin_host.listeners import once
from console.plugin_host.owners import Owners
from console.sdk import Undo

Fault = Callable[[str, BaseException], None]
_NAMES = ("__module__", "__name__", "__qualname__")
"""What wrappers take over: not the documentation, which Qt makes up when asked, 10 ms a method."""


class Isolation:
    """Wraps handlers of plugins; *on_fault* gets the plugin's id and what was raised."""

    def __init__(self, owners: Owners, crumb: Breadcrumb, on_fault: Fault) -> None:
        self.owners = owners
        self.crumb = crumb
        self.on_fault = on_fault

    def wrap(
        self, plugin_id: str, handler: Callable[..., Any], start: Callable[[Any], Any]
    ) -> Callable[..., Any]:
        """*handler*, marked and caught; a coroutine that it returns goes to *start*, guarded."""
        attributed = self.attribute(plugin_id, handler)

        @functools.wraps(handler, _NAMES)
        def call(*args: Any, **kwargs: Any) -> Any:
            result = attributed(*args, **kwargs)
            return start(result) if inspect.iscoroutine(result) else result

        return call

    def attribute(self, plugin_id: str, handler: Callable[..., Any]) -> Callable[..., Any]:
        """*handler*, marked and caught (None when it raised); a coroutine comes back guarded."""

        @functools.wraps(handler, _NAMES)
        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                with self.crumb.mark(plugin_id):
                    result = handler(*args, **kwargs)
            except Exception as error:
                self.on_fault(plugin_id, error)
                return None
            return self.guard(plugin_id, result) if inspect.iscoroutine(result) else result

        return call

    async def guard(self, plugin_id: str, work: Coroutine[Any, Any, Any]) -> Any:
        """Drive *work*, marking each of its steps and catching what it raises."""
        try:
            return await _marked(work, self.crumb, plugin_id)
        except Exception as error:
            self.on_fault(plugin_id, error)

    def install(self) -> Undo:
        """Catch what slots and threads of plugins raise (Qt hands slots' errors to sys.excepthook)."""
        before, before_thread = sys.excepthook, threading.excepthook

        def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            owner = self.owners.of_traceback(trace)
            if owner and isinstance(error, Exception):
                self.on_fault(owner, error)
            else:
                before(kind, error, trace)

        def thread_hook(args: threading.ExceptHookArgs) -> None:
            owner = self.owners.of_traceback(args.exc_traceback)
            if owner and isinstance(args.exc_value, Exception):
                self.on_fault(owner, args.exc_value)
            else:
                before_thread(args)

        def restore() -> None:
            sys.excepthook, threading.excepthook = before, before_thread

        sys.excepthook, threading.excepthook = hook, thread_hook
        return once(restore)


@coroutine
def _marked(work: Coroutine[Any, Any, Any], crumb: Breadcrumb, plugin_id: str) -> Generator[Any, Any, Any]:
    """Step through *work* by hand, for the mark must be off while it waits."""
    value: Any = None
    error: BaseException | None = None
    while True:
        try:
            with crumb.mark(plugin_id):
                awaited = work.send(value) if error is None else work.throw(error)
        except StopIteration as end:
            return end.value
        error = None
        try:
            value = yield awaited
        except GeneratorExit:
            work.close()
            raise
        except BaseException as thrown:
            error = thrown
