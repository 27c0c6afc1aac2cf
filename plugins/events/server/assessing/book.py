"""Closed events with their times, and what was said of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.sdk.records import Event, EventClass, EventState, HistoryEntry, Urgency
from console.sdk.server import Caller, ServerContext, conflict
from plugins.events.model import ACTION, BEST, LIMITS, Assessed, Stage, timings_of
from plugins.events.server.assessing.tables import AssessmentRow
from plugins.events.server.book import EventBook, step_record
from plugins.events.server.tables import EventRow, EventStep

MOST = 2000
"""Events of one answer."""


class Assessments:
    """Reading cut by the caller's areas; an assessment is a step of the event's history as well."""

    def __init__(self, server: ServerContext, book: EventBook) -> None:
        self._server, self._book = server, book

    def between(
        self, session: Session, caller: Caller, first: date, last: date, area: str, kind: EventClass | None
    ) -> list[Assessed]:
        """Events closed from *first* to *last* (both within) in *area* (empty: all), newest first."""
        since, until = _start(first), _start(last + timedelta(days=1))
        query = select(EventRow).where(
            self._server.in_areas(EventRow.area, caller.areas),
            EventRow.state == EventState.CLOSED,
            EventRow.closed_at >= since,
            EventRow.closed_at < until,
        )
        if area:
            query = query.where(self._server.in_areas(EventRow.area, [area]))
        if kind is not None:
            query = query.where(EventRow.kind == kind)
        rows = session.scalars(query.order_by(EventRow.closed_at.desc(), EventRow.id).limit(MOST)).all()
        return self._records(session, rows)

    def one(self, session: Session, row: EventRow) -> Assessed:
        """The times of a closed event and what was said of it. Raises ApiError 409 when it is not closed."""
        _must_be_closed(row)
        return self._records(session, [row])[0]

    def assess(
        self, session: Session, row: EventRow, score: int, remark: str, actor: str, at: float
    ) -> Event:
        """Store it in place of an earlier one. Raises ApiError 409 when the event is not closed."""
        closed_at = _must_be_closed(row)
        said = session.get(AssessmentRow, row.id)
        if said is None:
            said = AssessmentRow(event_id=row.id)
            session.add(said)
        said.closed_at, said.score, said.remark, said.by, said.at = closed_at, score, remark, actor, at
        said.limits = {stage.value: seconds for stage, seconds in LIMITS[EventClass(row.kind)].items()}
        return self._book.mark(session, row, ACTION, actor, f"{score}/{BEST} {remark}".strip(), at)

    def _records(self, session: Session, rows: Sequence[EventRow]) -> list[Assessed]:
        ids = [row.id for row in rows]
        steps = session.scalars(
            select(EventStep).where(EventStep.event_id.in_(ids)).order_by(EventStep.event_id, EventStep.id)
        )
        histories = {
            event_id: [step_record(step) for step in group]
            for event_id, group in groupby(steps, lambda step: step.event_id)
        }
        query = select(AssessmentRow).where(AssessmentRow.event_id.in_(ids))
        said = {each.event_id: each for each in session.scalars(query)}
        return [_record(row, histories.get(row.id, []), said.get(row.id)) for row in rows]


def _record(row: EventRow, history: Sequence[HistoryEntry], said: AssessmentRow | None) -> Assessed:
    closed_at = row.closed_at or row.reported_at
    if said is not None and said.closed_at != row.closed_at:
        said = None  # it was of an earlier closing
    kind = EventClass(row.kind)
    limits = {stage: said.limits[stage] for stage in Stage} if said else LIMITS[kind]
    return Assessed(
        event=row.id,
        number=row.number,
        title=row.title,
        kind=kind,
        urgency=Urgency(row.urgency),
        area=row.area,
        reported_at=row.reported_at,
        closed_at=closed_at,
        timings=timings_of(row.reported_at, closed_at, history, limits),
        score=said.score if said else None,
        remark=said.remark if said else "",
        by=said.by if said else "",
        at=said.at if said else None,
    )


def _must_be_closed(row: EventRow) -> float:
    """When it was closed, s since 1970."""
    if row.state != EventState.CLOSED or row.closed_at is None:
        raise conflict(
            "not_closed", "Only a closed event can be assessed", "只能考核已结案的事件", state=row.state
        )
    return row.closed_at


def _start(day: date) -> float:
    """Midnight at the backend, s since 1970."""
    return datetime(day.year, day.month, day.day).timestamp()
