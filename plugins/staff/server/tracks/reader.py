"""Reading of tracks: cut by area and by duty, each look audited with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from console.sdk.server import Caller, ServerContext
from plugins.staff.model import Track
from plugins.staff.server.desk import StaffDesk
from plugins.staff.server.duty.book import DutyBook
from plugins.staff.server.duty.plan import Span
from plugins.staff.server.tracks.measure import Points, credible, measure, thinned

MOST_POINTS = 20_000
"""Points a person that travel; a day at a fix each five seconds."""


@dataclass(frozen=True, slots=True)
class Walker:
    """One person whose track may be read."""

    staff: str
    name: str
    area: str
    handle: int
    spans: tuple[Span, ...]


class TrackReader:
    """Also what patrols and workload are measured by."""

    def __init__(self, server: ServerContext, desk: StaffDesk, book: DutyBook) -> None:
        self._server, self._desk, self._book = server, desk, book

    def allow(
        self,
        session: Session,
        caller: Caller,
        staff: Sequence[str],
        since: float,
        until: float,
        reason: str,
    ) -> list[Walker]:
        """Note the look at each of *staff* in the audit. Raises ApiError 404 outside the caller's areas."""
        rows = [self._desk.row(session, key, caller.areas) for key in dict.fromkeys(staff)]
        for row in rows:
            action = f"track.look:{since:.0f}-{until:.0f}"
            self._server.audit(session, caller, action, f"staff/{row.id}", reason=reason, area=row.area)
        return self.walkers(session, [(r.id, r.name, r.area, r.handle) for r in rows], since, until)

    def walkers(
        self, session: Session, people: Sequence[tuple[str, str, str, int]], since: float, until: float
    ) -> list[Walker]:
        """*people* (id, name, area, handle) with their spans of duty."""
        spans = self._book.spans(session, [person[0] for person in people], since, until)
        return [Walker(*person, tuple(spans.get(person[0], ()))) for person in people]

    def points(self, walker: Walker, since: float, until: float) -> Points:
        """Credible fixes from their time on duty, (n, 3). Opens a transaction of its own."""
        return credible(self._server.positions.history(walker.handle, since, until), walker.spans)

    def track(self, walker: Walker, since: float, until: float) -> Track:
        """The track as it travels."""
        points = self.points(walker, since, until)
        found = measure(points)
        rows = thinned(points, MOST_POINTS)
        return Track(
            staff=walker.staff,
            name=walker.name,
            area=walker.area,
            points=tuple((lon, lat, at) for lon, lat, at in rows.tolist()),
            metres=found.metres,
            foot_seconds=found.foot_seconds,
            stops=found.stops,
            fixes=len(points),
        )
