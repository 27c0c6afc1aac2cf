"""The panel 数据源: a field to open more, the list, and the selected one's details."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QSplitter

from console.sdk import Context
from console.sdk.ui import Column, EmptyState, Page, RecordTable, button, row, scrolling
from plugins.sources.desktop.choosing import FileChooser, paths_in
from plugins.sources.desktop.details import Details
from plugins.sources.desktop.source import Source
from plugins.sources.desktop.sources import Sources
from plugins.sources.desktop.words import Tr, state_text, state_tone

SHARES = [2, 3]
"""Of list and details; the form needs some room. Qt stretches them to the panel's height."""


class SourcesPanel(Page):
    """Files may be dropped anywhere on it. Enter zooms, F5 reads again, Esc stops, Del removes."""

    def __init__(self, ctx: Context, sources: Sources, chooser: FileChooser) -> None:
        super().__init__()
        self._ctx = ctx
        self._sources = sources
        tr = ctx.tr
        self._where = QLineEdit(
            placeholderText=tr("Path of a file, or address of a service"), clearButtonEnabled=True
        )
        self._where.setAccessibleName(tr("Path of a file, or address of a service"))
        self._where.setToolTip(
            tr("Enter opens it: a file, WMS, WMTS, WFS, OGC API, or tiles as https://host/(z)/(x)/(y).png")
        )
        self._where.returnPressed.connect(self._open_typed)
        browse = button(tr("Choose …"), chooser.show, "plus", primary=True)
        browse.setToolTip(tr("Choose one or several files (Ctrl+O)"))
        self._table = self._make_table()
        self._details = Details(ctx, sources)
        split = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        self._below = scrolling(self._details)
        split.addWidget(self._table)
        split.addWidget(self._below)
        split.setSizes(SHARES)
        self.add(row(self._where, browse))
        self.add(split, 1)
        self.setFocusProxy(self._where)
        self.setAcceptDrops(True)
        self._add_keys()
        sources.changed.connect(self._refresh)
        sources.selected.connect(self._table.select_key)
        self._refresh()

    def _make_table(self) -> RecordTable:
        tr = self._ctx.tr
        hint = tr(
            "Drop geodata, tables, GeoTIFF or tile archives here or onto the map; paste a service's"
            " address above."
        )
        columns = [
            Column(tr("Name"), lambda line: line.title, least=80),
            Column(tr("Features"), lambda line: line.count, width=78, align="right", sort=_by_count),
            Column(tr("State"), lambda line: line.state, width=80, color=lambda line: line.tone),
        ]
        table = RecordTable(
            columns,
            key=lambda line: line.id,
            empty=EmptyState(tr("No data sources"), hint, icon="inbox"),
            name="onemap.sources.table",
        )
        table.on_select(lambda _: self._on_select())
        table.on_activate(lambda _: self._with_selected(self._sources.zoom_to))
        table.view.setAccessibleName(tr("Data sources"))
        return table

    def _add_keys(self) -> None:
        acts = (("Del", self._sources.remove), ("F5", self._sources.open), ("Esc", self._sources.cancel))
        for key, act in acts:
            shortcut = QShortcut(QKeySequence(key), self._table)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda act=act: self._with_selected(act))

    def _with_selected(self, act: Callable[[Source], Any]) -> None:
        source = self._sources.find(self._table.selected_key)
        if source is not None:
            act(source)

    def _open_typed(self) -> None:
        self._sources.add([self._where.text()])
        self._where.clear()

    def _refresh(self) -> None:
        self._table.set_rows([_line(source, self._ctx.tr) for source in self._sources.all])
        self._show_selected()

    def _on_select(self) -> None:
        """What is chosen here is chosen in the list of layers, so that its style is at hand."""
        self._show_selected()
        self._with_selected(
            lambda source: self._ctx.map.layers.choose(source.layers[0].layer_id) if source.layers else None
        )

    def _show_selected(self) -> None:
        source = self._sources.find(self._table.selected_key)
        self._below.setVisible(source is not None)
        if source is not None:
            self._details.show_source(source)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """See Qt."""
        if paths_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """See Qt."""
        event.acceptProposedAction()
        self._sources.add(paths_in(event.mimeData()))


@dataclass(frozen=True, slots=True)
class _Line:
    """What the table shows of a source: another one when it is another, so that it is painted anew."""

    id: str
    title: str
    count: str
    features: int
    state: str
    tone: str


def _line(source: Source, tr: Tr) -> _Line:
    features = source.opened.features if source.opened is not None else None
    count = "" if features is None else f"{features:,}"
    known = -1 if features is None else features
    return _Line(source.id, source.title, count, known, state_text(source, tr), state_tone(source))


def _by_count(line: _Line) -> int:
    return line.features
