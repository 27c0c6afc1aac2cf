"""The panel 巡查: plans with what was walked of them, and streets by share walked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QDate, QTime
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDateEdit, QLabel, QLineEdit, QTimeEdit

from console.sdk.ui import Column, EmptyState, Page, RecordTable, Tabs, button, row
from plugins.staff.desktop.desk import Desk
from plugins.staff.desktop.duty.words import clock_text
from plugins.staff.desktop.patrols.desk import PatrolsDesk
from plugins.staff.desktop.report import report_html, write_pdf
from plugins.staff.desktop.saving import target, tell_failed, tell_written
from plugins.staff.desktop.words import distance_text

LEAST_REASON = 4
"""Characters that a reason must have."""
_ENOUGH = 0.8
"""Share of a way from which it is shown as walked."""


class PatrolsPanel(Page):
    """Two tabs over one day."""

    def __init__(self, desk: Desk, patrols: PatrolsDesk) -> None:
        super().__init__()
        self._patrols = patrols
        tr = desk.ctx.tr
        self._day = QDateEdit(QDate.currentDate())
        self._day.setCalendarPopup(True)
        self._day.setDisplayFormat("yyyy-MM-dd")
        self._day.setAccessibleName(tr("Day"))
        tabs = Tabs(
            [
                (tr("Patrol plans"), lambda: Plans(desk, patrols, self._day)),
                (tr("Streets walked"), lambda: StreetsWalked(desk, patrols, self._day)),
            ]
        )
        self.add(row(tabs.chips, None, self._day))
        self.add(tabs, 1)
        self.setFocusProxy(tabs.chips)

    def showEvent(self, event: QShowEvent) -> None:
        self._patrols.read()


class Plans(Page):
    """Plans, planned against walked, a new plan by drawing."""

    def __init__(self, desk: Desk, patrols: PatrolsDesk, day: QDateEdit) -> None:
        super().__init__()
        self._desk, self._patrols, self._day = desk, patrols, day
        tr = desk.ctx.tr
        empty = EmptyState(tr("No patrol plans"), tr("Name one below and draw its way."), icon="route")
        self.table = RecordTable(
            _columns(desk, patrols), key=lambda p: p["id"], empty=empty, name="onemap.staff.patrols"
        )
        self.table.on_select(patrols.show)
        self.table.on_activate(patrols.show)
        self._name = QLineEdit(placeholderText=tr("Name of the patrol"), maxLength=60)
        self._name.setAccessibleName(tr("Name of the patrol"))
        self._starts, self._ends = _time(tr("From"), 8), _time(tr("Until"), 20)
        new = button(tr("Draw a plan"), self._make, "edit", tooltip=tr("For the selected person"))
        drop = button(tr("Delete"), self._drop, "trash")
        may = desk.ctx.backend.allowed("duty.write")
        new.setEnabled(may)
        drop.setEnabled(may)
        report = button(tr("Planned against walked"), self._report, "chart", primary=True)
        report.setEnabled(desk.ctx.backend.allowed("tracks.read"))
        pdf = button("PDF", self._save, "download", tooltip=tr("Report as PDF"))
        self._by_strip = QLabel(by_strip(tr), wordWrap=True)
        self._by_strip.setObjectName("muted")
        self._by_strip.hide()
        self.add(self.table, 1)
        self.add(self._by_strip)
        self.add(row(self._name, self._starts, self._ends, new, drop, None, report, pdf))
        patrols.plans_changed.connect(self._fill)
        patrols.report_changed.connect(self._reported)
        self._fill()

    def _fill(self) -> None:
        self.table.set_rows(self._patrols.plans)

    def _reported(self) -> None:
        self.table.view.viewport().update()
        self._by_strip.setVisible(self._patrols.any_by_strip)
        self._patrols.show(self.table.selected_key)

    def _make(self) -> None:
        name = self._name.text().strip()
        if not name:
            self._name.setFocus()
            return
        selected = self._desk.selected
        starts, ends = (e.time().hour() * 60 + e.time().minute() for e in (self._starts, self._ends))
        self._patrols.make(name, [selected] if selected else [], starts, ends)
        self._name.clear()

    def _drop(self) -> None:
        if self.table.selected is not None:
            self._patrols.drop(self.table.selected["id"])

    def _report(self) -> None:
        self._patrols.report(self._day.date().toString("yyyy-MM-dd"))

    def _save(self) -> None:
        ctx, tr = self._desk.ctx, self._desk.ctx.tr
        columns = _columns(self._desk, self._patrols)
        rows = [[str(c.value(plan) or "") for c in columns] for plan in self._patrols.plans]
        title = tr("Patrol report {day}", day=self._day.date().toString("yyyy-MM-dd"))
        path = target(tr("patrol-report"), "pdf")
        try:
            notes = [by_strip(tr)] if self._patrols.any_by_strip else []
            write_pdf(path, report_html(title, notes, [c.title for c in columns], rows))
        except OSError as error:
            tell_failed(ctx, error)
        else:
            tell_written(ctx, path)


class StreetsWalked(Page):
    """Streets of one area, those walked least first."""

    def __init__(self, desk: Desk, patrols: PatrolsDesk, day: QDateEdit) -> None:
        super().__init__()
        self._patrols, self._desk, self._day, self._area = patrols, desk, day, ""
        tr = desk.ctx.tr
        empty = EmptyState(
            tr("No streets yet"), tr("Choose a street district, a day, and write the reason."), icon="walk"
        )
        columns = [
            Column(tr("Street"), lambda s: s["street"]),
            Column(tr("Length"), lambda s: distance_text(s["metres"], tr), width=110, align="right"),
            Column(
                tr("Walked"),
                lambda s: f"{s['walked_share']:.0%}",
                width=110,
                align="right",
                color=lambda s: _tone(s["walked_share"]),
                sort=lambda s: s["walked_share"],
            ),
        ]
        self.table = RecordTable(
            columns, key=lambda s: s["street"], empty=empty, name="onemap.staff.streets_walked"
        )
        picker = desk.areas.picker(self._choose) if desk.areas else None
        self._reason = QLineEdit(placeholderText=tr("Reason, kept in the audit log"), maxLength=200)
        self._reason.setAccessibleName(tr("Reason for looking at walked streets"))
        self._reason.returnPressed.connect(self._look)
        look = button(tr("Show"), self._look, "walk", primary=True)
        look.setEnabled(desk.ctx.backend.allowed("tracks.read"))
        self._sum = QLabel()
        self.add(self.table, 1)
        self.add(row(*([picker] if picker else []), self._reason, look, self._sum))
        patrols.streets_changed.connect(self._fill)

    def _choose(self, area: str) -> None:
        self._area = area

    def _fill(self) -> None:
        streets = self._patrols.streets
        self.table.set_rows(streets)
        whole = sum(s["metres"] for s in streets)
        share = sum(s["metres"] * s["walked_share"] for s in streets) / whole if whole else 0.0
        tr = self._desk.ctx.tr
        length = distance_text(whole, tr)
        self._sum.setText(tr("{share} of {length} walked", share=f"{share:.0%}", length=length))

    def _look(self) -> None:
        ctx, reason = self._desk.ctx, self._reason.text().strip()
        if len(self._area) < 9:
            ctx.notify(ctx.tr("Choose a street district or a smaller area"), key="onemap.staff.patrols")
        elif len(reason) < LEAST_REASON:
            ctx.notify(ctx.tr("Write the reason"), key="onemap.staff.patrols")
            self._reason.setFocus()
        else:
            self._patrols.cover(self._area, self._day.date().toString("yyyy-MM-dd"), reason)


def _columns(desk: Desk, patrols: PatrolsDesk) -> list[Column]:
    tr = desk.ctx.tr

    def names(plan: dict[str, Any]) -> str:
        records = [desk.record(staff) for staff in plan["staff"]]
        return tr(", ").join(record.name for record in records if record)

    def share(plan: dict[str, Any]) -> float | None:
        done = patrols.done.get(plan["id"])
        return None if done is None else done["walked_share"]

    def walked(plan: dict[str, Any]) -> str:
        done = patrols.done.get(plan["id"])
        if done is None:
            return ""
        return f"{done['walked_share']:.0%}" if done.get("by_road") else f"≈ {done['walked_share']:.0%}"

    def reached(plan: dict[str, Any]) -> str:
        done = patrols.done.get(plan["id"])
        if done is None:
            return str(len(plan["checkpoints"]))
        times = [at for at in done["reached"] if at is not None]
        last = f" ({datetime.fromtimestamp(max(times)):%H:%M})" if times else ""
        return f"{len(times)} / {len(done['reached'])}{last}"

    return [
        Column(tr("Patrol"), lambda p: p["name"]),
        Column(tr("Area"), lambda p: desk.area_name(p["area"]), width=130),
        Column(tr("Staff"), names, width=140),
        Column(tr("Window"), lambda p: f"{clock_text(p['starts'])}–{clock_text(p['ends'])}", width=110),
        Column(
            tr("Walked"),
            walked,
            width=80,
            align="right",
            color=lambda p: _tone(share(p)),
        ),
        Column(tr("Checkpoints"), reached, width=130, align="right"),
    ]


def by_strip(tr: Callable[..., str]) -> str:
    """What ≈ before a share means."""
    return tr("≈ by a strip of 25 m along the way: the roads could not be asked, a lane beside it counts")


def _tone(share: float | None) -> str:
    return "" if share is None else "success" if share >= _ENOUGH else "warning"


def _time(title: str, hour: int) -> QTimeEdit:
    made = QTimeEdit(QTime(hour, 0))
    made.setDisplayFormat("HH:mm")
    made.setAccessibleName(title)
    made.setToolTip(title)
    return made
