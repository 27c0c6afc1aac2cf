"""Where a refresh token is kept. Never a file: see ``keyring_vault`` for one that outlives the process."""

from __future__ import annotations

from typing import Protocol


class Vault(Protocol):
    """Keeps one secret a name."""

    lasting: bool
    """Whether a secret outlives the process."""

    def load(self, name: str) -> str | None: ...
    def save(self, name: str, secret: str) -> None: ...
    def forget(self, name: str) -> None: ...


class MemoryVault:
    """Keeps secrets until the process ends."""

    lasting = False

    def __init__(self) -> None:
        self._secrets: dict[str, str] = {}

    def load(self, name: str) -> str | None:
        """The secret, or None."""
        return self._secrets.get(name)

    def save(self, name: str, secret: str) -> None:
        """Keep *secret*."""
        self._secrets[name] = secret

    def forget(self, name: str) -> None:
        """Drop it, if there is one."""
        self._secrets.pop(name, None)
