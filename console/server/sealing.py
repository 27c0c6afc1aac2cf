"""Secrets that must be read again (sign-ins of cameras): encrypted at rest, with a key beside the database.

The key comes by environment (``ONEMAP_SEAL_KEY``, or a file named by ``ONEMAP_SEAL_KEY_FILE``), else from
``seal.key`` in the data folder, which is made at the first need for its owner alone. Each plugin's key is
derived from it, so none opens what another sealed.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from console.sdk.server.errors import OtherKey
from console.server.settings import SettingError, secret_of

FILE = "seal.key"
LEAST = 32
"""Letters of a key in a file."""
_NAME = "ONEMAP_SEAL_KEY"


class Vault:
    """Seals texts of one plugin (XSalsa20-Poly1305)."""

    def __init__(self, folder: Path, key: str, plugin_id: str) -> None:
        """*key* empty: that of the file in *folder*."""
        self._folder, self._key, self._plugin_id = folder, key, plugin_id
        self._box: SecretBox | None = None

    def seal(self, text: str) -> bytes:
        """*text* encrypted, never twice the same. Raises SettingError for a bad key file."""
        return bytes(self._opened().encrypt(text.encode()))

    def unseal(self, sealed: bytes) -> str:
        """What was sealed. Raises OtherKey, and SettingError for a bad key file."""
        try:
            return self._opened().decrypt(sealed).decode()
        except CryptoError as error:
            raise OtherKey("sealed with another key") from error

    def _opened(self) -> SecretBox:
        if self._box is None:
            key = hashlib.sha256((self._key or _key_of(self._folder / FILE)).encode()).digest()
            derived = hashlib.blake2b(self._plugin_id.encode(), key=key, digest_size=SecretBox.KEY_SIZE)
            self._box = SecretBox(derived.digest())
        return self._box


def _key_of(path: Path) -> str:
    """The key in the file; processes that make it at once agree on one."""
    if not path.exists():
        mine = path.with_name(f"{FILE}.{os.getpid()}-{secrets.token_hex(4)}")
        with os.fdopen(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())  # a key that is lost with the power locks up what it has sealed
        with suppress(FileExistsError):
            os.link(mine, path)
        mine.unlink()
    key = secret_of({f"{_NAME}_FILE": str(path)}, _NAME)
    if len(key) < LEAST:
        raise SettingError(f"{path} holds no key: put back the file of this installation, or remove it")
    return key
