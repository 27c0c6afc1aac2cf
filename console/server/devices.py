"""Devices and their secrets. A bare device id can be forged, so each shows a secret of its own."""

from __future__ import annotations

import base64
import binascii
import threading
import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.sdk.server import Device
from console.server.changes import next_number
from console.server.db import Database
from console.server.tables import DeviceRow
from console.server.tokens import new_secret, same_hash, secret_hash

_CACHE_SECONDS = 30.0
_MAX_CACHED = 50_000
_NOBODY = secret_hash("")


class Devices:
    """Checks secrets; known devices are remembered for half a minute."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._cache: dict[str, tuple[float, str, Device]] = {}
        self._lock = threading.Lock()

    def cached(self, device_id: str, secret: str) -> Device | None:
        """The device if its row is in memory and the secret fits; no database, for the event loop."""
        known = self._cache.get(device_id)
        if known is None or known[0] < time.monotonic():
            return None
        return known[2] if same_hash(known[1], secret_hash(secret)) else None

    def check(self, device_id: str, secret: str) -> Device | None:
        """The device if it exists, is not disabled and the secret fits."""
        with self._database.read() as session:
            row = session.scalar(select(DeviceRow).where(DeviceRow.id == device_id[:64]))
        known = row.secret_hash if row else _NOBODY
        if not same_hash(known, secret_hash(secret)) or row is None or row.disabled:
            return None
        device = Device(id=row.id, subject=row.subject, handle=row.handle, area=row.area)
        with self._lock:
            if len(self._cache) >= _MAX_CACHED:
                self._cache.clear()
            self._cache[device_id] = (time.monotonic() + _CACHE_SECONDS, row.secret_hash, device)
        return device

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
