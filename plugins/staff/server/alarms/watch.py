"""Looks after those on duty: silence and ranges, every few seconds, quietly."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.sdk import PositionFlag, Positions
from console.sdk.records import AlarmKind, LonLat
from console.sdk.server import ServerContext
from plugins.staff.server.alarms.register import AlarmRegister
from plugins.staff.server.alarms.rules import (
    MARGIN,
    OUTSIDE_FOR,
    WAY_BACK,
    WatchRule,
    is_outside,
    is_silent,
    rule_of,
)
from plugins.staff.server.alarms.tables import AlarmRow, RangeRow, WatchRuleRow
from plugins.staff.server.duty.book import DutyBook
from plugins.staff.server.duty.plan import Span
from plugins.staff.server.tables import StaffRow

EVERY = 10.0
"""Seconds between looks."""
QUIET = (AlarmKind.SILENT, AlarmKind.LEFT_RANGE)
METRES_A_DEGREE = 111_320.0
"""Of latitude."""
_WRONG = int(PositionFlag.JUMP | PositionFlag.NULL_ISLAND)


@dataclass(frozen=True, slots=True)
class Watched:
    """One person on duty with their last credible place, if any."""

    id: str
    handle: int
    area: str
    role: str
    busy: bool
    """On a job: sent elsewhere, so no range holds."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Last fixes by handle: place, time, and the area around."""

    where: dict[int, LonLat]
    time: dict[int, float]
    area: dict[int, str]


class Watch:
    """Opens and ends quiet alarms; several processes may watch, one alarm comes of it."""

    def __init__(self, server: ServerContext, book: DutyBook, register: AlarmRegister) -> None:
        self._server, self._book, self._register = server, book, register
        self._next = -math.inf
        self._begun = time.time()
        self._outside_since: dict[str, float] = {}

    def tick(self, now: float) -> None:
        """Look, when it is time to."""
        if now >= self._next:
            self._next = now + EVERY
            self.look(now)

    def look(self, now: float) -> None:
        """Compare what should be with what was reported; write only what changed."""
        on = self._book.now(now)
        with self._server.session(write=False) as session:
            people = _people(session, on)
            rules = load_rules(session)
            ranges = load_ranges(session)
            query = select(AlarmRow.kind, AlarmRow.staff).where(AlarmRow.live, AlarmRow.ended.is_(None))
            known = {pair for pair in session.execute(query).tuples() if pair[0] in QUIET}
        seen = self._seen()
        due = self._due(people, on, seen, rules, ranges, now)
        if due == known:
            return
        by_id = {person.id: person for person in people}
        with self._server.session(write=True) as session:
            for kind, staff in sorted(due - known):
                person = by_id[staff]
                where = seen.where.get(person.handle)
                self._register.open(session, AlarmKind(kind), staff, person.area, where)
            for kind, staff in sorted(known - due):
                self._register.end(session, AlarmKind(kind), staff)

    def _due(
        self,
        people: Sequence[Watched],
        on: Mapping[str, Span],
        seen: Seen,
        rules: Mapping[str, WatchRule],
        ranges: Mapping[str, list[str]],
        now: float,
    ) -> set[tuple[str, str]]:
        """(kind, staff id) of all quiet alarms that should be open."""
        due: set[tuple[str, str]] = set()
        outside: dict[str, float] = {}
        for person in people:
            rule = rule_of(rules, person.role)
            since = max(on[person.id].since, self._begun)
            last = seen.time.get(person.handle, -math.inf)
            if is_silent(last, since, now, rule.silent_minutes):
                due.add((AlarmKind.SILENT, person.id))
            elif person.busy:
                outside[person.id] = now + WAY_BACK
            elif last >= since and self._is_off(person, seen, ranges.get(person.id, ()), rule.range_digits):
                outside[person.id] = self._outside_since.get(person.id, now)
        self._outside_since = outside
        due |= {(AlarmKind.LEFT_RANGE, key) for key, begun in outside.items() if now - begun >= OUTSIDE_FOR}
        return due

    def _is_off(self, person: Watched, seen: Seen, own: Sequence[str], digits: int) -> bool:
        """Whether somebody is out of their range by more than MARGIN."""
        layers = self._server.layers
        at = seen.area.get(person.handle, "")
        if person.handle not in seen.where or not is_outside(at, person.area, own, digits):
            return False
        beside = layers.beside(person.area)
        around = [at, *layers.areas_at(_around(seen.where[person.handle], MARGIN))]
        return all(is_outside(area, person.area, own, digits, beside) for area in around)

    def _seen(self) -> Seen:
        last: Positions = self._server.positions.latest()
        good = (last.flags & _WRONG) == 0
        handles = last.handle[good].tolist()
        places = np.column_stack([last.lon[good], last.lat[good]])
        areas = self._server.layers.areas_at(places) if len(places) else []
        return Seen(
            where={handle: (lon, lat) for handle, (lon, lat) in zip(handles, places.tolist(), strict=True)},
            time=dict(zip(last.handle.tolist(), last.time.tolist(), strict=True)),
            area=dict(zip(handles, areas, strict=True)),
        )


def _around(where: LonLat, metres: float) -> npt.NDArray[np.float64]:
    """Four places (4, 2) *metres* north, south, east and west of one."""
    north = metres / METRES_A_DEGREE
    east = north / math.cos(math.radians(where[1]))
    return np.add(where, [(0, north), (0, -north), (east, 0), (-east, 0)])


def load_rules(session: Session) -> dict[str, WatchRule]:
    """Rules by role."""
    rows = session.scalars(select(WatchRuleRow))
    return {row.role: WatchRule(row.silent_minutes, row.range_digits) for row in rows}


def load_ranges(session: Session) -> dict[str, list[str]]:
    """Ranges that people were given, by staff id."""
    found: dict[str, list[str]] = {}
    for row in session.scalars(select(RangeRow)):
        found.setdefault(row.staff, []).append(row.area)
    return found


def _people(session: Session, on: Mapping[str, Span]) -> list[Watched]:
    query = select(StaffRow.id, StaffRow.handle, StaffRow.area, StaffRow.role, StaffRow.job)
    return [
        Watched(row.id, row.handle, row.area, row.role, bool(row.job))
        for row in session.execute(query)
        if row.id in on
    ]
