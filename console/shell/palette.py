"""The command palette: type a few letters, press Enter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from console.sdk.map import Undo
from console.sdk.search import search, warm_up
from console.sdk.ui import color, icon
from console.shell.floats import worked_in
from console.shell.palette_items import Item, PaletteItems
from console.shell.services import Services

_ROW = 40
_SHOWN = 10
_LEAST_LETTERS = 2
"""Letters from which on places are looked for."""
_PAUSE = 0.25
"""Seconds without a key before the backend is asked."""
_PLACES = 12
_ITEM = Qt.ItemDataRole.UserRole


class Palette(QFrame):
    """Lies over the window, below the top bar; takes the focus and gives it back."""

    def __init__(self, services: Services, items: PaletteItems, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("overlay")
        self._services = services
        self._home = parent
        self._items = items
        self._back: QWidget | None = None
        self._asking: Undo | None = None
        self.field = QLineEdit()
        self.field.setObjectName("paletteField")
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.list = QListView()
        self.list.setObjectName("paletteList")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(_Row(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.clicked.connect(lambda _index: self._run())
        self._model = QStandardItemModel(self)
        self.list.setModel(self._model)
        self._nothing = QLabel()
        self._nothing.setObjectName("muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 6)
        layout.setSpacing(4)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        layout.addWidget(self._nothing)
        self.hide()

    def open(self, text: str = "") -> None:
        """Show, with *text* typed already."""
        self._services.tasks.run(warm_up)
        tr = self._services.language.tr
        self._back = QApplication.focusWidget()
        self._lie_over(worked_in(self._home))
        self.field.setPlaceholderText(tr("Command, panel, layer, street, person, event: name or pinyin"))
        self.field.setAccessibleName(tr("Command palette"))
        self._nothing.setText(tr("Nothing fits. Try fewer letters or pinyin initials."))
        self._items.refresh()
        self.field.setText(text)
        self._search(text)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def toggle(self) -> None:
        """Open it, or shut it when it is open."""
        if self.isVisible():
            self.shut()
        else:
            self.open()

    def shut(self) -> None:
        """Hide and give the focus back."""
        self.hide()
        self._lie_over(self._home)
        if self._back is not None and isValid(self._back):
            self._back.setFocus(Qt.FocusReason.OtherFocusReason)
        self._back = None

    def titles(self) -> list[str]:
        """What is listed now, best first."""
        return [self._model.item(row).text() for row in range(self._model.rowCount())]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and self.isVisible() and self.isActiveWindow():
            self.hide()
            self._lie_over(self._home)
        return isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._key(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def _key(self, event: QKeyEvent) -> bool:
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: _SHOWN,
            Qt.Key.Key_PageUp: -_SHOWN,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self._move(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run()
        elif key == Qt.Key.Key_Escape:
            self.shut()
        elif key not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return False
        return True

    def _move(self, by: int) -> None:
        count = self._model.rowCount()
        if count:
            at = self.list.currentIndex().row() + by
            at = at % count if abs(by) == 1 else max(0, min(count - 1, at))
            self.list.setCurrentIndex(self._model.index(at, 0))

    def _search(self, text: str) -> None:
        self._model.clear()
        link = self._items.link(text)
        if link is not None:
            self._append(link)
        for target in search(text, self._items.targets()) if link is None else ():
            self._append(target.value)
        self.list.setCurrentIndex(self._model.index(0, 0))
        self._show_count()
        if self._asking:
            self._asking()
        wanted = link is None and len(text.strip()) >= _LEAST_LETTERS
        self._asking = self._services.tasks.start(self._add_places(text.strip())) if wanted else None

    async def _add_places(self, text: str) -> None:
        """Places and people below the commands, as soon as the backend answers; nothing waits for them."""
        await self._services.tasks.sleep(_PAUSE)
        for item in (await self._items.places(text))[:_PLACES]:
            self._append(item)
        if not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self._model.index(0, 0))
        self._show_count()

    def _append(self, item: Item) -> None:
        row = QStandardItem(item.title)
        row.setData(item, _ITEM)
        row.setEditable(False)
        self._model.appendRow(row)

    def _show_count(self) -> None:
        count = self._model.rowCount()
        self.list.setVisible(count > 0)
        self._nothing.setVisible(count == 0)
        self._place(count)

    def _lie_over(self, room: QWidget) -> None:
        """At home again when it is shut: a window of panels goes when they are put back."""
        if self.parentWidget() is not room:
            self.setParent(room)

    def _place(self, count: int) -> None:
        room = (self.parentWidget() or self._home).size()
        width = min(720, room.width() - 40)
        height = 74 + (_ROW * min(count, _SHOWN) if count else 44)
        self.setGeometry((room.width() - width) // 2, 52, width, height)

    def _run(self) -> None:
        index = self.list.currentIndex()
        if not index.isValid():
            return
        item: Item = index.data(_ITEM)
        self.shut()
        self._items.run(item)


class _Row(QStyledItemDelegate):
    """Icon, title, where it belongs, key."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, _ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        item: Item = index.data(_ITEM)
        view = self.parent()
        chosen = isinstance(view, QListView) and view.currentIndex().row() == index.row()
        box: QRect = option.rect.adjusted(2, 1, -2, -1)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color("surface.selected")))
            painter.drawRoundedRect(box, 6, 6)
        icon(item.icon or "command").paint(painter, QRect(box.left() + 12, box.center().y() - 8, 18, 18))
        inner = box.adjusted(42, 0, -12, 0)
        used = self._key(painter, inner, item.key)
        self._words(painter, inner.adjusted(0, 0, -used, 0), item, chosen)
        painter.restore()

    @staticmethod
    def _words(painter: QPainter, box: QRect, item: Item, chosen: bool) -> None:
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        token = "text.disabled" if item.disabled else "text.strong" if chosen else "text"
        painter.setPen(QColor(color(token)))
        title = painter.fontMetrics().elidedText(item.title, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, left, title)
        width = painter.fontMetrics().horizontalAdvance(title) + 14
        painter.setPen(QColor(color("text.disabled" if item.disabled else "text.muted")))
        small = painter.font()
        small.setPixelSize(12)
        painter.setFont(small)
        room = box.adjusted(width, 0, 0, 0)
        hint = " · ".join(part for part in (item.kind, item.hint) if part)
        painter.drawText(
            room, left, painter.fontMetrics().elidedText(hint, Qt.TextElideMode.ElideRight, room.width())
        )

    @staticmethod
    def _key(painter: QPainter, box: QRect, key: str) -> int:
        """Draws the key as a cap at the right; returns the room it takes."""
        if not key:
            return 0
        font = painter.font()
        small = painter.font()
        small.setPixelSize(12)
        painter.setFont(small)
        width = painter.fontMetrics().horizontalAdvance(key) + 14
        cap = QRect(box.right() - width, box.center().y() - 10, width, 21)
        painter.setPen(QColor(color("border.strong")))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(cap, 4, 4)
        painter.setPen(QColor(color("text.muted")))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
        painter.setFont(font)
        return width + 12
