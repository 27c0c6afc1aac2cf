"""What waits in the outbox: what, since when, what the backend refused, and what can be done about it."""

from __future__ import annotations

import time

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.sdk.context import Severity, Waiting
from console.sdk.errors import OneMapError
from console.sdk.ui import Column, EmptyState, RecordTable, button, row
from console.shell.gate import Gate
from console.shell.services import Services


class OutboxPage(QWidget):
    """Follows the outbox while it is open."""

    def __init__(self, services: Services, gate: Gate) -> None:
        super().__init__()
        self._services = services
        self._gate = gate
        self._tr = tr = services.language.tr
        self.table = RecordTable(
            [
                Column(tr("What"), lambda entry: entry.title),
                Column(tr("Since"), lambda entry: time.strftime("%H:%M:%S", time.localtime(entry.since)), 90),
                Column(tr("State"), self._state, 260, color=lambda e: "error" if e.error else "warning"),
            ],
            key=lambda entry: entry.id,
            empty=EmptyState(
                tr("Nothing is waiting"), tr("Everything has reached the backend."), icon="outbox"
            ),
        )
        again = button(tr("Try again now"), gate.reconnect, icon="refresh", primary=True)
        self._withdraw = button(tr("Withdraw"), self._on_withdraw, icon="undo")
        self._withdraw.setToolTip(tr("Not sent, and not kept any more; this can be undone"))
        self._correct = button(tr("Correct and send anew"), self._on_correct, icon="edit")
        self._correct.setToolTip(tr("Opens the form with all that was written"))
        self._delete = button(tr("Delete what was refused"), self._on_delete, icon="trash")
        self._delete.setToolTip(tr("Refused: it is not sent again by itself. Correct it, or delete it here."))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.addWidget(self.table, 1)
        layout.addLayout(row(again, self._withdraw, self._correct, self._delete, None))
        self.setFocusProxy(again)
        self.table.on_select(lambda _key: self._show())
        undo = services.connection.on_change(self._show)
        self.destroyed.connect(lambda: undo())
        self._show()

    def _state(self, entry: Waiting) -> str:
        if entry.error:
            return self._tr("Refused: {reason}", reason=entry.error)
        return self._tr("Sent, the answer is out") if entry.under_way else self._tr("Waits to be sent")

    def _show(self) -> None:
        self.table.set_rows(self._services.connection.waiting)
        chosen: Waiting | None = self.table.selected
        refused = chosen is not None and bool(chosen.error)
        self._withdraw.setEnabled(chosen is not None and not refused and not chosen.under_way)
        self._delete.setEnabled(refused)
        self._correct.setEnabled(chosen is not None and self._gate.corrector(chosen) is not None)

    def _on_withdraw(self) -> None:
        chosen: Waiting | None = self.table.selected
        if chosen is not None:
            self._services.tasks.start(withdraw(self._services, self._gate, chosen))

    def _on_correct(self) -> None:
        chosen: Waiting | None = self.table.selected
        correct = self._gate.corrector(chosen) if chosen is not None else None
        if chosen is not None and correct is not None:
            self._services.host.commands.run("shell.outbox")  # the form lies below this sheet
            correct(chosen)

    def _on_delete(self) -> None:
        if self.table.selected_key:
            self._gate.dismiss(self.table.selected_key)


async def withdraw(services: Services, gate: Gate, entry: Waiting) -> None:
    """Take *entry* back and offer the way back, or say that it is too late."""
    tr, key = services.language.tr, f"withdrawn:{entry.id}"
    try:
        put_back = await gate.withdraw(entry.id)
    except OneMapError as error:
        services.notify(str(error), Severity.WARNING, key=key)
        return
    if put_back is None:
        services.notify(tr("Too late to withdraw: {title}", title=entry.title), Severity.WARNING, key=key)
    else:
        undo = (tr("Undo"), put_back)
        services.notify(tr("Withdrawn: {title}", title=entry.title), action=undo, key=key)
