"""The model beneath RecordTable: records sorted and filtered in plain lists.

A QSortFilterProxyModel would call back into Python for every comparison; here
10,000 rows are ordered with one ``sorted`` and cells are made when painted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from console.sdk.ui.theming import color

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Column:
    """One column: *value* gives the text of a record."""

    title: str
    value: Callable[[Any], Any]
    width: int = 0
    """Logical pixels; 0 takes a share of the free room."""
    align: str = "left"
    """``left``, ``right`` or ``center``."""
    color: Callable[[Any], str] | None = None
    """Gives a theme token or ``#rrggbb`` for the text; empty for the usual colour."""
    sort: Callable[[Any], Any] | None = None
    """Gives what to sort by, when that is not the text."""
    least: int = 140
    """Logical pixels that a column without a width keeps in a narrow table; then it is scrolled."""
    edit: Callable[[Any, str], Any] | None = None
    """Gets a record and another text that the user wrote in its cell; F2 begins, as ``RecordTable.edit``."""


_ALIGN = {
    "left": Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    "right": Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
    "center": Qt.AlignmentFlag.AlignCenter,
}


class RecordModel(QAbstractTableModel):
    """Records as rows; ``shown`` is what passes the filter, in order."""

    def __init__(self, columns: Sequence[Column], key: Callable[[Any], str]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self.key = key
        self.shown: list[Any] = []
        self._all: list[Any] = []
        self._needle = ""
        self._sort_column = -1
        self._descending = False

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.shown)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column, record = self.columns[index.column()], self.shown[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self.text(record, column)
        if role == Qt.ItemDataRole.ForegroundRole and column.color:
            token = column.color(record)
            return QColor(color(token)) if token else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGN[column.align]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.text(record, column)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if self.columns[index.column()].edit else flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """What the user wrote; whoever keeps the records gives them anew."""
        column, record = self.columns[index.column()], self.shown[index.row()]
        if column.edit is None or role != Qt.ItemDataRole.EditRole or value == self.text(record, column):
            return False
        column.edit(record, value)
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGN[self.columns[section].align]
        return None

    @staticmethod
    def text(record: Any, column: Column) -> str:
        """The cell's text; None is empty."""
        value = column.value(record)
        return "" if value is None else str(value)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sort_column, self._descending = column, order == Qt.SortOrder.DescendingOrder
        self.arrange(self._all)

    def filter(self, needle: str) -> None:
        """Show only records one of whose texts holds every word of *needle*."""
        self._needle = needle.casefold()
        self.arrange(self._all)

    def arrange(self, records: list[Any]) -> None:
        """Take *records*; rows that stay in place are only repainted when they differ."""
        self._all = records
        new = self._ordered(self._passing(records))
        old = self.shown
        key = self.key
        if len(new) == len(old) and all(a is b or key(a) == key(b) for a, b in zip(old, new, strict=True)):
            changed = [at for at, (a, b) in enumerate(zip(old, new, strict=True)) if a is not b and a != b]
            self.shown = new
            if changed:
                self.dataChanged.emit(
                    self.index(changed[0], 0), self.index(changed[-1], len(self.columns) - 1)
                )
            return
        self.beginResetModel()
        self.shown = new
        self.endResetModel()

    def row_of(self, key: str) -> int | None:
        """The shown row of a key."""
        return next((at for at, record in enumerate(self.shown) if self.key(record) == key), None)

    def _passing(self, records: list[Any]) -> list[Any]:
        words = self._needle.split()
        if not words:
            return records
        return [record for record in records if self._matches(record, words)]

    def _matches(self, record: Any, words: Sequence[str]) -> bool:
        text = "\t".join(self.text(record, column) for column in self.columns).casefold()
        return all(word in text for word in words)

    def _ordered(self, records: list[Any]) -> list[Any]:
        if self._sort_column < 0:
            return list(records)
        column = self.columns[self._sort_column]
        by = column.sort or column.value

        def rank(record: Any) -> tuple[bool, Any]:
            value = by(record)
            return (value is None, 0 if value is None else value)

        return sorted(records, key=rank, reverse=self._descending)
