"""The change log: what the live feed tells, written in the transaction that makes it so."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from console.server.tables import ChangeLog, Counter, FeedRecord


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """One line of the log; *body* is the record as MessagePack, None for a drop."""

    seq: int
    op: str
    type: str
    record_id: str
    area: str
    area_before: str
    body: bytes | None

    def seen_from(self, areas: tuple[str, ...]) -> str:
        """``put``, ``drop`` (it left these areas) or empty (not theirs). No area: everybody's."""
        if not self.area or (areas and self.area.startswith(areas)):
            return self.op
        return "drop" if self.area_before and areas and self.area_before.startswith(areas) else ""


def put_record(session: Session, record_type: str, record: Any) -> None:
    """Log the new state of a frozen record with ``id`` and, mostly, ``area``."""
    area = getattr(record, "area", "")
    place = session.get(FeedRecord, (record_type, record.id))
    before = place.area if place else area
    if place is None:
        session.add(FeedRecord(type=record_type, record_id=record.id, area=area))
    else:
        place.area = area
    _log(session, "put", record_type, record.id, area, before, msgspec.msgpack.encode(record))


def drop_record(session: Session, record_type: str, record_id: str, area: str) -> None:
    """Log that a record is gone."""
    place = session.get(FeedRecord, (record_type, record_id))
    before = place.area if place else area
    if place is not None:
        session.delete(place)
    _log(session, "drop", record_type, record_id, area, before, None)


def _log(
    session: Session, op: str, kind: str, record_id: str, area: str, before: str, body: bytes | None
) -> None:
    row = ChangeLog(
        at=time.time(), op=op, type=kind, record_id=record_id, area=area, area_before=before, body=body
    )
    session.add(row)
    session.flush()


def next_number(session: Session, counter: str) -> int:
    """The next value of a named counter."""
    return next_numbers(session, counter, 1)


def next_numbers(session: Session, counter: str, count: int) -> int:
    """Take *count* values of a named counter at once; returns the first."""
    grow = update(Counter).where(Counter.name == counter).values(value=Counter.value + count)
    value = session.scalar(grow.returning(Counter.value))
    if value is None:
        session.add(Counter(name=counter, value=count))
        session.flush()
        value = count
    return value - count + 1


def stream_name(session: Session) -> str:
    """Name of this database's log; another database, another name."""
    row = session.get(Counter, "stream")
    if row is None:
        row = Counter(name="stream", text=uuid.uuid4().hex)
        session.add(row)
        session.flush()
    return row.text


def last_seq(session: Session) -> int:
    """Sequence number of the newest line, 0 for an empty log."""
    kept = session.scalar(select(func.max(ChangeLog.seq)))
    trimmed = session.scalar(select(Counter.value).where(Counter.name == "trimmed"))
    return max(kept or 0, trimmed or 0)


def trimmed_to(session: Session) -> int:
    """Sequence number up to which lines were thrown away."""
    return session.scalar(select(Counter.value).where(Counter.name == "trimmed")) or 0


def changes_after(session: Session, seq: int, limit: int) -> list[LoggedChange]:
    """Lines after *seq*, in order."""
    query = select(
        ChangeLog.seq,
        ChangeLog.op,
        ChangeLog.type,
        ChangeLog.record_id,
        ChangeLog.area,
        ChangeLog.area_before,
        ChangeLog.body,
    )
    rows = session.execute(query.where(ChangeLog.seq > seq).order_by(ChangeLog.seq).limit(limit))
    return [LoggedChange(*row) for row in rows]


def trim_log(session: Session, before: float) -> None:
    """Throw away lines older than *before* (seconds since 1970)."""
    newest = session.scalar(select(func.max(ChangeLog.seq)).where(ChangeLog.at < before))
    if newest is None:
        return
    session.execute(delete(ChangeLog).where(ChangeLog.seq <= newest))
    if session.get(Counter, "trimmed") is None:
        session.add(Counter(name="trimmed", value=newest))
        session.flush()
    session.execute(update(Counter).where(Counter.name == "trimmed").values(value=newest))


def log_notice(session: Session, notice: str) -> None:
    """Log a line for the server processes alone; no console is sent it."""
    _log(session, "put", notice, "", "", "", None)
