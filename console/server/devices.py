"""Devices and their secrets. A bare device id can be forged, so each shows a secret of its own."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import threading
import time
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.sdk.server import Device
from console.server.changes import next_number
from console.server.db import Database
from console.server.tables import DeviceRow
from console.server.tokens import new_secret, same_hash, secret_hash

_CACHE_SECONDS = 30.0
_MAX_CACHED = 50_000
_AT_ONCE = 500
"""Ids in one query."""
_NOBODY = secret_hash("")


class Devices:
    """Checks secrets; known devices, and names that nobody has, are remembered for half a minute.

    *key* is what the keys of encrypted messages are derived from; empty: there are none.
    """

    def __init__(self, database: Database, key: str = "") -> None:
        self._database, self._key = database, key.encode()
        self._cache: dict[str, tuple[float, str, Device | None]] = {}
        self._lock = threading.Lock()

    def cached(self, device_id: str, secret: str) -> Device | None:
        """The device if its row is in memory and the secret fits; no database, for the event loop."""
        known = self._cache.get(device_id)
        if known is None or known[2] is None or known[0] < time.monotonic():
            return None
        return known[2] if same_hash(known[1], secret_hash(secret)) else None

    def check(self, device_id: str, secret: str) -> Device | None:
        """The device if it exists, is not disabled and the secret fits."""
        with self._database.read() as session:
            row = session.scalar(select(DeviceRow).where(DeviceRow.id == device_id[:64]))
        known = row.secret_hash if row else _NOBODY
        if not same_hash(known, secret_hash(secret)) or row is None or row.disabled:
            return None
        device = _device(row)
        self._remember(device_id, row.secret_hash, device)
        return device

    def disable(self, session: Session, device_id: str) -> bool:
        """Take nothing more from a device, until it is added anew; whether there was one."""
        row = session.get(DeviceRow, device_id)
        if row is not None:
            row.disabled = True
        with self._lock:
            self._cache.pop(device_id, None)
        return row is not None

    @property
    def has_key(self) -> bool:
        """Whether messages can be encrypted at all."""
        return bool(self._key)

    def find(self, device_id: str) -> Device | None:
        """The device of that id if it is not disabled; only for those who vouch for it."""
        return self._lookup(device_id)[1]

    def message_key(self, device_id: str) -> bytes | None:
        """Key of 32 characters for the messages of a device; a new secret makes a new one.

        It is derived, so none is stored. None: nobody has that id, or the server has no key.
        """
        hashed, device = self._lookup(device_id)
        if device is None or not self._key:
            return None
        digest = hmac.digest(self._key, f"{device_id}\0{hashed}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest)[:32]

    def of_subject(self, subject: str) -> list[Device]:
        """The devices that somebody carries."""
        query = select(DeviceRow).where(DeviceRow.subject == subject, DeviceRow.disabled.is_(False))
        with self._database.read() as session:
            return [_device(row) for row in session.scalars(query.order_by(DeviceRow.id))]

    def subjects(self, handles: Sequence[int]) -> dict[int, str]:
        """Who carries the devices of these handles."""
        query = select(DeviceRow.handle, DeviceRow.subject).where(DeviceRow.handle.in_(handles))
        with self._database.read() as session:
            return {row.handle: row.subject for row in session.execute(query)}

    def _lookup(self, device_id: str) -> tuple[str, Device | None]:
        known = self._cache.get(device_id)
        if known is not None and known[0] >= time.monotonic():
            return known[1], known[2]
        with self._database.read() as session:
            row = session.scalar(select(DeviceRow).where(DeviceRow.id == device_id[:64]))
        found = row if row is not None and row.id == device_id and not row.disabled else None
        hashed, device = (found.secret_hash, _device(found)) if found else (_NOBODY, None)
        self._remember(device_id, hashed, device)
        return hashed, device

    def _remember(self, device_id: str, hashed: str, device: Device | None) -> None:
        with self._lock:
            if len(self._cache) >= _MAX_CACHED:
                self._cache.clear()
            self._cache[device_id] = (time.monotonic() + _CACHE_SECONDS, hashed, device)

    def move(self, session: Session, subject: str, area: str) -> None:
        """Another area for all devices of *subject*; other processes follow within half a minute."""
        for row in session.scalars(select(DeviceRow).where(DeviceRow.subject == subject)).all():
            row.area = area
            with self._lock:
                self._cache.pop(row.id, None)

    def add(self, session: Session, device_id: str, subject: str, area: str) -> tuple[int, str]:
        """Register a device, or give a known one a new secret; returns (handle, secret)."""
        secret = new_secret()
        row = session.get(DeviceRow, device_id)
        if row is None:
            handle = next_number(session, "handle")
            row = DeviceRow(id=device_id, handle=handle, created_at=time.time())
            session.add(row)
        row.subject, row.area, row.secret_hash, row.disabled = subject, area, secret_hash(secret), False
        session.flush()
        with self._lock:
            self._cache.pop(device_id, None)
        return row.handle, secret

    def carriers(self, session: Session, device_ids: Sequence[str]) -> dict[str, str]:
        """Who carries those of *device_ids* that are registered."""
        found = dict[str, str]()
        for at in range(0, len(device_ids), _AT_ONCE):
            query = select(DeviceRow.id, DeviceRow.subject)
            rows = session.execute(query.where(DeviceRow.id.in_(device_ids[at : at + _AT_ONCE])))
            found |= {row.id: row.subject for row in rows}
        return found


def _device(row: DeviceRow) -> Device:
    return Device(id=row.id, subject=row.subject, handle=row.handle, area=row.area)


def basic_credentials(header: str) -> tuple[str, str] | None:
    """Name and password of an HTTP Basic header, or None."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name, password) if colon else None
