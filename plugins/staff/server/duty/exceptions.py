"""What goes against the rota: a leader's word, leave."""

from __future__ import annotations

import math
import time
import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.sdk.records import Staff
from console.sdk.server import ApiError, Caller, ServerContext, not_found
from plugins.staff.model import Leave
from plugins.staff.server.desk import StaffDesk
from plugins.staff.server.duty.bodies import DutyBody, LeaveBody
from plugins.staff.server.duty.book import AHEAD, DutyBook
from plugins.staff.server.duty.plan import next_change
from plugins.staff.server.duty.rota import Rota
from plugins.staff.server.duty.tables import LeaveRow, OverrideRow
from plugins.staff.server.tables import StaffRow

KEPT = 30 * 86_400.0
"""Seconds that leave which is over is still listed."""


class Exceptions:
    """Overrides and leave; both hold from now on at the earliest, so what was recorded stays lawful."""

    def __init__(self, server: ServerContext, desk: StaffDesk, book: DutyBook, rota: Rota) -> None:
        self._server, self._desk, self._book, self._rota = server, desk, book, rota

    def override(self, session: Session, caller: Caller, staff_id: str, body: DutyBody) -> Staff:
        """Put somebody on or off duty now. Raises ApiError 404, 422."""
        row, now = self._desk.row(session, staff_id, caller.areas), time.time()
        if body.until is not None and body.until <= now:
            raise ApiError(422, "past", "The end lies in the past", "结束时间已过")
        session.add(
            OverrideRow(
                id=str(uuid.uuid4()),
                staff=staff_id,
                since=now,
                until=body.until or self._rotas_next_word(session, staff_id, now),
                duty=body.duty,
                reason=body.reason,
                by=caller.user_id,
            )
        )
        session.flush()
        action = f"staff.duty_{body.duty}"
        self._server.audit(session, caller, action, f"staff/{staff_id}", reason=body.reason, area=row.area)
        self._rota.follow(session, [staff_id])
        return self._desk.get(session, staff_id, caller.areas)

    def leave(self, session: Session, caller: Caller, area: str = "") -> list[Leave]:
        """Leave that is not long over, of people of the caller's areas."""
        query = select(LeaveRow, StaffRow).join(StaffRow, StaffRow.id == LeaveRow.staff)
        query = query.where(self._server.in_areas(StaffRow.area, caller.areas))
        if area:
            query = query.where(self._server.in_areas(StaffRow.area, [area]))
        query = query.where(LeaveRow.until > time.time() - KEPT).order_by(LeaveRow.since, LeaveRow.id)
        return [_leave(row, person) for row, person in session.execute(query).tuples()]

    def add_leave(self, session: Session, caller: Caller, body: LeaveBody) -> Leave:
        """Give somebody leave. Raises ApiError 404, 422."""
        person = self._desk.row(session, body.staff, caller.areas)
        if body.until <= time.time():
            raise ApiError(422, "past", "The end lies in the past", "结束时间已过")
        row = LeaveRow(
            id=str(uuid.uuid4()),
            staff=body.staff,
            since=max(body.since, time.time()),
            until=body.until,
            kind=body.kind,
            note=body.note,
            by=caller.user_id,
        )
        session.add(row)
        session.flush()
        self._server.audit(session, caller, "staff.leave", f"staff/{body.staff}", area=person.area)
        self._rota.follow(session, [body.staff])
        return _leave(row, person)

    def end_leave(self, session: Session, caller: Caller, leave_id: str) -> dict[str, Any]:
        """Take leave back: it ends now, or never was. Raises ApiError 404."""
        row = session.get(LeaveRow, leave_id)
        if row is None:
            raise not_found()
        person, now = self._desk.row(session, row.staff, caller.areas), time.time()
        if row.since >= now:
            session.delete(row)
        else:
            row.until = min(row.until, now)
        session.flush()
        self._server.audit(session, caller, "staff.leave_back", f"staff/{person.id}", area=person.area)
        self._rota.follow(session, [person.id])
        return {"id": leave_id}

    def _rotas_next_word(self, session: Session, staff_id: str, now: float) -> float | None:
        """When the rota next begins or ends something for them; None for who is on no rota."""
        spans = self._book.spans(session, [staff_id], now, now + AHEAD)[staff_id]
        planned = [span for span in spans if span.why in ("rota", "substitute")]
        found = next_change(planned, now)
        return found if math.isfinite(found) else None


def _leave(row: LeaveRow, person: StaffRow) -> Leave:
    return Leave(
        id=row.id,
        staff=row.staff,
        name=person.name,
        area=person.area,
        since=row.since,
        until=row.until,
        kind=row.kind,
        note=row.note,
    )
