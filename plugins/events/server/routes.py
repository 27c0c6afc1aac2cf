"""Endpoints of the events plugin, under ``/events``."""

from __future__ import annotations

import time
import uuid
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from console.sdk.records import Event, EventClass, EventState, HistoryEntry, Urgency
from console.sdk.server import (
    ApiError,
    Caller,
    IdempotencyKey,
    ServerContext,
    Session,
    conflict,
    given_at,
    json_answer,
    write_once,
)
from plugins.events.model import ADDRESS_LIMIT, DETAIL_LIMIT, PERSONAL_FIELDS, TITLE_LIMIT, EventAction
from plugins.events.server.book import LATE, EventBook, to_record
from plugins.events.server.tables import EventRow

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Time = Annotated[float, Field(ge=0, allow_inf_nan=False)]
"""s since 1970."""
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TITLE_LIMIT)]


class NewEvent(BaseModel):
    """An event as it is reported."""

    title: Title
    where: tuple[Longitude, Latitude]
    kind: EventClass = EventClass.OTHER
    urgency: Urgency = Urgency.GENERAL
    detail: str = Field(default="", max_length=DETAIL_LIMIT)
    address: str = Field(default="", max_length=ADDRESS_LIMIT)
    reporter: str = Field(default="", max_length=64)
    reporter_phone: str = Field(default="", max_length=32)
    id: Id | None = None
    reported_at: Time | None = None
    """When it was written down, if that was while cut off."""


class Correction(BaseModel):
    """Other values for what was reported wrong; None leaves a field as it is."""

    title: Title | None = None
    kind: EventClass | None = None
    urgency: Urgency | None = None


class Step(BaseModel):
    """What an operator does with an event."""

    action: EventAction
    note: str = Field(default="", max_length=2000)
    given_at: Time | None = None
    """When the operator did it, if that was while cut off."""


class UnmaskBody(BaseModel):
    """Why a personal field must be seen, and which."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=500)]
    fields: list[str] = Field(default=list(PERSONAL_FIELDS), max_length=10)


def make_router(server: ServerContext, book: EventBook) -> APIRouter:
    """All endpoints of the plugin."""
    router = APIRouter(tags=["events"])
    _add_reading(router, server, book)
    _add_changes(router, server, book)
    _add_unmask(router, server, book)
    return router


def _add_reading(router: APIRouter, server: ServerContext, book: EventBook) -> None:
    reader = Depends(server.auth.require("event.read"))

    @router.get("", response_model=list[Event])
    def list_events(
        state: Literal["open", "all"] = "open",
        since: float = 0.0,
        limit: int = Query(default=1000, ge=1, le=5000),
        caller: Caller = reader,
    ) -> Response:
        """Events of the caller's areas, newest first."""
        with server.session(write=False) as session:
            found = book.all(session, caller.areas, only_open=state == "open", since=since, limit=limit)
            return json_answer(found)

    @router.get("/{event_id}", response_model=Event)
    def get_event(event_id: str, caller: Caller = reader) -> Response:
        """One event."""
        with server.session(write=False) as session:
            return json_answer(book.get(session, event_id, caller.areas))

    @router.get("/{event_id}/history", response_model=list[HistoryEntry])
    def history(event_id: str, caller: Caller = reader) -> Response:
        """Who did what with the event, oldest first."""
        with server.session(write=False) as session:
            book.row(session, event_id, caller.areas)
            return json_answer(book.history(session, event_id))


def _add_changes(router: APIRouter, server: ServerContext, book: EventBook) -> None:
    writer = Depends(server.auth.require("events.write"))

    @router.post("", response_model=Event)
    def report(body: NewEvent, key: IdempotencyKey = None, caller: Caller = writer) -> Response:
        """Report an event; its area is the smallest that holds the place."""

        def work(session: Session) -> Event:
            known = session.get(EventRow, body.id) if body.id else None
            if known is not None:
                return _known_event(known, caller)
            now = time.time()
            at = given_at(body.reported_at, key, now)
            row = _to_row(body, _area_of(server, caller, body.where), at)
            event = book.add(session, row, caller.name)
            both = _both_times(body.reported_at, now)
            server.audit(session, caller, "events.report", f"event/{row.id}", reason=both, area=row.area)
            return event

        return write_once(server, caller, key, work)

    @router.post("/{event_id}/actions", response_model=Event)
    def act(event_id: str, body: Step, key: IdempotencyKey = None, caller: Caller = writer) -> Response:
        """Accept, close, return, cancel, or add a note; 409 when the state does not allow it."""

        def work(session: Session) -> Event:
            row = book.row(session, event_id, caller.areas)
            now = time.time()
            at = given_at(body.given_at, key, now)
            event = book.act(session, row, body.action, caller.name, body.note, at)
            server.audit(
                session,
                caller,
                f"events.{body.action}",
                f"event/{event_id}",
                reason=" ".join(part for part in (body.note, _both_times(body.given_at, now)) if part),
                area=row.area,
            )
            return event

        return write_once(server, caller, key, work)

    @router.post("/{event_id}/correct", response_model=Event)
    def correct(
        event_id: str, body: Correction, key: IdempotencyKey = None, caller: Caller = writer
    ) -> Response:
        """Put title, class or urgency right; 409 when the event is over."""
        changes = {name: str(value) for name, value in body.model_dump(exclude_none=True).items()}

        def work(session: Session) -> Event:
            row = book.row(session, event_id, caller.areas)
            event = book.correct(session, row, changes, caller.name)
            what = ", ".join(f"{name}={value}" for name, value in changes.items())
            server.audit(session, caller, "events.correct", f"event/{event_id}", reason=what, area=row.area)
            return event

        return write_once(server, caller, key, work)


def _add_unmask(router: APIRouter, server: ServerContext, book: EventBook) -> None:
    privileged = Depends(server.auth.require("personal.read"))

    @router.post("/{event_id}/unmask")
    def unmask(event_id: str, body: UnmaskBody, caller: Caller = privileged) -> Response:
        """The whole values of personal fields; audited with the reason."""
        fields = [name for name in PERSONAL_FIELDS if name in body.fields]
        with server.session(write=True) as session:
            row = book.row(session, event_id, caller.areas)
            action = f"events.unmask:{','.join(fields)}"
            server.audit(session, caller, action, f"event/{event_id}", reason=body.reason, area=row.area)
            return json_answer({name: getattr(row, name) for name in fields})


def _known_event(row: EventRow, caller: Caller) -> Event:
    """The event that was reported under this id before."""
    if not caller.may_see(row.area):
        raise conflict("id_taken", "This id belongs to another event", "该编号已被占用")
    return to_record(row)


def _area_of(server: ServerContext, caller: Caller, where: tuple[float, float]) -> str:
    area = server.layers.area_at(where)
    if area is None or not caller.may_see(area):
        raise ApiError(
            422,
            "outside_areas",
            "The place lies outside your areas",
            "该位置不在您的辖区内",
            fields={"where": list(where)},
        )
    return area


def _both_times(told: float | None, now: float) -> str:
    """For the audit: when the console says it was done, and when that came; empty when at once."""
    if told is None or abs(now - told) <= LATE:
        return ""
    given, received = (time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at)) for at in (told, now))
    return f"given {given}, received {received}"


def _to_row(body: NewEvent, area: str, at: float) -> EventRow:
    lon, lat = body.where
    return EventRow(
        id=body.id or str(uuid.uuid4()),
        title=body.title,
        area=area,
        lon=lon,
        lat=lat,
        kind=body.kind,
        urgency=body.urgency,
        state=EventState.REPORTED,
        address=body.address,
        detail=body.detail,
        reporter=body.reporter,
        reporter_phone=body.reporter_phone,
        reported_at=at,
        closed_at=None,
    )
