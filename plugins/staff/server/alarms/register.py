"""Opening, acknowledging and ending alarms; one open alarm a person and kind."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.sdk.records import Alarm, AlarmKind, LonLat
from console.sdk.server import Caller, ServerContext, not_found
from plugins.staff.server.alarms.tables import AlarmRow


class AlarmRegister:
    """Every change goes to the feed in its transaction."""

    def __init__(self, server: ServerContext) -> None:
        self._server = server

    def live(self, session: Session, areas: Sequence[str]) -> list[Alarm]:
        """Alarms that are not over (SOS: or not acknowledged), oldest first."""
        query = select(AlarmRow).where(AlarmRow.live, self._server.in_areas(AlarmRow.area, areas))
        return [to_alarm(row) for row in session.scalars(query.order_by(AlarmRow.since, AlarmRow.id))]

    def history(self, session: Session, areas: Sequence[str], since: float) -> list[Alarm]:
        """All alarms that began after *since*, newest first; 1,000 at most."""
        query = select(AlarmRow).where(AlarmRow.since > since, self._server.in_areas(AlarmRow.area, areas))
        return [to_alarm(row) for row in session.scalars(query.order_by(AlarmRow.since.desc()).limit(1000))]

    def open(
        self, session: Session, kind: AlarmKind, staff: str, area: str, where: LonLat | None
    ) -> AlarmRow | None:
        """Begin an alarm; None when the person has one of the kind already."""
        if self._open_row(session, kind, staff) is not None:
            return None
        lon, lat = where if where is not None else (None, None)
        row = AlarmRow(
            id=str(uuid.uuid4()),
            kind=kind,
            staff=staff,
            area=area,
            lon=lon,
            lat=lat,
            since=time.time(),
            taken_by="",
            note="",
            live=True,
        )
        session.add(row)
        self.announce(session, row)
        return row

    def end(self, session: Session, kind: AlarmKind, staff: str, seen_by: str = "") -> None:
        """The reason of an alarm is gone; *seen_by* looked after it, if nobody was named before."""
        row = self._open_row(session, kind, staff)
        if row is not None:
            row.ended = time.time()
            if seen_by and row.taken_at is None:
                row.taken_by, row.taken_at = seen_by, row.ended
            self.announce(session, row)

    def acknowledge(self, session: Session, caller: Caller, alarm_id: str, note: str) -> Alarm:
        """Say that one has seen it; the first one counts. Raises ApiError 404."""
        in_areas = self._server.in_areas(AlarmRow.area, caller.areas)
        row = session.scalar(select(AlarmRow).where(AlarmRow.id == alarm_id, in_areas))
        if row is None:
            raise not_found()
        if row.taken_at is None:
            row.taken_by, row.taken_at, row.note = caller.name, time.time(), note
            subject = f"staff/{row.staff}"
            self._server.audit(session, caller, f"alarm.seen:{row.kind}", subject, reason=note, area=row.area)
            self.announce(session, row)
        return to_alarm(row)

    def _open_row(self, session: Session, kind: AlarmKind, staff: str) -> AlarmRow | None:
        query = select(AlarmRow).where(AlarmRow.staff == staff, AlarmRow.kind == kind)
        return session.scalar(query.where(AlarmRow.ended.is_(None)))

    def announce(self, session: Session, row: AlarmRow) -> None:
        """Put the changed row on the feed, or take it away when nobody needs it any more."""
        row.live = row.ended is None or (row.kind == AlarmKind.SOS and row.taken_at is None)
        row.version = self._server.feed.next_version(session)
        session.flush()
        if row.live:
            self._server.feed.put(session, "alarm", to_alarm(row))
        else:
            self._server.feed.drop(session, "alarm", row.id, row.area)


def to_alarm(row: AlarmRow) -> Alarm:
    """The row as it travels."""
    return Alarm(
        id=row.id,
        kind=AlarmKind(row.kind),
        staff=row.staff,
        area=row.area,
        where=None if row.lon is None or row.lat is None else (row.lon, row.lat),
        since=row.since,
        ended=row.ended,
        taken_by=row.taken_by,
        taken_at=row.taken_at,
        note=row.note,
        version=row.version,
    )
