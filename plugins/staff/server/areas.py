"""Staff, and what is kept for them by area, follow when an area is taken away.

Tracks, finished patrols and read hand-overs keep the code of their time.
"""

from __future__ import annotations

from sqlalchemy import or_, select

from console.sdk.server import AreaChange, Move, ServerContext, Session, move_rows
from plugins.staff.server.alarms.register import AlarmRegister
from plugins.staff.server.alarms.tables import AlarmRow, RangeRow
from plugins.staff.server.desk import StaffDesk
from plugins.staff.server.duty.tables import HandoverRow
from plugins.staff.server.patrols.tables import PatrolRow
from plugins.staff.server.tables import StaffRow


class StaffAreas:
    """Moves records when areas are changed."""

    def __init__(self, server: ServerContext, desk: StaffDesk, alarms: AlarmRegister) -> None:
        self._server, self._desk, self._alarms = server, desk, alarms

    def follow(self, session: Session, change: AreaChange) -> list[Move]:
        """All records of the staff in changed areas."""
        return [
            *self._staff(session, change),
            *self._alarms_of(session, change),
            *_plans(session, change),
            *_handovers(session, change),
            *_ranges(session, change),
        ]

    def _staff(self, session: Session, change: AreaChange) -> list[Move]:
        """Who belongs there, and who will return there from where they are lent to."""
        touched = or_(StaffRow.area.in_(change.touched), StaffRow.home.in_(change.touched))
        rows = session.scalars(select(StaffRow).where(touched)).all()
        homes: list[Move] = []
        for row in rows:
            home, former = change.of_member("home", row.id, row.home), row.home
            if home != former:
                row.home = home
                homes.append(Move(kind="home", id=row.id, before=former, after=home))
                self._desk.announce(session, row)

        def moved(row: StaffRow) -> None:
            self._server.positions.move_devices(session, row.id, row.area)
            self._desk.announce(session, row)

        own = move_rows("staff", rows, lambda row: change.of_member("staff", row.id, row.area), moved)
        return [*homes, *own]

    def _alarms_of(self, session: Session, change: AreaChange) -> list[Move]:
        query = select(AlarmRow).where(AlarmRow.area.in_(change.touched), AlarmRow.live)
        return move_rows(
            "alarm",
            session.scalars(query).all(),
            lambda row: change.of_member("alarm", row.id, row.area),
            lambda row: self._alarms.announce(session, row),
        )


def _plans(session: Session, change: AreaChange) -> list[Move]:
    rows = session.scalars(select(PatrolRow).where(PatrolRow.area.in_(change.touched))).all()
    return move_rows("patrol", rows, lambda row: change.of_member("patrol", row.id, row.area), _nothing)


def _handovers(session: Session, change: AreaChange) -> list[Move]:
    unread = HandoverRow.taken_at.is_(None)
    rows = session.scalars(select(HandoverRow).where(HandoverRow.area.in_(change.touched), unread)).all()
    return move_rows("handover", rows, lambda row: change.of_member("handover", row.id, row.area), _nothing)


def _ranges(session: Session, change: AreaChange) -> list[Move]:
    """A range moves as a whole: the heir may be in it already, and stays in it when the area comes back."""
    moves: list[Move] = []
    returning = {staff for kind, staff, _ in change.back if kind == "range"}
    there = select(RangeRow.staff).where(RangeRow.area.in_(change.heirs))
    for staff in sorted({*session.scalars(there), *returning}):
        rows = session.scalars(select(RangeRow).where(RangeRow.staff == staff)).all()
        before = ",".join(sorted(row.area for row in rows))
        former = change.back.get(("range", staff, before), before).split(",")
        areas = {change.heirs.get(area, area) for area in former if area}
        after = ",".join(sorted(areas))
        if after != before:
            for row in rows:
                if row.area not in areas:
                    session.delete(row)
            session.add_all(RangeRow(staff=staff, area=a) for a in areas - {row.area for row in rows})
            moves.append(Move(kind="range", id=staff, before=before, after=after))
    return moves


def _nothing(_row: object) -> None:
    """Patrols and hand-overs are no records of the feed."""
