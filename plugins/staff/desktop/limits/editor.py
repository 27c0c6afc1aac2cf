"""What the three editors share: a table above, a form below, undo."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from console.sdk.ui import Page, RecordTable, button, row
from plugins.staff.desktop.limits.desk import Limits


class Editor(Page):
    """Enter in the table goes to the form, Delete takes away, Ctrl+Z takes back."""

    def __init__(self, limits: Limits, table: RecordTable, form: Sequence[QWidget]) -> None:
        super().__init__()
        self.limits, self.table = limits, table
        self._undo = button(limits.ctx.tr("Undo"), limits.undo, "undo", tooltip="Ctrl+Z")
        self.add(table, 1)
        self.add(row(*form, None, self._undo))
        table.view.installEventFilter(self)
        limits.undo_changed.connect(self._enable_undo)
        self._enable_undo()

    def take_away(self) -> None:
        """What the Delete key does to the line selected."""
        raise NotImplementedError

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = event if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) else None
        if pressed is None or pressed.key() != Qt.Key.Key_Delete:
            return super().eventFilter(watched, event)
        self.take_away()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo):
            self.limits.undo()
        else:
            super().keyPressEvent(event)

    def _enable_undo(self) -> None:
        self._undo.setEnabled(self.limits.may_write and self.limits.can_undo)
