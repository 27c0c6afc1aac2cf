"""Reading of plans from the database, for some people or for all."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from plugins.staff.server.duty.plan import Cell, Override, Plan, Shift
from plugins.staff.server.duty.tables import LeaveRow, OverrideRow, RotaRow, ShiftRow
from plugins.staff.server.tables import StaffRow

MANY = 500
"""People up to whom they are named in the query; SQLite takes no endless lists."""


def load_shifts(session: Session) -> dict[str, Shift]:
    """All shifts by id."""
    return {row.id: Shift(row.id, row.starts, row.ends) for row in session.scalars(select(ShiftRow))}


def load_plans(session: Session, staff: Sequence[str] | None = None) -> dict[str, Plan]:
    """Plans by staff id; all people for None."""
    if staff is not None and len(staff) > MANY:
        chunks = [staff[at : at + MANY] for at in range(0, len(staff), MANY)]
        return {key: plan for chunk in chunks for key, plan in load_plans(session, chunk).items()}
    plans: defaultdict[str, Plan] = defaultdict(Plan)
    people = _of(select(StaffRow.id, StaffRow.standing), StaffRow.id, staff)
    for key, standing in session.execute(people):
        plans[key].standing = standing == "on"
    _load_rota(session, plans, staff)
    for leave in session.scalars(_of(select(LeaveRow), LeaveRow.staff, staff)):
        plans[leave.staff].leave.append((leave.since, leave.until))
    for row in session.scalars(_of(select(OverrideRow), OverrideRow.staff, staff)):
        until = math.inf if row.until is None else row.until
        plans[row.staff].overrides.append(Override(row.since, until, row.duty == "on"))
    return dict(plans)


def _load_rota(session: Session, plans: dict[str, Plan], staff: Sequence[str] | None) -> None:
    query = select(RotaRow)
    if staff is not None:
        query = query.where(or_(RotaRow.staff.in_(staff), RotaRow.substitute.in_(staff)))
    wanted = None if staff is None else set(staff)
    for row in session.scalars(query):
        cell = Cell(row.shift, row.lead, row.substitute)
        if wanted is None or row.staff in wanted:
            plans[row.staff].cells[row.day] = cell
        if row.substitute and (wanted is None or row.substitute in wanted):
            plans[row.substitute].stands_in.append((row.day, cell))


def _of(query: Select[Any], column: InstrumentedAttribute[str], staff: Sequence[str] | None) -> Select[Any]:
    return query if staff is None else query.where(column.in_(staff))
