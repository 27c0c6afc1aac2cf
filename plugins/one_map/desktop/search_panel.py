"""The search box with its results; works by keyboard from the field to the map."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QStackedWidget

from console.sdk import Context
from console.sdk.records import Place
from console.sdk.ui import EmptyState, Page, SearchField, button, icon, row
from plugins.one_map.desktop.search import Answer, Search


class SearchPanel(Page):
    """Field, note, results."""

    def __init__(self, ctx: Context, search: Search) -> None:
        super().__init__()
        self._ctx = ctx
        self._search = search
        self._field = SearchField(ctx.tr("Address, road, place, person, or coordinates"))
        self._field.on_search(self._ask)
        self._field.installEventFilter(self)
        self._note = QLabel(wordWrap=True)
        self._note.setObjectName("muted")
        self._list = QListWidget()
        self._list.setWordWrap(True)
        self._list.setAccessibleName(ctx.tr("Results"))
        self._list.itemActivated.connect(self._go)
        self._list.itemClicked.connect(self._go)
        self._empty = EmptyState("", icon="search")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._list)
        self._stack.addWidget(self._empty)
        self._forget = button(ctx.tr("Forget recent places"), search.forget)
        self._forget.setProperty("flat", True)
        self.add(self._field)
        self.add(row(self._note, None, self._forget))
        self.add(self._stack, 1)
        self.setFocusProxy(self._field)
        search.answered.connect(self._show)
        search.ask("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes from the field into the results; Enter takes the first of them."""
        if watched is self._field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down and self._list.count():
                self._list.setFocus()
                self._list.setCurrentRow(0)
                return True
            first = self._list.item(0)
            answers = first is not None and first.data(Qt.ItemDataRole.UserRole + 1) == self._text()
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and answers:
                self._go(first)
                return True
        return super().eventFilter(watched, event)

    def _ask(self, text: str) -> None:
        """The one cross in the field clears the text, the results and the mark on the map."""
        if not text:
            self._search.clear_marker()
        self._search.ask(text)

    def _text(self) -> str:
        return self._field.text().strip()

    def _go(self, item: QListWidgetItem) -> None:
        self._search.go(item.data(Qt.ItemDataRole.UserRole))

    def _show(self, answer: Answer) -> None:
        tr = self._ctx.tr
        self._note.setText(answer.note or ("" if answer.text else tr("Recent places") * bool(answer.places)))
        self._note.setVisible(bool(self._note.text()))
        self._forget.setVisible(not answer.text and bool(answer.places))
        self._list.clear()
        for place in answer.places:
            self._list.addItem(self._item(place, answer.text))
        self._stack.setCurrentWidget(self._list if answer.places else self._empty)
        if answer.searching:
            self._empty.set_text(tr("Searching …"))
        elif answer.text:
            self._empty.set_text(
                tr("Nothing found"), tr("Try fewer words, a road with a house number, or coordinates.")
            )
        else:
            hint = tr("Coordinates are understood too: 117.19, 34.26 or 34°15′36″N 117°11′24″E, or GCJ-02 …")
            self._empty.set_text(tr("Find a place on the map"), hint)

    def _item(self, place: Place, asked: str) -> QListWidgetItem:
        title, icon_name = self._search.kind_of(place)
        detail = " · ".join(part for part in (title, place.detail) if part)
        item = QListWidgetItem(icon(icon_name), f"{place.title}\n{detail}")
        item.setData(Qt.ItemDataRole.UserRole, place)
        item.setData(Qt.ItemDataRole.UserRole + 1, asked)
        item.setToolTip(f"{place.title}\n{detail}")
        return item
