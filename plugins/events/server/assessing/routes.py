"""Endpoints of assessment, mounted before ``/events/{event_id}``."""

from __future__ import annotations

import time
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from console.sdk.records import Event, EventClass
from console.sdk.server import (
    ApiError,
    Caller,
    IdempotencyKey,
    ServerContext,
    Session,
    given_at,
    json_answer,
    write_once,
)
from plugins.events.model import BEST, LONGEST_DAYS, REMARK_LIMIT, RIGHT, Assessed
from plugins.events.server.assessing.book import Assessments
from plugins.events.server.book import EventBook


class Verdict(BaseModel):
    """What is said of the quality of a closed event."""

    score: int = Field(ge=1, le=BEST)
    remark: Annotated[str, StringConstraints(strip_whitespace=True, max_length=REMARK_LIMIT)] = ""
    given_at: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """When it was said, if that was while cut off; s since 1970."""


def make_assessment_router(server: ServerContext, book: EventBook) -> APIRouter:
    """Lists by period, one event, and the assessment itself."""
    router = APIRouter(tags=["assessment"])
    assessments = Assessments(server, book)
    reader = Depends(server.auth.require("event.read"))
    assessor = Depends(server.auth.require(RIGHT))

    @router.get("/assessments", response_model=list[Assessed])
    def closed_between(
        first: date,
        last: date,
        area: Annotated[str, Query(max_length=15, pattern=r"^\d*$")] = "",
        kind: EventClass | None = None,
        caller: Caller = reader,
    ) -> Response:
        """Closed events of some days, assessed or not, newest first."""
        if not 0 <= (last - first).days < LONGEST_DAYS:
            raise ApiError(422, "period", "Choose a period of at most 92 days", "请选择不超过 92 天的时段")
        with server.session(write=False) as session:
            return json_answer(assessments.between(session, caller, first, last, area, kind))

    @router.get("/{event_id}/assessment", response_model=Assessed)
    def assessment(event_id: str, caller: Caller = reader) -> Response:
        """Times and assessment of a closed event; 409 when it is open."""
        with server.session(write=False) as session:
            return json_answer(assessments.one(session, book.row(session, event_id, caller.areas)))

    @router.post("/{event_id}/assessment", response_model=Event)
    def assess(
        event_id: str, body: Verdict, key: IdempotencyKey = None, caller: Caller = assessor
    ) -> Response:
        """Say how well a closed event was handled, or say it anew; 409 when it is open."""

        def work(session: Session) -> Event:
            row = book.row(session, event_id, caller.areas)
            at = given_at(body.given_at, key, time.time())
            event = assessments.assess(session, row, body.score, body.remark, caller.name, at)
            reason = f"{body.score}/{BEST} {body.remark}".strip()
            server.audit(session, caller, "events.assess", f"event/{event_id}", reason=reason, area=row.area)
            return event

        return write_once(server, caller, key, work)

    return router
