"""The panel 人员: filters above, table, details of the selected person."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
from PySide6.QtCore import QStandardPaths, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QSplitter

from console.sdk import Severity
from console.sdk.ui import Chips, Page, SearchField, button, row
from plugins.staff.desktop.desk import Desk
from plugins.staff.desktop.details import Details
from plugins.staff.desktop.export import HEADINGS, take_snapshot, write_list
from plugins.staff.desktop.states import TITLES, State
from plugins.staff.desktop.table import StaffTable

ORDER = (State.SOS, State.ON_JOB, State.ON_DUTY, State.SILENT, State.OFF_DUTY)
REFRESH_MS = 1000


class StaffPanel(Page):
    """Refreshed once a second while it can be seen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        tr = desk.ctx.tr
        self._search = SearchField(tr("Name, number or role"))
        self._search.on_search(lambda text: desk.set_filter(text=text))
        self._in_view = QCheckBox(tr("Only in view"))
        self._in_view.setChecked(desk.filter.view is not None)
        self._in_view.toggled.connect(lambda _: self._follow_view())
        self._chips = Chips(
            [(state.name, tr(TITLES[state])) for state in ORDER],
            lambda names: desk.set_filter(states=frozenset(State[name] for name in names)),
            selected=[state.name for state in desk.filter.states],
            multiple=True,
        )
        self._export = button(tr("CSV"), self._start_export, "download", tooltip=tr("Export the list as CSV"))
        self._table = StaffTable(desk)
        self._details = Details(desk)
        self._lay_out()
        self._tick = QTimer(self, interval=REFRESH_MS)
        self._tick.timeout.connect(self._refresh)
        desk.filtered.connect(self._refresh)
        desk.selected_changed.connect(self._select)
        self._refresh()
        self._select()

    def _lay_out(self) -> None:
        areas = self._desk.areas
        picker = areas.picker(lambda code: self._desk.set_filter(area=code)) if areas else None
        filters = [self._search, *([picker] if picker else []), self._in_view, self._export]
        split = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        split.addWidget(self._table)
        split.addWidget(self._details)
        split.setStretchFactor(0, 1)
        split.setSizes([700, 400])
        self.add(row(self._chips, None, *filters))
        self.add(split, 1)
        self.setFocusProxy(self._table)

    def showEvent(self, event: QShowEvent) -> None:
        self._refresh()
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._tick.stop()

    def _refresh(self) -> None:
        if self._in_view.isChecked() and self._desk.filter.view != self._desk.ctx.map.bounds():
            self._follow_view()  # which leads here again
            return
        self._table.refresh()
        self._details.refresh()
        for state, count in self._desk.roster.counts().items():
            self._chips.set_title(state.name, f"{self._desk.ctx.tr(TITLES[state])} {count:,}")

    def _follow_view(self) -> None:
        self._desk.set_filter(view=self._desk.ctx.map.bounds() if self._in_view.isChecked() else None)

    def _select(self) -> None:
        self._table.select_key(self._desk.selected)

    def _start_export(self) -> None:
        self._desk.ctx.tasks.start(self._write())

    async def _write(self) -> None:
        ctx, tr = self._desk.ctx, self._desk.ctx.tr
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = f"{tr('staff-list')}-{datetime.now():%Y%m%d-%H%M%S}.csv"
        path = Path(folder) / name
        snapshot = take_snapshot(self._desk.roster, np.flatnonzero(self._desk.shown()))
        states = {state: tr(title) for state, title in TITLES.items()}
        self._export.setEnabled(False)
        try:
            await ctx.tasks.run(write_list, path, snapshot, [tr(title) for title in HEADINGS], states)
        except OSError as error:
            reason = error.strerror or str(error)
            ctx.notify(tr("The list could not be written: {reason}", reason=reason), Severity.ERROR)
        else:
            count = len(snapshot.records)
            ctx.notify(tr("{n} people written to {path}", n=count, path=path), Severity.SUCCESS)
        finally:
            self._export.setEnabled(True)
