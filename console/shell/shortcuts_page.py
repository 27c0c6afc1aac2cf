"""All keys on one page (F1, and in the settings), with search; a key is changed by pressing another."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from console.sdk.ui import Column, EmptyState, RecordTable, SearchField, button, row
from console.shell.key_field import KeyField
from console.shell.services import Services

KEY_NAMES = ("Return", "Enter", "Space", "Backspace", "Del", "Ins", "PgUp", "PgDown")
ARROWS = {"Up": "↑", "Down": "↓", "Left": "←", "Right": "→"}


@dataclass(frozen=True, slots=True)
class Line:
    """One command or panel with its key."""

    id: str
    key: str
    title: str
    kind: str
    rivals: str = ""
    """Titles of the others that want its key."""


class ShortcutsPage(QWidget):
    """Table of keys; below it, the key of the selected line."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._tr = services.language.tr
        self._keys = services.host.keys
        self._titles: dict[str, str] = {}
        self.table = self._make_table()
        search = SearchField(self._tr("Search keys"))
        search.on_search(self.table.filter)
        self._name = QLabel(self._tr("Select a line to change its key"))
        self._name.setObjectName("muted")
        self.conflict = QLabel()
        self.conflict.setObjectName("errorText")
        self.conflict.setWordWrap(True)
        self.conflict.hide()
        self.field = KeyField()
        self.field.setPlaceholderText(self._tr("Press the new key"))
        self.field.setToolTip(self._tr("Press the new key; Backspace takes it away, Enter confirms"))
        self.field.setAccessibleName(self._tr("New key"))
        self.field.setEnabled(False)
        self.field.pressed.connect(self._name_rivals)
        self.field.returnPressed.connect(self._assign)
        default = button(self._tr("Back to the default"), self._default, icon="undo")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.addWidget(search)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.conflict)
        change = button(self._tr("Change key"), self._assign)
        layout.addLayout(row(self._name, None, self.field, change, default))
        self.setFocusProxy(search)
        self.table.on_select(lambda _key: self._show())
        self._refresh()

    def _make_table(self) -> RecordTable:
        return RecordTable(
            [
                Column(self._tr("Key"), lambda line: self._key_words(line.key), width=150),
                Column(self._tr("Does"), lambda line: line.title),
                Column(self._tr("Kind"), lambda line: line.kind, width=90),
                Column(
                    self._tr("Also wanted by"), lambda line: line.rivals, width=200, color=lambda _: "warning"
                ),
            ],
            key=lambda line: line.id,
            empty=EmptyState(self._tr("No key fits"), icon="keyboard"),
        )

    def _refresh(self) -> None:
        host, language = self._services.host, self._services.language.current
        rows = [(e, self._tr("Command"), host.commands) for e in host.commands.entries() if e.palette]
        rows += [(e, self._tr("Panel"), host.panels) for e in host.panels.entries()]
        self._titles = {e.id: e.title.get(language) for e, _, _ in rows}
        lines = [
            Line(
                e.id, registry.key_of(e.id), e.title.get(language), kind, self._words(self._keys.rivals(e.id))
            )
            for e, kind, registry in rows
        ]
        self.table.set_rows(sorted(lines, key=lambda line: (not line.rivals, not line.key, line.title)))

    def _key_words(self, key: str) -> str:
        """A key as it is printed on the keyboard, or as the user calls it."""
        parts = key.split("+")
        last = parts[-1]
        parts[-1] = self._tr(last) if last in KEY_NAMES else ARROWS.get(last, last)
        return "+".join(parts)

    def _words(self, owners: tuple[str, ...]) -> str:
        return "、".join(self._titles.get(owner, owner) for owner in owners)

    def _show(self) -> None:
        line: Line | None = self.table.selected
        self.field.setEnabled(line is not None)
        if line is not None:
            self._name.setText(line.title)
            wanted = self._keys.wanted(line.id)
            self.field.show_key(wanted)
            self._name_rivals(wanted)

    def _name_rivals(self, key: str) -> None:
        """Say who wants *key* as well, before it is given away."""
        line: Line | None = self.table.selected
        rivals = self._keys.rivals(line.id, key) if line is not None and key else ()
        self.conflict.setVisible(bool(rivals))
        if line is not None and rivals:
            self.conflict.setText(
                self._tr(
                    "{key} is also wanted by: {names}. Whoever you give it to has it.",
                    key=key,
                    names=self._words(rivals),
                )
            )

    def _assign(self) -> None:
        line: Line | None = self.table.selected
        if line is not None:
            self._keys.assign(line.id, self.field.key)
            self._refresh()
            self._show()

    def _default(self) -> None:
        line: Line | None = self.table.selected
        if line is not None:
            self._keys.assign(line.id, None)
            self._refresh()
            self._show()
