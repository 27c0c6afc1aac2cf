"""Health, areas, search, audit, plugins."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy import select

import console
from console.model.area import Area, in_any_area
from console.model.records import Place
from console.sdk.server import Caller
from console.server.access import Access
from console.server.areas import Rings, areas_of, in_areas, polygons_of
from console.server.core import Core
from console.server.errors import standard_error
from console.server.plugins import ServerHalf
from console.server.tables import AreaRow, Audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """State of the server; ``status`` is ``ok`` or ``degraded``."""

    status: str
    version: str
    time: float
    stream: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerReport:
    """One listener; ``state`` is ``stopped``, ``starting``, ``running`` or ``waiting``."""

    name: str
    state: str
    fault: str
    since: float
    starts: int
    taken: int
    refused: dict[str, int]
    """Messages refused, by reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One line of the audit table."""

    id: int
    at: float
    actor: str
    actor_name: str
    action: str
    subject: str
    area: str
    reason: str
    hash: str


def core_routes(core: Core, access: Access, halves: Sequence[ServerHalf]) -> APIRouter:
    """Routes of the core that read."""
    routes = APIRouter()

    @routes.get("/health", operation_id="health", tags=["server"])
    def health() -> Health:
        """Whether the server works; open to all."""
        fault = core.intake.fault
        return Health(
            status="degraded" if fault else "ok",
            version=console.__version__,
            time=time.time(),
            stream=core.hub.stream,
            detail=fault,
        )

    @routes.get("/listeners", operation_id="listeners", tags=["server"])
    def listeners(_caller: Caller = Depends(access.require("audit.read"))) -> Sequence[ListenerReport]:
        """Ways in for devices other than HTTP: whether they run, what they took and refused."""
        return [
            ListenerReport(
                name=state.name,
                state=state.state,
                fault=state.fault,
                since=state.since,
                starts=state.starts,
                taken=taken,
                refused=refused,
            )
            for state, taken, refused in core.listeners.states()
        ]

    @routes.get("/plugins", operation_id="plugins", tags=["server"])
    def plugins(_caller: Caller = Depends(access.require("plugins.read"))) -> Sequence[ServerHalf]:
        """Server halves, those that failed too."""
        return halves

    @routes.get("/audit", operation_id="audit", tags=["server"])
    def audit(
        caller: Caller = Depends(access.require("audit.read")),
        limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    ) -> list[AuditLine]:
        """Newest lines first, of the caller's areas and those without an area."""
        cut = (Audit.area == "") | in_areas(Audit.area, caller.areas)
        query = select(Audit).where(cut).order_by(Audit.id.desc()).limit(limit)
        with core.database.read() as session:
            return [_audit_line(row) for row in session.scalars(query)]

    return routes


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaOutline:
    """Polygons of an area, each a shell followed by its holes, closed, WGS84 degrees."""

    code: str
    polygons: list[Rings]


def place_routes(core: Core, access: Access) -> APIRouter:
    """Routes that find areas and places."""
    routes = APIRouter(tags=["places"])

    @routes.get("/areas", operation_id="areas")
    def areas(caller: Caller = Depends(access.require("areas.read"))) -> list[Area]:
        """The caller's areas and all in them, largest first."""
        with core.database.read() as session:
            return areas_of(session, caller.areas)

    @routes.get("/areas/at", operation_id="areaAt")
    def area_at(
        lon: Annotated[float, Query(ge=-180, le=180)],
        lat: Annotated[float, Query(ge=-90, le=90)],
        caller: Caller = Depends(access.require("areas.read")),
    ) -> Area:
        """The smallest area that holds a place."""
        code = core.areas.area_at((lon, lat))
        if code is None or not in_any_area(code, caller.areas):
            raise standard_error(404)
        with core.database.read() as session:
            found = areas_of(session, [code])
        if not found:
            raise standard_error(404)
        return found[0]

    @routes.get("/areas/{code}/outline", operation_id="areaOutline")
    def outline(code: str, caller: Caller = Depends(access.require("areas.read"))) -> AreaOutline:
        """The polygons of an area of the caller."""
        with core.database.read() as session:
            row = session.get(AreaRow, code) if in_any_area(code, caller.areas) else None
            if row is None:
                raise standard_error(404)
            return AreaOutline(code=code, polygons=polygons_of(row.geometry))

    @routes.get("/search", operation_id="search")
    def search(
        q: Annotated[str, Query(max_length=200)],
        caller: Caller = Depends(access.require("search.read")),
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> list[Place]:
        """Roads, places, addresses, areas and what plugins find."""
        with core.database.read() as session:
            return core.search.find(session, caller, q, limit)

    return routes


def _audit_line(row: Audit) -> AuditLine:
    return AuditLine(
        id=row.id,
        at=row.at,
        actor=row.actor,
        actor_name=row.actor_name,
        action=row.action,
        subject=row.subject,
        area=row.area,
        reason=row.reason,
        hash=row.hash,
    )
