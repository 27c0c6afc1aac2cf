"""The panel 失联摄像头: units with their share online, beside them what is gone, since when and why."""

from __future__ import annotations

import time
from collections import Counter

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QSplitter

from console.sdk import Undo
from console.sdk.ui import Chips, Column, EmptyState, Page, RecordTable, SearchField, Toolbar, row
from console.sdk.ui.table_export import ExportLine
from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.gone.desk import GoneDesk
from plugins.cameras.desktop.gone.report import Gone
from plugins.cameras.desktop.gone.sharing import message, table
from plugins.cameras.desktop.gone.units import units_table
from plugins.cameras.desktop.gone.words import fault_text, length_text, moment_text
from plugins.cameras.desktop.live.wall import LiveDesk
from plugins.cameras.model import DISTRICT_DIGITS, STREET_DIGITS, Health

PANEL = "onemap.cameras.gone"
TICK = 10.0
"""Seconds between two looks at how old all this is."""
LEVEL_DIGITS = (STREET_DIGITS, 12, 15)
"""Of a street, a community, a grid."""
COUNTS = {
    "": "All {n}",
    Health.OFFLINE.value: "Offline {n}",
    Health.BLIND.value: "Faulty picture {n}",
    Health.REFUSED.value: "Sign-in refused {n}",
}


class GonePanel(Page):
    """Choosing a unit keeps its cameras; choosing a camera goes there, Enter opens its picture."""

    def __init__(self, desk: Desk, gone: GoneDesk, live: LiveDesk) -> None:
        super().__init__()
        self._desk, self._gone, self._live = desk, gone, live
        self._state, self._owner = "", ""
        self._looking: list[Undo] = []
        tr = desk.ctx.tr
        self._search = SearchField(tr("Name, unit or place"))
        self._search.on_search(self._find)
        self._states = Chips([(key, "") for key in COUNTS], self._choose_state)
        self._age = QLabel()
        self._units = units_table(tr)
        self._units.on_select(self._choose_unit)
        self._empty = EmptyState("", icon="success")
        self._table = self._make_table()
        self._export = ExportLine()
        self._lay_out()
        self.setFocusProxy(self._table)
        gone.changed.connect(self._show)
        desk.selected_changed.connect(self._follow)
        self.destroyed.connect(self._leave)
        self._show()
        self._units.select_key("")

    def _make_table(self) -> RecordTable:
        tr = self._desk.ctx.tr
        made = RecordTable(
            [
                Column(tr("Name"), lambda each: each.name, least=150),
                Column(tr("Fault"), lambda each: fault_text(each, tr), width=150, color=_tone),
                Column(
                    tr("Gone since"),
                    lambda each: moment_text(each.since, tr),
                    width=96,
                    color=_muted_unknown,
                    sort=lambda each: each.since or None,
                ),
                Column(
                    tr("For"),
                    lambda each: length_text(time.time() - each.since, tr) if each.since else "–",
                    width=72,
                    align="right",
                    color=_muted_unknown,
                    sort=lambda each: -each.since or None,
                ),
                Column(tr("Address"), lambda each: self._place(each.area), width=180),
                Column(tr("Owner"), lambda each: each.owner, width=80),
                Column(
                    tr("Video"),
                    lambda each: tr("Live") if each.live else tr("No video"),
                    width=84,
                    color=lambda each: "" if each.live else "text.muted",
                ),
            ],
            key=lambda each: each.camera,
            empty=self._empty,
            name="onemap.cameras.gone.table",
        )
        made.on_select(self._choose)
        made.on_activate(self._open)
        return made

    def _lay_out(self) -> None:
        tr, tools = self._desk.ctx.tr, Toolbar()
        self._picture = tools.add("video", tr("Live picture"), self._open_selected)
        tools.add("refresh", tr("Ask again"), self._gone.refresh)
        tools.add("copy", tr("Copy the list as text"), self._copy)
        tools.add("export", tr("Export as CSV"), self._write)
        split = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        split.addWidget(self._units)
        split.addWidget(self._table)
        split.setStretchFactor(1, 1)
        split.setSizes([400, 900])
        self._search.setMaximumWidth(260)
        self.add(row(self._states, self._search, None, self._age, tools))
        self.add(split, 1)
        self.add(self._export)

    def showEvent(self, event: QShowEvent) -> None:
        if not self._looking:
            every = self._desk.ctx.tasks.every(TICK, self._tick)
            self._looking = [every, self._gone.look()]

    def hideEvent(self, event: QHideEvent) -> None:
        self._leave()

    def _leave(self) -> None:
        for undo in self._looking:
            undo()
        self._looking.clear()

    # ---- what is shown

    def _show(self) -> None:
        report = self._gone.report
        self._units.set_rows(report.units)
        mine = [each for each in report.gone if not self._owner or each.owner == self._owner_name]
        counts = Counter(each.state.value for each in mine)
        for state, title in COUNTS.items():
            n = counts[state] if state else len(mine)
            self._states.set_title(state, self._desk.ctx.tr(title, n=f"{n:,}"))
        self._table.set_rows([each for each in mine if self._state in ("", each.state.value)])
        self._follow()
        self._tell_age()
        self._tell_empty()

    def _tick(self) -> None:
        self._tell_age()
        self._table.view.viewport().update()  # how long it has been

    def _tell_age(self) -> None:
        tr, gone = self._desk.ctx.tr, self._gone
        if gone.at:
            text = tr("As of {time}", time=time.strftime("%H:%M:%S", time.localtime(gone.at)))
            if gone.trouble:
                old = length_text(time.time() - gone.at, tr)
                text = tr("{trouble} · as it was {length} ago", trouble=gone.trouble, length=old)
        else:
            text = gone.trouble or tr("Asking …")
        self._age.setText(text)
        self._age.setStyleSheet(f"color: {self._desk.ctx.color('warning' if gone.trouble else 'text.muted')}")

    def _tell_empty(self) -> None:
        tr = self._desk.ctx.tr
        if self._owner or self._state or self._search.text():
            self._empty.set_text(tr("No camera to show"), tr("Loosen the filter."))
        else:
            self._empty.set_text(tr("No camera is gone"))

    def _place(self, code: str) -> str:
        """Street, community and grid by their names."""
        names = [self._desk.area_name(code[:digits]) for digits in LEVEL_DIGITS if len(code) >= digits]
        return " ".join(names) or self._desk.area_name(code[:DISTRICT_DIGITS])

    # ---- what the user does

    @property
    def _owner_name(self) -> str:
        return self._owner.removeprefix("unit ")

    def _find(self, text: str) -> None:
        self._table.filter(text)
        self._tell_empty()

    def _choose_state(self, state: str) -> None:
        self._state = state
        self._show()

    def _choose_unit(self, key: str | None) -> None:
        self._owner = key or ""
        self._show()

    def _choose(self, key: str | None) -> None:
        self._picture.setEnabled(self._live_of(key))
        if key is not None and key != self._desk.selected:
            self._desk.jump(key)

    def _follow(self) -> None:
        """The camera that is selected elsewhere."""
        shown = any(each.camera == self._desk.selected for each in self._table.shown)
        self._table.select_key(self._desk.selected if shown else None)
        self._picture.setEnabled(self._live_of(self._table.selected_key))

    def _live_of(self, key: str | None) -> bool:
        record = self._desk.record(key)
        return record is not None and record.live

    def _open(self, key: str) -> None:
        """The picture where there is one; else the place."""
        if self._live_of(key):
            self._live.open([key])
        else:
            self._desk.jump(key)

    def _open_selected(self) -> None:
        if self._table.selected_key is not None:
            self._open(self._table.selected_key)

    def _copy(self) -> None:
        ctx = self._desk.ctx
        QGuiApplication.clipboard().setText(message(self._table.shown, self._place, ctx.tr))
        ctx.notify(ctx.tr("{n} cameras copied as text", n=len(self._table.shown)), key=f"{PANEL}.copied")

    def _write(self) -> None:
        tr = self._desk.ctx.tr
        self._export.export(tr("Cameras gone"), table(self._table.shown, self._place, tr))


def _tone(gone: Gone) -> str:
    return "text.muted" if gone.fault == "listed" else "warning"


def _muted_unknown(gone: Gone) -> str:
    return "" if gone.since else "text.muted"
