"""``POST /staff/enrol``, for administrators."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from console.sdk.server import Caller, ServerContext
from plugins.staff.server.enrol.desk import MOST, Enrolled, Enrolment


class EnrolBody(BaseModel):
    """Lines of a staff table by heading, as ``onemap staff import`` reads them."""

    lines: list[dict[str, Any]] = Field(min_length=1, max_length=MOST)
    without_rejected: bool = False
    """Store the good lines though others are rejected."""


def make_enrol_router(server: ServerContext, enrolment: Enrolment) -> APIRouter:
    """The endpoint. Its answer holds secrets, so no answer is ever stored: there is no Idempotency-Key."""
    router = APIRouter(tags=["staff"])
    manager = Depends(server.auth.require("staff.manage"))

    @router.post("/enrol")
    def enrol(body: EnrolBody, caller: Caller = manager) -> Enrolled:
        """Take people into the staff of the caller's areas; with lines rejected nothing is stored."""
        with server.session(write=True) as session:
            return enrolment.take(session, body.lines, caller=caller, without_rejected=body.without_rejected)

    return router
