"""The tree of layers: groups, layers with their check mark, legends below them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QDropEvent, QIcon, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem

from console.sdk import Context, LayerEntry
from console.sdk.ui import icon

ID = Qt.ItemDataRole.UserRole
GROUPS = (("live", "Live"), ("data", "Data"), ("base", "Base map"))
"""Groups from top to bottom, with their English titles."""
LEGEND_SIZE = (28, 18)


def before_after_move(order: Sequence[str], layer_id: str, by: int) -> tuple[bool, str | None]:
    """Whether *layer_id* can move *by* places in *order*, and which layer it then stands before."""
    at = order.index(layer_id)
    to = at + by
    if not 0 <= to < len(order):
        return False, None
    rest = [other for other in order if other != layer_id]
    return True, rest[to] if to < len(rest) else None


def out_of_scale(entry: LayerEntry, zoom: float) -> bool:
    """Whether the layer is not drawn at *zoom*, however visible it is."""
    return not entry.min_zoom <= zoom <= entry.max_zoom


class LayerTree(QTreeWidget):
    """Shows entries; what the user does comes as signals."""

    visibility_wanted = Signal(str, bool)
    move_wanted = Signal(str, object)
    """A layer, and the one that it is to stand before (None: at the end)."""
    current_changed = Signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self._entries: dict[str, LayerEntry] = {}
        self._items: dict[str, QTreeWidgetItem] = {}
        self.setHeaderHidden(True)
        self.setIconSize(QSize(*LEGEND_SIZE))
        self.setAccessibleName(ctx.tr("Layers"))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.itemChanged.connect(self._on_changed)
        self.currentItemChanged.connect(lambda *_: self.current_changed.emit())

    def show_entries(self, entries: Sequence[LayerEntry], zoom: float, needle: str) -> None:
        """Show *entries*, topmost first; in place when only their state has changed."""
        shown = [entry for entry in entries if needle.casefold() in self._title(entry).casefold()]
        same = [e.id for e in shown] == list(self._items) and all(
            self._entries[entry.id].legend == entry.legend for entry in shown
        )
        self._entries = {entry.id: entry for entry in shown}
        self.blockSignals(True)
        if not same:
            self._rebuild(shown)
        for entry in shown:
            self._dress(self._items[entry.id], entry, zoom)
        self.blockSignals(False)

    @property
    def current_id(self) -> str | None:
        """Id of the layer that the current line belongs to."""
        return _layer_of(self.currentItem())

    def order(self, layer_id: str) -> list[str]:
        """Ids of the group of *layer_id*, topmost first."""
        group = self._entries[layer_id].group
        return [entry.id for entry in self._entries.values() if entry.group == group]

    def move_current(self, by: int) -> None:
        """Move the current layer in its group: -1 up, 1 down."""
        layer_id = self.current_id
        if layer_id:
            possible, before = before_after_move(self.order(layer_id), layer_id, by)
            if possible:
                self.move_wanted.emit(layer_id, before)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt with Up or Down moves the layer."""
        moves = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in moves:
            self.move_current(moves[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """A layer is dropped before another of its group; Qt must not move the item itself."""
        moved = self.current_id
        item = self.itemAt(event.position().toPoint())
        target = _layer_of(item)
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if not moved or not target or moved == target or target not in self.order(moved):
            return
        rest = [other for other in self.order(moved) if other != moved]
        below = self.dropIndicatorPosition() == QAbstractItemView.DropIndicatorPosition.BelowItem
        at = rest.index(target) + below
        self.move_wanted.emit(moved, rest[at] if at < len(rest) else None)

    def _title(self, entry: LayerEntry) -> str:
        return entry.title.get(self._ctx.language)

    def _rebuild(self, entries: Sequence[LayerEntry]) -> None:
        current = self.current_id
        expanded = {key for key, item in self._items.items() if item.isExpanded()}
        self.clear()
        self._items = {}
        for group, title in GROUPS:
            members = [entry for entry in entries if entry.group == group]
            if not members:
                continue
            top = QTreeWidgetItem(self, [self._ctx.tr(title)])
            top.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for entry in members:
                self._items[entry.id] = self._add(top, entry)
                self._items[entry.id].setExpanded(entry.id in expanded)
            top.setExpanded(True)
        if current in self._items:
            self.setCurrentItem(self._items[current])

    def _add(self, top: QTreeWidgetItem, entry: LayerEntry) -> QTreeWidgetItem:
        item = QTreeWidgetItem(top)
        item.setData(0, ID, entry.id)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        item.setFlags(flags | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsDragEnabled)
        for line in entry.legend:
            child = QTreeWidgetItem(item, [line.title.get(self._ctx.language)])
            child.setFlags(Qt.ItemFlag.ItemIsEnabled)
            child.setIcon(0, QIcon(self._ctx.map.layers.picture(line, *LEGEND_SIZE)))
        return item

    def _dress(self, item: QTreeWidgetItem, entry: LayerEntry, zoom: float) -> None:
        """Everything about a layer that changes without the tree changing."""
        tr = self._ctx.tr
        unseen = out_of_scale(entry, zoom)
        item.setCheckState(0, Qt.CheckState.Checked if entry.visible else Qt.CheckState.Unchecked)
        item.setText(0, f"{self._title(entry)} — {entry.state}" if entry.state else self._title(entry))
        item.setIcon(0, icon("warning", "warning") if entry.state else self._symbol(entry))
        tips = [entry.state, entry.attribution]
        if unseen:
            tips.append(
                tr("Drawn from zoom {least} to {most} only", least=entry.min_zoom, most=entry.max_zoom)
            )
        item.setToolTip(0, "\n".join(tip for tip in tips if tip) or self._title(entry))
        muted = QBrush(QColor(self._ctx.color("text.muted"))) if unseen else QBrush()
        item.setForeground(0, QBrush(QColor(self._ctx.color("warning"))) if entry.state else muted)

    def _symbol(self, entry: LayerEntry) -> QIcon:
        """The first symbol of the legend stands for the layer."""
        layers = self._ctx.map.layers
        return QIcon(layers.picture(entry.legend[0], *LEGEND_SIZE)) if entry.legend else QIcon()

    def _on_changed(self, item: QTreeWidgetItem, _column: int) -> None:
        layer_id = item.data(0, ID)
        if layer_id:
            self.visibility_wanted.emit(layer_id, item.checkState(0) == Qt.CheckState.Checked)


def _layer_of(item: QTreeWidgetItem | None) -> str | None:
    """Layer of an item or of the legend line under it."""
    while item is not None:
        if item.data(0, ID):
            return item.data(0, ID)
        item = item.parent()
    return None
