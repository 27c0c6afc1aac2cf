"""Endpoints of duty, under ``/staff``."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response

from console.sdk.records import Staff
from console.sdk.server import (
    Caller,
    IdempotencyKey,
    ServerContext,
    Session,
    for_whole_district,
    json_answer,
    write_once,
)
from plugins.staff.model import Handover, Leave, OnNow, RotaWeek, ShiftInfo
from plugins.staff.server.desk import StaffDesk
from plugins.staff.server.duty.bodies import (
    CellsBody,
    CopyBody,
    DutyBody,
    HandoverBody,
    LeaveBody,
    ShiftBody,
    Week,
)
from plugins.staff.server.duty.book import DutyBook
from plugins.staff.server.duty.exceptions import Exceptions
from plugins.staff.server.duty.handovers import Handovers
from plugins.staff.server.duty.on_now import on_now
from plugins.staff.server.duty.rota import Rota, shift_infos
from plugins.staff.server.duty.shifts import Shifts

ShiftId = Annotated[str, Path(pattern=r"^[a-z0-9_-]{1,16}$")]
AreaQuery = Annotated[str, Query(max_length=15, pattern=r"^\d*$")]


@dataclass(frozen=True, slots=True)
class DutyParts:
    """What the endpoints stand on."""

    server: ServerContext
    desk: StaffDesk
    book: DutyBook
    rota: Rota
    shifts: Shifts
    exceptions: Exceptions
    handovers: Handovers


def build_duty(server: ServerContext, desk: StaffDesk, book: DutyBook) -> DutyParts:
    """The parts around one book."""
    rota = Rota(server, desk, book)
    exceptions = Exceptions(server, desk, book, rota)
    return DutyParts(server, desk, book, rota, Shifts(server, rota), exceptions, Handovers(server))


def make_duty_router(parts: DutyParts) -> APIRouter:
    """All endpoints of duty; mounted before ``/{staff_id}``."""
    router = APIRouter(tags=["duty"])
    _add_rota(router, parts)
    _add_shifts(router, parts)
    _add_leave(router, parts)
    _add_handovers(router, parts)
    _add_override(router, parts)
    return router


def _add_rota(router: APIRouter, parts: DutyParts) -> None:
    server, rota = parts.server, parts.rota
    reader = Depends(server.auth.require("staff.read"))
    leader = Depends(server.auth.require("duty.write"))

    @router.get("/duty/now", response_model=list[OnNow])
    def now(area: AreaQuery = "", caller: Caller = reader) -> Response:
        """Who is on duty now, those who lead first."""
        with server.session(write=False) as session:
            return json_answer(on_now(server, session, parts.book.now(time.time()), caller.areas, area))

    @router.get("/duty/week", response_model=RotaWeek)
    def week(monday: Week, area: AreaQuery = "", caller: Caller = reader) -> Response:
        """The rota of a week, by its Monday or ``standard``."""
        with server.session(write=False) as session:
            return json_answer(rota.week(session, caller, monday, area))

    @router.put("/duty/week")
    def set_week(body: CellsBody, key: IdempotencyKey = None, caller: Caller = leader) -> Response:
        """Set cells, all or none: ``{"before": [cells]}``, which given back undoes it."""

        def work(session: Session) -> dict[str, Any]:
            return {"before": rota.set_cells(session, caller, body.cells)}

        return write_once(server, caller, key, work)

    @router.post("/duty/week/copy")
    def copy_week(body: CopyBody, key: IdempotencyKey = None, caller: Caller = leader) -> Response:
        """Copy a week onto another; answers as setting does."""

        def work(session: Session) -> dict[str, Any]:
            cells = rota.copy(session, caller, body.source, body.target, body.area)
            return {"before": rota.set_cells(session, caller, cells) if cells else []}

        return write_once(server, caller, key, work)


def _add_shifts(router: APIRouter, parts: DutyParts) -> None:
    server, shifts = parts.server, parts.shifts
    reader = Depends(server.auth.require("staff.read"))
    leader = Depends(server.auth.require("duty.write"))

    @router.get("/duty/shifts", response_model=list[ShiftInfo])
    def all_shifts(_caller: Caller = reader) -> Response:
        """All shifts, by when they begin; they are the same in all streets."""
        with server.session(write=False) as session:
            return json_answer(shift_infos(session))

    @router.put("/duty/shifts/{shift_id}")
    def put_shift(
        shift_id: ShiftId, body: ShiftBody, key: IdempotencyKey = None, caller: Caller = leader
    ) -> Response:
        """Store or change a shift of all streets: ``{"before": shift|null}``."""
        for_whole_district(caller)
        return write_once(
            server, caller, key, lambda session: {"before": shifts.put(session, caller, shift_id, body)}
        )

    @router.delete("/duty/shifts/{shift_id}")
    def drop_shift(shift_id: ShiftId, key: IdempotencyKey = None, caller: Caller = leader) -> Response:
        """Take a shift away; 409 while the rota has it on a day to come."""
        for_whole_district(caller)
        return write_once(
            server, caller, key, lambda session: {"before": shifts.drop(session, caller, shift_id)}
        )


def _add_leave(router: APIRouter, parts: DutyParts) -> None:
    server, exceptions = parts.server, parts.exceptions
    reader = Depends(server.auth.require("staff.read"))
    leader = Depends(server.auth.require("duty.write"))

    @router.get("/duty/leave", response_model=list[Leave])
    def leave(area: AreaQuery = "", caller: Caller = reader) -> Response:
        """Leave that is not long over."""
        with server.session(write=False) as session:
            return json_answer(exceptions.leave(session, caller, area))

    @router.post("/duty/leave", response_model=Leave)
    def add_leave(body: LeaveBody, key: IdempotencyKey = None, caller: Caller = leader) -> Response:
        """Give somebody leave, from now on at the earliest."""
        return write_once(server, caller, key, lambda session: exceptions.add_leave(session, caller, body))

    @router.delete("/duty/leave/{leave_id}")
    def end_leave(leave_id: str, key: IdempotencyKey = None, caller: Caller = leader) -> Response:
        """End leave now, or take it back before it begins."""
        return write_once(
            server, caller, key, lambda session: exceptions.end_leave(session, caller, leave_id)
        )


def _add_handovers(router: APIRouter, parts: DutyParts) -> None:
    server, handovers = parts.server, parts.handovers
    reader = Depends(server.auth.require("staff.read"))
    writer = Depends(server.auth.require("staff.write"))

    @router.get("/duty/handovers", response_model=list[Handover])
    def latest(caller: Caller = reader) -> Response:
        """Hand-overs of the caller's areas, newest first."""
        with server.session(write=False) as session:
            return json_answer(handovers.latest(session, caller))

    @router.post("/duty/handovers", response_model=Handover)
    def give(body: HandoverBody, key: IdempotencyKey = None, caller: Caller = writer) -> Response:
        """Hand over to the next shift."""
        return write_once(server, caller, key, lambda session: handovers.give(session, caller, body))

    @router.post("/duty/handovers/{handover_id}/take", response_model=Handover)
    def take(handover_id: str, key: IdempotencyKey = None, caller: Caller = writer) -> Response:
        """Take over, having read it."""
        return write_once(server, caller, key, lambda session: handovers.take(session, caller, handover_id))


def _add_override(router: APIRouter, parts: DutyParts) -> None:
    server, exceptions = parts.server, parts.exceptions
    leader = Depends(server.auth.require("duty.write"))

    @router.post("/{staff_id}/duty", response_model=Staff)
    def override(
        staff_id: str, body: DutyBody, key: IdempotencyKey = None, caller: Caller = leader
    ) -> Response:
        """Put somebody on or off duty against the rota, with the reason."""
        return write_once(
            server, caller, key, lambda session: exceptions.override(session, caller, staff_id, body)
        )
