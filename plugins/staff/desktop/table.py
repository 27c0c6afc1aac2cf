"""The table of the staff: rows are records, figures are read from the roster when they are painted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from console.sdk.records import Staff
from console.sdk.ui import Column, EmptyState, RecordTable
from plugins.staff.desktop.desk import Desk
from plugins.staff.desktop.remarks import remarks, source_text
from plugins.staff.desktop.states import COLORS, TITLES, State
from plugins.staff.desktop.words import age_text, battery_text, role_text, speed_text

RESORT_EVERY = 5
"""Refreshes after which a sorted table is sorted anew: order that changes each second can't be read."""


class StaffTable(RecordTable):
    """In step with the desk: shows its rows, selects in it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._rows: npt.NDArray[Any] = np.full(1, -1)
        self._records: list[Staff] = []
        self._refreshes = 0
        tr = desk.ctx.tr
        empty = EmptyState(tr("Nobody to show"), tr("Loosen the filter, or wait for reports."), icon="users")
        super().__init__(
            _columns(desk), key=lambda staff: staff.id, empty=empty, name="onemap.staff.staff.table"
        )
        self.on_select(self._select)
        self.on_activate(desk.jump)

    def refresh(self) -> None:
        """Show who passes the filter now; repaints alone when that has not changed."""
        roster = self._desk.roster
        rows = np.flatnonzero(self._desk.shown())
        records = [roster.records[row] for row in rows.tolist()]
        self._refreshes += 1
        sorted_now = self.view.horizontalHeader().sortIndicatorSection() >= 0
        resort = sorted_now and self._refreshes % RESORT_EVERY == 0
        if resort or records != self._records:
            self._records = records
            self.set_rows(records)
        else:
            self.view.viewport().update()

    def _select(self, key: str | None) -> None:
        if key is not None and key != self._desk.selected:
            self._desk.select(key)
            self._desk.reveal(key)


def _columns(desk: Desk) -> list[Column]:
    tr, roster = desk.ctx.tr, desk.roster

    def figure(name: str) -> Callable[[Staff], float]:
        return lambda staff: float(getattr(roster, name)[roster.row_of[staff.id]])

    def state(staff: Staff) -> State:
        return State(int(roster.state[roster.row_of[staff.id]]))

    def color(staff: Staff) -> str:
        return COLORS[State.SILENT if roster.stale[roster.row_of[staff.id]] else state(staff)]

    def age(staff: Staff) -> float:
        return desk.now - figure("good_time")(staff)

    def known(value: Callable[[Staff], float]) -> Callable[[Staff], float]:
        """For sorting: NaN, which has no order, counts as less than all."""
        return lambda staff: -1.0 if np.isnan(value(staff)) else value(staff)

    speed, battery = figure("speed"), figure("battery")
    return [
        Column(tr("Name"), lambda staff: staff.name, width=110),
        Column(tr("Role"), lambda staff: role_text(staff.role, tr), width=100),
        Column(tr("Area"), lambda staff: desk.area_name(staff.area), sort=lambda staff: staff.area),
        Column(
            tr("State"),
            lambda staff: tr(TITLES[state(staff)]),
            width=90,
            color=color,
            sort=lambda staff: -state(staff),
        ),
        Column(
            tr("Remarks"),
            lambda staff: tr(", ").join(remarks(desk, roster.row_of[staff.id], short=True)),
            width=130,
            color=lambda _staff: "warning",
        ),
        Column(
            tr("Speed"),
            lambda staff: speed_text(speed(staff), tr),
            width=110,
            align="right",
            sort=known(speed),
        ),
        Column(
            tr("Battery"),
            lambda staff: battery_text(battery(staff)),
            width=70,
            align="right",
            sort=known(battery),
        ),
        Column(tr("Last fix"), lambda staff: age_text(age(staff), tr), width=100, sort=known(age)),
        Column(tr("Source"), lambda staff: source_text(desk, roster.row_of[staff.id]), width=120),
    ]
