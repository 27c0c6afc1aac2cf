"""The tree of areas for a QTreeView; counts are read when they are painted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from console.sdk import AreaLevel, Context, area_level
from plugins.grids.desktop.area_tree import AreaTree, Node
from plugins.grids.desktop.tally import Tally

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
NAME, ON_DUTY, OPEN_EVENTS = range(3)
HEADINGS = ("Area", "On duty", "Open events")
LEVELS = {
    AreaLevel.PROVINCE: "Province",
    AreaLevel.PREFECTURE: "City",
    AreaLevel.DISTRICT: "District",
    AreaLevel.STREET: "Street",
    AreaLevel.COMMUNITY: "Community",
    AreaLevel.GRID: "Grid",
}
"""English titles of the levels."""


class AreaModel(QAbstractItemModel):
    """Rows are nodes; a node is found again by its code."""

    def __init__(self, ctx: Context, name: Callable[[str], str], on_duty: Tally, open_events: Tally) -> None:
        super().__init__()
        self._ctx = ctx
        self._name = name
        self._counts = {ON_DUTY: on_duty, OPEN_EVENTS: open_events}
        self.tree = AreaTree()

    def set_tree(self, tree: AreaTree) -> None:
        """Show another tree."""
        self.beginResetModel()
        self.tree = tree
        self.endResetModel()

    def node(self, index: Index) -> Node | None:
        """The node of an index; None for the root."""
        return index.internalPointer() if index.isValid() else None

    def index_of(self, code: str) -> QModelIndex:
        """Index of an area; invalid when it is not shown."""
        node = self.tree.nodes.get(code)
        return self.createIndex(node.row, 0, node) if node else QModelIndex()

    def is_empty_grid(self, code: str) -> bool:
        """Whether *code* is a grid that nobody is on duty in."""
        return area_level(code) is AreaLevel.GRID and self._counts[ON_DUTY][code] == 0

    def index(self, row: int, column: int, parent: Index = ROOT) -> QModelIndex:
        above = self.node(parent)
        siblings = above.children if above else self.tree.roots
        return self.createIndex(row, column, siblings[row]) if row < len(siblings) else QModelIndex()

    def parent(self, index: Index = ROOT) -> Any:  # type: ignore[override]  # Qt has two of this name
        node = self.node(index)
        above = node.parent if node else None
        return self.createIndex(above.row, 0, above) if above else QModelIndex()

    def rowCount(self, parent: Index = ROOT) -> int:
        if parent.column() > 0:
            return 0
        node = self.node(parent)
        return len(node.children if node else self.tree.roots)

    def columnCount(self, parent: Index = ROOT) -> int:
        return len(HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._ctx.tr(HEADINGS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole and section != NAME:
            return RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        node = self.node(index)
        if node is None:
            return None
        code = node.area.code
        if role == Qt.ItemDataRole.DisplayRole:
            return self._name(code) if index.column() == NAME else self._count_text(code, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() != NAME:
            return RIGHT
        if role == Qt.ItemDataRole.ForegroundRole:
            token = self._color(code, index.column())
            return QColor(self._ctx.color(token)) if token else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{self._ctx.tr(LEVELS[area_level(code)])} · {self._name(code)} · {code}"
        return None

    def _count_text(self, code: str, column: int) -> str:
        if column == ON_DUTY and self.is_empty_grid(code):
            return self._ctx.tr("nobody")
        count = self._counts[column][code]
        return f"{count:,}" if count or column == ON_DUTY else ""

    def _color(self, code: str, column: int) -> str:
        if column == ON_DUTY and self.is_empty_grid(code):
            return "warning"
        return "event.urgent" if column == OPEN_EVENTS else ""
