"""Endpoints of the staff plugin, under ``/staff``."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from console.sdk import PositionFlag, Positions
from console.sdk.records import Staff
from console.sdk.server import (
    Caller,
    IdempotencyKey,
    ServerContext,
    json_answer,
    write_once,
)
from plugins.staff.model import PERSONAL_FIELDS
from plugins.staff.server.desk import StaffDesk

_MAX_TRAIL_MINUTES = 120
"""What an operator needs of somebody on a job; a longer way back is a track, seen with a reason."""


class UnmaskBody(BaseModel):
    """Why a personal field must be seen, and which."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=500)]
    fields: list[str] = Field(default=list(PERSONAL_FIELDS), max_length=10)


def make_router(server: ServerContext, desk: StaffDesk) -> APIRouter:
    """All endpoints of the plugin."""
    router = APIRouter(tags=["staff"])
    _add_reading(router, server, desk)
    _add_changes(router, server, desk)
    _add_unmask(router, server, desk)
    return router


def _add_reading(router: APIRouter, server: ServerContext, desk: StaffDesk) -> None:
    reader = Depends(server.auth.require("staff.read"))

    @router.get("", response_model=list[Staff])
    def list_staff(caller: Caller = reader) -> Response:
        """All staff of the caller's areas."""
        with server.session(write=False) as session:
            return json_answer(desk.roster(session, caller.areas))

    @router.get("/{staff_id}", response_model=Staff)
    def get_staff(staff_id: str, caller: Caller = reader) -> Response:
        """One member of the staff."""
        with server.session(write=False) as session:
            return json_answer(desk.get(session, staff_id, caller.areas))

    @router.get("/{staff_id}/trail")
    def trail(
        staff_id: str,
        minutes: float = Query(default=30, gt=0, le=_MAX_TRAIL_MINUTES),
        caller: Caller = reader,
    ) -> Response:
        """Where they were: ``{"points": [[lon, lat, time]…]}``; flagged fixes are left out."""
        with server.session(write=False) as session:
            handle = desk.get(session, staff_id, caller.areas).handle
        now = time.time()
        fixes = server.positions.history(handle, now - minutes * 60, now)
        rows = zip(fixes.lon.tolist(), fixes.lat.tolist(), fixes.time.tolist(), strict=True)
        return json_answer(
            {"points": [row for row, bad in zip(rows, _flagged(fixes), strict=True) if not bad]}
        )


def _flagged(fixes: Positions) -> list[bool]:
    wrong = int(PositionFlag.JUMP | PositionFlag.NULL_ISLAND)
    return ((fixes.flags & wrong) > 0).tolist()


def _add_changes(router: APIRouter, server: ServerContext, desk: StaffDesk) -> None:
    writer = Depends(server.auth.require("staff.write"))

    @router.post("/{staff_id}/sos/clear", response_model=Staff)
    def clear_sos(staff_id: str, key: IdempotencyKey = None, caller: Caller = writer) -> Response:
        """Take back the call for help, once somebody has looked after it."""
        return write_once(server, caller, key, lambda session: desk.clear_sos(session, caller, staff_id))


def _add_unmask(router: APIRouter, server: ServerContext, desk: StaffDesk) -> None:
    privileged = Depends(server.auth.require("personal.read"))

    @router.post("/{staff_id}/unmask")
    def unmask(staff_id: str, body: UnmaskBody, caller: Caller = privileged) -> Response:
        """The whole values of personal fields; audited with the reason."""
        fields = [name for name in PERSONAL_FIELDS if name in body.fields]
        with server.session(write=True) as session:
            row = desk.row(session, staff_id, caller.areas)
            action = f"staff.unmask:{','.join(fields)}"
            server.audit(session, caller, action, f"staff/{staff_id}", reason=body.reason, area=row.area)
            return json_answer({name: getattr(row, name) for name in fields})
