"""Shared drafts, and what was put in force and can be taken back."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel

from console.sdk.ui import Column, EmptyState, Page, RecordTable, button, row
from plugins.grids.desktop.adjust.desk import AdjustDesk
from plugins.grids.desktop.adjust.sharing import Sharing


def _id(each: Any) -> str:
    return each.id


def _when(at: float) -> str:
    return time.strftime("%m-%d %H:%M", time.localtime(at))


class DraftsPage(Page):
    """Open a draft of anybody in the user's areas, or give it up."""

    def __init__(self, desk: AdjustDesk, sharing: Sharing, opened: Callable[[], None]) -> None:
        super().__init__()
        self._desk, self._sharing, self._opened, tr = desk, sharing, opened, desk.ctx.tr
        self.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]  # a Page has a layout
        columns = [
            Column(tr("Plan"), lambda plan: plan.title, least=120),
            Column(tr("Grids"), lambda plan: f"{plan.grids:,}", 56, "right", sort=lambda plan: plan.grids),
            Column(tr("By"), lambda plan: plan.author, 72),
            Column(tr("Changed"), lambda plan: _when(plan.changed_at), 96, sort=lambda plan: plan.changed_at),
        ]
        empty = EmptyState(tr("No drafts"), tr("A draft that somebody shares is listed here."), icon="inbox")
        self._table = RecordTable(columns, key=_id, empty=empty, name="onemap.grids.drafts")
        self._table.on_select(lambda _: self._enable())
        self._table.on_activate(lambda _: self._open())
        self._show_it = button(tr("Open"), self._open, "edit", primary=True)
        self._give_up = button(tr("Withdraw"), self._withdraw, "trash")
        self.add(self._table, 1)
        self.add(row(self._give_up, None, self._show_it))
        self.setFocusProxy(self._table)
        sharing.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self._table.set_rows(self._sharing.drafts())
        self._enable()

    def _enable(self) -> None:
        chosen = self._table.selected is not None
        self._show_it.setEnabled(chosen)
        self._give_up.setEnabled(chosen and self._sharing.may_draft())

    def _open(self) -> None:
        plan = self._table.selected
        if plan is not None:
            self._desk.ctx.tasks.start(self._sharing.open(plan.id))
            self._opened()

    def _withdraw(self) -> None:
        plan = self._table.selected
        if plan is not None:
            self._desk.ctx.tasks.start(self._sharing.withdraw(plan))


class RevisionsPage(Page):
    """Who changed the grids, when and why; a draft that leads back."""

    def __init__(self, desk: AdjustDesk, sharing: Sharing, opened: Callable[[], None]) -> None:
        super().__init__()
        self._desk, self._sharing, self._opened, tr = desk, sharing, opened, desk.ctx.tr
        self.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]  # a Page has a layout
        columns = [
            Column(tr("Plan"), lambda each: each.title, least=120),
            Column(tr("By"), lambda each: each.author, 72),
            Column(tr("In force since"), lambda each: _when(each.at), 96, sort=lambda each: each.at),
        ]
        empty = EmptyState(
            tr("Nothing was changed yet"), tr("Plans that were put in force are listed here."), icon="history"
        )
        self._table = RecordTable(
            columns, key=lambda each: each.id, empty=empty, name="onemap.grids.revisions"
        )
        self._table.on_select(lambda _: self._tell())
        self._why = QLabel(wordWrap=True)
        self._why.setObjectName("muted")
        self._back = button(tr("Draft the former grids"), self._restore, "history")
        self._back.setToolTip(tr("A draft that brings the grids back as they were before"))
        self.add(self._table, 1)
        self.add(self._why)
        self.add(row(None, self._back))
        self.setFocusProxy(self._table)
        sharing.changed.connect(self._show)
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        self._desk.ctx.tasks.start(self._sharing.load_revisions())

    def _show(self) -> None:
        self._table.set_rows(self._sharing.revisions)
        self._tell()

    def _tell(self) -> None:
        each: Any = self._table.selected
        self._back.setEnabled(each is not None and self._sharing.may_force())
        self._why.setText(
            f"{each.reason} · {'、'.join(map(self._desk.name, each.grids[:8]))}" if each else ""
        )

    def _restore(self) -> None:
        each = self._table.selected
        if each is not None:
            self._desk.ctx.tasks.start(self._sharing.restore(each.id))
            self._opened()
