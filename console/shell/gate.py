"""What the window asks of the composition root: in, out, and once more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from console.sdk.context import Waiting
from console.sdk.map import Undo


class Gate(Protocol):
    """Implemented by ``console.app`` over the client, by fakes in tests."""

    def sign_in(self, username: str, password: str) -> Awaitable[object]:
        """Raises the errors of the SDK."""
        ...

    def sign_out(self) -> None: ...

    def reconnect(self) -> None:
        """Try again now."""
        ...

    def work_offline(self) -> None:
        """Go on with what is cached."""
        ...

    def dismiss(self, waiting_id: str) -> None:
        """Forget an entry of the outbox that the backend refused."""
        ...

    def withdraw(self, waiting_id: str) -> Awaitable[Undo | None]:
        """Take back what was not sent yet; gives what puts it back, or None: too late."""
        ...

    def corrector(self, entry: Waiting) -> Callable[[Waiting], Any] | None:
        """What takes a refused entry back into its form; None: it has none."""
        ...

    def server_time(self) -> float:
        """The backend's clock, s since 1970."""
        ...
