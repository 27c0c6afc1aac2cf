"""What the console knows of shifts, watch rules and activity ranges, and the one way to change them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.sdk import OneMapError, Severity
from console.sdk.records import LonLat
from plugins.staff.desktop.desk import Desk
from plugins.staff.desktop.duty.desk import RIGHT

LAYER = "onemap.staff.ranges"
DISTRICT_DIGITS = 6
"""Digits of a district's code: who sees a whole one may change what holds for all streets."""
EVERYBODY = "*"
"""The rule of all roles that have none of their own."""
PLAIN_RULE = {"silent_minutes": 10, "range_digits": 9}
"""What the backend goes by when there is no rule at all."""


@dataclass(frozen=True, slots=True)
class Step:
    """One request that changes something."""

    title: str
    method: str
    path: str
    body: Any = None


class Limits(QObject):
    """Reads through the backend when the panel asks; changes reach it through the outbox."""

    changed = Signal()
    undo_changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.ctx = desk, desk.ctx
        self.shifts: list[dict[str, Any]] = []
        self.rules: dict[str, dict[str, int]] = {}
        self.ranges: list[dict[str, Any]] = []
        self.layer = desk.ctx.map.add_shapes(LAYER, listed=False)
        """Outlines of the range that is shown."""
        self._undos: list[Step] = []

    @property
    def may_write(self) -> bool:
        """Whether the user may change ranges of their own people."""
        return self.ctx.backend.allowed(RIGHT)

    @property
    def may_rule(self) -> bool:
        """Whether the user may change what holds for all streets."""
        user = self.ctx.backend.user
        whole = user is not None and any(len(area) <= DISTRICT_DIGITS for area in user.areas)
        return self.may_write and whole

    @property
    def can_undo(self) -> bool:
        """Whether there is a change of this console to take back."""
        return bool(self._undos)

    def range_of(self, staff_id: str | None) -> list[str]:
        """Areas that somebody was given; none: as their role says."""
        return next((list(each["areas"]) for each in self.ranges if each["staff"] == staff_id), [])

    def rule_of(self, role: str) -> dict[str, int]:
        """The rule that holds for a role."""
        return self.rules.get(role) or self.rules.get(EVERYBODY) or PLAIN_RULE

    def read(self) -> None:
        """Read everything anew."""
        self.ctx.tasks.start(self._read())

    def put_shift(self, shift: dict[str, Any]) -> None:
        """Make a shift, or change the one with its id."""
        path, title = f"/staff/duty/shifts/{shift['id']}", self.ctx.tr("Change of shifts")
        known = next((each for each in self.shifts if each["id"] == shift["id"]), None)
        back = Step(title, "PUT", path, _shift_body(known)) if known else Step(title, "DELETE", path)
        self._change(Step(title, "PUT", path, _shift_body(shift)), back)

    def drop_shift(self, shift: dict[str, Any]) -> None:
        """Take a shift away."""
        path, title = f"/staff/duty/shifts/{shift['id']}", self.ctx.tr("Change of shifts")
        self._change(Step(title, "DELETE", path), Step(title, "PUT", path, _shift_body(shift)))

    def put_rule(self, role: str, rule: dict[str, int] | None) -> None:
        """Give a role its own rule; None: the one of all others holds."""
        known = self.rules.get(role)
        if rule != known:
            self._change(self._rule_step(role, rule), self._rule_step(role, known))

    def put_range(self, staff_id: str, areas: Sequence[str]) -> None:
        """Give somebody a range; no areas: as their role says."""
        known, wanted = self.range_of(staff_id), sorted(set(areas))
        if wanted != known:
            self._change(self._range_step(staff_id, wanted), self._range_step(staff_id, known))

    async def grids_within(self, polygon: Sequence[LonLat]) -> list[str]:
        """Codes of the grids that a polygon touches; the user is told why there are none."""
        try:
            answer = await self.ctx.backend.post("/staff/alarms/ranges/within", {"polygon": list(polygon)})
        except OneMapError as error:
            self._tell(error)
            return []
        return list(answer["areas"])

    def undo(self) -> None:
        """Take back the last change of this console."""
        if self._undos:
            self.ctx.tasks.start(self._send(self._undos.pop(), None))

    def _rule_step(self, role: str, rule: dict[str, int] | None) -> Step:
        path, title = f"/staff/alarms/rules/{role}", self.ctx.tr("Change of watch rules")
        return Step(title, "PUT", path, rule) if rule else Step(title, "DELETE", path)

    def _range_step(self, staff_id: str, areas: list[str]) -> Step:
        title = self.ctx.tr("Change of an activity range")
        return Step(title, "PUT", f"/staff/{staff_id}/range", {"areas": areas})

    def _change(self, step: Step, back: Step) -> None:
        self.ctx.tasks.start(self._send(step, back))

    async def _send(self, step: Step, back: Step | None) -> None:
        try:
            await self.ctx.backend.submit(step.title, step.method, step.path, step.body)
        except OneMapError as error:
            self._tell(error)
        else:
            if back is not None:
                self._undos.append(back)
        self.undo_changed.emit()
        await self._read()

    async def _read(self) -> None:
        get = self.ctx.backend.get
        try:
            self.shifts = await get("/staff/duty/shifts")
            self.rules = await get("/staff/alarms/rules")
            self.ranges = await get("/staff/alarms/ranges")
        except OneMapError as error:
            self.ctx.log.info("shifts, rules and ranges: %s", error)
            return
        self.changed.emit()

    def _tell(self, error: OneMapError) -> None:
        self.ctx.notify(str(error), Severity.ERROR, key=LAYER)


def _shift_body(shift: dict[str, Any]) -> dict[str, Any]:
    return {name: shift[name] for name in ("name_zh", "name_en", "starts", "ends")}
