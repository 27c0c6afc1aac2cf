"""The panel 网格: the tree of areas with live counts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QHeaderView, QLabel, QStackedWidget, QTreeView

from console.sdk import Area, parent_area
from console.sdk.ui import EmptyState, Page, SearchField, row
from plugins.grids.desktop.area_tree import AreaTree
from plugins.grids.desktop.outline import RECORD
from plugins.grids.desktop.overview import Overview
from plugins.grids.desktop.tree_model import ON_DUTY, OPEN_EVENTS, AreaModel

REFRESH_MS = 1000
EXPAND_UP_TO = 60
"""Areas found up to which the tree is opened to show them."""


class GridPanel(Page):
    """Filter above, tree below, a line about the whole at the bottom."""

    def __init__(self, overview: Overview) -> None:
        super().__init__()
        self._overview = overview
        self._ctx = ctx = overview.ctx
        tr = ctx.tr
        self._search = SearchField(tr("Name or code of an area"))
        self._search.on_search(lambda _: self._filter())
        self._only_empty = QCheckBox(tr("Nobody on duty"))
        self._only_empty.setToolTip(tr("Only grids without anybody on duty"))
        self._only_empty.toggled.connect(lambda _: self._filter())
        self._shown_empty: list[str] = []
        """Grids without anybody, as they were when the tree was filtered."""
        self._model = AreaModel(ctx, overview.directory.name, overview.on_duty, overview.open_events)
        self._tree = self._make_tree()
        self._empty = EmptyState("", icon="grid")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._tree)
        self._stack.addWidget(self._empty)
        self._sum = QLabel(wordWrap=True)
        self._sum.setObjectName("muted")
        self.add(row(self._search, self._only_empty))
        self.add(self._stack, 1)
        self.add(self._sum)
        self.setFocusProxy(self._tree)
        self._tick = QTimer(self, interval=REFRESH_MS)
        self._tick.timeout.connect(self._look)
        overview.directory.changed.connect(self._follow)
        overview.selected_changed.connect(self._select)
        self._filter()
        self._select()

    def _make_tree(self) -> QTreeView:
        tree = QTreeView(uniformRowHeights=True)
        tree.setModel(self._model)
        tree.setAccessibleName(self._ctx.tr("Areas"))
        header = tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setResizeContentsPrecision(0)  # what can be seen, not all six thousand rows
        for column in (ON_DUTY, OPEN_EVENTS):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        tree.setIndentation(14)
        tree.activated.connect(self._choose)
        tree.clicked.connect(self._choose)
        return tree

    def showEvent(self, event: QShowEvent) -> None:
        self._repaint()
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._tick.stop()

    def _choose(self, index: QModelIndex) -> None:
        node = self._model.node(index)
        if node is not None:
            self._ctx.selection.select(RECORD, node.area.code)

    def _filter(self) -> None:
        """Show what matches, with everything above it."""
        text = self._search.text().strip().casefold()
        areas = self._overview.directory.all()
        filtered = bool(text) or self._only_empty.isChecked()
        self._shown_empty = self._overview.empty_grids()
        found = [area for area in areas if self._matches(area, text)] if filtered else list(areas)
        self._model.set_tree(AreaTree(_with_parents(areas, found)) if filtered else self._overview.tree)
        if filtered and len(found) <= EXPAND_UP_TO:
            self._tree.expandAll()
        else:
            self._tree.expandToDepth(0)
        self._stack.setCurrentIndex(0 if found else 1)
        self._say_empty(filtered)
        self._select()
        self._repaint()

    def _look(self) -> None:
        """Once a second: counts are painted anew, and who is filtered by them comes or goes."""
        if self._only_empty.isChecked() and self._overview.empty_grids() != self._shown_empty:
            self._follow()
        else:
            self._repaint()

    def _follow(self) -> None:
        """Areas, or who is in them, are others; what was opened stays open."""
        nodes, tree = self._model.tree.nodes.items(), self._tree
        opened = [
            code for code, node in nodes if node.children and tree.isExpanded(self._model.index_of(code))
        ]
        self._filter()
        for code in opened:
            tree.expand(self._model.index_of(code))

    def _matches(self, area: Area, text: str) -> bool:
        if self._only_empty.isChecked() and not self._model.is_empty_grid(area.code):
            return False
        return text in f"{area.name} {area.name_en} {area.code}".casefold()

    def _say_empty(self, filtered: bool) -> None:
        tr, fault = self._ctx.tr, self._overview.directory.fault
        if filtered:
            self._empty.set_text(tr("No such area"), tr("Try another name, or show all."))
        elif fault:
            self._empty.set_text(tr("The areas could not be fetched"), fault)
        else:
            self._empty.set_text(tr("No areas"), tr("Boundaries and grids come with the map data."))

    def _select(self) -> None:
        index = self._model.index_of(self._overview.selected or "")
        if index.isValid() and index.internalPointer() is not self._model.node(self._tree.currentIndex()):
            self._tree.setCurrentIndex(index)
            self._tree.scrollTo(index)

    def _repaint(self) -> None:
        """Counts are read when they are painted, so a new painting is all that a change needs."""
        self._tree.viewport().update()
        tr, overview = self._ctx.tr, self._overview
        self._sum.setText(
            tr(
                "{on} on duty · {events} open events · {empty} of {grids} grids without anybody",
                on=f"{overview.total(overview.on_duty):,}",
                events=f"{overview.total(overview.open_events):,}",
                empty=f"{len(overview.empty_grids()):,}",
                grids=f"{len(overview.grids):,}",
            )
        )


def _with_parents(areas: Sequence[Area], found: list[Area]) -> list[Area]:
    """*found* and all areas above them."""
    wanted: set[str] = set()
    for area in found:
        code: str | None = area.code
        while code is not None and code not in wanted:
            wanted.add(code)
            code = parent_area(code)
    return [area for area in areas if area.code in wanted]
