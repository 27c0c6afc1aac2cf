"""The fixtures of the plugins' desktop halves, with a backend that keeps intent while it is away."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest

from console.plugin_host.listeners import Listeners
from console.sdk import Undo, Waiting
from console.tasks.pending import Pending
from console.testing import MemoryBackend
from tests.plugins.desktop_console import AREAS, activate, clock, console, move, panel

__all__ = ["activate", "backend", "clock", "console", "move", "panel"]


class PatientBackend(MemoryBackend):
    """Keeps what is submitted while cut off, as the outbox does."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[Waiting] = []
        self._told: Listeners[[]] = Listeners()

    def submit(self, title: str, method: str, path: str, body: Any = None) -> Pending[Any]:
        if self.connected:
            return super().submit(title, method, path, body)
        name = f"w{len(self.kept)}"
        self.keep(Waiting(id=name, title=title, method=method, path=path, body=body, since=1.0))
        return Pending(Future[Any]())

    def keep(self, *entries: Waiting) -> None:
        """What waits, besides what is there."""
        self.kept += entries
        self._told.fire()

    def waiting(self) -> list[Waiting]:
        return list(self.kept)

    def on_waiting(self, handler: Callable[[], None]) -> Undo:
        return self._told.add(handler)

    def withdraw(self, waiting_id: str) -> Pending[Undo | None]:
        taken = [entry for entry in self.kept if entry.id == waiting_id and not entry.under_way]
        self.kept = [entry for entry in self.kept if entry not in taken]
        self._told.fire()
        answer: Future[Undo | None] = Future()
        answer.set_result((lambda: self.keep(*taken)) if taken else None)
        return Pending(answer)


@pytest.fixture
def backend() -> PatientBackend:
    """Knows the areas; tests add what else they need."""
    backend = PatientBackend()
    backend.answer("GET", "/areas", AREAS)
    return backend
