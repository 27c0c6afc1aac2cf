"""Showing the masked reporter: asks for a reason, shows them for a minute, then masks them again."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QLineEdit

from console.sdk import OneMapError
from console.sdk.records import Event
from console.sdk.ui import Page, button, row
from plugins.events.desktop.desk import EventDesk
from plugins.events.model import PERSONAL_FIELDS

RIGHT = "personal.read"
SHOWN_SECONDS = 60
LEAST_REASON = 4
"""Characters that a reason must have."""


class Unmask(Page):
    """A line for the reason and a button; hidden from who lacks the right."""

    def __init__(self, desk: EventDesk) -> None:
        super().__init__()
        self._desk = desk
        self._event_id = ""
        tr = desk.ctx.tr
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._reason = QLineEdit(placeholderText=tr("Reason, kept in the audit log"), maxLength=200)
        self._reason.setAccessibleName(tr("Reason for showing the reporter"))
        self._reason.returnPressed.connect(self._start)
        self._button = button(tr("Show reporter"), self._start, "eye", tooltip=tr("The reason is recorded"))
        self._said = QLabel(wordWrap=True)
        self._said.setTextInteractionFlags(self._said.textInteractionFlags().TextSelectableByMouse)
        self._hide = QTimer(self, interval=SHOWN_SECONDS * 1000, singleShot=True)
        self._hide.timeout.connect(self._said.clear)
        self.add(row(self._reason, self._button))
        self.add(self._said)

    def set_event(self, event: Event | None) -> None:
        """Another event: what was shown is masked at once."""
        event_id = event.id if event else ""
        if event_id != self._event_id:
            self._event_id = event_id
            self._hide.stop()
            self._said.clear()
            self._reason.clear()
        has_reporter = event is not None and bool(event.reporter or event.reporter_phone)
        self.setVisible(has_reporter and self._desk.ctx.backend.allowed(RIGHT))

    def _start(self) -> None:
        reason = self._reason.text().strip()
        if len(reason) < LEAST_REASON:
            self._said.setText(self._desk.ctx.tr("Write why you need to know"))
            self._reason.setFocus()
        elif self._button.isEnabled():
            self._desk.ctx.tasks.start(self._ask(self._event_id, reason))

    async def _ask(self, event_id: str, reason: str) -> None:
        self._button.setEnabled(False)
        body = {"reason": reason, "fields": list(PERSONAL_FIELDS)}
        try:
            answer = await self._desk.ctx.backend.post(f"/events/{event_id}/unmask", body)
        except OneMapError as error:
            self._said.setText(str(error))
        else:
            if event_id == self._event_id:
                self._show([str(answer.get(name, "")) for name in PERSONAL_FIELDS])
        finally:
            self._button.setEnabled(True)

    def _show(self, values: list[str]) -> None:
        tr = self._desk.ctx.tr
        who = " ".join(value for value in values if value)
        self._said.setText(tr("Reporter: {who} (hidden again in a minute)", who=who))
        self._reason.clear()
        self._hide.start()
