"""Who and what is near somebody who needs help."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from console.sdk import OneMapError, haversine
from console.sdk.records import Camera, LonLat
from plugins.staff.desktop.desk import Desk
from plugins.staff.desktop.states import State

NEAREST = 5


@dataclass(frozen=True, slots=True)
class Near:
    """A colleague or camera; *seconds* by road where somebody reckoned them."""

    type: str
    """``staff`` or ``camera``, as the selection names them."""
    id: str
    name: str
    metres: float
    seconds: float | None = None


def colleagues_around(desk: Desk, staff_id: str, where: LonLat) -> list[Near]:
    """The nearest on duty whose place is known, as the crow flies."""
    roster = desk.roster
    able = roster.placed & ((roster.state == State.ON_DUTY) | (roster.state == State.ON_JOB))
    rows = np.flatnonzero(able)
    metres = haversine(roster.lon[rows], roster.lat[rows], where[0], where[1])
    order = np.argsort(metres)[: NEAREST + 1]
    found = [(roster.records[int(rows[at])], float(metres[at])) for at in order]
    return [Near("staff", s.id, s.name, far) for s, far in found if s.id != staff_id][:NEAREST]


async def colleagues_by_road(desk: Desk, staff_id: str, where: LonLat) -> list[Near]:
    """The first of the dispatch ranking for the place; empty when nobody ranks. Reads the backend."""
    try:
        answer = await desk.ctx.backend.post("/dispatch/rank", {"where": where, "limit": NEAREST + 1})
    except OneMapError:
        return []
    candidates = answer if isinstance(answer, list) else answer.get("candidates", [])
    return [
        Near("staff", c["staff"], c["name"], c["metres"] or c["straight_metres"], c["eta_seconds"])
        for c in candidates
        if c["able"] and c["staff"] != staff_id
    ][:NEAREST]


def cameras_around(desk: Desk, where: LonLat) -> list[Near]:
    """The nearest cameras that are online."""
    cameras: list[Camera] = [c for c in desk.ctx.live.collection("camera").all() if c.online]
    if not cameras:
        return []
    places = np.array([camera.where for camera in cameras])
    metres = haversine(places[:, 0], places[:, 1], where[0], where[1])
    order = np.argsort(metres)[:NEAREST]
    return [Near("camera", cameras[at].id, cameras[at].name, float(metres[at])) for at in order.tolist()]
