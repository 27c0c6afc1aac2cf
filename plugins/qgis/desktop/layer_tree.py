"""The tree of the project's groups and layers with their check marks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from console.sdk import Context, QgisNode
from console.sdk.ui import icon

ID = Qt.ItemDataRole.UserRole
ICONS = {"group": "menu", "vector": "area", "raster": "map"}


class ProjectTree(QTreeWidget):
    """Shows nodes; what the user does comes as signals."""

    check_wanted = Signal(str, bool)
    show_wanted = Signal(object)
    """West, south, east, north in degrees of a layer that was double-clicked."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self._nodes: dict[str, QgisNode] = {}
        self._items: dict[str, QTreeWidgetItem] = {}
        self._shape: object = None
        self.setHeaderHidden(True)
        self.setAccessibleName(ctx.tr("Layers of the project"))
        self.itemChanged.connect(self._on_changed)
        self.itemActivated.connect(lambda *_: self.show_current())

    def show_nodes(self, nodes: Sequence[QgisNode]) -> None:
        """In place when only marks have changed, so that the current line stays."""
        self.blockSignals(True)
        shape = _shape(nodes)
        if shape != self._shape:
            self._rebuild(nodes)
            self._shape = shape
        self._dress(nodes)
        self.blockSignals(False)

    def show_current(self) -> None:
        """Ask for the current layer to be shown whole."""
        item = self.currentItem()
        node = self._nodes.get(item.data(0, ID)) if item is not None else None
        if node is not None and node.bounds is not None:
            self.show_wanted.emit(node.bounds)

    def _rebuild(self, nodes: Sequence[QgisNode]) -> None:
        folded = {key for key, item in self._items.items() if item.childCount() and not item.isExpanded()}
        self.clear()
        self._items.clear()
        self._add(self.invisibleRootItem(), nodes)
        for key, item in self._items.items():
            item.setExpanded(key not in folded)

    def _add(self, parent: QTreeWidgetItem, nodes: Sequence[QgisNode]) -> None:
        for node in nodes:
            item = QTreeWidgetItem(parent, [node.title])
            item.setData(0, ID, node.id)
            item.setIcon(0, icon(ICONS.get(node.kind, "layers")))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            self._items[node.id] = item
            self._add(item, node.children)

    def _dress(self, nodes: Sequence[QgisNode]) -> None:
        for node in nodes:
            self._nodes[node.id] = node
            item = self._items[node.id]
            item.setCheckState(0, Qt.CheckState.Checked if node.checked else Qt.CheckState.Unchecked)
            item.setToolTip(0, self._tip(node))
            if node.broken:
                item.setIcon(0, icon("warning", "warning"))
                item.setForeground(0, QBrush(QColor(self._ctx.color("warning"))))
            self._dress(node.children)

    def _tip(self, node: QgisNode) -> str:
        tr, lines = self._ctx.tr, [node.title]
        if node.broken:
            lines.append(tr("The source of this layer cannot be read"))
        if node.crs:
            lines.append(tr("Coordinate system {crs}", crs=node.crs))
        if node.from_scale:
            lines.append(tr("Drawn from scale 1:{scale} on", scale=f"{node.from_scale:,.0f}"))
        if node.to_scale:
            lines.append(tr("Drawn up to scale 1:{scale}", scale=f"{node.to_scale:,.0f}"))
        return "\n".join(lines)

    def _on_changed(self, item: QTreeWidgetItem, _column: int) -> None:
        self.check_wanted.emit(item.data(0, ID), item.checkState(0) == Qt.CheckState.Checked)


def _shape(nodes: Sequence[QgisNode]) -> object:
    """All but the marks."""
    return tuple((node.id, node.title, node.broken, _shape(node.children)) for node in nodes)
