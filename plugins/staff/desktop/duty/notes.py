"""Leave, and hand-overs from shift to shift."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QComboBox, QDateTimeEdit, QLineEdit

from console.sdk.ui import Column, EmptyState, Page, RecordTable, button, row
from plugins.staff.desktop.duty.desk import DutyDesk
from plugins.staff.desktop.duty.words import LEAVE_KINDS, moment_text

_FORMAT = "yyyy-MM-dd HH:mm"


class Leave(Page):
    """Who is away when; leave for the person selected."""

    def __init__(self, duty: DutyDesk) -> None:
        super().__init__()
        self._duty = duty
        tr = duty.ctx.tr
        empty = EmptyState(
            tr("Nobody is on leave"), tr("Select a person and enter their leave."), icon="user"
        )
        columns = [
            Column(tr("Name"), lambda entry: entry["name"], width=110),
            Column(tr("Area"), lambda entry: duty.desk.area_name(entry["area"])),
            Column(tr("Kind"), lambda entry: tr(LEAVE_KINDS[entry["kind"]]), width=90),
            Column(tr("From"), lambda entry: moment_text(entry["since"]), width=100),
            Column(tr("Until"), lambda entry: moment_text(entry["until"]), width=100),
            Column(tr("Note"), lambda entry: entry["note"], width=160),
        ]
        self.table = RecordTable(
            columns, key=lambda entry: entry["id"], empty=empty, name="onemap.staff.leave"
        )
        self._kind = QComboBox()
        self._kind.setAccessibleName(tr("Kind"))
        for key, title in LEAVE_KINDS.items():
            self._kind.addItem(tr(title), key)
        now = QDateTime.currentDateTime()
        self._since, self._until = _time_field(tr("From"), now), _time_field(tr("Until"), now.addDays(1))
        self._note = QLineEdit(placeholderText=tr("Note"), maxLength=200)
        self._add = button(tr("Give leave"), self._give, "plus")
        self._end = button(tr("End leave"), self._take_back, "stop")
        self.add(self.table, 1)
        self.add(row(self._kind, self._since, self._until, self._note, self._add, self._end))
        duty.notes_changed.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        self.table.set_rows(self._duty.leave)
        for part in (self._add, self._end):
            part.setEnabled(self._duty.may_write)

    def _give(self) -> None:
        duty, tr = self._duty, self._duty.ctx.tr
        staff = duty.desk.record(duty.desk.selected)
        if staff is None:
            duty.ctx.notify(tr("Select a person first"), key="onemap.staff.select_first")
            return
        body = {
            "staff": staff.id,
            "since": float(self._since.dateTime().toSecsSinceEpoch()),
            "until": float(self._until.dateTime().toSecsSinceEpoch()),
            "kind": self._kind.currentData(),
            "note": self._note.text().strip(),
        }
        self._note.clear()
        duty.submit(tr("Leave of {name}", name=staff.name), "POST", "/staff/duty/leave", body)

    def _take_back(self) -> None:
        entry: dict[str, Any] | None = self.table.selected
        if entry is not None:
            title = self._duty.ctx.tr("Leave of {name}", name=entry["name"])
            self._duty.submit(title, "DELETE", f"/staff/duty/leave/{entry['id']}")


class Handovers(Page):
    """What the last shift wrote; who takes over says so."""

    def __init__(self, duty: DutyDesk) -> None:
        super().__init__()
        self._duty = duty
        tr = duty.ctx.tr
        empty = EmptyState(
            tr("No hand-over yet"), tr("Write below what the next shift must know."), icon="message"
        )
        columns = [
            Column(tr("Time"), lambda entry: moment_text(entry["at"]), width=100),
            Column(tr("Area"), lambda entry: duty.desk.area_name(entry["area"]), width=140),
            Column(tr("Hand-over"), lambda entry: entry["note"]),
            Column(tr("By"), lambda entry: entry["by_name"], width=90),
            Column(tr("Taken over"), self._taken, width=160, color=_taken_color),
        ]
        self.table = RecordTable(
            columns, key=lambda entry: entry["id"], empty=empty, name="onemap.staff.handovers"
        )
        self._note = QLineEdit(placeholderText=tr("What the next shift must know"), maxLength=2000)
        self._note.setAccessibleName(tr("Hand-over"))
        self._note.returnPressed.connect(self._give)
        self._give_button = button(tr("Hand over"), self._give, "message")
        self._take = button(tr("Take over"), self._take_over, "check", primary=True)
        self.table.on_activate(lambda _key: self._take_over())
        self.add(self.table, 1)
        self.add(row(self._note, self._give_button, self._take))
        duty.notes_changed.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        self.table.set_rows(self._duty.handovers)

    def _taken(self, entry: dict[str, Any]) -> str:
        if entry["taken_at"] is None:
            return self._duty.ctx.tr("not yet")
        return f"{entry['taken_by']} {moment_text(entry['taken_at'])}"

    def _give(self) -> None:
        duty, note = self._duty, self._note.text().strip()
        user = duty.ctx.backend.user
        area = duty.area or (user.areas[0] if user and user.areas else "")
        if not note or not area:
            self._note.setFocus()
            return
        self._note.clear()
        duty.submit(duty.ctx.tr("Hand-over"), "POST", "/staff/duty/handovers", {"area": area, "note": note})

    def _take_over(self) -> None:
        entry = self.table.selected
        if entry is not None:
            path = f"/staff/duty/handovers/{entry['id']}/take"
            self._duty.submit(self._duty.ctx.tr("Take over"), "POST", path)


def _taken_color(entry: dict[str, Any]) -> str:
    return "warning" if entry["taken_at"] is None else "success"


def _time_field(title: str, value: QDateTime) -> QDateTimeEdit:
    made = QDateTimeEdit(value)
    made.setDisplayFormat(_FORMAT)
    made.setCalendarPopup(True)
    made.setAccessibleName(title)
    made.setToolTip(title)
    return made
