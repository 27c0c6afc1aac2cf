"""Hand-overs between shifts: a note, and somebody of the next shift who has read it."""

from __future__ import annotations

import time
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.sdk.server import ApiError, Caller, ServerContext, conflict, not_found
from plugins.staff.model import Handover
from plugins.staff.server.duty.bodies import HandoverBody
from plugins.staff.server.duty.tables import HandoverRow


class Handovers:
    """Cut by the caller's areas."""

    def __init__(self, server: ServerContext) -> None:
        self._server = server

    def latest(self, session: Session, caller: Caller, limit: int = 100) -> list[Handover]:
        """Those not yet taken and those of late, newest first."""
        query = select(HandoverRow).where(self._server.in_areas(HandoverRow.area, caller.areas))
        return [_record(row) for row in session.scalars(query.order_by(HandoverRow.at.desc()).limit(limit))]

    def give(self, session: Session, caller: Caller, body: HandoverBody) -> Handover:
        """Write what the next shift must know. Raises ApiError 422 outside the caller's areas."""
        if not caller.may_see(body.area):
            raise ApiError(422, "outside_areas", "That area is not yours", "该区域不在您的辖区内")
        row = HandoverRow(
            id=str(uuid.uuid4()),
            area=body.area,
            shift=body.shift,
            note=body.note,
            by=caller.user_id,
            by_name=caller.name,
            at=time.time(),
            taken_by="",
        )
        session.add(row)
        session.flush()
        self._server.audit(session, caller, "staff.handover", f"handover/{row.id}", area=row.area)
        return _record(row)

    def take(self, session: Session, caller: Caller, handover_id: str) -> Handover:
        """Say that one has read it and takes over. Raises ApiError 404, 409."""
        in_areas = self._server.in_areas(HandoverRow.area, caller.areas)
        row = session.scalar(select(HandoverRow).where(HandoverRow.id == handover_id, in_areas))
        if row is None:
            raise not_found()
        if row.by == caller.user_id:
            raise conflict("own_handover", "Somebody else must take it over", "须由他人接班确认")
        if row.taken_at is not None:
            raise conflict("taken", "It has been taken over already", "已有人接班确认", taken_by=row.taken_by)
        row.taken_by, row.taken_at = caller.name, time.time()
        self._server.audit(session, caller, "staff.handover_taken", f"handover/{row.id}", area=row.area)
        return _record(row)


def _record(row: HandoverRow) -> Handover:
    return Handover(
        id=row.id,
        area=row.area,
        shift=row.shift,
        note=row.note,
        by_name=row.by_name,
        at=row.at,
        taken_by=row.taken_by,
        taken_at=row.taken_at,
    )
