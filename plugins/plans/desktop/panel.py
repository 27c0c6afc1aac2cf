"""The panel 预案: the list, the form, the editions."""

from __future__ import annotations

import uuid

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from console.sdk.records import Plan
from plugins.plans.desktop.desk import PlansDesk
from plugins.plans.desktop.editions import Editions
from plugins.plans.desktop.editor import PlanEditor
from plugins.plans.desktop.files import import_plan
from plugins.plans.desktop.layer import PlanLayer
from plugins.plans.desktop.plan_list import PlanList

WAITS = "onemap.plans.waits"


class PlansPanel(QWidget):
    """One of the three is seen."""

    def __init__(self, desk: PlansDesk, layer: PlanLayer) -> None:
        super().__init__()
        self._desk = desk
        self._list = PlanList(desk, self._import, self._show_editions)
        self._editor = PlanEditor(desk, layer, self._show_list)
        self._editions = Editions(desk, self._show_list)
        self._stack = QStackedWidget()
        for page in (self._list, self._editor, self._editions):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.setFocusProxy(self._list)
        desk.wanted.connect(lambda _: self._edit())
        desk.for_event.connect(self._offer)
        self._edit()

    def _edit(self) -> None:
        """Take the next plan that is to be edited, if there is one; what is being written is not lost."""
        if not self._desk.unseen:
            return
        if self._editor.unsaved:
            self._tell_of_waiting()
            return
        self._editor.open_plan(*self._desk.unseen.pop(0))
        self._turn(self._editor)

    def _tell_of_waiting(self) -> None:
        writing, tr = self._desk.draft, self._desk.ctx.tr
        title = (writing.title if writing is not None else "") or tr("without a title")
        self._desk.ctx.notify(tr("Opens when “{title}” is saved or given up", title=title), key=WAITS)

    def _show_list(self) -> None:
        self._turn(self._list)
        self._edit()

    def _show_editions(self, plan: Plan) -> None:
        self._editions.open_plan(plan)
        self._turn(self._editions)

    def _offer(self) -> None:
        """The plans of the event are asked for: they are in the list, unless something is being written."""
        if self._stack.currentWidget() is not self._editor:
            self._show_list()

    def _turn(self, page: QWidget) -> None:
        self._stack.setCurrentWidget(page)
        page.setFocus()

    def _import(self) -> None:
        areas = self._desk.own_areas()
        title = self._desk.ctx.tr("Imported plan")
        plan = Plan(id=str(uuid.uuid4()), area=areas[0][0] if areas else "", title=title)
        import_plan(self._desk.ctx, plan, self, self._desk.edit)
