"""Who wants to be told: handlers that can be taken back, and undos that work once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Generic, ParamSpec

from console.sdk import Undo

P = ParamSpec("P")
log = logging.getLogger(__name__)


class Listeners(Generic[P]):
    """Handlers called in the order in which they came; one that raises doesn't keep the others."""

    def __init__(self) -> None:
        self._handlers: list[Callable[P, object]] = []

    def add(self, handler: Callable[P, object]) -> Undo:
        """Call *handler* from now on, until the undo is called."""
        self._handlers.append(handler)
        return once(lambda: self._handlers.remove(handler))

    def fire(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Tell everyone."""
        for handler in tuple(self._handlers):
            try:
                handler(*args, **kwargs)
            except Exception:
                log.exception("a listener failed")


def once(function: Callable[[], object]) -> Undo:
    """*function* as an undo: calling it twice is harmless."""
    pending = [function]

    def undo() -> None:
        if pending:
            pending.pop()()

    return undo


def together(undos: list[Undo]) -> Undo:
    """One undo for several, run in reverse."""

    def undo() -> None:
        while undos:
            undos.pop()()

    return undo
