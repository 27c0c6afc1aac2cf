"""Changing the shifts themselves: they hold for all streets, and duty follows at once."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from console.sdk.server import Caller, ServerContext, conflict, not_found
from plugins.staff.model import ShiftInfo
from plugins.staff.server.duty.bodies import ShiftBody
from plugins.staff.server.duty.plan import WEEKDAYS
from plugins.staff.server.duty.rota import Rota, shift_info
from plugins.staff.server.duty.tables import RotaRow, ShiftRow


class Shifts:
    """Each change says what was before, which given back undoes it."""

    def __init__(self, server: ServerContext, rota: Rota) -> None:
        self._server, self._rota = server, rota

    def put(self, session: Session, caller: Caller, key: str, body: ShiftBody) -> ShiftInfo | None:
        """Store a new shift, or change one; returns what it was before, None for a new one."""
        row = session.get(ShiftRow, key)
        before = None if row is None else shift_info(row)
        if row is None:
            row = ShiftRow(id=key)
            session.add(row)
        row.name_zh, row.name_en, row.starts, row.ends = body.name_zh, body.name_en, body.starts, body.ends
        session.flush()
        self._audit(session, caller, "staff.shift", key, f"{before} -> {body.model_dump_json()}")
        if before is not None and (before.starts, before.ends) != (body.starts, body.ends):
            self._follow(session, key)
        return before

    def drop(self, session: Session, caller: Caller, key: str) -> ShiftInfo:
        """Take a shift away that nobody will have; returns what it was. Raises ApiError 404, 409."""
        row = session.get(ShiftRow, key)
        if row is None:
            raise not_found()
        ahead = or_(RotaRow.day.in_(WEEKDAYS), RotaRow.day >= date.today().isoformat())
        if session.scalar(select(RotaRow.staff).where(RotaRow.shift == key, ahead).limit(1)) is not None:
            raise conflict("shift_in_use", "The rota has this shift still", "排班中仍在使用该班次")
        before = shift_info(row)
        session.delete(row)
        self._audit(session, caller, "staff.shift_drop", key, str(before))
        return before

    def _follow(self, session: Session, key: str) -> None:
        """Duty of all who have the shift, or stand in for somebody who does, by its new times."""
        pairs = session.execute(select(RotaRow.staff, RotaRow.substitute).where(RotaRow.shift == key))
        self._rota.follow(session, {each for pair in pairs.tuples() for each in pair} - {""})

    def _audit(self, session: Session, caller: Caller, action: str, key: str, reason: str) -> None:
        self._server.audit(session, caller, action, f"shift/{key}", reason=reason, area=caller.areas[0])
