"""Showing a masked phone number: asks for a reason, shows it for a minute, then masks it again."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QLineEdit

from console.sdk import OneMapError
from console.sdk.records import Staff
from console.sdk.ui import Page, button, row
from plugins.staff.desktop.desk import Desk

RIGHT = "personal.read"
SHOWN_SECONDS = 60
LEAST_REASON = 4
"""Characters that a reason must have."""


class Unmask(Page):
    """A line for the reason and a button; hidden from who lacks the right."""

    shown_changed = Signal()
    """The number is shown, or hidden again."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._staff: Staff | None = None
        self._left = 0
        self.phone = ""
        """The whole number while it is shown."""
        tr = desk.ctx.tr
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._reason = QLineEdit(placeholderText=tr("Reason, kept in the audit log"), maxLength=200)
        self._reason.setAccessibleName(tr("Reason for showing the phone number"))
        self._reason.returnPressed.connect(self._start)
        self._show = button(tr("Show phone"), self._start, "eye", tooltip=tr("The reason is recorded"))
        self._said = QLabel(wordWrap=True)
        self._said.setTextInteractionFlags(self._said.textInteractionFlags().TextSelectableByMouse)
        self.add(self._reason)
        self.add(row(self._show, None))
        self.add(self._said)
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._count_down)

    def set_staff(self, staff: Staff | None) -> None:
        """Another person: what was shown is masked at once."""
        if staff is None or self._staff is None or staff.id != self._staff.id:
            self._mask()
            self._reason.clear()
        self._staff = staff
        self.setVisible(staff is not None and bool(staff.phone) and self._desk.ctx.backend.allowed(RIGHT))

    def _start(self) -> None:
        if len(self._reason.text().strip()) < LEAST_REASON:
            self._said.setText(self._desk.ctx.tr("Write why you need the number"))
            self._reason.setFocus()
        elif self._staff is not None and self._show.isEnabled():
            self._desk.ctx.tasks.start(self._ask(self._staff, self._reason.text().strip()))

    async def _ask(self, staff: Staff, reason: str) -> None:
        self._show.setEnabled(False)
        try:
            body = {"reason": reason, "fields": ["phone"]}
            answer = await self._desk.ctx.backend.post(f"/staff/{staff.id}/unmask", body)
        except OneMapError as error:
            self._said.setText(str(error))
        else:
            if self._staff is not None and self._staff.id == staff.id:
                self._unmask(str(answer.get("phone", "")))
        finally:
            self._show.setEnabled(True)

    def _unmask(self, phone: str) -> None:
        self.phone, self._left = phone, SHOWN_SECONDS
        self._reason.clear()
        self._second.start()
        self._say()
        self.shown_changed.emit()

    def _say(self) -> None:
        tr = self._desk.ctx.tr
        self._said.setText(tr("Phone: {phone} (hidden again in {n} s)", phone=self.phone, n=self._left))

    def _count_down(self) -> None:
        self._left -= 1
        if self._left > 0:
            self._say()
        else:
            self._mask()

    def _mask(self) -> None:
        self.phone = ""
        self._second.stop()
        self._said.clear()
        self.shown_changed.emit()
