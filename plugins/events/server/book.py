"""The events as the backend keeps them: reading cut by area, the closed loop, history, the feed."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.sdk.records import (
    OPEN_EVENT_STATES,
    Event,
    EventClass,
    EventState,
    HistoryEntry,
    Place,
    Urgency,
)
from console.sdk.server import (
    AreaChange,
    Caller,
    Move,
    ServerContext,
    announce,
    conflict,
    mask_name,
    mask_phone,
    move_rows,
    not_found,
)
from plugins.events.model import ALLOWED, COURSE, Course, EventAction, correct_action
from plugins.events.server.tables import EventRow, EventStep
from plugins.events.server.words import refusal

KEPT_AFTER_CLOSE = 86_400.0
"""Seconds that a closed event stays on new consoles."""
LATE = 5.0
"""Seconds from deed to arrival from which on the history tells both."""
SEEDER = "demo"
"""Actor of events that come with made-up data: they were never delivered."""
_CLOSED = (EventState.CLOSED, EventState.CANCELLED)


def to_record(row: EventRow) -> Event:
    """The row as it may travel: with the reporter masked."""
    return Event(
        id=row.id,
        number=row.number,
        title=row.title,
        area=row.area,
        where=(row.lon, row.lat),
        kind=EventClass(row.kind),
        urgency=Urgency(row.urgency),
        state=EventState(row.state),
        address=row.address,
        detail=row.detail,
        reporter=mask_name(row.reporter),
        reporter_phone=mask_phone(row.reporter_phone),
        reported_at=row.reported_at,
        closed_at=row.closed_at,
        version=row.version,
    )


def step_record(step: EventStep) -> HistoryEntry:
    """A step as it travels."""
    return HistoryEntry(
        at=step.at,
        actor=step.actor,
        action=step.action,
        note=step.note,
        state=step.state,
        received_at=step.received_at,
    )


class EventBook:
    """Service ``events`` for other server halves, and what the endpoints stand on."""

    def __init__(self, server: ServerContext) -> None:
        self._server = server

    def row(self, session: Session, event_id: str, areas: Sequence[str]) -> EventRow:
        """One row for changing. Raises ApiError 404 outside *areas*."""
        in_areas = self._server.in_areas(EventRow.area, areas)
        row = session.scalar(select(EventRow).where(EventRow.id == event_id, in_areas))
        if row is None:
            raise not_found()
        return row

    def get(self, session: Session, event_id: str, areas: Sequence[str]) -> Event:
        """One event. Raises ApiError 404 outside *areas*."""
        return to_record(self.row(session, event_id, areas))

    def by_ids(self, session: Session, event_ids: Sequence[str]) -> dict[str, Event]:
        """Events by id, wherever they are; for orders, whose area was checked when they were given."""
        rows = session.scalars(select(EventRow).where(EventRow.id.in_(event_ids)))
        return {row.id: to_record(row) for row in rows}

    def all(
        self,
        session: Session,
        areas: Sequence[str],
        *,
        only_open: bool,
        since: float = 0.0,
        limit: int = 1000,
    ) -> list[Event]:
        """Events of *areas* reported after *since*, newest first."""
        query = select(EventRow).where(self._server.in_areas(EventRow.area, areas))
        if only_open:
            query = query.where(EventRow.state.in_(OPEN_EVENT_STATES))
        query = query.where(EventRow.reported_at >= since).order_by(EventRow.reported_at.desc(), EventRow.id)
        return [to_record(row) for row in session.scalars(query.limit(limit))]

    def current(self, session: Session, areas: Sequence[str]) -> list[Event]:
        """What a new console needs: open events, and those closed within a day."""
        recent = EventRow.closed_at >= time.time() - KEPT_AFTER_CLOSE
        query = select(EventRow).where(self._server.in_areas(EventRow.area, areas))
        rows = session.scalars(query.where(EventRow.state.in_(OPEN_EVENT_STATES) | recent))
        return [to_record(row) for row in rows]

    def history(self, session: Session, event_id: str) -> list[HistoryEntry]:
        """Steps of one event, oldest first."""
        steps = session.scalars(
            select(EventStep).where(EventStep.event_id == event_id).order_by(EventStep.id)
        )
        return [step_record(step) for step in steps]

    def add(self, session: Session, row: EventRow, actor: str) -> Event:
        """Store a new event under the next number of its day; its history begins when it was reported."""
        row.number = self._next_number(session, row.reported_at)
        session.add(row)
        session.flush()
        return self._step(session, row, actor, "report", "", row.reported_at)

    def _next_number(self, session: Session, at: float) -> str:
        """``SJ20261122-0001``; writers run one after another, so counting is safe."""
        prefix = time.strftime("SJ%Y%m%d-", time.localtime(at))
        query = select(func.count()).where(EventRow.number >= prefix, EventRow.number < prefix[:-1] + ".")
        return f"{prefix}{(session.scalar(query) or 0) + 1:04d}"

    def act(
        self,
        session: Session,
        row: EventRow,
        action: EventAction,
        actor: str,
        note: str,
        at: float | None = None,
    ) -> Event:
        """One step of an operator, done at *at* (None: now). Raises ApiError 409 in the wrong state."""
        if action is not EventAction.NOTE:
            states, after = ALLOWED[action]
            if EventState(row.state) not in states:
                raise conflict("wrong_state", *refusal(EventState(row.state), action), state=row.state)
            self._enter(row, after, at)
        return self._step(session, row, actor, action, note, at)

    def mark(
        self, session: Session, row: EventRow, action: str, actor: str, note: str, at: float | None = None
    ) -> Event:
        """A step of the history that leaves the event as it is."""
        return self._step(session, row, actor, action, note, at)

    def correct(self, session: Session, row: EventRow, changes: Mapping[str, str], actor: str) -> Event:
        """Put other values into fields, a step of the history each. Raises ApiError 409 when it is over."""
        if EventState(row.state) not in OPEN_EVENT_STATES:
            raise conflict("wrong_state", "The event is over", "事件已结束，不能再更正", state=row.state)
        event = to_record(row)
        for name, value in changes.items():
            before = getattr(row, name)
            if before != value:
                setattr(row, name, value)
                event = self._step(session, row, actor, correct_action(name), f"{before} → {value}")
        return event

    def follow(self, session: Session, event_id: str, course: Course, actor: str, note: str) -> None:
        """Move an event as its orders go; in a state that the course does not know it stays."""
        row = session.get(EventRow, event_id)
        states, after = COURSE[Course(course)]
        if row is not None and EventState(row.state) in states:
            self._enter(row, after)
            self._step(session, row, actor, course, note)

    def follow_areas(self, session: Session, change: AreaChange) -> list[Move]:
        """Open events belong to the area that they lie in now; closed ones keep that of their time."""
        touched = EventRow.area.in_(change.touched)
        rows = session.scalars(select(EventRow).where(touched, EventRow.state.in_(OPEN_EVENT_STATES))).all()
        return move_rows(
            "event",
            rows,
            lambda row: change.of_place((row.lon, row.lat), row.area),
            lambda row: announce(self._server, session, "event", row, to_record),
        )

    def _enter(self, row: EventRow, state: EventState, at: float | None = None) -> None:
        row.state = state
        row.closed_at = (at or time.time()) if state in _CLOSED else None

    def _step(
        self, session: Session, row: EventRow, actor: str, action: str, note: str, at: float | None = None
    ) -> Event:
        """Write the history, give the row its version and put it on the feed."""
        now = time.time()
        step = EventStep(
            event_id=row.id, at=at or now, actor=actor, action=action, note=note, state=row.state
        )
        if now - step.at > LATE and actor != SEEDER:
            step.received_at = now
        session.add(step)
        return announce(self._server, session, "event", row, to_record)

    def seed(self, session: Session, records: Sequence[Event]) -> None:
        """Store new events with their whole personal fields."""
        for record in records:
            self.add(session, _to_row(record), SEEDER)

    def find(self, session: Session, caller: Caller, text: str, limit: int) -> list[Place]:
        """Search by number, title or address; never by who reported."""
        if "event.read" not in caller.rights:
            return []
        match = (
            EventRow.number.contains(text, autoescape=True)
            | EventRow.title.contains(text, autoescape=True)
            | EventRow.address.contains(text, autoescape=True)
        )
        query = select(EventRow).where(self._server.in_areas(EventRow.area, caller.areas), match)
        rows = session.scalars(query.order_by(EventRow.reported_at.desc()).limit(limit))
        return [
            Place(
                title=row.title,
                kind="event",
                where=(row.lon, row.lat),
                detail=f"{row.number} {row.address}".strip(),
                ref=f"event/{row.id}",
            )
            for row in rows
        ]


def _to_row(record: Event) -> EventRow:
    lon, lat = record.where
    return EventRow(
        id=record.id,
        title=record.title,
        area=record.area,
        lon=lon,
        lat=lat,
        kind=record.kind,
        urgency=record.urgency,
        state=record.state,
        address=record.address,
        detail=record.detail,
        reporter=record.reporter,
        reporter_phone=record.reporter_phone,
        reported_at=record.reported_at or time.time(),
        closed_at=record.closed_at,
    )
