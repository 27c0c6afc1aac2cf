"""Patrol plans as the backend keeps them, and the report of a day."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.sdk.server import ApiError, Caller, ServerContext, not_found
from plugins.staff.model import Checkpoint, Patrol, PatrolDone, StreetWalked
from plugins.staff.server.duty.plan import WEEKDAYS
from plugins.staff.server.patrols.bodies import PatrolBody
from plugins.staff.server.patrols.coverage import (
    Ground,
    first_reached,
    streets_walked,
    walked_by_road,
    walked_ground,
    walked_share,
)
from plugins.staff.server.patrols.matching import on_roads
from plugins.staff.server.patrols.streets import Streets
from plugins.staff.server.patrols.tables import PatrolRow
from plugins.staff.server.tables import StaffRow
from plugins.staff.server.tracks.reader import TrackReader, Walker

Window = tuple[float, float]


class PatrolDesk:
    """Reads tracks through the one reader, so only those from duty."""

    def __init__(self, server: ServerContext, reader: TrackReader) -> None:
        self._server, self._reader = server, reader
        self._streets = Streets(server)

    def plans(self, session: Session, caller: Caller) -> list[Patrol]:
        """Plans of the caller's areas."""
        query = select(PatrolRow).where(self._server.in_areas(PatrolRow.area, caller.areas))
        return [_record(row) for row in session.scalars(query.order_by(PatrolRow.name, PatrolRow.id))]

    def put(self, session: Session, caller: Caller, body: PatrolBody, patrol_id: str | None) -> Patrol:
        """Make a plan or change one. Raises ApiError 404, 422."""
        if not caller.may_see(body.area):
            raise ApiError(422, "outside_areas", "That area is not yours", "该区域不在您的辖区内")
        known = self._people(session, caller.areas, body.staff)
        if len(known) < len(set(body.staff)):
            raise not_found()
        if patrol_id is None:
            row = PatrolRow(id=str(uuid.uuid4()))
            session.add(row)
        else:
            row = self._row(session, caller, patrol_id)
        for name, value in body.model_dump().items():
            setattr(row, name, value)
        session.flush()
        self._server.audit(session, caller, "patrol.write", f"patrol/{row.id}", area=row.area)
        return _record(row)

    def drop(self, session: Session, caller: Caller, patrol_id: str) -> dict[str, str]:
        """Take a plan out. Raises ApiError 404."""
        row = self._row(session, caller, patrol_id)
        self._server.audit(session, caller, "patrol.drop", f"patrol/{row.id}", area=row.area)
        session.delete(row)
        return {"id": patrol_id}

    def due(self, session: Session, caller: Caller, day: date) -> list[tuple[Patrol, Window, list[Walker]]]:
        """Plans of *day* with their time window and who walks them; noted in the audit."""
        plans = [p for p in self.plans(session, caller) if WEEKDAYS[day.weekday()] in p.days]
        found: list[tuple[Patrol, Window, list[Walker]]] = []
        for plan in plans:
            window = _window(plan, day)
            people = self._people(session, caller.areas, plan.staff)
            found.append((plan, window, self._reader.walkers(session, people, *window)))
            action = f"patrol.report:{day.isoformat()}"
            self._server.audit(session, caller, action, f"patrol/{plan.id}", area=plan.area)
        return found

    def done(self, plan: Patrol, window: Window, walkers: Sequence[Walker]) -> PatrolDone:
        """Planned against walked. May take a second for each walker: not inside a transaction."""
        ground, path = Ground(*plan.path[0]), np.array(plan.path)
        tracks = [self._reader.points(walker, *window) for walker in walkers]
        strip = walked_ground(ground, tracks)
        metres, share = walked_share(ground, path, strip)
        matched = on_roads(self._server, ground, path, tracks)
        if matched is not None:
            share = walked_by_road(*matched, shapely.LineString(ground.metres(path)), strip)
        return PatrolDone(
            patrol=plan.id,
            name=plan.name,
            area=plan.area,
            planned_metres=metres,
            walked_share=share,
            by_road=matched is not None,
            reached=tuple(first_reached(ground, c.where, c.radius, tracks) for c in plan.checkpoints),
            checkpoints=tuple(c.name for c in plan.checkpoints),
        )

    def everybody(
        self, session: Session, caller: Caller, area: str, window: Window, reason: str
    ) -> list[Walker]:
        """All staff of *area*, noted in the audit as a look at what was walked there."""
        self._server.audit(session, caller, "patrol.coverage", f"area/{area}", reason=reason, area=area)
        areas = self._server.in_areas(StaffRow.area, caller.areas)
        query = select(StaffRow.id, StaffRow.name, StaffRow.area, StaffRow.handle)
        query = query.where(areas, self._server.in_areas(StaffRow.area, [area]))
        people = list(session.execute(query).tuples())
        return self._reader.walkers(session, people, *window)

    def streets(self, area: str, window: Window, walkers: Sequence[Walker]) -> list[StreetWalked]:
        """Each street of *area* with the share that was walked, least first."""
        names, lines = self._streets.within(area)
        if not names:
            return []
        ground = Ground(*shapely.get_coordinates(lines[0])[0].tolist())
        walked = walked_ground(ground, [self._reader.points(walker, *window) for walker in walkers])
        found = streets_walked(names, shapely.transform(lines, ground.metres), walked)
        rows = [
            StreetWalked(street=name, metres=whole, walked_share=part / whole if whole else 0.0)
            for name, (whole, part) in found.items()
        ]
        return sorted(rows, key=lambda row: (row.walked_share, -row.metres))

    def _row(self, session: Session, caller: Caller, patrol_id: str) -> PatrolRow:
        in_areas = self._server.in_areas(PatrolRow.area, caller.areas)
        row = session.scalar(select(PatrolRow).where(PatrolRow.id == patrol_id, in_areas))
        if row is None:
            raise not_found()
        return row

    def _people(
        self, session: Session, areas: Sequence[str], staff: Sequence[str]
    ) -> list[tuple[str, str, str, int]]:
        query = select(StaffRow.id, StaffRow.name, StaffRow.area, StaffRow.handle)
        query = query.where(StaffRow.id.in_(staff), self._server.in_areas(StaffRow.area, areas))
        return list(session.execute(query).tuples())


def _window(plan: Patrol, day: date) -> Window:
    midnight = datetime(day.year, day.month, day.day)
    ends = plan.ends if plan.ends > plan.starts else plan.ends + 24 * 60
    since, until = (midnight + timedelta(minutes=m) for m in (plan.starts, ends))
    return since.timestamp(), until.timestamp()


def _record(row: PatrolRow) -> Patrol:
    return Patrol(
        id=row.id,
        name=row.name,
        area=row.area,
        path=tuple((lon, lat) for lon, lat in row.path),
        checkpoints=tuple(
            Checkpoint(name=c["name"], where=(c["where"][0], c["where"][1]), radius=c["radius"])
            for c in row.checkpoints
        ),
        staff=tuple(row.staff),
        days=tuple(row.days),
        starts=row.starts,
        ends=row.ends,
    )
