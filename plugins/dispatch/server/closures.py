"""Closures: planned or in force, announced to all, kept when they have ended."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from console.sdk.records import Closure, ClosureShape, LonLat, Means
from console.sdk.server import ApiError, Caller, ServerContext, announce, not_found
from plugins.dispatch.server.tables import ClosureRow, FormerShape

_AREA_DIGITS = (15, 12, 9, 6, 4, 2)


def to_record(row: ClosureRow) -> Closure:
    """The row as it travels."""
    return Closure(
        id=row.id,
        area=row.area,
        shape=ClosureShape(row.shape),
        points=_places(row.points),
        reason=row.reason,
        means=tuple(Means(means) for means in row.means),
        by=row.by,
        since=row.since,
        until=row.until,
        version=row.version,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )


class ClosureBook:
    """The closures that are planned, in force, or over."""

    def __init__(self, server: ServerContext) -> None:
        self._server = server

    def in_force(self, session: Session) -> list[Closure]:
        """All closures in force, of every area: a road is closed to everybody. For routing only."""
        now = time.time()
        query = select(ClosureRow).where(*_not_over(now), ClosureRow.since <= now)
        return [to_record(row) for row in session.scalars(query.order_by(ClosureRow.id))]

    def all(self, session: Session, areas: Sequence[str]) -> list[Closure]:
        """Closures in *areas*, in force or planned."""
        query = select(ClosureRow).where(
            self._server.in_areas(ClosureRow.area, areas), *_not_over(time.time())
        )
        return [to_record(row) for row in session.scalars(query.order_by(ClosureRow.since, ClosureRow.id))]

    def history(self, session: Session, areas: Sequence[str], limit: int) -> list[Closure]:
        """Ended closures of *areas*, those that ended last first."""
        query = select(ClosureRow).where(
            self._server.in_areas(ClosureRow.area, areas), ClosureRow.ended_at.is_not(None)
        )
        rows = session.scalars(query.order_by(ClosureRow.ended_at.desc(), ClosureRow.id).limit(limit))
        return [to_record(row) for row in rows]

    def ended_since(self, session: Session, since: float) -> list[Closure]:
        """Closures of every area that ended after *since* (s since 1970), or had another shape until a
        time after it, which then is their ``ended_at``. For routing only."""
        query = select(ClosureRow).where(ClosureRow.ended_at >= since)
        former = select(FormerShape, ClosureRow).join(ClosureRow).where(FormerShape.until >= since)
        moved = [
            replace(to_record(row), points=_places(shape.points), ended_at=shape.until)
            for shape, row in session.execute(former)
        ]
        return [*(to_record(row) for row in session.scalars(query)), *moved]

    def former_shapes(self, session: Session, closure_id: str, areas: Sequence[str]) -> list[dict[str, Any]]:
        """Shapes that a closure had before in *areas*, the last first: points, until when, who changed it."""
        query = select(FormerShape).where(
            FormerShape.closure_id == closure_id, self._server.in_areas(FormerShape.area, areas)
        )
        rows = session.scalars(query.order_by(FormerShape.id.desc()))
        return [{"points": row.points, "until": row.until, "changed_by": row.changed_by} for row in rows]

    def row(
        self, session: Session, closure_id: str, areas: Sequence[str], *, ended: bool = False
    ) -> ClosureRow:
        """One row, unless it has ended (*ended*: even then). Raises ApiError 404 outside *areas*."""
        query = select(ClosureRow).where(
            ClosureRow.id == closure_id, self._server.in_areas(ClosureRow.area, areas)
        )
        row = session.scalar(query if ended else query.where(ClosureRow.ended_at.is_(None)))
        if row is None:
            raise not_found()
        return row

    def add(self, session: Session, row: ClosureRow) -> Closure:
        """Store and announce a closure."""
        session.add(row)
        return announce(self._server, session, "closure", row, to_record)

    def reshape(
        self, session: Session, row: ClosureRow, points: Sequence[LonLat], area: str, by: str
    ) -> Closure:
        """Give a closure another shape, and announce it; the one that it had is kept."""
        former = FormerShape(
            closure_id=row.id, area=row.area, points=row.points, until=time.time(), changed_by=by
        )
        session.add(former)
        if area != row.area:  # consoles of the old area may not see the new one
            self._server.feed.drop(session, "closure", row.id, row.area)
        row.points, row.area = [list(point) for point in points], area
        return announce(self._server, session, "closure", row, to_record)

    def end(self, session: Session, row: ClosureRow, by: str, at: float) -> None:
        """Open the road again at *at* (seconds since 1970); *by* is empty when its time is over."""
        row.ended_by, row.ended_at = by, at
        self._server.feed.drop(session, "closure", row.id, row.area)

    def end_expired(self) -> None:
        """Take back closures whose time is over."""
        query = select(ClosureRow).where(ClosureRow.ended_at.is_(None), ClosureRow.until <= time.time())
        with self._server.session(write=False) as session:
            if session.scalars(query.limit(1)).first() is None:
                return
        with self._server.session(write=True) as session:
            for row in session.scalars(query).all():
                self.end(session, row, "", row.until or time.time())

    def area_for(self, caller: Caller, points: Sequence[LonLat]) -> str:
        """The smallest area that holds all *points*, as far as it is the caller's.

        Raises ApiError 422 when a point lies in somebody else's area, or none in the caller's.
        """
        found = [area for area in map(self._server.layers.area_at, points) if area is not None]
        if not found or not all(caller.may_see(area) for area in found):
            raise ApiError(
                422, "outside_areas", "The closure lies outside your areas", "封控位置不在您的辖区内"
            )
        common = _common_area(found)
        if common and caller.may_see(common):
            return common
        return next(area for area in caller.areas if found[0].startswith(area))


def _places(points: Sequence[Sequence[float]]) -> tuple[LonLat, ...]:
    return tuple((lon, lat) for lon, lat in points)


def _not_over(now: float) -> tuple[ColumnElement[bool], ...]:
    """Conditions: nobody ended it, and its time is not over."""
    return ClosureRow.ended_at.is_(None), or_(ClosureRow.until.is_(None), ClosureRow.until > now)


def _common_area(areas: Sequence[str]) -> str:
    """The smallest area that holds all *areas*; empty when they share none."""
    for digits in _AREA_DIGITS:
        head = areas[0][:digits]
        if len(head) == digits and all(area[:digits] == head for area in areas):
            return head
    return ""
