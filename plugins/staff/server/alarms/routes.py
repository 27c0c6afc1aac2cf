"""Endpoints of alarms, under ``/staff``."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import delete, select

from console.sdk.records import Alarm
from console.sdk.server import (
    ApiError,
    Caller,
    IdempotencyKey,
    ServerContext,
    Session,
    for_whole_district,
    json_answer,
    not_found,
    write_once,
)
from plugins.staff.model import ActivityRange
from plugins.staff.server.alarms.ranges import given_ranges, grids_within
from plugins.staff.server.alarms.register import AlarmRegister
from plugins.staff.server.alarms.rules import WatchRule
from plugins.staff.server.alarms.tables import RangeRow, WatchRuleRow
from plugins.staff.server.alarms.watch import load_rules
from plugins.staff.server.desk import StaffDesk

MOST_AREAS = 200
"""Areas of one range."""
RoleKey = Annotated[str, StringConstraints(pattern=r"^(\*|[a-z_]{1,32})$")]
Degrees = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Code = Annotated[str, StringConstraints(pattern=r"^\d{6,15}$")]


class SeenBody(BaseModel):
    """What was done about it; may stay empty."""

    note: str = Field(default="", max_length=500)


class RuleBody(BaseModel):
    """Minutes of silence and reach of the range of a role."""

    silent_minutes: int = Field(ge=1, le=24 * 60)
    range_digits: int = Field(ge=6, le=15)


class RangeBody(BaseModel):
    """Areas in which somebody moves; none: as their role says."""

    areas: list[Code] = Field(max_length=MOST_AREAS)


class PolygonBody(BaseModel):
    """A drawn polygon, (longitude, latitude) of its corners."""

    polygon: list[tuple[Degrees, Degrees]] = Field(min_length=3, max_length=500)


def make_alarm_router(server: ServerContext, desk: StaffDesk, register: AlarmRegister) -> APIRouter:
    """All endpoints of alarms; mounted before ``/{staff_id}``."""
    router = APIRouter(tags=["alarms"])
    _add_alarms(router, server, register)
    _add_rules(router, server)
    _add_ranges(router, server, desk)
    return router


def _add_alarms(router: APIRouter, server: ServerContext, register: AlarmRegister) -> None:
    reader = Depends(server.auth.require("alarms.read"))
    writer = Depends(server.auth.require("staff.write"))

    @router.get("/alarms", response_model=list[Alarm])
    def alarms(hours: Annotated[float, Query(gt=0, le=24 * 31)] = 24, caller: Caller = reader) -> Response:
        """Alarms of the last hours, newest first."""
        with server.session(write=False) as session:
            return json_answer(register.history(session, caller.areas, time.time() - hours * 3600))

    @router.post("/alarms/{alarm_id}/acknowledge", response_model=Alarm)
    def acknowledge(
        alarm_id: str, body: SeenBody, key: IdempotencyKey = None, caller: Caller = writer
    ) -> Response:
        """Say that one has seen the alarm."""
        return write_once(
            server, caller, key, lambda session: register.acknowledge(session, caller, alarm_id, body.note)
        )


def _add_rules(router: APIRouter, server: ServerContext) -> None:
    reader = Depends(server.auth.require("alarms.read"))
    leader = Depends(server.auth.require("duty.write"))

    @router.get("/alarms/rules")
    def rules(_caller: Caller = reader) -> dict[str, WatchRule]:
        """Rules by role; ``*`` is for all others."""
        with server.session(write=False) as session:
            return load_rules(session)

    @router.put("/alarms/rules/{role}")
    def set_rule(
        role: RoleKey,
        body: RuleBody,
        key: IdempotencyKey = None,
        caller: Caller = leader,
    ) -> Response:
        """Set the rule of a role; it holds for the whole district, so only who sees all of it may."""
        for_whole_district(caller)

        def work(session: Session) -> dict[str, Any]:
            session.merge(WatchRuleRow(role=role, **body.model_dump()))
            server.audit(session, caller, "staff.watch_rule", f"rule/{role}", area=caller.areas[0])
            return body.model_dump()

        return write_once(server, caller, key, work)

    @router.delete("/alarms/rules/{role}")
    def drop_rule(role: RoleKey, key: IdempotencyKey = None, caller: Caller = leader) -> Response:
        """Take the rule of a role away, so that the one of all others holds."""
        for_whole_district(caller)

        def work(session: Session) -> dict[str, Any]:
            if session.get(WatchRuleRow, role) is None:
                raise not_found()
            session.execute(delete(WatchRuleRow).where(WatchRuleRow.role == role))
            server.audit(session, caller, "staff.watch_rule_drop", f"rule/{role}", area=caller.areas[0])
            return {"role": role}

        return write_once(server, caller, key, work)


def _add_ranges(router: APIRouter, server: ServerContext, desk: StaffDesk) -> None:
    reader = Depends(server.auth.require("staff.read"))
    leader = Depends(server.auth.require("duty.write"))

    @router.get("/alarms/ranges", response_model=list[ActivityRange])
    def all_ranges(caller: Caller = reader) -> Response:
        """Ranges that people of the caller's areas were given."""
        with server.session(write=False) as session:
            return json_answer(given_ranges(server, session, caller))

    @router.post("/alarms/ranges/within")
    def within(body: PolygonBody, caller: Caller = leader) -> dict[str, list[str]]:
        """Codes of the caller's grids that a polygon touches: ``{"areas": [codes]}``; 422 for too many."""
        found = [code for code in grids_within(server, body.polygon) if caller.may_see(code)]
        if len(found) > MOST_AREAS:
            raise ApiError(422, "too_large", f"More than {MOST_AREAS} grids", f"超过 {MOST_AREAS} 个网格")
        return {"areas": found}

    @router.get("/{staff_id}/range")
    def get_range(staff_id: str, caller: Caller = reader) -> Response:
        """Areas in which somebody moves: ``{"areas": [codes]}``, empty where their role's rule holds."""
        with server.session(write=False) as session:
            desk.get(session, staff_id, caller.areas)
            query = select(RangeRow.area).where(RangeRow.staff == staff_id).order_by(RangeRow.area)
            return json_answer({"areas": list(session.scalars(query))})

    @router.put("/{staff_id}/range")
    def set_range(
        staff_id: str, body: RangeBody, key: IdempotencyKey = None, caller: Caller = leader
    ) -> Response:
        """Give somebody an activity range of their own."""

        def work(session: Session) -> dict[str, Any]:
            row = desk.row(session, staff_id, caller.areas)
            session.execute(delete(RangeRow).where(RangeRow.staff == staff_id))
            session.add_all(RangeRow(staff=staff_id, area=area) for area in sorted(set(body.areas)))
            server.audit(session, caller, "staff.range", f"staff/{staff_id}", area=row.area)
            return {"areas": sorted(set(body.areas))}

        return write_once(server, caller, key, work)
