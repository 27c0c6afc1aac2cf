"""Which cameras are gone, since when and why, and how many of each unit are online."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Depends, Response
from sqlalchemy import Select, func, select

from console.sdk.server import Caller, ServerContext, Session, json_answer
from plugins.cameras.model import Health
from plugins.cameras.server.tables import CameraRow, HealthRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A camera whose stream does not answer, or not to us."""

    camera: str
    name: str
    owner: str
    area: str
    state: Health
    fault: str
    """``unreachable``, ``silent``, ``missing``, ``garbled``, ``failing``, ``sign-in``, ``barred`` or
    ``other-key``; ``black``, ``covered`` or ``frozen`` of what answers."""
    since: float
    """s since 1970."""
    checked: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """The cameras of one owner."""

    owner: str
    cameras: int
    watched: int
    """Of which something is known."""
    online: int
    share: float | None
    """Online of those watched, 0..1; None: none is."""


class HealthReport:
    """Reading cut by area."""

    def __init__(self, server: ServerContext) -> None:
        self._server = server

    def gone(self, session: Session, areas: Sequence[str], owner: str) -> list[Gone]:
        """By owner, the longest gone first."""
        query = select(CameraRow, HealthRow).join(HealthRow, HealthRow.camera == CameraRow.id)
        query = query.where(HealthRow.state.in_((Health.OFFLINE, Health.REFUSED, Health.BLIND)))
        if owner:
            query = query.where(CameraRow.owner == owner)
        query = self._cut(query, areas).order_by(CameraRow.owner, HealthRow.since, CameraRow.id)
        return [_gone(camera, health) for camera, health in session.execute(query).tuples()]

    def units(self, session: Session, areas: Sequence[str]) -> list[Unit]:
        """By owner."""
        known = HealthRow.state != Health.UNKNOWN
        query = select(
            CameraRow.owner,
            func.count(),
            func.count().filter(known),
            func.count().filter(HealthRow.state == Health.ONLINE),
        ).outerjoin(HealthRow, HealthRow.camera == CameraRow.id)
        query = self._cut(query, areas).group_by(CameraRow.owner).order_by(CameraRow.owner)
        return [
            Unit(
                owner=owner,
                cameras=cameras,
                watched=watched,
                online=online,
                share=round(online / watched, 4) if watched else None,
            )
            for owner, cameras, watched, online in session.execute(query).tuples()
        ]

    def _cut(self, query: Select, areas: Sequence[str]) -> Select:
        return query.where(self._server.in_areas(CameraRow.area, areas))


def _gone(camera: CameraRow, health: HealthRow) -> Gone:
    return Gone(
        camera=camera.id,
        name=camera.name,
        owner=camera.owner,
        area=camera.area,
        state=Health(health.state),
        fault=health.fault,
        since=health.since or 0.0,
        checked=health.checked or 0.0,
    )


def make_health_router(server: ServerContext, report: HealthReport) -> APIRouter:
    """Endpoints under ``/cameras/health``."""
    router = APIRouter(prefix="/health", tags=["cameras"])
    reader = Depends(server.auth.require("camera.read"))

    @router.get("/gone", response_model=list[Gone])
    def gone(owner: str = "", caller: Caller = reader) -> Response:
        """Cameras of the caller's areas whose streams do not answer."""
        with server.session(write=False) as session:
            return json_answer(report.gone(session, caller.areas, owner))

    @router.get("/units", response_model=list[Unit])
    def units(caller: Caller = reader) -> Response:
        """How many cameras of each owner are online, in the caller's areas."""
        with server.session(write=False) as session:
            return json_answer(report.units(session, caller.areas))

    return router
