"""The panel 考核: closed events of a period, assessed or not, as they are or summed by class or street."""

from __future__ import annotations

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QDateEdit, QLabel, QSplitter, QStackedWidget

from console.sdk import OneMapError, Undo
from console.sdk.ui import Chips, Column, EmptyState, Page, RecordTable, button, row, scrolling
from plugins.events.desktop.assessing.assessor import Assessor
from plugins.events.desktop.assessing.card import AssessmentCard
from plugins.events.desktop.assessing.export import export_table
from plugins.events.desktop.assessing.sums import street_of, sums
from plugins.events.desktop.assessing.tables import event_columns, sum_columns
from plugins.events.desktop.assessing.words import assessed_of
from plugins.events.desktop.words import CLASSES
from plugins.events.model import Assessed

PANEL = "onemap.events.assessments"
SCOPES = {"all": "All", "no": "Not assessed", "yes": "Assessed"}
VIEWS = {"events": "By event", "kind": "By class", "street": "By unit"}
DAYS = 30
"""Of the period at first."""


class AssessmentsPanel(Page):
    """Reads when it is shown, when a condition changes, and after an assessment was taken."""

    def __init__(self, assessor: Assessor) -> None:
        super().__init__()
        self._assessor, self._desk = assessor, assessor.desk
        self._found: list[Assessed] = []
        self._area, self._scope, self._view = "", "all", "events"
        self._stop: Undo | None = None
        desk, tr = self._desk, self._desk.ctx.tr
        today = QDate.currentDate()
        self._first, self._last = _day(tr("From"), today.addDays(1 - DAYS)), _day(tr("Until"), today)
        self._kind = QComboBox()
        self._kind.setAccessibleName(tr("Class"))
        self._kind.addItem(tr("All classes"), "")
        for kind, title in CLASSES.items():
            self._kind.addItem(tr(title), kind.value)
        self._scopes = Chips([(key, tr(title)) for key, title in SCOPES.items()], self._set_scope)
        self._views = Chips([(key, tr(title)) for key, title in VIEWS.items()], self._set_view)
        self._said = QLabel()
        self._said.setObjectName("muted")
        self._events = RecordTable(
            event_columns(desk),
            key=lambda found: found.event,
            empty=EmptyState(
                tr("No closed events"), tr("Choose another period, area or class."), icon="star"
            ),
            name=PANEL,
        )
        self._sums = {by: self._sum_table(by) for by in ("kind", "street")}
        self._card = AssessmentCard(assessor)
        self._lay_out()
        self._kind.currentIndexChanged.connect(lambda _: self.read())
        for field in (self._first, self._last):
            field.dateChanged.connect(lambda _: self.read())
        self._events.on_select(self._choose)
        self._events.on_activate(desk.jump)
        assessor.given.connect(self._on_given)
        desk.connected.connect(self.read)
        desk.named.connect(self._fill)

    def _sum_table(self, by: str) -> RecordTable:
        empty = EmptyState(self._desk.ctx.tr("No closed events"), icon="star")
        return RecordTable(
            sum_columns(self._desk, by), key=lambda each: each.key, empty=empty, name=f"{PANEL}.{by}"
        )

    def _lay_out(self) -> None:
        desk, tr = self._desk, self._desk.ctx.tr
        picker = desk.areas.picker(self._set_area) if desk.areas else None
        again = button("", self.read, "refresh", tooltip=tr("Read anew"))
        export = button(tr("CSV"), self._export, "download", tooltip=tr("Export the list as CSV"))
        self.add(row(self._views, self._scopes, None, *([picker] if picker else []), self._kind))
        self.add(row(self._said, None, self._first, self._last, again, export))
        side = Page(self._card)
        side.add(QLabel(), 1)  # the card stays on top
        split = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        split.addWidget(self._events)
        split.addWidget(scrolling(side))
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 1)
        split.setSizes([660, 430])
        self._pages = QStackedWidget()
        for page in (split, *self._sums.values()):
            self._pages.addWidget(page)
        self.add(self._pages, 1)
        self.setFocusProxy(self._events)

    def showEvent(self, event: QShowEvent) -> None:
        self.read()

    def read(self) -> None:
        """Ask the backend for the period, area and class chosen."""
        if self._stop:
            self._stop()
        self._stop = self._desk.ctx.tasks.start(self._read())

    async def _read(self) -> None:
        query = {"kind": self._kind.currentData()} if self._kind.currentData() else {}
        first, last = (field.date().toString("yyyy-MM-dd") for field in (self._first, self._last))
        try:
            answer = await self._desk.ctx.backend.get(
                "/events/assessments", first=first, last=last, area=self._area, **query
            )
        except OneMapError as error:
            self._said.setText(str(error))
            return
        self._found = [assessed_of(item) for item in answer]
        self._fill()

    def _fill(self) -> None:
        tr = self._desk.ctx.tr
        shown = [each for each in self._found if self._scope == "all" or _is_assessed(each) == self._scope]
        self._events.set_rows(shown)
        self._sums["kind"].set_rows(sums(self._found, lambda each: each.kind.value))
        self._sums["street"].set_rows(sums(self._found, street_of))
        done = sum(each.score is not None for each in self._found)
        self._said.setText(
            tr(
                "{n} closed, {done} assessed, {open} not yet",
                n=len(self._found),
                done=done,
                open=len(self._found) - done,
            )
        )

    def _set_area(self, area: str) -> None:
        self._area = area
        self.read()

    def _set_scope(self, scope: str) -> None:
        self._scope = scope
        self._fill()

    def _set_view(self, view: str) -> None:
        self._view = view
        self._scopes.setVisible(view == "events")
        self._pages.setCurrentIndex(list(VIEWS).index(view))

    def _choose(self, event_id: str | None) -> None:
        found = next((each for each in self._found if each.event == event_id), None)
        if found is None:
            self._card.set_event("")
            return
        self._card.set_event(found.event, title=f"{found.number} {found.title}")
        if self._desk.event(found.event) is not None:
            self._desk.select(found.event)

    def _on_given(self, _event_id: str) -> None:
        if self.isVisible():
            self.read()

    def _export(self) -> None:
        table = self._events if self._view == "events" else self._sums[self._view]
        self._desk.ctx.tasks.start(export_table(self._desk, self._columns(), list(table.shown)))

    def _columns(self) -> list[Column]:
        return event_columns(self._desk) if self._view == "events" else sum_columns(self._desk, self._view)


def _is_assessed(found: Assessed) -> str:
    return "no" if found.score is None else "yes"


def _day(title: str, value: QDate) -> QDateEdit:
    made = QDateEdit(value)
    made.setCalendarPopup(True)
    made.setDisplayFormat("yyyy-MM-dd")
    made.setAccessibleName(title)
    made.setToolTip(title)
    return made
