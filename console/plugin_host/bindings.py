"""What a plugin has bound, to be taken back in reverse."""

from __future__ import annotations

import logging
from collections.abc import Callable

from console.plugin_host.listeners import once
from console.sdk import Undo

log = logging.getLogger(__name__)


class Bindings:
    """A stack of undos. One that raises is logged and doesn't keep the others."""

    def __init__(self) -> None:
        self._undos: list[Undo] = []

    def __len__(self) -> int:
        return len(self._undos)

    def add(self, undo: Callable[[], object]) -> Undo:
        """Remember *undo*; what comes back runs it early, once."""
        entry = once(undo)

        def early() -> None:
            self.forget(early)
            entry()

        self._undos.append(early)
        return early

    def forget(self, early: Undo) -> None:
        """What ``add`` gave needs no undo any more, such as a task that is over."""
        if early in self._undos:
            self._undos.remove(early)

    def undo_all(self) -> list[Exception]:
        """Run all in reverse; returns what they raised."""
        raised: list[Exception] = []
        while self._undos:
            try:
                self._undos.pop()()
            except Exception as error:
                log.exception("taking a binding back failed")
                raised.append(error)
        return raised
