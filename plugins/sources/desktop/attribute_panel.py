"""The panel 属性表: all features of a layer as a table, filtered and sorted off the GUI thread."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

import numpy as np
from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QHideEvent, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStackedWidget,
)

from console.sdk import Context, Shape, Undo
from console.sdk.feature_export import write_features
from console.sdk.feature_filter import FilterError, filtered
from console.sdk.feature_table import FeatureTable, Rows
from console.sdk.ui import EmptyState, Page, button, row
from console.sdk.ui.rows_view import RowsView
from console.sdk.ui.table_export import ExportLine
from plugins.sources.desktop.attribute_model import AttributeModel, lines
from plugins.sources.desktop.choosing import SaveChooser
from plugins.sources.desktop.source import Table
from plugins.sources.desktop.sources import Sources
from plugins.sources.desktop.words import FILTER_FAULTS

TYPED = 350
"""Milliseconds after the last key until the filter is applied."""
CLOSE = 17.0
"""Zoom level to look at a point from."""
AROUND = 12.0
"""Metres around a point that is looked at."""
NEAR = 0.4
"""Likeness of a column's name to one that isn't there, 0..1, from which it is offered."""
NAMED = 12
"""Columns that are named when none is like it."""
_LOOKED_AT = 64
"""Rows whose words are measured for the widths of columns."""
_WIDTHS = (80, 260)
_MORE = 40
"""Room that longer words further down get, logical pixels."""


class AttributePanel(Page):
    """Enter or double-click shows a feature on the map; Ctrl+C copies the selected rows."""

    def __init__(self, ctx: Context, sources: Sources) -> None:
        super().__init__()
        self._ctx = ctx
        self._sources = sources
        self._tables: list[tuple[str, Table]] = []
        """Ids of sources, and what they have to show, as they stand in the chooser."""
        self._shown: Table | None = None
        self._work: Undo = lambda: None
        self._mark = ctx.map.add_shapes("onemap.sources.looked_at", listed=False)
        self._model = AttributeModel()
        self._which = QComboBox()
        self._which.setAccessibleName(ctx.tr("Layer"))
        self._which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._which.activated.connect(lambda _: self._open())
        self._filter = self._make_filter()
        self._view = self._make_view()
        self._line = ExportLine()
        self._said = QLabel()
        self._said.setObjectName("muted")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._view)
        self._empty = EmptyState("", icon="log")
        self._stack.addWidget(self._empty)
        self._export = button(
            "", self._write, "download", tooltip=ctx.tr("Export what is shown: GeoPackage, GeoJSON, CSV")
        )
        self._saver = SaveChooser(ctx)
        self.add(row(self._which, self._filter, self._said, self._export))
        self.add(self._stack, 1)
        self.add(self._line)
        self.setFocusProxy(self._filter)
        sources.changed.connect(self._refresh)
        sources.table_wanted.connect(self._choose)
        self._refresh()

    def _make_filter(self) -> QLineEdit:
        tr = self._ctx.tr
        field = QLineEdit(placeholderText=tr('Filter: words, or height > 50 and name contains "x"'))
        field.setAccessibleName(tr("Filter"))
        field.setToolTip(tr("Columns with = != < <= > >= contains begins, joined by and, or, not"))
        field.setClearButtonEnabled(True)
        soon = QTimer(self, singleShot=True, interval=TYPED)
        soon.timeout.connect(self._apply)
        field.textChanged.connect(lambda _: soon.start())
        field.returnPressed.connect(self._apply)
        return field

    def _make_view(self) -> RowsView:
        view = RowsView()
        view.setModel(self._model)
        view.setAccessibleName(self._ctx.tr("Attributes"))
        view.verticalHeader().setDefaultSectionSize(28)
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = view.horizontalHeader()
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setSectionsClickable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.sortIndicatorChanged.connect(lambda *_: self._apply())
        header.setResizeContentsPrecision(_LOOKED_AT)
        view.activated.connect(self._look_at)
        copying = QAction(view)
        copying.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copying.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        copying.triggered.connect(lambda: self._ctx.tasks.start(self._copy()))
        view.addAction(copying)
        return view

    # ---- which table

    def _refresh(self) -> None:
        """The tables that there are; the one shown stays while it is there."""
        shown = [source for source in self._sources.all if source.opened and source.layers]
        tables = [(source.id, table) for source in shown if source.opened for table in source.opened.tables]
        if tables == self._tables and self._shown is not None:
            return
        chosen = self._current
        self._tables = tables
        self._which.clear()
        self._which.addItems([table.title for _, table in tables])
        # by source and title: a file that was read again has another path
        titles = [(source, table.title) for source, table in tables]
        wanted = (chosen[0], chosen[1].title) if chosen else None
        self._which.setCurrentIndex(titles.index(wanted) if wanted in titles else min(0, len(titles) - 1))
        self._open()

    @property
    def _current(self) -> tuple[str, Table] | None:
        at = self._which.currentIndex()
        return self._tables[at] if 0 <= at < len(self._tables) else None

    def _choose(self, source_id: str) -> None:
        ids = [source for source, _ in self._tables]
        if source_id in ids:
            self._which.setCurrentIndex(ids.index(source_id))
            self._open()

    def _open(self) -> None:
        """Show the chosen table, if it is another than before."""
        table = self._current[1] if self._current else None
        if table == self._shown:
            self._say()
            return
        self._shown = table
        self._mark.clear()
        self._work()
        self._model.show(None, np.empty(0, np.intp))
        self._view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self._say()
        if table is not None:
            self._work = self._ctx.tasks.start(self._load(table))

    async def _load(self, table: Table) -> None:
        try:
            found = await self._ctx.tasks.run(FeatureTable, table.path, table.fields)
        except (OSError, ValueError) as error:
            self._empty.set_text(self._ctx.tr("The table cannot be read"), str(error))
            return
        self._model.show(found, np.empty(0, np.intp))
        await self._compute(found)
        self._fit_columns()

    # ---- which rows

    def _apply(self) -> None:
        table = self._model.table
        if table is not None:
            self._work()
            self._work = self._ctx.tasks.start(self._compute(table))

    async def _compute(self, table: FeatureTable) -> None:
        header = self._view.horizontalHeader()
        column = header.sortIndicatorSection()
        name = self._model.names[column] if 0 <= column < len(self._model.names) else ""
        descending = header.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
        try:
            rows = await self._ctx.tasks.run(_rows, table, self._filter.text(), name, descending)
        except FilterError as error:
            self._say_fault(table, error)
            return
        self._model.show(table, rows)
        self._say()

    def _say_fault(self, table: FeatureTable, error: FilterError) -> None:
        """Half a line leaves the rows; of a column that isn't there, old rows would pass for the answer."""
        tr = self._ctx.tr
        fault = tr(FILTER_FAULTS[error.kind], what=error.what)
        self._said.setText(fault if error.kind == "syntax" else "")
        if error.kind == "syntax":
            return
        self._model.show(table, np.empty(0, np.intp))
        self._export.setEnabled(False)
        hint = ""
        if error.kind == "column":
            near = get_close_matches(error.what, table.columns, cutoff=NEAR)
            names = ", ".join(near or list(table.columns)[:NAMED])
            hint = tr("Near to it: {names}", names=names) if near else tr("Columns: {names}", names=names)
        self._empty.set_text(fault, hint)
        self._stack.setCurrentIndex(1)

    def _say(self) -> None:
        tr, table, rows = self._ctx.tr, self._model.table, self._model.rows
        total = 0 if table is None else len(table)
        self._said.setText(tr("{n} of {all}", n=f"{len(rows):,}", all=f"{total:,}") if table else "")
        self._stack.setCurrentIndex(0 if table is not None else 1)
        self._export.setEnabled(table is not None)
        if self._which.count() == 0:
            self._empty.set_text(tr("No attributes"), tr("Open a file in the panel of data sources."))
        elif table is None:
            self._empty.set_text(tr("Reading …"))

    def _fit_columns(self) -> None:
        header = self._view.horizontalHeader()
        for at in range(self._model.columnCount()):
            wanted = max(self._view.sizeHintForColumn(at), header.sectionSizeHint(at)) + _MORE
            header.resizeSection(at, min(max(wanted, _WIDTHS[0]), _WIDTHS[1]))

    # ---- what is done with them

    def _look_at(self, index: QModelIndex) -> None:
        """Show the feature on the map, marked by what is around it."""
        table = self._model.table
        if table is None or not index.isValid():
            return
        west, south, east, north = table.bounds(int(self._model.rows[index.row()]))
        if (west, south) == (east, north):
            self._mark.put("row", Shape(kind="circle", points=[(west, south)], radius=AROUND))
            self._ctx.map.center_on(west, south, max(self._ctx.map.zoom(), CLOSE))
        else:
            corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
            self._mark.put("row", Shape(kind="line", points=corners))
            self._ctx.map.fit((west, south, east, north), 0.3)

    async def _copy(self) -> None:
        table = self._model.table
        chosen = sorted(index.row() for index in self._view.selectionModel().selectedRows())
        if table is not None and chosen:
            text = await self._ctx.tasks.run(_as_text, table, self._model.rows[chosen])
            QGuiApplication.clipboard().setText(text)

    def _write(self) -> None:
        """Ask where to and in which format, then write what is shown."""
        table, shown, rows = self._model.table, self._shown, self._model.rows
        if table is None or shown is None:
            return

        def write(path: Path) -> None:
            self._line.write(path, lambda: write_features(path, shown.path, table, rows))

        self._saver.show(shown.title.replace("/", "-"), write)

    def hideEvent(self, event: QHideEvent) -> None:
        """The mark belongs to the table."""
        self._mark.clear()
        super().hideEvent(event)


def _rows(table: FeatureTable, line: str, name: str, descending: bool) -> Rows:
    found = filtered(table, line)
    return table.ordered(found, name, descending=descending) if name else found


def _as_text(table: FeatureTable, rows: Rows) -> str:
    return "\n".join("\t".join(cells) for cells in lines(table, rows))
