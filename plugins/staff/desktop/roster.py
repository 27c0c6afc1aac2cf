"""The staff's records joined with their positions, as columns: one row a person.

Everything that changes with each fix is numpy; Python touches a record only
when the record itself changes. Ten thousand people are joined in under 1 ms.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from console.sdk import Change, Collection, LivePositions, PositionFlag, Positions
from console.sdk.records import Duty, Staff
from plugins.staff.desktop.states import SILENT_AFTER, STALE_AFTER, State

DOUBT = int(PositionFlag.JUMP | PositionFlag.NULL_ISLAND)
"""Flags of fixes that are not drawn as truth."""

_FROM_RECORD = ("handle", "area", "text", "on_duty", "has_job", "calls_sos")
_MEASURED = ("speed", "heading", "accuracy", "battery", "floor")
_KEPT = ("lon", "lat", "time", "good_time", *_MEASURED, "source", "flags", "doubtful", "fix_sos", "state")


def _cells(staff: Staff) -> tuple[int, str, str, bool, bool, bool]:
    """What the columns ``_FROM_RECORD`` hold of one record."""
    text = f"{staff.name} {staff.id} {staff.role}".lower()
    return staff.handle, staff.area, text, staff.duty == Duty.ON, bool(staff.job), staff.sos


class Roster:
    """All staff that this console knows, in a fixed order from one record change to the next."""

    def __init__(self) -> None:
        self.records: list[Staff] = []
        self.row_of: dict[str, int] = {}
        self._clear_columns(0)

    def __len__(self) -> int:
        return len(self.records)

    def _clear_columns(self, n: int) -> None:
        self.handle = np.zeros(n, np.int64)
        self.area = np.zeros(n, "U15")
        self.text = np.zeros(n, "U64")
        """What a text filter looks in, lower case."""
        self.on_duty = np.zeros(n, bool)
        self.has_job = np.zeros(n, bool)
        self.calls_sos = np.zeros(n, bool)
        self.lon = np.full(n, np.nan)
        self.lat = np.full(n, np.nan)
        self.time = np.full(n, np.nan)
        """Time of the last fix of any quality, s since 1970."""
        self.good_time = np.full(n, np.nan)
        """Time of the fix that ``lon`` and ``lat`` are from."""
        self.speed, self.heading, self.accuracy, self.battery, self.floor = (
            np.full(n, np.nan, np.float32) for _ in _MEASURED
        )
        self.source = np.zeros(n, np.uint8)
        """``PositionSource`` of the last fix."""
        self.flags = np.zeros(n, np.uint8)
        """``PositionFlag`` of the last fix."""
        self.doubtful = np.zeros(n, bool)
        """The last fix was flagged: ``lon`` and ``lat`` are those of the last good one, if any."""
        self.fix_sos = np.zeros(n, bool)
        self.state = np.zeros(n, np.uint8)
        self.stale = np.zeros(n, bool)
        """On duty or on a job, but ``lon`` and ``lat`` are out of date by the backend's clock."""

    def load(self, records: Iterable[Staff]) -> None:
        """Take *records* as the whole staff; places known already are kept."""
        old_rows, old = self.row_of, {name: getattr(self, name) for name in _KEPT}
        self.records = list(records)
        self.row_of = {staff.id: row for row, staff in enumerate(self.records)}
        self._clear_columns(len(self.records))
        if not self.records:
            return
        for name, values in zip(_FROM_RECORD, zip(*map(_cells, self.records), strict=True), strict=True):
            getattr(self, name)[:] = values
        kept = np.array([old_rows.get(staff.id, -1) for staff in self.records], np.int64)
        for name, values in old.items():
            getattr(self, name)[kept >= 0] = values[kept[kept >= 0]]

    def apply(self, change: Change, staff: Collection[Staff]) -> None:
        """Follow a change of the live collection; only newcomers and leavers cost a reload."""
        if change.reset or change.gone or any(key not in self.row_of for key in change.put):
            self.load(staff.all())
            return
        for key in change.put:
            record = staff.get(key)
            if record is not None:
                self.records[self.row_of[key]] = record
                self._write(self.row_of[key], record)

    def _write(self, row: int, staff: Staff) -> None:
        for name, value in zip(_FROM_RECORD, _cells(staff), strict=True):
            getattr(self, name)[row] = value

    def join(self, positions: LivePositions, now: float) -> None:
        """Take over the present positions and work out every state; *now* in s since 1970."""
        columns = positions.columns()
        if len(columns) and len(self):
            self._take(columns, positions.rows(self.handle))
        silent = ~(now - self.time <= SILENT_AFTER)
        state = np.where(self.has_job, State.ON_JOB, State.ON_DUTY)
        state[silent] = State.SILENT
        state[~self.on_duty] = State.OFF_DUTY
        state[self.calls_sos | self.fix_sos] = State.SOS
        self.state = state.astype(np.uint8)
        working = (self.state == State.ON_DUTY) | (self.state == State.ON_JOB)
        self.stale = working & (now - self.good_time > STALE_AFTER)

    def _take(self, columns: Positions, rows: npt.NDArray[np.int64]) -> None:
        """Copy the columns of *rows* (-1: no position) into ours; a flagged fix keeps the place before it."""
        known = np.flatnonzero(rows >= 0)
        at = rows[known]
        flags = columns.flags[at]
        doubt = (flags & DOUBT) != 0
        good, good_at = known[~doubt], at[~doubt]
        self.lon[good], self.lat[good] = columns.lon[good_at], columns.lat[good_at]
        self.good_time[good] = columns.time[good_at]
        self.time[known] = columns.time[at]
        for name in _MEASURED:
            getattr(self, name)[good] = getattr(columns, name)[good_at]
        self.source[known], self.flags[known] = columns.source[at], flags
        self.doubtful[known] = doubt
        self.fix_sos[known] = (flags & int(PositionFlag.SOS)) != 0

    @property
    def placed(self) -> npt.NDArray[np.bool_]:
        """Who has a place that can be drawn."""
        return np.isfinite(self.lon)

    def counts(self, mask: npt.NDArray[np.bool_] | None = None) -> dict[State, int]:
        """How many are in each state."""
        states = self.state if mask is None else self.state[mask]
        return dict(zip(State, np.bincount(states, minlength=len(State)).tolist(), strict=True))
