"""All keys on one sheet (F1), with search; a key can be changed here."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from console.sdk.ui import Column, EmptyState, RecordTable, SearchField, button, row
from console.shell.services import Services


@dataclass(frozen=True, slots=True)
class Line:
    """One command or panel with its key."""

    id: str
    key: str
    title: str
    kind: str


class ShortcutsPage(QWidget):
    """Table of keys; below it, the key of the selected line."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._tr = services.language.tr
        self.table = RecordTable(
            [
                Column(self._tr("Key"), lambda line: line.key, width=170),
                Column(self._tr("Does"), lambda line: line.title),
                Column(self._tr("Kind"), lambda line: line.kind, width=120),
            ],
            key=lambda line: line.id,
            empty=EmptyState(self._tr("No key fits"), icon="keyboard"),
        )
        search = SearchField(self._tr("Search keys"))
        search.on_search(self.table.filter)
        self._name = QLabel(self._tr("Select a line to change its key"))
        self._name.setObjectName("muted")
        # A field of text: a QKeySequenceEdit would swallow Tab and Escape and hold the keyboard user.
        self._edit = QLineEdit()
        self._edit.setPlaceholderText(self._tr("e.g. Ctrl+Alt+P"))
        self._edit.setAccessibleName(self._tr("New key"))
        self._edit.setEnabled(False)
        self._edit.returnPressed.connect(self._assign)
        default = button(self._tr("Back to the default"), self._default, icon="undo")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.addWidget(search)
        layout.addWidget(self.table, 1)
        change = button(self._tr("Change key"), self._assign)
        layout.addLayout(row(self._name, None, self._edit, change, default))
        self.setFocusProxy(search)
        self.table.on_select(lambda _key: self._show())
        self._refresh()

    def _refresh(self) -> None:
        host, language = self._services.host, self._services.language.current
        lines = [
            Line(e.id, host.commands.key_of(e.id), e.title.get(language), self._tr("Command"))
            for e in host.commands.entries()
            if e.palette
        ]
        lines += [
            Line(e.id, host.panels.key_of(e.id), e.title.get(language), self._tr("Panel"))
            for e in host.panels.entries()
        ]
        self.table.set_rows(sorted(lines, key=lambda line: (not line.key, line.title)))

    def _show(self) -> None:
        line: Line | None = self.table.selected
        self._edit.setEnabled(line is not None)
        if line is not None:
            self._name.setText(line.title)
            self._edit.setText(line.key)
            self._mark(wrong=False)

    def _assign(self) -> None:
        line: Line | None = self.table.selected
        key = QKeySequence(self._edit.text().strip()).toString(QKeySequence.SequenceFormat.PortableText)
        wrong = bool(self._edit.text().strip()) and not key
        self._mark(wrong=wrong)
        if line is not None and not wrong and key != line.key:
            self._services.host.keys.assign(line.id, key)
            self._refresh()

    def _mark(self, *, wrong: bool) -> None:
        self._edit.setProperty("error", wrong)
        self._edit.style().unpolish(self._edit)
        self._edit.style().polish(self._edit)

    def _default(self) -> None:
        line: Line | None = self.table.selected
        if line is not None:
            self._services.host.keys.assign(line.id, None)
            self._refresh()
            self._show()
