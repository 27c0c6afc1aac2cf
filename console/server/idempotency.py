"""Stored answers: the same Idempotency-Key from the same caller does nothing again."""

from __future__ import annotations

import time
from typing import Any

import msgspec
from sqlalchemy import delete
from sqlalchemy.orm import Session

from console.sdk.server import ApiError, Caller, Device
from console.server.tables import Idempotency

KEEP_SECONDS = 7 * 86400.0
"""Longer than an outbox may wait."""
_MAX_KEY = 64


def stored_answer(session: Session, caller: Caller | Device, key: str | None) -> Any | None:
    """The answer given before, as plain JSON values, or None."""
    if not key:
        return None
    if len(key) > _MAX_KEY:
        raise ApiError(422, "bad_input", "The Idempotency-Key is too long", "幂等键过长")
    row = session.get(Idempotency, (_name(caller), key))
    return None if row is None else msgspec.json.decode(row.answer)


def remember_answer(session: Session, caller: Caller | Device, key: str | None, answer: Any) -> None:
    """Keep *answer* in the transaction that did the work."""
    if key:
        row = Idempotency(caller=_name(caller), key=key, at=time.time(), answer=msgspec.json.encode(answer))
        session.add(row)


def forget_old_answers(session: Session) -> None:
    """Drop answers that nobody asks for any more."""
    session.execute(delete(Idempotency).where(Idempotency.at < time.time() - KEEP_SECONDS))


def _name(caller: Caller | Device) -> str:
    return caller.user_id if isinstance(caller, Caller) else f"device:{caller.id}"[:64]
