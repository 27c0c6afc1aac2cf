"""The staff as the backend keeps them: reading cut by area, changes announced on the feed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.sdk.records import AlarmKind, Duty, LonLat, Means, Place, Staff
from console.sdk.server import Caller, ServerContext, announce, mask_phone, not_found
from plugins.staff.server.alarms.register import AlarmRegister
from plugins.staff.server.spelling import spelled
from plugins.staff.server.tables import StaffRow
from plugins.staff.server.workload.jobs import note_job


def to_record(row: StaffRow) -> Staff:
    """The row as it may travel: with the phone masked."""
    return Staff(
        id=row.id,
        handle=row.handle,
        name=row.name,
        area=row.area,
        role=row.role,
        duty=Duty(row.duty),
        means=Means(row.means),
        job=row.job,
        sos=row.sos,
        skills=tuple(row.skills),
        phone=mask_phone(row.phone),
        version=row.version,
        home=row.home,
        lent_until=row.lent_until,
    )


class StaffDesk:
    """Service ``staff`` for other server halves, and what the endpoints stand on."""

    def __init__(self, server: ServerContext, alarms: AlarmRegister) -> None:
        self._server, self._alarms = server, alarms

    def roster(self, session: Session, areas: Sequence[str]) -> list[Staff]:
        """All staff of *areas*, by id."""
        query = select(StaffRow).where(self._server.in_areas(StaffRow.area, areas)).order_by(StaffRow.id)
        return [to_record(row) for row in session.scalars(query)]

    def row(self, session: Session, staff_id: str, areas: Sequence[str]) -> StaffRow:
        """One row for changing. Raises ApiError 404 outside *areas*."""
        in_areas = self._server.in_areas(StaffRow.area, areas)
        row = session.scalar(select(StaffRow).where(StaffRow.id == staff_id, in_areas))
        if row is None:
            raise not_found()
        return row

    def get(self, session: Session, staff_id: str, areas: Sequence[str]) -> Staff:
        """One member. Raises ApiError 404 outside *areas*."""
        return to_record(self.row(session, staff_id, areas))

    def name_of(self, session: Session, staff_id: str) -> str:
        """Name of a member, wherever they belong, for the history; the id of somebody unknown."""
        row = session.get(StaffRow, staff_id)
        return row.name if row is not None else staff_id

    def handles(self, session: Session, staff_ids: Sequence[str]) -> dict[str, tuple[int, Means]]:
        """Handle in position columns and means of each of *staff_ids*, wherever they belong."""
        query = select(StaffRow.id, StaffRow.handle, StaffRow.means).where(StaffRow.id.in_(staff_ids))
        return {row.id: (row.handle, Means(row.means)) for row in session.execute(query)}

    def by_ids(self, session: Session, staff_ids: Sequence[str]) -> list[Staff]:
        """Members wherever they are; the caller's rights must be checked elsewhere."""
        return [to_record(row) for row in session.scalars(select(StaffRow).where(StaffRow.id.in_(staff_ids)))]

    def assign(self, session: Session, staff_id: str, area: str, home: str, until: float | None) -> None:
        """Put somebody under the command of *area*, lent from *home*; an empty *home*: they are back."""
        row = session.get(StaffRow, staff_id)
        if row is not None:
            row.area, row.home, row.lent_until = area, home, until
            self._server.positions.move_devices(session, staff_id, area)
            self.announce(session, row)

    def set_job(self, session: Session, staff_id: str, job: str) -> None:
        """Note the open order of a member, or none."""
        row = session.get(StaffRow, staff_id)
        if row is not None and row.job != job:
            row.job = job
            note_job(session, staff_id, job)
            self.announce(session, row)

    def set_duty(self, session: Session, row: StaffRow, on: bool) -> Staff:
        """Write whether somebody is on duty, as the rota or a leader says."""
        row.duty = Duty.ON if on else Duty.OFF
        return self.announce(session, row)

    def announce(self, session: Session, row: StaffRow) -> Staff:
        """Give the changed row its version and put it on the feed."""
        return announce(self._server, session, "staff", row, to_record)

    def raise_sos(self, handles: Sequence[int]) -> None:
        """Mark those of *handles* who ask for help and are not marked yet."""
        query = select(StaffRow).where(StaffRow.handle.in_(handles), StaffRow.sos.is_(False))
        with self._server.session(write=False) as session:
            if session.scalars(query.limit(1)).first() is None:
                return
        places = self._last_places(None)
        with self._server.session(write=True) as session:
            for row in session.scalars(query).all():
                row.sos = True
                where = places.get(row.handle) if row.duty == Duty.ON else None
                self._alarms.open(session, AlarmKind.SOS, row.id, row.area, where)
                self.announce(session, row)

    def clear_sos(self, session: Session, caller: Caller, staff_id: str) -> Staff:
        """Take back a call for help that somebody has looked after. Raises ApiError 404."""
        row = self.row(session, staff_id, caller.areas)
        row.sos = False
        self._alarms.end(session, AlarmKind.SOS, row.id, seen_by=caller.name)
        self._server.audit(session, caller, "staff.clear_sos", f"staff/{staff_id}", area=row.area)
        return self.announce(session, row)

    def seed(self, session: Session, records: Sequence[Staff]) -> dict[str, tuple[str, str]]:
        """Store new members and a device for each; returns {staff id: (device id, secret)}."""
        devices: dict[str, tuple[str, str]] = {}
        for record in records:
            device_id = f"device-{record.id}"
            devices[record.id] = (device_id, self.add(session, record, device_id))
        return devices

    def add(self, session: Session, record: Staff, device_id: str) -> str:
        """Store a new member (with the whole phone) and their device; returns its secret."""
        handle, secret = self._server.positions.add_device(session, device_id, record.id, record.area)
        row = StaffRow(
            id=record.id,
            handle=handle,
            name=record.name,
            area=record.area,
            role=record.role,
            duty=record.duty,
            standing=record.duty,
            means=record.means,
            job="",
            sos=False,
            skills=list(record.skills),
            phone=record.phone,
        )
        session.add(row)
        self.announce(session, row)
        row.plan_version = row.version
        return secret

    def find(self, session: Session, caller: Caller, text: str, limit: int) -> list[Place]:
        """Search by name or area code; a place only for those who have a position."""
        in_areas = self._server.in_areas(StaffRow.area, caller.areas)
        match = StaffRow.name.contains(text, autoescape=True) | (StaffRow.area == text)
        if text.isascii() and text.isalpha():
            names = session.scalars(select(StaffRow.name).where(in_areas).distinct())
            match |= StaffRow.name.in_([name for name in names if spelled(name, text)])
        query = select(StaffRow).where(in_areas, match).order_by(StaffRow.name, StaffRow.id).limit(limit)
        rows = session.scalars(query).all() if "staff.read" in caller.rights else []
        if not rows:
            return []
        seen = self._last_places(caller.areas)
        return [
            Place(title=r.name, kind="staff", where=seen[r.handle], detail=r.area, ref=f"staff/{r.id}")
            for r in rows
            if r.handle in seen
        ]

    def _last_places(self, areas: Sequence[str] | None) -> dict[int, LonLat]:
        last = self._server.positions.latest(areas)
        return {
            handle: (lon, lat)
            for handle, lon, lat in zip(
                last.handle.tolist(), last.lon.tolist(), last.lat.tolist(), strict=True
            )
        }
