"""What of events waits to be sent, and what the backend refused; its room is kept while there is neither."""

from __future__ import annotations

import time

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from console.sdk import Waiting
from console.sdk.ui import Badge, button
from plugins.events.desktop.desk import EventDesk
from plugins.events.desktop.pending import is_report

SHOWN_AFTER = 0.7
"""Seconds that something waits before it is shown: online it is gone by then, and nothing flashes."""
HEIGHT = 24
"""Pixels: hardly more than a row of the table, which gives them."""


class OutboxStrip(QWidget):
    """One line below the table, whose rows must not jump under the pointer.

    Refused intent stays until it is sent anew or deleted.
    """

    def __init__(self, desk: EventDesk) -> None:
        super().__init__()
        self._desk = desk
        tr = desk.ctx.tr
        self._badge, self._text = Badge(), QLabel()
        self._correct = button(tr("Correct and send anew"), desk.rewrite_refused, "edit")
        self._delete = button(tr("Delete what was refused"), self._delete_refused, "trash")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self._badge, self._text):
            layout.addWidget(part)
        layout.addStretch(1)
        for part in (self._correct, self._delete):
            layout.addWidget(part)
        for part in (self._correct, self._delete):
            part.setFixedHeight(HEIGHT - 2)
        self.setFixedHeight(HEIGHT)
        desk.waiting_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the outbox as it is now."""
        entries, tr = self._desk.waiting(), self._desk.ctx.tr
        refused = [entry for entry in entries if entry.error]
        connected = self._desk.ctx.backend.connected
        waits = [entry for entry in entries if not connected or time.time() - entry.since >= SHOWN_AFTER]
        if len(waits) < len(entries):
            self._desk.ctx.tasks.later(SHOWN_AFTER, self.refresh)
        self.setVisible(bool(waits or refused))
        self._delete.setVisible(bool(refused))
        self._correct.setVisible(any(is_report(entry) for entry in refused))
        if refused:
            self._badge.set(tr("Refused"), "error")
            self._text.setText(_joined([f"{entry.title}: {entry.error}" for entry in refused]))
        elif waits:
            self._badge.set(tr("Waiting to be sent"), "warning")
            self._text.setText(_joined([entry.title for entry in waits]))

    def _delete_refused(self) -> None:
        refused: list[Waiting] = [entry for entry in self._desk.waiting() if entry.error]
        for entry in refused:
            self._desk.ctx.backend.dismiss(entry.id)


def _joined(texts: list[str], most: int = 3) -> str:
    more = f" … +{len(texts) - most}" if len(texts) > most else ""
    return "  |  ".join(texts[:most]) + more
