"""The model of the attribute table: cells are read from the disk when they are painted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from console.sdk.feature_table import FeatureTable, Rows

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_NONE: Rows = np.empty(0, np.intp)


class AttributeModel(QAbstractTableModel):
    """``rows``: which features are shown, in which order."""

    def __init__(self) -> None:
        super().__init__()
        self.table: FeatureTable | None = None
        self.rows: Rows = _NONE
        self.names: list[str] = []

    def show(self, table: FeatureTable | None, rows: Rows) -> None:
        """Show *rows* of *table*; the columns stay as they are when it is the same."""
        self.beginResetModel()
        self.table, self.rows = table, rows
        self.names = [] if table is None else list(table.columns)
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.names)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self.table is None:
            return None
        name = self.names[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.table.text(int(self.rows[index.row()]), name)
        if role == Qt.ItemDataRole.TextAlignmentRole and not self.table.is_text(name):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return self.names[section]
        return None


def lines(table: FeatureTable, rows: Rows) -> Iterator[Sequence[str]]:
    """Titles, then the cells of *rows*; for any thread."""
    names = list(table.columns)
    yield names
    for row in rows.tolist():
        yield [table.text(row, name) for name in names]
