"""The console's local files: one private folder for each account at each backend.

Layout, everything readable by its owner alone::

    <cache>/<account>/last_known.bin     the last snapshot
    <cache>/<account>/user.json          name and rights of the last sign-in
    <cache>/<account>/layers.json        the last list of layers
    <cache>/<account>/layers/            packages, named by id and version
    <data>/<account>/outbox.db           intent not yet delivered
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from console.model.positions import Positions
from console.model.records import RECORD_TYPES, User
from console.store.batch import Snapshot

log = logging.getLogger(__name__)

MAX_SNAPSHOT = 256 << 20
"""Bytes of a kept snapshot that we are ready to read."""


class _Kept(msgspec.Struct):
    """A snapshot in a file; records are decoded by type, so that one changed type loses only itself."""

    time: float
    records: dict[str, msgspec.Raw]
    positions: dict[str, bytes]


class LocalCache:
    """Files of one account (*username* at *base_url*); created when first written."""

    def __init__(self, cache_root: Path, data_root: Path, base_url: str, username: str) -> None:
        name = hashlib.sha256(f"{base_url}\n{username}".encode()).hexdigest()[:24]
        self.folder = cache_root / name
        self.layers_folder = self.folder / "layers"
        self.data_folder = data_root / name

    def outbox_folder(self) -> Path:
        """Folder of the outbox; it is made. Raises OSError."""
        return private_folder(self.data_folder)

    def save_user(self, user: User) -> None:
        """Keep who was signed in, for a start while cut off. Raises OSError."""
        write_private(self.folder / "user.json", msgspec.json.encode(user))

    def load_user(self) -> User | None:
        """Who was signed in last, None if nothing usable is kept."""
        try:
            return msgspec.json.decode((self.folder / "user.json").read_bytes(), type=User)
        except (OSError, msgspec.MsgspecError):
            return None

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Keep what is known now. Raises OSError."""
        records = {
            name: msgspec.Raw(msgspec.msgpack.encode(rows)) for name, rows in snapshot.records.items() if rows
        }
        kept = _Kept(time=snapshot.time, records=records, positions=snapshot.positions.to_wire())
        write_private(self.folder / "last_known.bin", msgspec.msgpack.encode(kept))

    def load_snapshot(self) -> Snapshot | None:
        """What was known last, marked as old; None if nothing usable is kept."""
        path = self.folder / "last_known.bin"
        try:
            if path.stat().st_size > MAX_SNAPSHOT:
                return None
            kept = msgspec.msgpack.decode(path.read_bytes(), type=_Kept)
            positions = Positions.from_wire(kept.positions)
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            log.info("no last known state: %s", error)
            return None
        records = {name: _decode_kept(name, raw) for name, raw in kept.records.items()}
        return Snapshot(records=records, positions=positions, time=kept.time, stale=True)


def _decode_kept(record_type: str, raw: msgspec.Raw) -> list[Any]:
    """Records of one type, none if an older version of the program wrote them otherwise."""
    kind: Any = RECORD_TYPES.get(record_type)
    if kind is None:
        return []
    try:
        records: list[Any] = msgspec.msgpack.decode(raw, type=list[kind])
        return records
    except msgspec.MsgspecError:
        return []


def private_folder(path: Path) -> Path:
    """Make *path* for its owner alone. Raises OSError."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def write_private(path: Path, content: bytes) -> None:
    """Replace *path* as a whole or not at all, readable by its owner alone. Raises OSError."""
    private_folder(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
