"""What the staff plugin knows and has selected; layer, panel and alarms follow its signals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from console.sdk import Change, Context, MissingService
from console.sdk.records import AlarmKind, Staff
from plugins.staff.desktop.filters import Filter, matches
from plugins.staff.desktop.roster import Roster

RECORD = "staff"
CLOSE_ZOOM = 17.0
SILENCE_CHECK = 5.0
"""Seconds between looks for people who fell silent while nothing came in."""


class Desk(QObject):
    """Joins records and positions once a batch and keeps filter and selection."""

    joined = Signal()
    """States and places are fresh."""
    filtered = Signal()
    selected_changed = Signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx
        self.roster = Roster()
        self.filter = Filter()
        self.selected: str | None = None
        self.outside: frozenset[str] = frozenset()
        """Ids of those who left their activity range, as the watch says."""
        self.areas: Any | None = _areas(ctx)
        """The service ``areas``, which knows names of areas; None without it."""
        self._staff = ctx.live.collection(RECORD)
        self._alarms = ctx.live.collection("alarm")
        self._alarms.on_change(lambda _change: self._watch())
        self._join_waits = False
        self.roster.load(self._staff.all())
        self._staff.on_change(self._on_records)
        ctx.live.positions.on_change(self._join_soon)
        ctx.tasks.every(SILENCE_CHECK, self._join_soon)
        ctx.selection.on_change(self._on_selection)
        self._on_selection(ctx.selection.current)
        self._watch()

    @property
    def now(self) -> float:
        """The backend's clock, s since 1970."""
        return self.ctx.live.server_time

    def shown(self, *, with_view: bool = True) -> npt.NDArray[np.bool_]:
        """Rows that the filter lets through; the map leaves the condition on the view out."""
        return matches(self.roster, self.filter if with_view else replace(self.filter, view=None))

    def set_filter(self, **conditions: Any) -> None:
        """Change some conditions of the filter."""
        self.filter = replace(self.filter, **conditions)
        self.filtered.emit()

    def area_name(self, code: str) -> str:
        """Name of an area, or its code when names are not known."""
        return self.areas.name(code) if self.areas else code

    def row(self, staff_id: str | None) -> int | None:
        """Row of a person in the roster."""
        return None if staff_id is None else self.roster.row_of.get(staff_id)

    def record(self, staff_id: str | None) -> Staff | None:
        """Record of a person."""
        row = self.row(staff_id)
        return None if row is None else self.roster.records[row]

    def select(self, staff_id: str) -> None:
        """Select in all views."""
        self.ctx.selection.select(RECORD, staff_id)

    def jump(self, staff_id: str) -> None:
        """Select and bring into the middle; without a place the user is told."""
        self.select(staff_id)
        row = self.row(staff_id)
        if row is None or not self.roster.placed[row]:
            self.ctx.notify(self.ctx.tr("This person has no known place yet"), key="onemap.staff.no_place")
            return
        zoom = max(self.ctx.map.zoom(), CLOSE_ZOOM)
        self.ctx.map.center_on(float(self.roster.lon[row]), float(self.roster.lat[row]), zoom)

    def reveal(self, staff_id: str) -> None:
        """Move the view only if the person is outside of it."""
        row = self.row(staff_id)
        if row is None or not self.roster.placed[row]:
            return
        lon, lat = float(self.roster.lon[row]), float(self.roster.lat[row])
        west, south, east, north = self.ctx.map.bounds()
        if not (west <= lon <= east and south <= lat <= north):
            self.ctx.map.center_on(lon, lat)

    def _on_records(self, change: Change) -> None:
        self.roster.apply(change, self._staff)
        self._join_soon()

    def _watch(self) -> None:
        left = (a for a in self._alarms.all() if a.kind == AlarmKind.LEFT_RANGE and a.ended is None)
        self.outside = frozenset(alarm.staff for alarm in left)
        self._join_soon()

    def _join_soon(self) -> None:
        """Records and positions of one batch come one after the other: join once, when both are in."""
        if not self._join_waits:
            self._join_waits = True
            self.ctx.tasks.later(0, self._join)

    def _join(self) -> None:
        self._join_waits = False
        self.roster.join(self.ctx.live.positions, self.now)
        self.joined.emit()

    def _on_selection(self, current: tuple[str, str] | None) -> None:
        selected = current[1] if current is not None and current[0] == RECORD else None
        if selected != self.selected:
            self.selected = selected
            self.selected_changed.emit()


def _areas(ctx: Context) -> Any | None:
    try:
        return ctx.services.get("areas")
    except MissingService:
        return None
