"""The duty of everybody, known in memory: who is on now, and which fixes may be kept."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from console.sdk.server import Device, ServerContext
from plugins.staff.server.duty.plan import Span, next_change, spans_of
from plugins.staff.server.duty.plans import MANY, load_plans, load_shifts
from plugins.staff.server.tables import StaffRow

PAST = 8 * 86_400.0
"""Seconds of the past that are known in memory: the longest that a phone may keep fixes to itself."""
AHEAD = 2 * 86_400.0
RENEW = 86_400.0
"""Seconds after which everybody is read anew, since the window has moved."""


@dataclass(frozen=True, slots=True)
class Known:
    """One person's spans in the window, and their handle."""

    staff: str
    handle: int
    version: int
    """Of the plan that says so."""
    spans: tuple[Span, ...]

    def now(self, at: float) -> Span | None:
        """The span that holds *at*; one as leader first."""
        found = [span for span in self.spans if span.holds(at)]
        return max(found, key=lambda span: span.lead, default=None)


class DutyBook:
    """Follows the tables; safe to use from many threads."""

    def __init__(self, server: ServerContext) -> None:
        self._server = server
        self._known: dict[str, Known | None] = {}
        """By the subject of devices; None is one that is nobody of the staff."""
        self._called: set[int] = set()
        self._lock = threading.Lock()
        self._read_at = -math.inf
        self._version = 0
        self._next_change = -math.inf

    def admit(self, device: Device, at: float, sos: bool) -> bool:
        """The rule of the intake: fixes of staff are kept only from their time on duty.

        Who calls SOS off duty is still heard (``take_calls``), but not located.
        """
        if device.subject not in self._known:
            self._first_seen(device.subject)
        known = self._known[device.subject]
        if known is None or any(span.holds(at) for span in known.spans):
            return True
        if sos:
            with self._lock:
                self._called.add(known.handle)
        return False

    def take_calls(self) -> list[int]:
        """Handles of those who called SOS off duty since the last time."""
        with self._lock:
            called, self._called = self._called, set()
        return sorted(called)

    def now(self, at: float) -> dict[str, Span]:
        """Everybody who is on duty at *at*, with the span that says so."""
        return {k.staff: span for k in self._everybody() if (span := k.now(at)) is not None}

    def follow(self, at: float) -> bool:
        """Read what has changed, by whichever process; whether anybody's duty may differ at *at*."""
        renew = at - self._read_at > RENEW
        with self._server.session(write=False) as session:
            newest = session.scalar(select(func.max(StaffRow.plan_version))) or 0
            query = select(StaffRow.id).where(StaffRow.plan_version > self._version)
            changed = None if renew else session.scalars(query).all()
            fresh = [] if changed == [] else self._read(session, changed, at)
        if renew:
            self._read_at = at
        self._version = max(self._version, newest)
        due = bool(fresh) or at >= self._next_change
        if due:
            self._install(fresh)
            self._next_change = min((next_change(k.spans, at) for k in self._everybody()), default=math.inf)
        return due

    def touch(self, session: Session, rows: Iterable[StaffRow]) -> dict[str, bool]:
        """Note in the running transaction that plans of *rows* changed; who of them is on duty now, by id.

        Memory follows when the transaction has been committed.
        """
        at, version = time.time(), self._server.feed.next_version(session)
        people = list(rows)
        for row in people:
            row.plan_version = version
        session.flush()
        fresh = self._read(session, [row.id for row in people], at)
        event.listen(session, "after_commit", lambda _session: self._install(fresh), once=True)
        return {known.staff: known.now(at) is not None for known in fresh}

    def spans(
        self, session: Session, staff: Sequence[str], since: float, until: float
    ) -> dict[str, list[Span]]:
        """When *staff* were or will be on duty, by id."""
        shifts, plans = load_shifts(session), load_plans(session, staff)
        return {key: spans_of(plan, shifts, since, until) for key, plan in plans.items()}

    def _read(self, session: Session, staff: Sequence[str] | None, at: float) -> list[Known]:
        """Spans of *staff* (None: all) around *at*."""
        shifts, plans = load_shifts(session), load_plans(session, staff)
        query = select(StaffRow.id, StaffRow.handle, StaffRow.plan_version)
        if staff is not None and len(staff) <= MANY:
            query = query.where(StaffRow.id.in_(staff))
        return [
            Known(key, handle, version, tuple(spans_of(plans[key], shifts, at - PAST, at + AHEAD)))
            for key, handle, version in session.execute(query).tuples()
            if key in plans
        ]

    def _everybody(self) -> list[Known]:
        with self._lock:
            return [known for known in self._known.values() if known is not None]

    def _first_seen(self, subject: str) -> None:
        with self._server.session(write=False) as session:
            found = self._read(session, [subject], time.time())
        if not found:
            self._known.setdefault(subject, None)
        self._install(found)

    def _install(self, fresh: Iterable[Known]) -> None:
        """What was read before another thread's commit does not take the place of what that installed."""
        with self._lock:
            for known in fresh:
                held = self._known.get(known.staff)
                if held is None or known.version >= held.version:
                    self._known[known.staff] = known
            self._next_change = -math.inf
