"""What server halves offer one another by name, and what runs at start and stop."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from console.sdk import MissingService

log = logging.getLogger(__name__)


class Services:
    """Services by name, and hooks of the server's life."""

    def __init__(self) -> None:
        self._offered: dict[str, Any] = {}
        self._start: list[Callable[[], None]] = []
        self._closing: list[Callable[[], None]] = []
        self._stop: list[Callable[[], None]] = []

    def provide(self, name: str, service: Any) -> None:
        """Offer *service*. Raises ValueError when the name is taken."""
        if name in self._offered:
            raise ValueError(f"the service {name} is offered already")
        self._offered[name] = service

    def get(self, name: str) -> Any:
        """The service. Raises MissingService."""
        try:
            return self._offered[name]
        except KeyError:
            raise MissingService(f"no server half offers {name}") from None

    def on_start(self, function: Callable[[], None]) -> None:
        """Run *function* when the server starts."""
        self._start.append(function)

    def on_closing(self, function: Callable[[], None]) -> None:
        """Run *function* when the server was asked to stop, while requests are still under way."""
        self._closing.append(function)

    def on_stop(self, function: Callable[[], None]) -> None:
        """Run *function* when the server stops, the last one first."""
        self._stop.append(function)

    def start(self) -> None:
        """Run the start hooks; one that fails does not stop the others."""
        _run_all(self._start)

    def closing(self) -> None:
        """Run the closing hooks: whoever waits long is to answer now."""
        _run_all(self._closing)

    def stop(self) -> None:
        """Run the stop hooks."""
        _run_all(self._stop[::-1])


def _run_all(functions: list[Callable[[], None]]) -> None:
    for function in functions:
        try:
            function()
        except Exception:
            log.exception("%s failed", getattr(function, "__qualname__", function))
