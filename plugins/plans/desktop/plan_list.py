"""The list of plans: search, those for the selected event, what can be done with one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QWidget

from console.sdk.records import Plan
from console.sdk.ui import Chips, Column, EmptyState, Page, RecordTable, SearchField, button, row
from plugins.plans.desktop.desk import PANEL, PlansDesk
from plugins.plans.desktop.files import export_plan
from plugins.plans.desktop.words import class_text, holds_text, time_text

ALL, FITTING = "all", "fitting"


class PlanList(Page):
    """Enter edits, Del deletes, Ctrl+Z brings back; the selected plan is on the map."""

    def __init__(
        self, desk: PlansDesk, on_import: Callable[[], Any], on_editions: Callable[[Plan], Any]
    ) -> None:
        super().__init__()
        self._desk, self._on_editions = desk, on_editions
        tr = desk.ctx.tr
        search = SearchField(tr("Search plans"))
        self.table = self._make_table()
        search.on_search(self.table.filter)
        self._scope = Chips([(ALL, tr("All")), (FITTING, tr("For the event"))], lambda _: self.refresh())
        self._keep = QCheckBox(tr("Keep on the map"))
        self._keep.setToolTip(tr("The plan stays on the map when another one is selected"))
        self._keep.clicked.connect(self._on_keep)
        self._new = button(tr("New"), desk.new, "plus", primary=True)
        self._import = button(tr("Import"), on_import, "upload", tooltip=tr("A plan from a GeoJSON file"))
        self._undo = button(
            tr("Undo"), desk.undo_delete, "undo", tooltip=tr("Bring back what was deleted (Ctrl+Z)")
        )
        self._acts = self._make_acts()
        self.add(row(search, self._new))
        self.add(self._scope)
        self.add(self.table, 1)
        self.add(row(self._keep, None, self._undo, self._import))
        acts = list(self._acts.values())
        self.add(row(*acts[:3]))
        self.add(row(*acts[3:]))
        self.setFocusProxy(self.table)
        self._add_keys()
        for signal in (desk.changed, desk.named, desk.connection_changed):
            signal.connect(self.refresh)
        desk.event_changed.connect(self._follow_event)
        desk.for_event.connect(lambda: self._turn(FITTING))
        desk.shown_changed.connect(lambda: self.table.select_key(desk.chosen))
        self._follow_event()

    def _make_table(self) -> RecordTable:
        desk, tr = self._desk, self._desk.ctx.tr
        hint = tr("Say who does what, and draw it: it is at hand when something happens.")
        columns = [
            Column(tr("Title"), lambda plan: plan.title, least=120),
            Column(tr("Class"), lambda plan: class_text(plan.event_class, tr), 72),
            Column(tr("Unit"), lambda plan: desk.area_name(plan.area), 92),
            Column(tr("Edition"), self._edition, 190, sort=lambda plan: plan.at, color=self._tone),
            Column(tr("Contents"), lambda plan: holds_text(plan, tr), 128),
        ]
        empty = EmptyState(tr("No plans"), hint, icon="copy")
        table = RecordTable(columns, key=lambda plan: plan.id, empty=empty, name=PANEL)
        table.view.setAccessibleName(tr("Plans"))
        table.on_select(desk.choose)
        table.on_select(lambda _: self._show_acts())
        table.on_activate(lambda _: self._with_plan(desk.edit))
        return table

    def _make_acts(self) -> dict[str, QWidget]:
        desk, tr = self._desk, self._desk.ctx.tr
        return {
            "show": button(tr("Show"), lambda: self._with_plan(self._fit), "locate"),
            "edit": button(tr("Edit"), lambda: self._with_plan(desk.edit), "edit", tooltip=tr("Enter")),
            "copy": button(tr("Duplicate"), lambda: self._with_plan(desk.duplicate), "copy"),
            "delete": button(tr("Delete"), lambda: self._with_plan(desk.delete), "trash", tooltip=tr("Del")),
            "editions": button(tr("Editions"), lambda: self._with_plan(self._on_editions), "history"),
            "export": button(tr("Export"), lambda: self._with_plan(self._export), "export"),
        }

    def _add_keys(self) -> None:
        keys = {"Del": lambda: self._with_plan(self._desk.delete), "Ctrl+Z": self._desk.undo_delete}
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda act=act: act() if self._desk.may_write else None)

    def refresh(self) -> None:
        """Show the plans, those of the event alone if that is wanted."""
        desk, tr = self._desk, self._desk.ctx.tr
        plans = desk.all()
        fitting = [plan for plan in plans if desk.fits(plan)]
        self._scope.set_title(ALL, f"{tr('All')} {len(plans)}")
        self._scope.set_title(FITTING, f"{tr('For the event')} {len(fitting)}")
        self._scope.setVisible(desk.event is not None)
        wanted = fitting if desk.event is not None and self._scope.value == FITTING else plans
        self.table.set_rows(wanted)
        self._show_acts()

    def _follow_event(self) -> None:
        """Offer the plans for an event as soon as it is selected, if there are any."""
        fitting = any(self._desk.fits(plan) for plan in self._desk.all())
        self._turn(FITTING if fitting else ALL)

    def _turn(self, scope: str) -> None:
        self._scope.select(scope)
        self.refresh()

    def _show_acts(self) -> None:
        plan, may = self._plan, self._desk.may_write
        for name, act in self._acts.items():
            act.setVisible(plan is not None and (may or name in ("show", "editions", "export")))
        self._keep.setVisible(plan is not None)
        self._keep.setChecked(plan is not None and plan.id in self._desk.shown)
        for widget in (self._new, self._import):
            widget.setVisible(may)
        self._undo.setVisible(may and self._desk.can_undo)

    @property
    def _plan(self) -> Plan | None:
        return self._desk.find(self.table.selected_key)

    def _with_plan(self, act: Callable[[Plan], Any]) -> None:
        if self._plan is not None:
            act(self._plan)

    def _on_keep(self, on: bool) -> None:
        self._with_plan(lambda plan: self._desk.show(plan.id, on))

    def _export(self, plan: Plan) -> None:
        export_plan(self._desk.ctx, plan, self)

    def _fit(self, plan: Plan) -> None:
        fit(self._desk, plan)

    def _edition(self, plan: Plan) -> str:
        if self._desk.waits(plan.id):
            return self._desk.ctx.tr("waits to be sent")
        return f"{plan.edition} · {time_text(plan.at)} · {plan.by}"

    def _tone(self, plan: Plan) -> str:
        return "warning" if self._desk.waits(plan.id) else ""


def fit(desk: PlansDesk, plan: Plan) -> None:
    """Bring what a plan draws into view."""
    places = [place for item in plan.items for place in item.points]
    if not places:
        desk.ctx.notify(desk.ctx.tr("Nothing is drawn in this plan"), key="onemap.plans.hint")
        return
    lons, lats = zip(*places, strict=True)
    if len(set(places)) == 1:
        desk.ctx.map.center_on(*places[0], 16)
    else:
        desk.ctx.map.fit((min(lons), min(lats), max(lons), max(lats)), 0.2)
