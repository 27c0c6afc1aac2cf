"""Reading and changing the rota by week."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from console.sdk.server import ApiError, Caller, ServerContext, not_found
from plugins.staff.model import STANDARD_WEEK, RotaCell, RotaLine, RotaWeek, ShiftInfo
from plugins.staff.server.desk import StaffDesk
from plugins.staff.server.duty.bodies import CellBody
from plugins.staff.server.duty.book import DutyBook
from plugins.staff.server.duty.plan import WEEKDAYS
from plugins.staff.server.duty.plans import MANY
from plugins.staff.server.duty.tables import LeaveRow, RotaRow, ShiftRow
from plugins.staff.server.tables import StaffRow

MOST_LINES = 1000
"""People of one answer; a street has fewer."""


class Rota:
    """Cuts by the caller's areas; a change reaches duty at once."""

    def __init__(self, server: ServerContext, desk: StaffDesk, book: DutyBook) -> None:
        self._server, self._desk, self._book = server, desk, book

    def week(self, session: Session, caller: Caller, week: str, area: str) -> RotaWeek:
        """The week that begins on the Monday *week*, or the standard week, of people of *area*."""
        days = days_of(week)
        query = select(StaffRow).where(self._server.in_areas(StaffRow.area, caller.areas))
        if area:
            query = query.where(self._server.in_areas(StaffRow.area, [area]))
        total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
        people = session.scalars(query.order_by(StaffRow.area, StaffRow.id).limit(MOST_LINES)).all()
        cells = self._cells(session, [row.id for row in people], days)
        return RotaWeek(
            days=days,
            shifts=tuple(shift_infos(session)),
            lines=tuple(
                RotaLine(staff=p.id, name=p.name, area=p.area, role=p.role, cells=tuple(cells[p.id]))
                for p in people
            ),
            total=total,
        )

    def set_cells(
        self, session: Session, caller: Caller, cells: Sequence[CellBody]
    ) -> list[dict[str, object]]:
        """Set *cells*; returns what they were before, which undoes it. Raises ApiError 404, 409, 422."""
        self._check(session, caller, cells)
        before: list[dict[str, object]] = []
        touched: set[str] = set()
        for cell in cells:
            row = session.get(RotaRow, (cell.staff, cell.day))
            before.append(_as_body(cell, row))
            touched |= {cell.staff, cell.substitute, row.substitute if row else ""}
            _write_cell(session, row, cell)
        self.follow(session, touched - {""})
        subject = f"rota/{cells[0].day}/{len(cells)}"
        self._server.audit(session, caller, "staff.rota", subject, area=caller.areas[0])
        return before

    def copy(self, session: Session, caller: Caller, source: str, target: str, area: str) -> list[CellBody]:
        """The cells that make week *target* like week *source*; past days and substitutes are left out."""
        week = self.week(session, caller, source, area)
        days = days_of(target)
        return [
            CellBody(staff=line.staff, day=day, shift=cell.shift, lead=cell.lead)
            for line in week.lines
            for day, cell in zip(days, line.cells, strict=True)
            if cell.shift is not None and not is_past(day)
        ]

    def follow(self, session: Session, staff: Iterable[str]) -> None:
        """Bring duty of *staff* to what their plans say now, in the running transaction."""
        wanted = sorted(set(staff))
        rows: dict[str, StaffRow] = {}
        for at in range(0, len(wanted), MANY):
            query = select(StaffRow).where(StaffRow.id.in_(wanted[at : at + MANY]))
            rows |= {row.id: row for row in session.scalars(query)}
        for key, on in self._book.touch(session, rows.values()).items():
            if (rows[key].duty == "on") != on:
                self._desk.set_duty(session, rows[key], on)

    def seed(self, session: Session, cells: Sequence[tuple[str, str, str, bool]]) -> None:
        """Store cells (staff, day, shift, leads) of people who have none."""
        names = ("staff", "day", "shift", "lead")
        session.execute(insert(RotaRow), [dict(zip(names, cell, strict=True)) for cell in cells])
        self.follow(session, {cell[0] for cell in cells})

    def _check(self, session: Session, caller: Caller, cells: Sequence[CellBody]) -> None:
        wanted = {cell.staff for cell in cells} | {cell.substitute for cell in cells} - {""}
        known: set[str] = set()
        for at in range(0, len(wanted), MANY):
            chunk = sorted(wanted)[at : at + MANY]
            in_areas = self._server.in_areas(StaffRow.area, caller.areas)
            known |= set(session.scalars(select(StaffRow.id).where(StaffRow.id.in_(chunk), in_areas)))
        if wanted - known:
            raise not_found()
        shifts = set(session.scalars(select(ShiftRow.id)))
        if {cell.shift for cell in cells if cell.shift} - shifts:
            raise ApiError(422, "unknown_shift", "There is no such shift", "没有这个班次")
        if any(is_past(cell.day) for cell in cells):
            raise ApiError(409, "past_day", "Days that are over cannot be changed", "已过去的日期不能修改")

    def _cells(
        self, session: Session, staff: Sequence[str], days: Sequence[str]
    ) -> dict[str, list[RotaCell]]:
        wanted = [*days, *(WEEKDAYS if days[0] not in WEEKDAYS else ())]
        rows: dict[tuple[str, str], RotaRow] = {}
        for at in range(0, len(staff), MANY):
            query = select(RotaRow).where(RotaRow.staff.in_(staff[at : at + MANY]), RotaRow.day.in_(wanted))
            rows |= {(row.staff, row.day): row for row in session.scalars(query)}
        away = self._away(session, staff, days)
        return {key: [_cell(rows, key, day, (key, day) in away) for day in days] for key in staff}

    def _away(self, session: Session, staff: Sequence[str], days: Sequence[str]) -> set[tuple[str, str]]:
        """(staff id, day) of leave that touches noon of the day."""
        if days[0] in WEEKDAYS:
            return set()
        noons = {day: _noon(day) for day in days}
        people = set(staff)
        query = select(LeaveRow).where(LeaveRow.until > min(noons.values()))
        return {
            (leave.staff, day)
            for leave in session.scalars(query.where(LeaveRow.since < max(noons.values())))
            for day, noon in noons.items()
            if leave.staff in people and leave.since <= noon < leave.until
        }


def days_of(week: str) -> tuple[str, ...]:
    """The seven days of a week, by its Monday or ``standard``."""
    if week == STANDARD_WEEK:
        return WEEKDAYS
    monday = date.fromisoformat(week)
    return tuple((monday + timedelta(days=n)).isoformat() for n in range(7))


def is_past(day: str) -> bool:
    """Whether *day* is a date before today, of the backend's local time."""
    return day not in WEEKDAYS and day < date.today().isoformat()


def shift_infos(session: Session) -> list[ShiftInfo]:
    """All shifts, by when they begin."""
    return [shift_info(r) for r in session.scalars(select(ShiftRow).order_by(ShiftRow.starts, ShiftRow.id))]


def shift_info(row: ShiftRow) -> ShiftInfo:
    """The row as it travels."""
    return ShiftInfo(id=row.id, name_zh=row.name_zh, name_en=row.name_en, starts=row.starts, ends=row.ends)


def _noon(day: str) -> float:
    return time.mktime(date.fromisoformat(day).timetuple()) + 43_200


def _cell(rows: dict[tuple[str, str], RotaRow], staff: str, day: str, leave: bool) -> RotaCell:
    row = rows.get((staff, day))
    standard = row is None and day not in WEEKDAYS
    if row is None and standard:
        row = rows.get((staff, WEEKDAYS[date.fromisoformat(day).weekday()]))
    if row is None:
        return RotaCell(leave=leave)
    return RotaCell(shift=row.shift, lead=row.lead, substitute=row.substitute, standard=standard, leave=leave)


def _as_body(cell: CellBody, row: RotaRow | None) -> dict[str, object]:
    if row is None:
        return {"staff": cell.staff, "day": cell.day, "shift": None}
    return {
        "staff": row.staff,
        "day": row.day,
        "shift": row.shift,
        "lead": row.lead,
        "substitute": row.substitute,
    }


def _write_cell(session: Session, row: RotaRow | None, cell: CellBody) -> None:
    if cell.shift is None:
        if row is not None:
            session.delete(row)
        return
    if row is None:
        row = RotaRow(staff=cell.staff, day=cell.day)
        session.add(row)
    row.shift, row.lead, row.substitute = cell.shift, cell.lead, cell.substitute
