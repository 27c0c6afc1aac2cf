"""The panel 坐标基准台账: a table of layers and feeds, and beside it what was measured of one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QLabel, QProgressBar, QSplitter

from console.sdk.ui import Column, EmptyState, Page, RecordTable, button, row
from plugins.datums.desktop.desk import MEASURE, LedgerDesk
from plugins.datums.desktop.details import Details
from plugins.datums.desktop.entry import Entry
from plugins.datums.desktop.words import known_text, metres_text, state_text, state_tone

PANEL = "onemap.datums.ledger"
WIDE = 900
"""Logical pixels from which table and details stand side by side."""
TALL = 380
"""… and from which one can stand below the other."""


class LedgerPanel(Page):
    """Reference and acts above, table and details below."""

    def __init__(self, desk: LedgerDesk) -> None:
        super().__init__()
        self._desk = desk
        tr = desk.ctx.tr
        self._reference = QComboBox()
        self._reference.setAccessibleName(tr("Reference layer"))
        self._reference.setToolTip(tr("The layer that is held to lie right, such as surveyed roads"))
        self._reference.activated.connect(self._choose_reference)
        self._one = button(tr("Measure"), self._measure_one, "measure")
        self._all = button(tr("Measure all"), self._toggle, "measure", primary=True)
        self._bar = QProgressBar(maximum=100, textVisible=False)
        self._empty = EmptyState("", icon="measure")
        self._table = RecordTable(self._columns(), key=lambda e: e.key, empty=self._empty, name=PANEL)
        self._table.on_select(lambda _: self._show_selected())
        self._table.on_activate(lambda _: self._measure_one())
        self._details = Details(desk)
        split = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        split.addWidget(self._table)
        split.addWidget(self._details)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        self._split = split
        self.add(row(QLabel(tr("Reference")), self._reference, None, self._one, self._all))
        self.add(self._bar)
        self.add(split, 1)
        self.setFocusProxy(self._table)
        desk.changed.connect(self._show)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Details beside the table where there is room, else below it."""
        beside = event.size().width() >= WIDE or event.size().height() < TALL
        self._split.setOrientation(Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical)
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        self._desk.load()

    def _columns(self) -> list[Column]:
        tr, desk = self._desk.ctx.tr, self._desk
        return [
            Column(tr("Layer or feed"), desk.title, 90),
            Column(tr("Off by, m"), _off, 64, "right", sort=_off_order),
            Column(tr("State"), self._state, color=state_tone, least=230),
            Column(tr("Against"), self._against, 80),
            Column(tr("Datum"), lambda entry: desk.datum(entry.datum), 110),
            Column(tr("How known"), lambda entry: known_text(entry.known, tr), 64),
        ]

    def _state(self, entry: Entry) -> str:
        desk = self._desk
        if entry.key == desk.reference:
            return desk.ctx.tr("Reference layer")
        return (
            state_text(entry, desk.ctx.tr)
            if entry.check
            else desk.why_not(entry) or desk.ctx.tr("Not measured")
        )

    def _against(self, entry: Entry) -> str:
        return self._desk.title_of(entry.check.reference) if entry.check else ""

    def _show(self) -> None:
        desk, tr = self._desk, self._desk.ctx.tr
        self._say_empty()
        self._table.set_rows(desk.entries)
        self._show_references()
        running = desk.done is not None
        self._all.setText(tr("Stop") if running else tr("Measure all"))
        why_not = self._why_not()
        self._all.setEnabled(not why_not)
        self._all.setToolTip(why_not)
        self._bar.setVisible(running)
        self._bar.setValue(round((desk.done or 0.0) * 100))
        self._show_selected()

    def _why_not(self) -> str:
        """Why nothing can be measured, or empty."""
        tr, desk = self._desk.ctx.tr, self._desk
        if any(not desk.why_not(entry) for entry in desk.entries):
            return ""
        if not desk.may(MEASURE):
            return tr("You lack the right, or the backend is away")
        return tr("No reference: there is no second layer")

    def _say_empty(self) -> None:
        desk, tr = self._desk, self._desk.ctx.tr
        if desk.problem:
            self._empty.set_text(tr("The ledger cannot be shown"), desk.problem)
        elif not desk.loaded:
            self._empty.set_text(tr("The ledger is being fetched"))
        else:
            self._empty.set_text(tr("No layers yet"), tr("They come with the import of map data."))

    def _show_references(self) -> None:
        desk = self._desk
        wanted = [("", desk.ctx.tr("Best suited for each layer"))]
        wanted += [(entry.key, desk.title(entry)) for entry in desk.entries if entry.has_places]
        shown = [
            (self._reference.itemData(at), self._reference.itemText(at))
            for at in range(self._reference.count())
        ]
        if wanted != shown:
            self._reference.clear()
            for key, title in wanted:
                self._reference.addItem(title, key)
        self._reference.setCurrentIndex(self._reference.findData(desk.reference))

    def _choose_reference(self) -> None:
        self._desk.reference = self._reference.currentData()
        self._show()

    def _selected(self) -> Entry | None:
        return self._table.selected

    def _show_selected(self) -> None:
        entry, desk = self._selected(), self._desk
        why_not = desk.why_not(entry) if entry is not None else ""
        self._one.setEnabled(entry is not None and not why_not)
        self._one.setToolTip(why_not or desk.ctx.tr("The selected layer (Enter)"))
        self._details.show_entry(entry)

    def _measure_one(self) -> None:
        entry = self._selected()
        if entry is not None:
            self._desk.measure([entry.key])

    def _toggle(self) -> None:
        if self._desk.done is not None:
            self._desk.stop()
        else:
            self._desk.measure_all()


def _off(entry: Entry) -> str:
    return metres_text(entry.check.residual) if entry.check else ""


def _off_order(entry: Entry) -> float:
    """The worst first when sorted downwards; what was not measured last."""
    residual = entry.check.residual if entry.check else None
    return -1.0 if residual is None else residual
