"""Service ``staff.enrol``: staff and their devices, for the command line and administrators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from console.sdk.records import Staff
from console.sdk.server import Caller, ServerContext, Session
from plugins.staff.server.desk import StaffDesk, to_record
from plugins.staff.server.enrol.rows import NewStaff, Rejected, read_row
from plugins.staff.server.tables import StaffRow

MOST = 20_000
"""Lines of one table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A device and its secret, shown this once."""

    staff: str
    name: str
    device: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """What became of a table. With lines rejected nothing was stored, unless the others were asked for."""

    added: int
    changed: int
    rejected: tuple[Rejected, ...]
    devices: tuple[Given, ...]


class Enrolment:
    """Works in the transaction of its caller: all or nothing, audited."""

    def __init__(self, server: ServerContext, desk: StaffDesk) -> None:
        self._server, self._desk = server, desk

    def take(
        self,
        session: Session,
        lines: Sequence[Mapping[str, Any]],
        *,
        caller: Caller | None = None,
        without_rejected: bool = False,
    ) -> Enrolled:
        """Store people of a table, one line each; who is known by id is brought up to date.

        *caller* None is the server's own command line, which may reach all areas. Raises
        ValueError for more lines than MOST.
        """
        if len(lines) > MOST:
            raise ValueError(f"more than {MOST} lines")
        good, rejected = self._sorted(session, lines, caller)
        if rejected and not without_rejected:
            return Enrolled(added=0, changed=0, rejected=rejected, devices=())
        known = self._known(session, [person.id for person in good])
        given = [self._add(session, person) for person in good if person.id not in known]
        changed = sum(self._change(session, known[p.id], p) for p in good if p.id in known)
        reason = f"added {len(given)}, changed {changed}"
        self._server.audit(session, caller, "staff.enrol", "staff", reason=reason)
        return Enrolled(added=len(given), changed=changed, rejected=rejected, devices=tuple(given))

    def give_device(self, session: Session, staff_id: str, device_id: str) -> str:
        """Give a member a (new) device, which is theirs on the map from now on; returns its secret.

        A device that they have already gets a new secret. Raises ValueError for unknown staff
        or a device that somebody else carries.
        """
        row = session.get(StaffRow, staff_id)
        if row is None:
            raise ValueError(f"没有工号为 {staff_id} 的人员 / there is no staff member {staff_id}")
        carrier = self._server.positions.carriers(session, [device_id]).get(device_id, staff_id)
        if carrier != staff_id:
            raise ValueError(
                f"设备 {device_id} 属于 {carrier} / the device {device_id} is carried by {carrier}"
            )
        row.handle, secret = self._server.positions.add_device(session, device_id, staff_id, row.area)
        self._server.audit(
            session, None, "staff.device", f"staff/{staff_id}", reason=device_id, area=row.area
        )
        self._desk.announce(session, row)
        return secret

    def members(self, session: Session, area: str = "") -> list[Staff]:
        """All members, or those of *area*, by id; phones masked."""
        if area:
            return self._desk.roster(session, [area])
        return [to_record(row) for row in session.scalars(select(StaffRow).order_by(StaffRow.id))]

    def _sorted(
        self, session: Session, lines: Sequence[Mapping[str, Any]], caller: Caller | None
    ) -> tuple[list[NewStaff], tuple[Rejected, ...]]:
        """Lines that may be stored, and the others with their reasons, in the order of the table."""
        read = [read_row(at, line) for at, line in enumerate(lines, start=1)]
        people = [each for each in read if isinstance(each, NewStaff)]
        areas = self._server.known_areas(session, {person.area for person in people})
        ids, devices = Counter(p.id for p in people), Counter(p.device for p in people)
        known = self._known(session, [person.id for person in people])
        carriers = self._server.positions.carriers(session, [person.device for person in people])
        good, bad = list[NewStaff](), [each for each in read if isinstance(each, Rejected)]
        for person in people:
            area = areas.get(person.area, "")
            carrier = carriers.get(person.device, person.id)
            if not area or not _reaches(caller, area):
                bad.append(_no(person, f"there is no area {person.area}", f"没有编码为 {person.area} 的区域"))
            elif ids[person.id] > 1 or devices[person.device] > 1:
                bad.append(_no(person, "id or device stands twice in the table", "工号或设备号在表中重复"))
            elif person.id in known and not _reaches(caller, known[person.id].area):
                bad.append(_no(person, "belongs to another area", "该人员属于其他区域"))
            elif carrier != person.id:
                bad.append(_no(person, f"the device is carried by {carrier}", f"设备属于 {carrier}"))
            else:
                good.append(replace(person, area=area))
        return good, tuple(sorted(bad, key=lambda each: each.row))

    def _known(self, session: Session, ids: Iterable[str]) -> dict[str, StaffRow]:
        found = dict[str, StaffRow]()
        wanted = list(ids)
        for at in range(0, len(wanted), 500):
            query = select(StaffRow).where(StaffRow.id.in_(wanted[at : at + 500]))
            found |= {row.id: row for row in session.scalars(query)}
        return found

    def _add(self, session: Session, person: NewStaff) -> Given:
        record = Staff(
            id=person.id,
            handle=0,
            name=person.name,
            area=person.area,
            role=person.role,
            duty=person.duty,
            means=person.means,
            skills=person.skills,
            phone=person.phone,
        )
        secret = self._desk.add(session, record, person.device)
        return Given(staff=person.id, name=person.name, device=person.device, secret=secret)

    def _change(self, session: Session, row: StaffRow, person: NewStaff) -> bool:
        """Bring *row* up to date; duty stays what the rota or a leader says, an empty phone keeps the old.

        Of somebody who is lent the own area changes, not the borrower's.
        """
        said = {
            "name": person.name,
            "home" if row.home else "area": person.area,
            "role": person.role,
            "means": person.means.value,
            "skills": list(person.skills),
            "phone": person.phone or row.phone,
        }
        changes = {name: value for name, value in said.items() if getattr(row, name) != value}
        for name, value in changes.items():
            setattr(row, name, value)
        if "area" in changes:
            self._server.positions.move_devices(session, row.id, row.area)
        if changes:
            self._desk.announce(session, row)
        return bool(changes)


def _reaches(caller: Caller | None, area: str) -> bool:
    return caller is None or any(area.startswith(own) for own in caller.areas)


def _no(person: NewStaff, reason: str, reason_zh: str) -> Rejected:
    return Rejected(row=person.row, id=person.id, reason=reason, reason_zh=reason_zh)
