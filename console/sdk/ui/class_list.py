"""Classes or categories with their colours and how many features are of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from console.sdk.ui.choices import SWATCH_SIZE, choose_color, swatch

Line = tuple[str, str, str]
"""Title, colour, count as text."""
ROWS = 8
"""Lines that are seen at once."""


class ClassList(QTableWidget):
    """With *on_color*, Enter or a double click on a line chooses another colour for it."""

    def __init__(
        self,
        name: str,
        headings: tuple[str, str],
        on_color: Callable[[int, str], Any] | None = None,
        hint: str = "",
    ) -> None:
        """*headings* of titles and counts; *hint* says how a colour is changed."""
        super().__init__(0, 2)
        self._lines: Sequence[Line] = ()
        self._on_color = on_color
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels(list(headings))
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setIconSize(SWATCH_SIZE)
        self.setShowGrid(False)
        self.cellActivated.connect(self._choose)
        self.setToolTip(hint)

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
        self.setColumnHidden(1, not any(count for *_, count in lines))
        seen = min(max(len(lines), 1), ROWS)
        height = self.verticalHeader().defaultSectionSize() * seen + self.horizontalHeader().height() + 4
        self.setFixedHeight(height)

    def _choose(self, row: int, _column: int) -> None:
        on_color = self._on_color
        if on_color is None or row >= len(self._lines):
            return
        choose_color(self, self._lines[row][1], lambda color: on_color(row, color))
