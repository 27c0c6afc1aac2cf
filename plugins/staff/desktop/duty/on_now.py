"""Who is on duty now, who leads, and a leader's word against the rota."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QLabel, QLineEdit

from console.sdk.ui import Column, EmptyState, Page, RecordTable, button, row
from plugins.staff.desktop.duty.desk import DutyDesk
from plugins.staff.desktop.duty.words import WHY, moment_text
from plugins.staff.desktop.words import role_text

LEAST_REASON = 2
"""Characters that a reason must have."""


class OnNow(Page):
    """The list follows the selection of the console; below it the override with its reason."""

    def __init__(self, duty: DutyDesk) -> None:
        super().__init__()
        self._duty = duty
        tr = duty.ctx.tr
        self._leads = QLabel(wordWrap=True)
        empty = EmptyState(
            tr("Nobody is on duty"), tr("Fill the rota, or put somebody on duty."), icon="clock"
        )
        self.table = RecordTable(
            _columns(duty), key=lambda entry: entry["staff"], empty=empty, name="onemap.staff.duty.now"
        )
        self.table.on_activate(duty.desk.jump)
        self.table.on_select(lambda key: key and duty.desk.select(key))
        self._who = QLabel()
        self._reason = QLineEdit(placeholderText=tr("Reason, kept in the audit log"), maxLength=200)
        self._reason.setAccessibleName(tr("Reason of the change of duty"))
        self._on = button(tr("Put on duty"), lambda: self._override("on"), "success")
        self._off = button(tr("Take off duty"), lambda: self._override("off"), "stop")
        self.add(self._leads)
        self.add(self.table, 1)
        self.add(row(self._who, self._reason, self._on, self._off))
        duty.now_changed.connect(self._fill)
        duty.desk.selected_changed.connect(self._show_selected)
        self._fill()
        self._show_selected()

    def _fill(self) -> None:
        duty, tr = self._duty, self._duty.ctx.tr
        self.table.set_rows(duty.now)
        leads = [
            tr("{name} ({area})", name=e["name"], area=duty.desk.area_name(e["area"][:9]))
            for e in duty.now
            if e["lead"]
        ]
        text = tr(", ").join(leads) or tr("nobody")
        self._leads.setText(tr("{n} on duty. Leads now: {names}", n=len(duty.now), names=text))

    def _show_selected(self) -> None:
        duty = self._duty
        staff = duty.desk.record(duty.desk.selected)
        self._who.setText(staff.name if staff else duty.ctx.tr("Select a person first"))
        for part in (self._reason, self._on, self._off):
            part.setEnabled(staff is not None and duty.may_write)
        self.table.select_key(duty.desk.selected)

    def _override(self, to: str) -> None:
        duty, tr = self._duty, self._duty.ctx.tr
        staff, reason = duty.desk.record(duty.desk.selected), self._reason.text().strip()
        if staff is None:
            return
        if len(reason) < LEAST_REASON:
            duty.ctx.notify(tr("Write the reason"), key="onemap.staff.duty")
            self._reason.setFocus()
            return
        self._reason.clear()
        title = tr("Duty of {name}", name=staff.name)
        duty.submit(title, "POST", f"/staff/{staff.id}/duty", {"duty": to, "reason": reason})


def _columns(duty: DutyDesk) -> list[Column]:
    tr = duty.ctx.tr

    def shift(entry: dict[str, Any]) -> str:
        name = duty.shift_name(entry["shift"]) if entry["shift"] else ""
        return f"★ {name}" if entry["lead"] else name

    return [
        Column(tr("Name"), lambda entry: entry["name"], width=110),
        Column(tr("Role"), lambda entry: role_text(entry["role"], tr), width=100),
        Column(tr("Area"), lambda entry: duty.desk.area_name(entry["area"]), sort=lambda e: e["area"]),
        Column(tr("Shift"), shift, width=116),
        Column(tr("Why"), lambda entry: tr(WHY[entry["why"]]), width=110),
        Column(tr("Until"), lambda entry: moment_text(entry["until"]), width=100),
    ]
