"""RecordTable: a table of live records that keeps selection and scroll while they change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, QPoint, QSettings, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from console.sdk.ui.rows_view import RowsView
from console.sdk.ui.table_export import ExportLine, write_csv
from console.sdk.ui.table_model import Column, RecordModel
from console.sdk.ui.theming import icon
from console.sdk.ui.widgets import EmptyState
from console.sdk.ui.words import word

_BAR = 14
"""Room of the scroll bar and the frame, logical pixels."""
_LOOKED_AT = 32
"""Rows whose words are measured for the widths of columns: a thousand, as Qt would, take half a second."""


class RecordTable(QWidget):
    """Records in rows. Rows are known by ``key``, so a refresh changes them in place."""

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        key: Callable[[Any], str],
        empty: EmptyState | str = "",
        name: str = "",
    ) -> None:
        """*name* keeps the widths of columns from start to start (e.g. the panel's id)."""
        super().__init__()
        self._name = name
        self._model = RecordModel(columns, key)
        self._view = RowsView()
        self._on_select: list[Callable[[str | None], Any]] = []
        self._on_activate: list[Callable[[str], Any]] = []
        self._wanted: str | None = None
        self._fitted = False
        self._told: str | None = None
        self._empty = empty if isinstance(empty, EmptyState) else EmptyState(empty)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._view)
        self._stack.addWidget(self._empty)
        layout = self._column = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._stack, 1)
        self._dress()
        self._connect()
        self._size_columns(columns)
        self._show_empty()

    # ---- what panels use

    @property
    def view(self) -> QTableView:
        """The Qt view, for what is not offered here (drag, delegates)."""
        return self._view

    @property
    def selected_key(self) -> str | None:
        """Key of the selected record, even while the filter hides it."""
        return self._wanted

    @property
    def selected(self) -> Any | None:
        """The selected record if it is shown."""
        at = None if self._wanted is None else self._model.row_of(self._wanted)
        return None if at is None else self._model.shown[at]

    @property
    def shown(self) -> Sequence[Any]:
        """The records that pass the filter, in the order shown."""
        return self._model.shown

    def set_rows(self, records: Sequence[Any]) -> None:
        """Replace the records; selection, scroll and sorting stay."""
        self._keeping_place(lambda: self._model.arrange(list(records)))
        if records and not self._fitted:
            self._fit_columns()

    def filter(self, text: str) -> None:
        """Show only rows that hold every word of *text*."""
        self._keeping_place(lambda: self._model.filter(text))

    def sort_by(self, column: int, descending: bool = False) -> None:
        """Sort as a click on the header would."""
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self._view.horizontalHeader().setSortIndicator(column, order)

    def select_key(self, key: str | None) -> None:
        """Select and show the record; tells ``on_select`` only if that is a change."""
        self._wanted = key
        self._restore_selection(scroll=True)
        self._tell(key)

    def edit(self, key: str) -> None:
        """Select a record and let the user write in its first cell that can be written in."""
        at = self._model.row_of(key)
        column = next((at for at, column in enumerate(self._model.columns) if column.edit), None)
        if at is not None and column is not None:
            self.select_key(key)
            self._view.setCurrentIndex(self._model.index(at, column))
            self._view.edit(self._view.currentIndex())

    def put_down(self) -> None:
        """Take what is being written in a cell, as if the user had left it."""
        self._view.put_down()

    def on_select(self, handler: Callable[[str | None], Any]) -> None:
        """*handler* gets the key whenever another record is selected."""
        self._on_select.append(handler)

    def on_activate(self, handler: Callable[[str], Any]) -> None:
        """*handler* gets the key on double-click or Enter."""
        self._on_activate.append(handler)

    def copy(self) -> str:
        """Put the selected row (or all, when none is) on the clipboard as TSV; returns the text."""
        records = [self.selected] if self.selected is not None else self._model.shown
        lines = ["\t".join(column.title for column in self._model.columns)] if len(records) > 1 else []
        lines += ["\t".join(self._cells(record)) for record in records]
        text = "\n".join(lines)
        QGuiApplication.clipboard().setText(text)
        return text

    def export_csv(self, path: str) -> None:
        """Write the shown rows as CSV in UTF-8 with BOM, which Excel opens rightly; raises OSError."""
        write_csv(Path(path), self._rows())

    # ---- inside

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The column without a width takes the free room, but never less than can be read."""
        super().resizeEvent(event)
        self._share_free_room()

    def _share_free_room(self) -> None:
        if self._free is not None:
            header = self._view.horizontalHeader()
            others = header.length() - header.sectionSize(self._free)
            least = self._model.columns[self._free].least
            header.resizeSection(self._free, max(least, self.width() - others - _BAR))

    def _cells(self, record: Any) -> list[str]:
        return [self._model.text(record, column) for column in self._model.columns]

    def _dress(self) -> None:
        view = self._view
        view.setModel(self._model)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        view.verticalHeader().setDefaultSectionSize(30)
        header = view.horizontalHeader()
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        view.setSortingEnabled(True)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setFocusProxy(view)

    def _connect(self) -> None:
        view = self._view
        self._model.modelReset.connect(self._show_empty)
        self._model.dataChanged.connect(self._show_empty)
        view.selectionModel().selectionChanged.connect(self._on_selected)
        view.activated.connect(self._activate)
        view.customContextMenuRequested.connect(self._menu)
        copying = QAction(self)
        copying.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copying.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        copying.triggered.connect(lambda: self.copy())
        view.addAction(copying)

    def _size_columns(self, columns: Sequence[Column]) -> None:
        header = self._view.horizontalHeader()
        self._free = next((at for at, column in enumerate(columns) if not column.width), None)
        for at, column in enumerate(columns):
            header.resizeSection(at, column.width or column.least)
        header.setStretchLastSection(self._free is None)
        if self._name:
            self._remember_widths(header)

    def _fit_columns(self) -> None:
        """Once, with the first records: words of another language may need up to twice the room."""
        self._fitted = True
        header = self._view.horizontalHeader()
        header.setResizeContentsPrecision(_LOOKED_AT)
        for at, column in enumerate(self._model.columns):
            if column.width:
                wanted = max(self._view.sizeHintForColumn(at), header.sectionSizeHint(at)) + 4
                header.resizeSection(at, max(header.sectionSize(at), min(wanted, 2 * column.width)))
        self._share_free_room()

    def _remember_widths(self, header: QHeaderView) -> None:
        saved = QSettings().value(f"columns/{self._name}")
        if saved is not None:
            self._fitted = header.restoreState(saved)
        # Only what the user drags, and when they have stopped: what is fitted here must be fitted again.
        wait = QTimer(self)
        wait.setSingleShot(True)
        wait.setInterval(600)
        wait.timeout.connect(lambda: QSettings().setValue(f"columns/{self._name}", header.saveState()))

        def resized(_section: int, _old: int, _new: int) -> None:
            if header.cursor().shape() == Qt.CursorShape.SplitHCursor:
                wait.start()

        header.sectionResized.connect(resized)

    def _keeping_place(self, change: Callable[[], None]) -> None:
        """Run *change*, which may reset the model, and give back scroll and selection."""
        bar = self._view.verticalScrollBar()
        place = bar.value()
        selection = self._view.selectionModel()
        blocked = selection.blockSignals(True)
        change()
        selection.blockSignals(blocked)
        self._restore_selection(scroll=False)
        bar.setValue(place)

    def _restore_selection(self, *, scroll: bool) -> None:
        at = None if self._wanted is None else self._model.row_of(self._wanted)
        view = self._view
        current = view.currentIndex()
        if at is None:
            view.selectionModel().clear()
            return
        index = self._model.index(at, max(current.column(), 0))
        told, self._told = self._told, self._wanted
        if current.row() != at or not view.selectionModel().isRowSelected(at):
            bar = view.verticalScrollBar().value()
            view.setCurrentIndex(index)
            view.verticalScrollBar().setValue(bar)
        self._told = told
        if scroll:
            view.scrollTo(index)

    def _on_selected(self, *_: object) -> None:
        # Not by the current row: Qt makes the first one current when the table gets the focus,
        # which is nobody's choice, and a click on it then changes the selection alone.
        rows = self._view.selectionModel().selectedRows()
        if rows:
            self._wanted = self._model.key(self._model.shown[rows[0].row()])
            self._tell(self._wanted)

    def _tell(self, key: str | None) -> None:
        if key == self._told:
            return
        self._told = key
        for handler in self._on_select:
            handler(key)

    def _activate(self, index: QModelIndex) -> None:
        if index.isValid():
            key = self._model.key(self._model.shown[index.row()])
            for handler in self._on_activate:
                handler(key)

    def _show_empty(self) -> None:
        self._stack.setCurrentIndex(0 if self._model.shown else 1)

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(icon("copy"), word("Copy row"), self.copy)
        menu.addAction(icon("download"), word("Export table as CSV"), self._export)
        menu.popup(self._view.viewport().mapToGlobal(at))

    def _export(self) -> None:
        self._line.export(self._name or "table", self._rows())

    @cached_property
    def _line(self) -> ExportLine:
        """Made with the first export: few tables are ever exported."""
        line = ExportLine()
        self._column.addWidget(line)
        return line

    def _rows(self) -> list[list[str]]:
        """Titles and the shown rows, as texts."""
        return [[c.title for c in self._model.columns], *(self._cells(r) for r in self._model.shown)]
