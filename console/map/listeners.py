"""Handlers that can be taken back; one that raises doesn't keep the others."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Generic, ParamSpec

from console.sdk.map import Undo

P = ParamSpec("P")
log = logging.getLogger(__name__)


class Listeners(Generic[P]):
    """Called in the order in which they came."""

    def __init__(self) -> None:
        self._handlers: dict[object, Callable[P, object]] = {}

    def __bool__(self) -> bool:
        return bool(self._handlers)

    def add(self, handler: Callable[P, object]) -> Undo:
        """Call *handler* from now on, until the undo is called."""
        token = object()
        self._handlers[token] = handler

        def undo() -> None:
            self._handlers.pop(token, None)

        return undo

    def fire(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Tell everyone."""
        for handler in tuple(self._handlers.values()):
            try:
                handler(*args, **kwargs)
            except Exception:
                log.exception("a listener of the map failed")
