"""Orders that wait in the outbox: what, since when, and what the backend refused."""

from __future__ import annotations

import time

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.sdk.context import Waiting
from console.sdk.ui import Column, EmptyState, RecordTable, button, row
from console.shell.gate import Gate
from console.shell.services import Services


class OutboxPage(QWidget):
    """Follows the outbox while it is open."""

    def __init__(self, services: Services, gate: Gate) -> None:
        super().__init__()
        self._services = services
        self._gate = gate
        tr = services.language.tr
        self.table = RecordTable(
            [
                Column(tr("What"), lambda entry: entry.title),
                Column(tr("Since"), lambda entry: time.strftime("%H:%M:%S", time.localtime(entry.since)), 90),
                Column(
                    tr("State"),
                    lambda entry: entry.error or tr("Waits for the backend"),
                    260,
                    color=lambda entry: "error" if entry.error else "warning",
                ),
            ],
            key=lambda entry: entry.id,
            empty=EmptyState(
                tr("Nothing is waiting"), tr("All orders have reached the backend."), icon="outbox"
            ),
        )
        again = button(tr("Try again now"), gate.reconnect, icon="refresh", primary=True)
        self._dismiss = button(tr("Remove refused order"), self._remove, icon="trash")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.addWidget(self.table, 1)
        layout.addLayout(row(again, self._dismiss, None))
        self.setFocusProxy(again)
        self.table.on_select(lambda _key: self._show())
        undo = services.connection.on_change(self._show)
        self.destroyed.connect(lambda: undo())
        self._show()

    def _show(self) -> None:
        self.table.set_rows(self._services.connection.waiting)
        chosen: Waiting | None = self.table.selected
        self._dismiss.setEnabled(chosen is not None and bool(chosen.error))

    def _remove(self) -> None:
        if self.table.selected_key:
            self._gate.dismiss(self.table.selected_key)
