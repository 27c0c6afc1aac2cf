"""Workspaces: use, save under a name, rename, delete, reset."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from console.sdk.ui import Column, RecordTable, button, row
from console.shell.services import Services
from console.shell.workspaces import BUILTIN, Workspaces

_Line = tuple[str, str, str]


class WorkspacesPage(QWidget):
    """The table lists all; the field below names the present arrangement."""

    def __init__(self, services: Services, workspaces: Workspaces) -> None:
        super().__init__()
        self._services = services
        self._workspaces = workspaces
        self._tr = services.language.tr
        self.table = RecordTable(
            [
                Column(self._tr("Workspace"), lambda line: line[1]),
                Column(self._tr("Kind"), lambda line: line[2], width=160),
            ],
            key=lambda line: line[0],
        )
        self.name = QLineEdit()
        self.name.setPlaceholderText(self._tr("Name, e.g. Night shift"))
        self.name.setAccessibleName(self._tr("Name"))
        self.name.returnPressed.connect(self._save)
        self._error = QLabel()
        self._error.setObjectName("errorText")
        self._save_button = button(self._tr("Save arrangement"), self._save, icon="plus", primary=True)
        self._rename = button(self._tr("Rename"), self._do_rename, icon="edit")
        self._delete = button(self._tr("Delete"), self._do_delete, icon="trash")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.addWidget(self.table, 1)
        layout.addLayout(row(self.name, self._save_button))
        layout.addWidget(self._error)
        layout.addLayout(
            row(
                button(self._tr("Use"), self._use, icon="check"),
                self._rename,
                self._delete,
                button(self._tr("Reset the present one"), workspaces.reset, icon="undo"),
                None,
            )
        )
        self.setFocusProxy(self.name)
        self.table.on_select(lambda _key: self._show())
        self.table.on_activate(workspaces.use)
        undo = workspaces.on_change(self._refresh)
        self.destroyed.connect(lambda: undo())
        self._refresh()

    def _refresh(self) -> None:
        language, current = self._services.language.current, self._workspaces.current
        mark = self._tr("in use")
        lines: list[_Line] = [(b.id, b.title.get(language), self._tr("Built in")) for b in BUILTIN]
        lines += [(name, name, self._tr("Your own")) for name in self._workspaces.names()]
        self.table.set_rows([(k, t, f"{kind} · {mark}" if k == current else kind) for k, t, kind in lines])
        self._show()

    def _show(self) -> None:
        own = self.table.selected_key in self._workspaces.names()
        self._rename.setEnabled(own)
        self._delete.setEnabled(own)

    def _use(self) -> None:
        if self.table.selected_key:
            self._workspaces.use(self.table.selected_key)

    def _save(self) -> None:
        self._try(lambda: self._workspaces.save_as(self.name.text()))

    def _do_rename(self) -> None:
        key = self.table.selected_key or ""
        self._try(lambda: self._workspaces.rename(key, self.name.text()))

    def _do_delete(self) -> None:
        self._workspaces.delete(self.table.selected_key or "")

    def _try(self, change: Callable[[], None]) -> None:
        self._error.clear()
        try:
            change()
        except ValueError:
            self._error.setText(self._tr("Give a name that is not taken."))
        else:
            self.name.clear()
