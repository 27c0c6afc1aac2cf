"""A list of handlers that survives a failing one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

from console.sdk.map import Undo

log = logging.getLogger(__name__)


class Handlers:
    """Handlers of one kind of change, called in the order in which they came."""

    def __init__(self) -> None:
        self._handlers: list[Callable[..., Any]] = []

    def add(self, handler: Callable[..., Any]) -> Undo:
        """Add *handler*; the undo takes it away."""
        self._handlers.append(handler)

        def undo() -> None:
            if handler in self._handlers:
                self._handlers.remove(handler)

        return undo

    def call(self, *args: Any) -> None:
        """Call them all; one that raises is logged and does not keep the others from knowing."""
        for _ in self.calls(*args):
            pass

    def calls(self, *args: Any) -> Iterator[None]:
        """As ``call``, a handler a step; one that is taken away meanwhile is passed over."""
        for handler in tuple(self._handlers):
            if handler not in self._handlers:
                continue
            try:
                handler(*args)
            except Exception:
                log.exception("a handler of live data failed")
            yield
