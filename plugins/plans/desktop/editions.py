"""The editions of a plan: who saved them and when; one can be looked at and taken up again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel

from console.sdk.records import Plan
from console.sdk.ui import Column, EmptyState, Page, RecordTable, button, row
from plugins.plans.desktop.desk import PlansDesk
from plugins.plans.desktop.words import holds_text, time_text


class Editions(Page):
    """The selected edition is on the map; *on_done* is called when the user goes back."""

    def __init__(self, desk: PlansDesk, on_done: Callable[[], Any]) -> None:
        super().__init__()
        self._desk, self._on_done = desk, on_done
        tr = desk.ctx.tr
        self._name = QLabel(wordWrap=True)
        self._name.setObjectName("title")
        columns = [
            Column(tr("Edition"), lambda plan: plan.edition, 60, "right"),
            Column(tr("Time"), lambda plan: time_text(plan.at), 130),
            Column(tr("By"), lambda plan: plan.by, 90),
            Column(tr("Title"), lambda plan: plan.title, least=100),
            Column(tr("Contents"), lambda plan: holds_text(plan, tr), 140),
        ]
        empty = EmptyState(
            tr("No editions"), tr("They are kept by the backend, which is away now."), icon="history"
        )
        self._table = RecordTable(columns, key=lambda plan: str(plan.edition), empty=empty)
        self._table.view.setAccessibleName(tr("Editions"))
        self._table.on_select(lambda _: self._look())
        self._table.on_activate(lambda _: self._take_up())
        back = button(tr("Back"), self.leave, "close", tooltip=tr("Esc"))
        self._take = button(
            tr("Take this one up again"), self._take_up, "edit", tooltip=tr("Opens it in the form")
        )
        self.add(self._name)
        self.add(self._table, 1)
        self.add(row(back, None, self._take))
        self.setFocusProxy(self._table)
        leave = QShortcut(QKeySequence("Esc"), self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self.leave)

    def open_plan(self, plan: Plan) -> None:
        """Ask for the editions of a plan."""
        self._name.setText(plan.title)
        self._fill([])
        self._desk.ctx.tasks.start(self._ask(plan))

    def leave(self) -> None:
        """Back to the list."""
        self._desk.set_draft(None)
        self._on_done()

    async def _ask(self, plan: Plan) -> None:
        self._fill(await self._desk.editions(plan))

    def _fill(self, editions: Sequence[Plan]) -> None:
        self._table.set_rows(editions)
        self._table.select_key(str(editions[0].edition) if editions else None)
        self._take.setVisible(bool(editions) and self._desk.may_write)

    def _look(self) -> None:
        self._desk.set_draft(self._table.selected)

    def _take_up(self) -> None:
        """Edit it as if it were the present one: saving makes it the next edition."""
        plan: Plan | None = self._table.selected
        if plan is not None and self._desk.may_write:
            present = self._desk.find(plan.id)
            self._desk.set_draft(None)
            self._desk.edit(replace(plan, version=present.version if present else 0))
