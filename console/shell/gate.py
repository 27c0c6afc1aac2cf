"""What the window asks of the composition root: in, out, and once more."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol


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
        """Forget an order of the outbox that the backend refused."""
        ...

    def server_time(self) -> float:
        """The backend's clock, s since 1970."""
        ...
