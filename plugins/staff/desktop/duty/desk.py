"""What the console knows of the rota, and the one way to change it: set, undo, copy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.sdk import OneMapError, Severity, Undo
from plugins.staff.desktop.desk import Desk
from plugins.staff.model import STANDARD_WEEK

RIGHT = "duty.write"
Cells = list[dict[str, Any]]
"""Cells as ``PUT /staff/duty/week`` takes them."""


class DutyDesk(QObject):
    """Reads through the backend when a panel asks; changes reach it through the outbox."""

    week_changed = Signal()
    now_changed = Signal()
    notes_changed = Signal()
    """Leave or hand-overs are fresh."""
    undo_changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.ctx = desk, desk.ctx
        self.area = ""
        self.monday = this_monday()
        self.week: dict[str, Any] = {"days": [], "shifts": [], "lines": [], "total": 0}
        self.now: list[dict[str, Any]] = []
        self.leave: list[dict[str, Any]] = []
        self.handovers: list[dict[str, Any]] = []
        self._undos: list[Cells] = []
        self._reading: Undo = lambda: None

    @property
    def may_write(self) -> bool:
        """Whether the user may change the rota."""
        return self.ctx.backend.allowed(RIGHT)

    @property
    def can_undo(self) -> bool:
        """Whether there is a change of this console to take back."""
        return bool(self._undos)

    def shift_name(self, shift_id: str) -> str:
        """A shift's name in the user's language."""
        found = next((s for s in self.week["shifts"] if s["id"] == shift_id), None)
        if found is None:
            return shift_id
        return found["name_zh"] if self.ctx.language == "zh_CN" else found["name_en"]

    def set_area(self, area: str) -> None:
        """Look at another area."""
        self.area = area
        self.read_all()

    def turn(self, weeks: int) -> None:
        """Show another week: so many later, or this one for 0."""
        start = this_monday() if weeks == 0 or self.monday == STANDARD_WEEK else self.monday
        self.monday = (date.fromisoformat(start) + timedelta(weeks=weeks)).isoformat()
        self.read_week()

    def show_standard(self) -> None:
        """Show the standard week."""
        self.monday = STANDARD_WEEK
        self.read_week()

    def read_all(self) -> None:
        """Read everything anew."""
        self.read_week()
        self.read_now()
        self.read_notes()

    def read_week(self) -> None:
        """Read the week shown; an older reading under way is given up."""
        self._reading()
        self._reading = self.ctx.tasks.start(self._read_week())

    def read_now(self) -> None:
        """Read who is on duty now."""
        self.ctx.tasks.start(self._read("/staff/duty/now", "now", self.now_changed.emit))

    def read_notes(self) -> None:
        """Read leave and hand-overs."""
        self.ctx.tasks.start(self._read("/staff/duty/leave", "leave", self.notes_changed.emit))
        self.ctx.tasks.start(self._read("/staff/duty/handovers", "handovers", self.notes_changed.emit))

    def set_cells(self, cells: Sequence[dict[str, Any]]) -> None:
        """Change cells of the rota; what they were can be taken back."""
        if cells:
            self.ctx.tasks.start(self._change("PUT", "/staff/duty/week", {"cells": list(cells)}))

    def copy_week(self) -> None:
        """Copy the week shown onto the next one (the standard week: onto this one)."""
        standard = self.monday == STANDARD_WEEK
        target = this_monday() if standard else _plus_week(self.monday)
        self.ctx.tasks.start(self._copy({"source": self.monday, "target": target, "area": self.area}))

    def undo(self) -> None:
        """Take back the last change of this console."""
        if self._undos:
            cells = self._undos.pop()
            self.ctx.tasks.start(self._change("PUT", "/staff/duty/week", {"cells": cells}, keep=False))

    def submit(self, title: str, method: str, path: str, body: Any = None) -> None:
        """Send leave or a hand-over, then read anew."""
        self.ctx.tasks.start(self._submit(title, method, path, body))

    async def _read_week(self) -> None:
        try:
            self.week = await self.ctx.backend.get("/staff/duty/week", monday=self.monday, area=self.area)
        except OneMapError as error:
            self._tell(error)
            return
        self.week_changed.emit()

    async def _read(self, path: str, name: str, told: Callable[[], None]) -> None:
        query = {} if name == "handovers" else {"area": self.area}
        try:
            setattr(self, name, await self.ctx.backend.get(path, **query))
        except OneMapError as error:
            self.ctx.log.info("%s: %s", path, error)
            return
        told()

    async def _copy(self, body: dict[str, Any]) -> None:
        await self._change("POST", "/staff/duty/week/copy", body)
        if self.monday != STANDARD_WEEK:
            self.monday = body["target"]
        else:
            self.monday = this_monday()
        self.read_week()

    async def _change(self, method: str, path: str, body: Any, keep: bool = True) -> None:
        try:
            answer = await self.ctx.backend.submit(self.ctx.tr("Change of the rota"), method, path, body)
        except OneMapError as error:
            self._tell(error)
        else:
            if keep and answer["before"]:
                self._undos.append(answer["before"])
        self.undo_changed.emit()
        self.read_week()
        self.read_now()

    async def _submit(self, title: str, method: str, path: str, body: Any) -> None:
        try:
            await self.ctx.backend.submit(title, method, path, body)
        except OneMapError as error:
            self._tell(error)
        self.read_all()

    def _tell(self, error: OneMapError) -> None:
        self.ctx.notify(str(error), Severity.ERROR, key="onemap.staff.duty")


def this_monday() -> str:
    """Date of the Monday of the present week."""
    today = date.today()
    return (today - timedelta(days=today.weekday())).isoformat()


def _plus_week(monday: str) -> str:
    return (date.fromisoformat(monday) + timedelta(weeks=1)).isoformat()
