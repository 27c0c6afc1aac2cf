"""Sums of a period by person."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.sdk.server import Caller, ServerContext
from plugins.staff.model import Load
from plugins.staff.server.duty.book import DutyBook
from plugins.staff.server.duty.plan import Span
from plugins.staff.server.tables import StaffRow
from plugins.staff.server.workload.tables import DayRow, JobRow

MOST = 1000
"""People of one answer."""


class WorkloadDesk:
    """Cut by the caller's areas; times clipped to the period and to now."""

    def __init__(self, server: ServerContext, book: DutyBook) -> None:
        self._server, self._book = server, book

    def loads(self, session: Session, caller: Caller, area: str, first: date, last: date) -> list[Load]:
        """Workload from *first* to *last* (both within) of people of *area* (empty: all)."""
        query = select(StaffRow).where(self._server.in_areas(StaffRow.area, caller.areas))
        if area:
            query = query.where(self._server.in_areas(StaffRow.area, [area]))
        people = session.scalars(query.order_by(StaffRow.area, StaffRow.id).limit(MOST)).all()
        since = datetime(first.year, first.month, first.day).timestamp()
        after = last + timedelta(days=1)
        until = min(datetime(after.year, after.month, after.day).timestamp(), time.time())
        ids = {person.id for person in people}
        metres = _metres(session, first, last)
        jobs = _jobs(session, since, until)
        spans = self._book.spans(session, sorted(ids), since, until)
        return [
            Load(
                staff=person.id,
                name=person.name,
                area=person.area,
                role=person.role,
                jobs=jobs.get(person.id, (0, 0.0))[0],
                job_seconds=jobs.get(person.id, (0, 0.0))[1],
                duty_seconds=_seconds(spans.get(person.id, ()), since, until),
                metres=metres.get(person.id, 0.0),
            )
            for person in people
        ]


def _metres(session: Session, first: date, last: date) -> dict[str, float]:
    query = select(DayRow.staff, func.sum(DayRow.metres)).group_by(DayRow.staff)
    query = query.where(DayRow.day >= first.isoformat(), DayRow.day <= last.isoformat())
    return {staff: float(metres) for staff, metres in session.execute(query).tuples()}


def _jobs(session: Session, since: float, until: float) -> dict[str, tuple[int, float]]:
    """Number of jobs that touch the period and the seconds spent on them within it, by staff id."""
    found: dict[str, tuple[int, float]] = {}
    query = select(JobRow).where(JobRow.since < until, func.coalesce(JobRow.until, until) >= since)
    for row in session.scalars(query):
        count, seconds = found.get(row.staff, (0, 0.0))
        end = min(row.until or until, until)
        found[row.staff] = (count + 1, seconds + max(end - max(row.since, since), 0.0))
    return found


def _seconds(spans: Sequence[Span], since: float, until: float) -> float:
    """Time on duty; spans that overlap count once."""
    total, reached = 0.0, since
    for span in spans:
        begin, end = max(span.since, reached), min(span.until, until)
        if end > begin:
            total += end - begin
            reached = end
    return total
