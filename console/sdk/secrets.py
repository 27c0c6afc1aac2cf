"""Secrets of a plugin in the system's keyring: the service ``secrets`` (``requires`` in the manifest)."""

from __future__ import annotations

from typing import Protocol


class Secrets(Protocol):
    """Waits for the keyring: call it through ``ctx.tasks.run``, never on the GUI thread.

    Where there is no keyring, secrets last until the program ends; they are never in a file.
    """

    def load(self, name: str) -> str | None:
        """The secret, or None."""
        ...

    def save(self, name: str, secret: str) -> None: ...
    def forget(self, name: str) -> None: ...
