"""The shifts of the rota: names and times."""

from __future__ import annotations

import uuid
from typing import Any

from PySide6.QtCore import QTime
from PySide6.QtWidgets import QLineEdit, QTimeEdit

from console.sdk.ui import Column, EmptyState, RecordTable, button
from plugins.staff.desktop.duty.words import clock_text
from plugins.staff.desktop.limits.desk import Limits
from plugins.staff.desktop.limits.editor import Editor
from plugins.staff.desktop.words import duration_text

DAY = 24 * 60


class ShiftsEditor(Editor):
    """Change the shift selected, or make a new one."""

    def __init__(self, limits: Limits) -> None:
        tr = limits.ctx.tr
        empty = EmptyState(tr("No shifts"), tr("Enter names and times below."), icon="clock")
        table = RecordTable(_columns(limits), key=lambda s: s["id"], empty=empty, name="onemap.staff.shifts")
        self._zh, self._en = _name(tr("Chinese name")), _name(tr("English name"))
        self._starts, self._ends = _clock(tr("From")), _clock(tr("Until"))
        self._save = button(tr("Save"), self._put, "check", primary=True)
        self._new = button(tr("New shift"), self._begin, "plus")
        self._gone = button(tr("Delete"), self.take_away, "trash")
        form = [self._zh, self._en, self._starts, self._ends, self._save, self._new, self._gone]
        super().__init__(limits, table, form)
        table.on_select(lambda _key: self._show())
        table.on_activate(lambda _key: self._zh.setFocus())
        for field in (self._zh, self._en):
            field.returnPressed.connect(self._put)
        limits.changed.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        self.table.set_rows(self.limits.shifts)
        for part in (self._save, self._new, self._gone):
            part.setEnabled(self.limits.may_rule)

    def _show(self) -> None:
        shift: dict[str, Any] | None = self.table.selected
        if shift is not None:
            self._zh.setText(shift["name_zh"])
            self._en.setText(shift["name_en"])
            for field, minutes in ((self._starts, shift["starts"]), (self._ends, shift["ends"])):
                field.setTime(QTime(minutes % DAY // 60, minutes % 60))

    def _begin(self) -> None:
        self.table.select_key(None)
        self._zh.clear()
        self._en.clear()
        self._zh.setFocus()

    def _put(self) -> None:
        zh, en = self._zh.text().strip(), self._en.text().strip()
        if not zh:
            self._zh.setFocus()
            return
        starts, ends = (t.time().hour() * 60 + t.time().minute() for t in (self._starts, self._ends))
        key = self.table.selected_key or uuid.uuid4().hex[:16]
        times = {"starts": starts, "ends": ends or DAY}
        self.limits.put_shift({"id": key, "name_zh": zh, "name_en": en or zh} | times)

    def take_away(self) -> None:
        if self.table.selected is not None and self.limits.may_rule:
            self.limits.drop_shift(self.table.selected)


def _columns(limits: Limits) -> list[Column]:
    tr = limits.ctx.tr
    return [
        Column(tr("Chinese name"), lambda s: s["name_zh"], width=140),
        Column(tr("English name"), lambda s: s["name_en"], width=140),
        Column(tr("From"), lambda s: clock_text(s["starts"]), width=80),
        Column(tr("Until"), lambda s: _end_text(s, tr("next day")), width=120),
        Column(tr("Length"), lambda s: duration_text(_minutes(s) * 60, tr)),
    ]


def _minutes(shift: dict[str, Any]) -> int:
    return (shift["ends"] - shift["starts"] - 1) % DAY + 1


def _end_text(shift: dict[str, Any], next_day: str) -> str:
    end = clock_text(shift["ends"])
    return end if shift["ends"] > shift["starts"] else f"{end} {next_day}"


def _name(title: str) -> QLineEdit:
    made = QLineEdit(placeholderText=title, maxLength=32)
    made.setAccessibleName(title)
    return made


def _clock(title: str) -> QTimeEdit:
    made = QTimeEdit(QTime(8, 0))
    made.setDisplayFormat("HH:mm")
    made.setAccessibleName(title)
    made.setToolTip(title)
    return made
