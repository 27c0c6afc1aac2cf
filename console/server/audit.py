"""The audit table as a hash chain: each row's hash covers its content and the hash before it."""

from __future__ import annotations

import hashlib
import json
import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.sdk.server import Caller, Device
from console.server.tables import Audit

_GENESIS = "0" * 64


def write_audit(
    session: Session,
    caller: Caller | Device | None,
    action: str,
    subject: str,
    *,
    reason: str = "",
    area: str = "",
) -> None:
    """Add a line in the caller's transaction; *caller* None is the server itself."""
    last = session.scalar(select(Audit.hash).order_by(Audit.id.desc()).limit(1)) or _GENESIS
    row = Audit(
        at=time.time(),
        actor=_actor(caller),
        actor_name=caller.name if isinstance(caller, Caller) else "",
        action=action,
        subject=subject,
        area=area,
        reason=reason,
        previous=last,
        hash="",
    )
    row.hash = _digest(row)
    session.add(row)
    session.flush()


def first_broken_line(session: Session) -> int | None:
    """Id of the first line that does not fit the chain, or None when it is whole."""
    previous = _GENESIS
    for row in session.scalars(select(Audit).order_by(Audit.id).execution_options(yield_per=1000)):
        if row.previous != previous or row.hash != _digest(row):
            return row.id
        previous = row.hash
    return None


def _actor(caller: Caller | Device | None) -> str:
    if isinstance(caller, Caller):
        return caller.user_id
    return f"device:{caller.id}" if caller else "server"


def _digest(row: Audit) -> str:
    content = [
        row.previous,
        repr(row.at),
        row.actor,
        row.actor_name,
        row.action,
        row.subject,
        row.area,
        row.reason,
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
