"""Where secrets are kept. Never a file: see ``keyring_vault`` for one that outlives the process."""

from __future__ import annotations

from typing import Protocol


class Vault(Protocol):
    """Keeps one secret a name."""

    lasting: bool
    """Whether a secret outlives the process."""

    def load(self, name: str) -> str | None: ...
    def save(self, name: str, secret: str) -> None: ...
    def forget(self, name: str) -> None: ...


class Drawer:
    """A part of a vault for one use: its names cannot meet those of others."""

    def __init__(self, vault: Vault, prefix: str) -> None:
        self._vault, self._prefix = vault, prefix

    def load(self, name: str) -> str | None:
        """The secret, or None."""
        return self._vault.load(self._prefix + name)

    def save(self, name: str, secret: str) -> None:
        """Keep *secret*."""
        self._vault.save(self._prefix + name, secret)

    def forget(self, name: str) -> None:
        """Drop it, if there is one."""
        self._vault.forget(self._prefix + name)


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
