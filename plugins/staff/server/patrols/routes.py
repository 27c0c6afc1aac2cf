"""Endpoints of patrols, under ``/staff/patrols``."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from fastapi import APIRouter, Depends, Response

from console.sdk.server import ApiError, Caller, IdempotencyKey, ServerContext, json_answer, write_once
from plugins.staff.model import Patrol, PatrolDone, StreetWalked
from plugins.staff.server.patrols.bodies import CoverageBody, PatrolBody
from plugins.staff.server.patrols.desk import PatrolDesk


def make_patrol_router(server: ServerContext, patrols: PatrolDesk) -> APIRouter:
    """Mounted before ``/{staff_id}``."""
    router = APIRouter(tags=["patrols"])
    _add_plans(router, server, patrols)
    _add_reports(router, server, patrols)
    return router


def _add_plans(router: APIRouter, server: ServerContext, patrols: PatrolDesk) -> None:
    reader = Depends(server.auth.require("staff.read"))
    leader = Depends(server.auth.require("duty.write"))

    @router.get("/patrols", response_model=list[Patrol])
    def plans(caller: Caller = reader) -> Response:
        """Patrol plans of the caller's areas."""
        with server.session(write=False) as session:
            return json_answer(patrols.plans(session, caller))

    @router.post("/patrols", response_model=Patrol)
    def make(body: PatrolBody, key: IdempotencyKey = None, caller: Caller = leader) -> Response:
        """Make a plan."""
        return write_once(server, caller, key, lambda session: patrols.put(session, caller, body, None))

    @router.put("/patrols/{patrol_id}", response_model=Patrol)
    def change(
        patrol_id: str, body: PatrolBody, key: IdempotencyKey = None, caller: Caller = leader
    ) -> Response:
        """Change a plan."""
        return write_once(server, caller, key, lambda session: patrols.put(session, caller, body, patrol_id))

    @router.delete("/patrols/{patrol_id}")
    def drop(patrol_id: str, key: IdempotencyKey = None, caller: Caller = leader) -> Response:
        """Take a plan out."""
        return write_once(server, caller, key, lambda session: patrols.drop(session, caller, patrol_id))


def _add_reports(router: APIRouter, server: ServerContext, patrols: PatrolDesk) -> None:
    privileged = Depends(server.auth.require("tracks.read"))

    @router.post("/patrols/report/{day}", response_model=list[PatrolDone])
    def report(day: date, caller: Caller = privileged) -> Response:
        """Planned against walked on *day*; a POST, since looking is written down."""
        with server.session(write=True) as session:
            due = patrols.due(session, caller, day)
        return json_answer([patrols.done(*each) for each in due])

    @router.post("/patrols/coverage", response_model=list[StreetWalked])
    def coverage(body: CoverageBody, caller: Caller = privileged) -> Response:
        """Share of each street of an area that staff of the area walked on a day."""
        if not caller.may_see(body.area):
            raise ApiError(422, "outside_areas", "That area is not yours", "该区域不在您的辖区内")
        begin = datetime(body.day.year, body.day.month, body.day.day)
        window = (begin.timestamp(), (begin + timedelta(days=1)).timestamp())
        with server.session(write=True) as session:
            walkers = patrols.everybody(session, caller, body.area, window, body.reason)
        return json_answer(patrols.streets(body.area, window, walkers))
