"""Which symbol stands at a point: a box like any other, which opens a palette instead of a long list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QFont,
    QFontMetrics,
    QIcon,
    QKeyEvent,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import QFrame, QLabel, QListView, QVBoxLayout, QWidget

from console.model.text import Text
from console.sdk.drawings import BUILT_IN, OWN, own_title, symbol_icon
from console.sdk.symbol_set import KIND_TITLES, SYMBOLS
from console.sdk.ui.choices import Choice
from console.sdk.ui.theming import icon
from console.sdk.ui.widgets import SearchField
from console.sdk.ui.words import said, word

NAME = Qt.ItemDataRole.UserRole
CELL = QSize(96, 62)
"""Logical pixels of a symbol with a line of title below."""
LINE = 16
COLUMNS = 5
LETTERS = 12
"""Pixels high."""
HEADING = 28
BAR = 22
"""Room of the scroll bar and the frame."""
PICTURE = 30
TALLEST = 460
OWN_TITLE = Text("自有图形", "Own drawings")


class SymbolChoice(Choice):
    """One of all symbols by name, empty for none; ``on_change`` gets what the user chose.

    Enter, Space or a click opens the palette; the arrow keys step through the symbols as in any box.
    """

    def __init__(self, name: str, on_change: Callable[[str], Any], plain: str) -> None:
        """*plain* is what no symbol is called, such as a plain mark."""
        super().__init__(name, on_change)
        self._plain = plain
        self.setIconSize(QSize(18, 18))
        self.offer_own(())

    def offer_own(self, names: Sequence[str]) -> None:
        """Besides those of the set, drawings of the user's own (``drawings.own_names``)."""
        shown = self.currentData()
        titles = [("", self._plain), *((name, own_title(name)) for name in names)]
        titles += [(name, said(symbol.title)) for name, symbol in SYMBOLS.items()]
        self.offer(titles)
        for at, (name, _) in enumerate(titles):
            if self.itemIcon(at).isNull():
                self.setItemIcon(at, _picture(name))
        self.show_value(shown or "")

    def showPopup(self) -> None:
        """See Qt."""
        own = [str(self.itemData(at)) for at in range(self.count())]
        own = [name for name in own if name.startswith(OWN)]
        SymbolPalette(self, self._plain, own, str(self.currentData() or ""), self._take).show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See Qt; Enter opens, as on a button."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.showPopup()
        else:
            super().keyPressEvent(event)

    def _take(self, name: str) -> None:
        self.show_value(name)
        self._on_change(name)


class SymbolPalette(QFrame):
    """All symbols with their pictures, kind by kind; what is typed looks for them in both languages."""

    def __init__(
        self, anchor: QWidget, plain: str, own: Sequence[str], chosen: str, on_choose: Callable[[str], Any]
    ) -> None:
        super().__init__(anchor.window(), Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._plain, self._own, self._chosen, self._on_choose = plain, own, chosen, on_choose
        self._model = QStandardItemModel(self)
        self._laid_out = QTimer(self, singleShot=True, interval=0)
        self._laid_out.timeout.connect(lambda: self._list.scrollTo(self._list.currentIndex()))
        self._search = SearchField(word("Search symbols"))
        self._search.on_search(self._fill)
        self._search.returnPressed.connect(lambda: self._choose(self._list.currentIndex().data(NAME)))
        self._list = self._make_list()
        self._none = QLabel(word("No symbol is called so"))
        self._none.setObjectName("muted")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self._search)
        layout.addWidget(self._none)
        layout.addWidget(self._list, 1)
        self._search.installEventFilter(self)
        self._list.installEventFilter(self)
        self._place(anchor)
        self._fill("")
        self._search.setFocus()

    def _make_list(self) -> QListView:
        view = QListView()
        view.setModel(self._model)
        view.setViewMode(QListView.ViewMode.IconMode)
        view.setMovement(QListView.Movement.Static)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setIconSize(QSize(PICTURE, PICTURE))
        view.setWordWrap(True)
        view.setSpacing(0)
        view.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # else headings would jump
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setAccessibleName(word("Symbols"))
        view.clicked.connect(self._clicked)
        return view

    def _place(self, anchor: QWidget) -> None:
        """Below the anchor, or above it where there is more room; always whole on its screen."""
        screen = anchor.screen().availableGeometry()
        size = QSize(COLUMNS * CELL.width() + BAR + 16, min(TALLEST, screen.height()))
        box = QRect(anchor.mapToGlobal(QPoint(0, anchor.height() + 2)), size)
        if box.bottom() > screen.bottom():
            box.moveBottom(anchor.mapToGlobal(QPoint(0, -2)).y())
        box.moveTop(min(max(box.top(), screen.top()), screen.bottom() - box.height() + 1))
        box.moveLeft(min(max(box.left(), screen.left()), screen.right() - box.width() + 1))
        self.setGeometry(box)

    def _fill(self, wanted: str) -> None:
        """Those whose titles, or whose kinds', hold what is *wanted*; the chosen or the first is current."""
        self._model.clear()
        font = QFont(self.font())
        font.setPixelSize(LETTERS)
        size = _cell_size(QFontMetrics(font))
        for heading, names in self._groups():
            group = f"{heading.zh_CN} {heading.en}" if heading is not None else ""
            found = [name for name in names if wanted.casefold() in f"{group} {self._words(name)}".casefold()]
            if found and heading is not None:
                self._model.appendRow(_heading(said(heading)))
            for name in found:
                self._model.appendRow(_cell(name, self._title(name), size, font))
        self._none.setVisible(not self._model.rowCount())
        self._list.setVisible(self._model.rowCount() > 0)
        self._show_current("" if wanted else self._chosen)

    def _show_current(self, chosen: str) -> None:
        rows = [self._model.index(row, 0) for row in range(self._model.rowCount())]
        symbols = [index for index in rows if index.flags() & Qt.ItemFlag.ItemIsEnabled]
        current = next((index for index in symbols if index.data(NAME) == chosen), next(iter(symbols), None))
        if current is not None:
            self._list.setCurrentIndex(current)
            self._laid_out.start()

    def _groups(self) -> Iterator[tuple[Text | None, Sequence[str]]]:
        yield None, [""]
        yield OWN_TITLE, self._own
        for kind, title in KIND_TITLES.items():
            yield title, [name for name, symbol in SYMBOLS.items() if symbol.kind is kind]

    def _title(self, name: str) -> str:
        return said(SYMBOLS[name].title) if name in SYMBOLS else own_title(name) if name else self._plain

    def _words(self, name: str) -> str:
        """All by which it can be found."""
        title = SYMBOLS[name].title if name in SYMBOLS else None
        return f"{name} {title.zh_CN} {title.en}" if title else self._title(name)

    def _clicked(self, index: QModelIndex) -> None:
        self._choose(index.data(NAME))

    def _choose(self, name: str | None) -> None:
        if name is not None and self.isVisible():
            self.close()
            self._on_choose(name)

    def closeEvent(self, event: QCloseEvent) -> None:
        """A search that still waits finds nothing any more."""
        self._search.blockSignals(True)
        super().closeEvent(event)

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """Down from the search to the symbols; there letters search on, and Enter chooses."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        key = event.key()
        if watched is self._search:
            if key == Qt.Key.Key_Down:
                self._list.setFocus()
            return key == Qt.Key.Key_Down
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self._list.currentIndex().data(NAME))
            return True
        if event.text().strip() and event.text().isprintable():
            self._search.setFocus()
            self._search.insert(event.text())
            return True
        return False


def _picture(name: str) -> QIcon:
    """Those of the set are drawn when they are seen, marks in the colour of the theme."""
    if not name:
        return icon("minus")
    return (
        symbol_icon(name, side=2 * PICTURE) if name.startswith(OWN) else icon(str(BUILT_IN / f"{name}.svg"))
    )


def _cell_size(metrics: QFontMetrics) -> QSize:
    """With room for two lines where the titles of a language need them."""
    room = CELL.width() - 14
    long = any(metrics.horizontalAdvance(said(symbol.title)) > room for symbol in SYMBOLS.values())
    return CELL + QSize(0, LINE) if long else CELL


def _heading(title: str) -> QStandardItem:
    item = QStandardItem(title)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    item.setSizeHint(QSize(COLUMNS * CELL.width(), HEADING))
    item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return item


def _cell(name: str, title: str, size: QSize, font: QFont) -> QStandardItem:
    item = QStandardItem(_picture(name), title)
    item.setData(name, NAME)
    item.setFont(font)
    item.setToolTip(title)
    item.setSizeHint(size)
    return item
