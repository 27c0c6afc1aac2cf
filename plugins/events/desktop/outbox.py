"""What of events waits to be sent, and what the backend refused; hidden when there is neither."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from console.sdk import Waiting
from console.sdk.ui import Badge, button
from plugins.events.desktop.desk import EventDesk


class OutboxStrip(QWidget):
    """One line above the table; refused intent stays until it is dismissed."""

    def __init__(self, desk: EventDesk) -> None:
        super().__init__()
        self._desk = desk
        self._badge, self._text = Badge(), QLabel()
        self._dismiss = button(desk.ctx.tr("Dismiss"), self._dismiss_refused, "close")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self._badge, self._text):
            layout.addWidget(part)
        layout.addStretch(1)
        layout.addWidget(self._dismiss)
        desk.waiting_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the outbox as it is now."""
        entries, tr = self._desk.waiting(), self._desk.ctx.tr
        refused = [entry for entry in entries if entry.error]
        self.setVisible(bool(entries))
        self._dismiss.setVisible(bool(refused))
        if refused:
            self._badge.set(tr("Refused"), "error")
            self._text.setText(_joined([f"{entry.title}: {entry.error}" for entry in refused]))
        elif entries:
            self._badge.set(tr("Waiting to be sent"), "warning")
            self._text.setText(_joined([entry.title for entry in entries]))

    def _dismiss_refused(self) -> None:
        refused: list[Waiting] = [entry for entry in self._desk.waiting() if entry.error]
        for entry in refused:
            self._desk.ctx.backend.dismiss(entry.id)


def _joined(texts: list[str], most: int = 3) -> str:
    more = f" … +{len(texts) - most}" if len(texts) > most else ""
    return "  |  ".join(texts[:most]) + more
