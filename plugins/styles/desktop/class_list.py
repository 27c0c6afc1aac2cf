"""Classes or categories with their colours and how many features are of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QAbstractItemView, QColorDialog, QHeaderView, QTableWidget, QTableWidgetItem

from console.sdk import Context
from plugins.styles.desktop.controls import SWATCH_SIZE, swatch

Line = tuple[str, str, str]
"""Title, colour, count as text."""
ROWS = 8
"""Lines that are seen at once."""


class ClassList(QTableWidget):
    """With *on_color*, Enter or a double click on a line chooses another colour for it."""

    def __init__(self, ctx: Context, on_color: Callable[[int, str], Any] | None = None) -> None:
        super().__init__(0, 2)
        self._lines: Sequence[Line] = ()
        self._on_color = on_color
        self.setAccessibleName(ctx.tr("Classes"))
        self.setHorizontalHeaderLabels([ctx.tr("Class"), ctx.tr("Features")])
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setIconSize(SWATCH_SIZE)
        self.setShowGrid(False)
        self.itemActivated.connect(lambda item: self._choose(item.row()))
        if on_color is not None:
            self.setToolTip(ctx.tr("Enter or double click: another colour"))

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these; nothing moves when they are the same."""
        if lines == self._lines:
            return
        self._lines = lines
        self.setRowCount(len(lines))
        for row, (title, color, count) in enumerate(lines):
            self.setItem(row, 0, QTableWidgetItem(QIcon(swatch(color)), title))
            number = QTableWidgetItem(count)
            number.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.setItem(row, 1, number)
        seen = min(max(len(lines), 1), ROWS)
        height = self.verticalHeader().defaultSectionSize() * seen + self.horizontalHeader().height() + 4
        self.setFixedHeight(height)

    def _choose(self, row: int) -> None:
        on_color = self._on_color
        if on_color is None or row >= len(self._lines):
            return
        before = self._lines[row][1]
        dialog = QColorDialog(QColor(before), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setModal(False)
        dialog.currentColorChanged.connect(lambda color: on_color(row, color.name()))
        dialog.rejected.connect(lambda: on_color(row, before))
        dialog.show()
