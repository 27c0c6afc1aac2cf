"""The desktop's keyring for a refresh token if it really works, else memory. Never a file."""

from __future__ import annotations

import logging
import sys
import threading
import uuid
from typing import Protocol, cast

from keyring.errors import KeyringError

from console.client.vault import MemoryVault, Vault

SERVICE = "OneMap Console"
PROBE_SECONDS = 3.0
"""A locked keyring may wait for its owner for ever."""

log = logging.getLogger(__name__)


class Keyring(Protocol):
    """What we use of ``keyring.backend.Keyring``."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


class KeyringVault:
    """Keeps secrets in one given keyring; a failing keyring is a lost secret, not a crash."""

    lasting = True

    def __init__(self, backend: Keyring) -> None:
        self._backend = backend

    def load(self, name: str) -> str | None:
        """The secret, or None."""
        try:
            return self._backend.get_password(SERVICE, name)
        except KeyringError as error:
            log.warning("the keyring does not answer: %s", error)
            return None

    def save(self, name: str, secret: str) -> None:
        """Keep *secret*."""
        try:
            self._backend.set_password(SERVICE, name, secret)
        except KeyringError as error:
            log.warning("the keyring keeps nothing: %s", error)

    def forget(self, name: str) -> None:
        """Drop it, if there is one."""
        try:
            self._backend.delete_password(SERVICE, name)
        except KeyringError:
            log.debug("nothing to forget for %s", name)


def open_vault() -> Vault:
    """The platform's own keyring after a trial, or memory. May block for PROBE_SECONDS."""
    backend = _platform_keyring()
    if backend is not None and _works(backend):
        return KeyringVault(backend)
    return MemoryVault()


def _platform_keyring() -> Keyring | None:
    """The one backend we trust here. Never keyring's own choice: that may be a plain
    file (keyrings.alt) or ask for a password on the terminal."""
    try:
        if sys.platform == "win32":
            from keyring.backends.Windows import WinVaultKeyring

            return cast(Keyring, WinVaultKeyring())
        from keyring.backends.SecretService import Keyring as SecretServiceKeyring

        return cast(Keyring, SecretServiceKeyring())
    except (ImportError, KeyringError, RuntimeError) as error:
        log.info("no keyring here: %s", error)
        return None


def _works(backend: Keyring) -> bool:
    """Write, read and delete a probe, in a thread that may be left hanging."""
    name, secret, good = f"probe-{uuid.uuid4().hex}", uuid.uuid4().hex, threading.Event()

    def probe() -> None:
        try:
            backend.set_password(SERVICE, name, secret)
            if backend.get_password(SERVICE, name) == secret:
                good.set()
            backend.delete_password(SERVICE, name)
        except Exception as error:  # D-Bus libraries raise what they like
            log.info("the keyring does not work here: %s", error)

    thread = threading.Thread(target=probe, name="onemap-keyring-probe", daemon=True)
    thread.start()
    thread.join(PROBE_SECONDS)
    return good.is_set()
