"""Everything about the selected person, and what can be done with them."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QLabel, QStackedWidget

from console.sdk import Context
from console.sdk.ui import Badge, EmptyState, KeyValues, Page, button, row, scrolling
from plugins.staff.desktop.desk import Desk
from plugins.staff.desktop.remarks import remarks, source_text
from plugins.staff.desktop.states import TITLES, State
from plugins.staff.desktop.unmask import Unmask
from plugins.staff.desktop.words import (
    accuracy_text,
    age_text,
    battery_text,
    floor_text,
    role_text,
    speed_text,
)

TONES = {
    State.OFF_DUTY: "muted",
    State.ON_DUTY: "success",
    State.ON_JOB: "info",
    State.SILENT: "warning",
    State.SOS: "error",
}


class Details(QStackedWidget):
    """Follows the desk's selection; ages are counted on while it is shown."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        ctx = desk.ctx
        self._name = QLabel()
        self._name.setObjectName("heading")
        self._state = Badge()
        self._pairs = KeyValues()
        self._unmask = Unmask(desk)
        self._trail = QCheckBox(ctx.tr("Trail"))
        self._trail.setChecked(bool(ctx.settings.get("show_trail")))
        self._trail.toggled.connect(lambda on: ctx.settings.set("show_trail", on))
        run = ctx.commands.run
        show = button(ctx.tr("Show on the map"), lambda: run("onemap.staff.show"), "locate", primary=True)
        follow = button(ctx.tr("Follow"), lambda: run("onemap.staff.follow"), "follow")
        page = Page(
            row(self._name, self._state, None),
            row(show, follow, None),
            self._trail,
            self._pairs,
            self._unmask,
            stretch=True,
        )
        self.addWidget(scrolling(page))
        self.addWidget(
            EmptyState(
                ctx.tr("Nobody selected"), ctx.tr("Choose a person in the table or on the map."), icon="user"
            )
        )
        desk.selected_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the selected person as they are now."""
        desk = self._desk
        staff, row_at = desk.record(desk.selected), desk.row(desk.selected)
        self.setCurrentIndex(1 if staff is None else 0)
        self._unmask.set_staff(staff)
        if staff is None or row_at is None:
            return
        state = State(int(desk.roster.state[row_at]))
        self._name.setText(staff.name)
        self._state.set(desk.ctx.tr(TITLES[state]), TONES[state])
        self._pairs.set_pairs(person_pairs(desk, row_at))


def person_pairs(desk: Desk, at: int) -> list[tuple[str, str]]:
    """Names and values about one row of the roster."""
    ctx, roster = desk.ctx, desk.roster
    staff, tr = roster.records[at], ctx.tr
    pairs = [
        (tr("Role"), role_text(staff.role, tr)),
        (tr("Area"), desk.area_name(staff.area)),
        (tr("Phone"), staff.phone or tr("none")),
        (tr("Last fix"), _fix_text(ctx, desk, at)),
        (tr("Source"), source_text(desk, at)),
        (tr("Remarks"), tr(", ").join(remarks(desk, at))),
        (tr("Floor"), floor_text(float(roster.floor[at]), tr)),
        (tr("Accuracy"), accuracy_text(float(roster.accuracy[at]), tr)),
        (tr("Speed"), speed_text(float(roster.speed[at]), tr)),
        (tr("Battery"), battery_text(float(roster.battery[at]))),
        (tr("Job"), staff.job),
        (tr("Skills"), tr(", ").join(staff.skills)),
    ]
    return [(name, value) for name, value in pairs if value]


def _fix_text(ctx: Context, desk: Desk, at: int) -> str:
    roster = desk.roster
    good = age_text(desk.now - float(roster.good_time[at]), ctx.tr)
    if roster.doubtful[at]:
        return ctx.tr("{age}; later reports are not credible and not shown", age=good)
    return good
