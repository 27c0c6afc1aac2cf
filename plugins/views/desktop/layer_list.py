"""The layers of one view, to be shown, hidden, moved and faded: a small list that pops up."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QSlider, QWidget

from console.sdk import Context, LayerEntry, MapLayers
from console.sdk.ui import Page, Toolbar, row

ID = Qt.ItemDataRole.UserRole
SYMBOL = (28, 18)
SIZE = QSize(300, 420)


class LayerList(Page):
    """Space shows or hides the current layer, Alt with Up or Down moves it."""

    def __init__(self, ctx: Context, layers: MapLayers, *, margins: bool = True) -> None:
        """Without *margins* when it is part of a page."""
        super().__init__()
        self._ctx, self._layers = ctx, layers
        self._list = QListWidget()
        self._list.setAccessibleName(ctx.tr("Layers"))
        self._list.setIconSize(QSize(*SYMBOL))
        self._list.itemChanged.connect(self._on_checked)
        self._list.currentRowChanged.connect(lambda _row: self._show_current())
        self._opacity = QSlider(Qt.Orientation.Horizontal)
        self._opacity.setRange(0, 100)
        self._opacity.setSingleStep(5)
        self._opacity.setAccessibleName(ctx.tr("Opacity"))
        self._opacity.valueChanged.connect(self._on_opacity)
        self._percent = QLabel("")
        self._percent.setMinimumWidth(40)
        tools = Toolbar()
        tools.add("chevron-up", ctx.tr("Move up (Alt+Up)"), lambda: self.move_current(-1))
        tools.add("chevron-down", ctx.tr("Move down (Alt+Down)"), lambda: self.move_current(1))
        self.add(self._list, 1)
        self.add(row(QLabel(ctx.tr("Opacity")), self._opacity, self._percent, tools))
        if not margins:
            self._layout.setContentsMargins(0, 0, 0, 0)
        self.setFocusProxy(self._list)
        self._undo = layers.on_change(self._refresh)
        self.destroyed.connect(self._undo)
        self._refresh()
        self._list.setCurrentRow(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in moves:
            self.move_current(moves[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def move_current(self, by: int) -> None:
        """Up (-1) or down (1) in its group."""
        entry = self._current()
        if entry is None:
            return
        order = [other.id for other in self._layers.entries() if other.group == entry.group]
        to = order.index(entry.id) + by
        if 0 <= to < len(order):
            order.remove(entry.id)
            self._layers.move(entry.id, order[to] if to < len(order) else None)

    def _refresh(self) -> None:
        """In place when only visibility or opacity has changed: no flicker, no lost line."""
        entries = self._layers.entries()
        current = self._list.currentItem().data(ID) if self._list.currentItem() else None
        self._list.blockSignals(True)
        if [entry.id for entry in entries] != [
            self._list.item(i).data(ID) for i in range(self._list.count())
        ]:
            self._list.clear()
            for entry in entries:
                self._list.addItem(self._item(entry))
                if entry.id == current:
                    self._list.setCurrentRow(self._list.count() - 1)
        for at, entry in enumerate(entries):
            checked = Qt.CheckState.Checked if entry.visible else Qt.CheckState.Unchecked
            self._list.item(at).setCheckState(checked)
        self._list.blockSignals(False)
        self._show_current()

    def _item(self, entry: LayerEntry) -> QListWidgetItem:
        item = QListWidgetItem(entry.title.get(self._ctx.language))
        item.setData(ID, entry.id)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        if entry.legend:
            item.setIcon(QIcon(self._layers.picture(entry.legend[0], *SYMBOL)))
        return item

    def _current(self) -> LayerEntry | None:
        item = self._list.currentItem()
        entries = self._layers.entries() if item is not None else ()
        return next((entry for entry in entries if entry.id == item.data(ID)), None)

    def _show_current(self) -> None:
        entry = self._current()
        self._opacity.setEnabled(entry is not None)
        percent = 100 if entry is None else round(entry.opacity * 100)
        self._opacity.blockSignals(True)
        self._opacity.setValue(percent)
        self._opacity.blockSignals(False)
        self._percent.setText(f"{percent} %")

    def _on_checked(self, item: QListWidgetItem) -> None:
        self._layers.set_visible(item.data(ID), item.checkState() == Qt.CheckState.Checked)

    def _on_opacity(self, percent: int) -> None:
        entry = self._current()
        if entry is not None:
            self._layers.set_opacity(entry.id, percent / 100)


def popup_under(anchor: QWidget, page: QWidget) -> None:
    """Show *page* below *anchor* until the user presses Esc or clicks elsewhere; then it goes."""
    page.setParent(anchor.window(), Qt.WindowType.Popup)
    page.setObjectName("popup")
    page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    page.resize(SIZE)
    page.move(anchor.mapToGlobal(QPoint(0, anchor.height() + 2)))
    page.show()
    page.setFocus()
