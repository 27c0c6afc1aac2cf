"""The clock of duty: records of the staff follow the rota by themselves."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from sqlalchemy import select

from console.sdk.records import Duty
from console.sdk.server import ServerContext
from plugins.staff.server.desk import StaffDesk
from plugins.staff.server.duty.book import DutyBook
from plugins.staff.server.duty.plans import MANY
from plugins.staff.server.tables import StaffRow

TICK = 2.0
"""Seconds that a record may lag behind the rota; the intake does not lag, it knows the times."""


class DutyClock:
    """Looks every few seconds, on a thread of its own, and writes only when somebody's duty changes."""

    def __init__(self, server: ServerContext, desk: StaffDesk, book: DutyBook) -> None:
        self._server, self._desk, self._book = server, desk, book
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="duty", daemon=True)
        self._others: list[Callable[[float], None]] = []

    def on_tick(self, function: Callable[[float], None]) -> None:
        """*function* gets the time (s since 1970) of each tick, after duty has been set."""
        self._others.append(function)

    def start(self) -> None:
        """Set everybody's duty and go on."""
        self.tick(time.time())
        self._thread.start()

    def stop(self) -> None:
        """End; a tick under way is finished."""
        self._stop.set()
        self._thread.join(timeout=10)

    def tick(self, at: float) -> None:
        """Bring records to what holds at *at*."""
        if self._book.follow(at):
            self._set_duty(at)
        calls = self._book.take_calls()
        if calls:
            self._desk.raise_sos(calls)
        for function in self._others:
            function(at)

    def _set_duty(self, at: float) -> None:
        on = self._book.now(at).keys()
        with self._server.session(write=False) as session:
            rows = session.execute(select(StaffRow.id, StaffRow.duty)).tuples()
            changed = sorted(key for key, duty in rows if (duty == Duty.ON) != (key in on))
        for begin in range(0, len(changed), MANY):
            self._write(changed[begin : begin + MANY])

    def _write(self, staff: Sequence[str]) -> None:
        """Set the duty of *staff* by what their plans say in this transaction: memory may be older."""
        with self._server.session(write=True) as session:
            now = time.time()
            spans = self._book.spans(session, staff, now, now)
            for row in session.scalars(select(StaffRow).where(StaffRow.id.in_(staff))).all():
                on = any(span.holds(now) for span in spans[row.id])
                if (row.duty == Duty.ON) != on:
                    self._desk.set_duty(session, row, on)

    def _run(self) -> None:
        while not self._stop.wait(TICK):
            try:
                self.tick(time.time())
            except Exception:
                self._server.log.exception("the clock of duty")
