"""The panel 事件: filters above, table, and beside it the selected event or the form for a new one."""

from __future__ import annotations

from functools import cached_property

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QSplitter, QStackedWidget

from console.sdk.records import Event, EventClass, LonLat
from console.sdk.ui import Chips, EmptyState, Page, SearchField, button, row, scrolling
from plugins.events.desktop.assessing.assessor import Assessor
from plugins.events.desktop.desk import EventDesk
from plugins.events.desktop.details import Details
from plugins.events.desktop.drafts import Draft
from plugins.events.desktop.export import export_events
from plugins.events.desktop.form import ReportForm
from plugins.events.desktop.outbox import OutboxStrip
from plugins.events.desktop.report import report_by_click
from plugins.events.desktop.table import EventTable
from plugins.events.desktop.words import CLASSES

PANEL = "onemap.events.events"
SCOPES = {"open": "Open", "mine": "Mine", "all": "All"}
AGES_MS = 15_000
"""Milliseconds between looks at the ages."""


class EventPanel(Page):
    """Follows the desk; ages are counted on while it can be seen.

    The list comes first, the event's card and the form in later turns of the event loop, or when wanted
    sooner: all at once they would hold the window for a fifth of a second at the start.
    """

    def __init__(self, desk: EventDesk, assessor: Assessor) -> None:
        super().__init__()
        self._desk = desk
        tr = desk.ctx.tr
        self._scopes = Chips(
            [(scope, tr(title)) for scope, title in SCOPES.items()],
            lambda scope: desk.set_filter(scope=scope),
            selected=desk.filter.scope,
        )
        self._scopes.setToolTip(tr("Mine: you acted on it. All: with those closed in the last day."))
        self._table = EventTable(desk)
        self._assessor = assessor
        self._side = QStackedWidget()
        self._side.addWidget(
            EmptyState(tr("No event selected"), tr("Choose one in the table or on the map."), icon="event")
        )
        self._lay_out()
        self._tick = QTimer(self, interval=AGES_MS)
        self._tick.timeout.connect(self._table.refresh)
        desk.changed.connect(self._refresh)
        desk.filtered.connect(self._refresh)
        desk.connected.connect(self._refresh)
        desk.named.connect(self._table.refresh_names)
        desk.selected_changed.connect(self._show_side)
        desk.drafted.connect(self._begin)  # methods, not lambdas: Qt lets go of them with the panel
        desk.resumed.connect(self._resume)
        desk.corrected.connect(self._correct)
        desk.waiting_changed.connect(self._table.refresh_names)
        self._show_side()
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._build_more)
        if desk.drafts.current is not None:
            self._resume(desk.drafts.current)

    def _lay_out(self) -> None:
        desk, tr = self._desk, self._desk.ctx.tr
        search = SearchField(tr("Number, title or address"))
        search.on_search(self._table.filter)
        self._report = button(
            tr("Report"),
            lambda: desk.ctx.tasks.start(report_by_click(desk)),
            "plus",
            primary=True,
            tooltip=tr("Click where it happened, then fill in the form"),
        )
        export = button(
            tr("CSV"),
            lambda: desk.ctx.tasks.start(export_events(desk)),
            "download",
            tooltip=tr("Export the list as CSV"),
        )
        split = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        split.addWidget(self._table)
        split.addWidget(self._side)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setSizes([660, 430])
        list_page = Page(row(self._scopes, self._class_box(), None, search, export, self._report))
        list_page.add(split, 1)
        list_page.add(OutboxStrip(desk))
        self._pages = QStackedWidget()  # the form has the whole panel: it fits without scrolling
        self._pages.addWidget(list_page)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.add(self._pages, 1)
        self.setFocusProxy(self._table)

    @cached_property
    def _details(self) -> Details:
        """The card of the selected event."""
        made = Details(self._desk, self._assessor)
        self._side.addWidget(scrolling(made))
        return made

    @cached_property
    def _form(self) -> ReportForm:
        made = ReportForm(self._desk, self._send, self._close_form, self._choose_place)
        self._pages.addWidget(scrolling(made))
        return made

    def _build_more(self) -> None:
        """One part a turn."""
        if "_details" not in self.__dict__:
            _ = self._details
            self._later.start()
        else:
            _ = self._form

    def _class_box(self) -> QComboBox:
        tr = self._desk.ctx.tr
        box = QComboBox()
        box.setAccessibleName(tr("Class"))
        box.addItem(tr("All classes"), "")
        for kind, title in CLASSES.items():
            box.addItem(tr(title), kind.value)
        kind = self._desk.filter.kind
        box.setCurrentIndex(box.findData(kind.value if kind else ""))
        box.currentIndexChanged.connect(
            lambda _: self._desk.set_filter(kind=EventClass(box.currentData()) if box.currentData() else None)
        )
        return box

    def showEvent(self, event: QShowEvent) -> None:
        self._refresh()
        self._tick.start()
        self._later.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._tick.stop()

    def _refresh(self) -> None:
        self._report.setVisible(self._desk.may_write)
        self._table.refresh()
        for scope, title in SCOPES.items():
            self._scopes.set_title(scope, f"{self._desk.ctx.tr(title)} {self._desk.count(scope)}")

    def _show_side(self) -> None:
        selected = self._desk.selected
        self._table.select_key(selected)
        if self._desk.event(selected) is None:
            self._side.setCurrentIndex(0)
        else:
            _ = self._details
            self._side.setCurrentIndex(1)

    def _begin(self, where: LonLat) -> None:
        self._open_form().start(where)

    def _resume(self, draft: Draft) -> None:
        self._open_form().resume(draft)

    def _correct(self, event: Event) -> None:
        self._open_form().start_correcting(event)

    def _open_form(self) -> ReportForm:
        form = self._form
        self._pages.setCurrentIndex(1)
        return form

    def _choose_place(self) -> None:
        self._desk.ctx.tasks.start(report_by_click(self._desk))

    def _send(self, draft: Draft) -> None:
        self._close_form()
        self._desk.report(draft)

    def _close_form(self) -> None:
        self._pages.setCurrentIndex(0)
        self._show_side()
        self._table.setFocus()
