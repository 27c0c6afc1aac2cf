"""The week's grid with what can be done to it."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QLabel, QStackedWidget

from console.sdk.ui import EmptyState, Page, Toolbar, button, row
from plugins.staff.desktop.duty.desk import DutyDesk
from plugins.staff.desktop.duty.grid import RotaView
from plugins.staff.desktop.duty.words import clock_text
from plugins.staff.model import STANDARD_WEEK


class Week(Page):
    """Toolbar, grid, and the keys as a line below."""

    def __init__(self, duty: DutyDesk) -> None:
        super().__init__()
        self._duty = duty
        tr = duty.ctx.tr
        self.view = RotaView(duty)
        self._title, self._keys = QLabel(), QLabel(wordWrap=True)
        self._title.setObjectName("heading")
        self._keys.setObjectName("muted")
        bar = Toolbar()
        bar.add("chevron-up", tr("Week before"), lambda: duty.turn(-1))
        bar.add("clock", tr("This week"), lambda: duty.turn(0))
        bar.add("chevron-down", tr("Week after"), lambda: duty.turn(1))
        bar.add("star", tr("Standard week"), duty.show_standard)
        self._copy = button(tr("Copy to the next week"), duty.copy_week, "copy")
        self._undo = button(tr("Undo"), duty.undo, "undo", tooltip="Ctrl+Z")
        self._substitutes = QComboBox()
        self._substitutes.setAccessibleName(tr("Substitute"))
        self._stand_in = button(tr("Stands in"), self._set_substitute, "users")
        self._stack = QStackedWidget()
        empty = EmptyState(tr("Nobody to plan for"), tr("Choose another area."), icon="users")
        self._stack.addWidget(self.view)
        self._stack.addWidget(empty)
        self.add(row(bar, self._title, None, self._substitutes, self._stand_in, self._undo, self._copy))
        self.add(self._stack, 1)
        self.add(self._keys)
        duty.week_changed.connect(self._show)
        duty.undo_changed.connect(self._enable)
        self._show()

    def _show(self) -> None:
        duty, tr, week = self._duty, self._duty.ctx.tr, self._duty.week
        standard = duty.monday == STANDARD_WEEK
        span = " – ".join((week["days"][0], week["days"][-1])) if week["days"] else ""
        self._title.setText(tr("Standard week") if standard else span)
        shifts = "  ".join(
            f"{n} {duty.shift_name(s['id'])} {clock_text(s['starts'])}–{clock_text(s['ends'])}"
            for n, s in enumerate(week["shifts"], 1)
        )
        keys = tr("0 free · Backspace as the standard week · L leads · Ctrl+Z undoes")
        few = tr(
            "{shown} of {total} people: choose a smaller area", shown=len(week["lines"]), total=week["total"]
        )
        self._keys.setText(f"{shifts} · {keys}" + (f" · {few}" if week["total"] > len(week["lines"]) else ""))
        self._copy.setText(tr("Copy to this week") if standard else tr("Copy to the next week"))
        self._substitutes.clear()
        for line in week["lines"]:
            self._substitutes.addItem(line["name"], line["staff"])
        self._stack.setCurrentIndex(0 if week["lines"] else 1)
        self._enable()

    def _enable(self) -> None:
        may = self._duty.may_write
        self._undo.setEnabled(may and self._duty.can_undo)
        for part in (self._copy, self._substitutes, self._stand_in):
            part.setEnabled(may)

    def _set_substitute(self) -> None:
        self.view.change(substitute=self._substitutes.currentData())
