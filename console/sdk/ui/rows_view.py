"""The Qt view of every table of ours whose lines are records."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QTableView

_ARROWS = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down})
_ENDS = frozenset({QAbstractItemView.CursorAction.MoveHome, QAbstractItemView.CursorAction.MoveEnd})


class RowsView(QTableView):
    """Whole rows: Home and End go to the first and the last, where Qt would go to the last column.

    What is too long loses its middle, for names of layers and files differ at both ends.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The first arrow takes the row that the focus stands on, which Qt would pass by."""
        at = self.currentIndex()
        if event.key() in _ARROWS and at.isValid() and not self.selectionModel().hasSelection():
            self.selectRow(at.row())
        else:
            super().keyPressEvent(event)

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """See Qt."""
        if action not in _ENDS:
            return super().moveCursor(action, modifiers)
        first = action is QAbstractItemView.CursorAction.MoveHome
        column = max(self.currentIndex().column(), 0)
        return self.model().index(0 if first else self.model().rowCount() - 1, column)

    def put_down(self) -> None:
        """Take what is being written in a cell, as if the user had left it."""
        if self.state() == QAbstractItemView.State.EditingState:
            editor = self.indexWidget(self.currentIndex())
            self.commitData(editor)
            self.closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)
