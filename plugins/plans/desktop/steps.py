"""The numbered steps of a plan: who does what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from console.sdk.records import PlanStep
from console.sdk.ui import Page, button, row
from plugins.plans.desktop.draft import Draft
from plugins.plans.desktop.words import Tr
from plugins.plans.model import MOST_STEPS, WHAT_LIMIT, WHO_LIMIT

WHO, WHAT = 0, 1


class Steps(Page):
    """Cells are written in place; *on_change* is called after each change of the draft."""

    def __init__(self, tr: Tr, on_change: Callable[[], Any]) -> None:
        super().__init__()
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._draft: Draft | None = None
        self._on_change = on_change
        self._table = QTableWidget(0, 2)
        self._table.setHorizontalHeaderLabels([tr("Who"), tr("What")])
        self._table.setAccessibleName(tr("Steps"))
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._table.setTabKeyNavigation(False)
        self._table.horizontalHeader().setSectionResizeMode(WHAT, QHeaderView.ResizeMode.Stretch)
        self._table.setColumnWidth(WHO, 150)
        self._table.itemChanged.connect(lambda _: self._read())
        add = button(tr("Add a step"), self.add_step, "plus")
        up = button("", lambda: self._move(-1), "chevron-up", tooltip=tr("Earlier"))
        down = button("", lambda: self._move(1), "chevron-down", tooltip=tr("Later"))
        remove = button("", self._remove, "trash", tooltip=tr("Remove the step"))
        self.add(self._table, 1)
        self.add(row(add, None, up, down, remove))

    def show_draft(self, draft: Draft) -> None:
        """Fill the table; what the user does from now on goes there."""
        self._draft = draft
        steps, at = draft.plan.steps, self._table.currentRow()
        self._table.blockSignals(True)
        self._table.setRowCount(len(steps))
        for number, step in enumerate(steps):
            self._table.setItem(number, WHO, QTableWidgetItem(step.who))
            self._table.setItem(number, WHAT, QTableWidgetItem(step.what))
        self._table.setCurrentCell(min(at, len(steps) - 1), WHAT)
        self._table.blockSignals(False)

    def add_step(self) -> None:
        """An empty step at the end, ready to be written; it counts once it says something."""
        at = self._table.rowCount()
        if at >= MOST_STEPS:
            return
        self._table.blockSignals(True)
        self._table.setRowCount(at + 1)
        for column in (WHO, WHAT):
            self._table.setItem(at, column, QTableWidgetItem(""))
        self._table.blockSignals(False)
        self._table.setCurrentCell(at, WHO)
        self._table.edit(self._table.currentIndex())

    def _read(self) -> None:
        rows = [(self._text(at, WHO), self._text(at, WHAT)) for at in range(self._table.rowCount())]
        steps = [PlanStep(who=who[:WHO_LIMIT], what=what[:WHAT_LIMIT]) for who, what in rows if what]
        if self._draft is not None and self._draft.set_steps(steps):
            self._on_change()

    def _text(self, at: int, column: int) -> str:
        item = self._table.item(at, column)
        return item.text().strip() if item is not None else ""

    def _move(self, by: int) -> None:
        at = self._table.currentRow()
        if self._draft is not None and 0 <= at < len(self._draft.plan.steps):
            self._draft.move_step(at, by)
            self._table.setCurrentCell(min(max(at + by, 0), self._table.rowCount() - 1), WHAT)
            self._on_change()

    def _remove(self) -> None:
        at = self._table.currentRow()
        if self._draft is not None and 0 <= at < len(self._draft.plan.steps):
            self._draft.remove_step(at)
            self._on_change()
        elif at >= 0:
            self._table.removeRow(at)
