"""The panel 告警: all alarms; for the one selected everything at once: who, who is near, cameras, call."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSplitter, QVBoxLayout

from console.sdk.records import Alarm, AlarmKind, LonLat
from console.sdk.ui import Column, EmptyState, Page, RecordTable, Section, button, row, scrolling
from plugins.staff.desktop.alarms.around import (
    Near,
    cameras_around,
    colleagues_around,
    colleagues_by_road,
)
from plugins.staff.desktop.alarms.quiet import KINDS, Alarms
from plugins.staff.desktop.unmask import Unmask
from plugins.staff.desktop.words import Tr, age_text, distance_text, duration_text

REFRESH_MS = 1000
NEAR_WIDTH = 212
"""Logical pixels: who it is stands beside who and what is near, as the panel is low and wide."""


class AlarmPanel(Page):
    """Follows the live alarms; ages are counted on while it is shown."""

    def __init__(self, alarms: Alarms) -> None:
        super().__init__()
        self._alarms, self._desk = alarms, alarms.desk
        tr = self._desk.ctx.tr
        empty = EmptyState(tr("No alarms"), tr("Everybody on duty is well."), icon="success")
        self.table = RecordTable(
            _columns(alarms), key=lambda alarm: alarm.id, empty=empty, name="onemap.staff.alarms"
        )
        self.table.on_select(self._select)
        self.table.on_activate(lambda _key: self._jump())
        self._note = QLineEdit(placeholderText=tr("What was done (may stay empty)"), maxLength=200)
        self._note.setAccessibleName(tr("What was done"))
        self._note.returnPressed.connect(self._acknowledge)
        self._seen = button(tr("Seen"), self._acknowledge, "check", primary=True)
        self._help = HelpCard(alarms)
        self._card = scrolling(self._help)
        left = Page(self.table, row(self._note, self._seen))
        split = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        split.addWidget(left)
        split.addWidget(self._card)
        split.setSizes([470, 650])
        self.setFocusProxy(self.table)
        self.add(split, 1)
        self._tick = QTimer(self, interval=REFRESH_MS)
        self._tick.timeout.connect(lambda: self.table.view.viewport().update())
        alarms.changed.connect(self._fill)
        self._fill()

    def showEvent(self, event: QShowEvent) -> None:
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._tick.stop()

    def _fill(self) -> None:
        found = self._alarms.all()
        self.table.set_rows(found)
        if self.table.selected is None and found:
            self.table.select_key(found[0].id)
        self._show_chosen()

    def _select(self, _key: str | None) -> None:
        alarm = self.table.selected
        if alarm is not None and self.table.view.hasFocus():  # an alarm that comes selects nobody on the map
            self._desk.select(alarm.staff)
        self._show_chosen()

    def _show_chosen(self) -> None:
        alarm = self.table.selected
        for part in (self._note, self._seen, self._card):
            part.setVisible(alarm is not None)
        self._help.show_alarm(alarm)

    def _jump(self) -> None:
        if self.table.selected is not None:
            self._desk.jump(self.table.selected.staff)

    def _acknowledge(self) -> None:
        if self.table.selected is not None:
            self._alarms.acknowledge(self.table.selected.id, self._note.text().strip())
            self._note.clear()


class HelpCard(Page):
    """Everything about one alarm: place, number (masked until a reason is given), who and what is near."""

    def __init__(self, alarms: Alarms) -> None:
        super().__init__()
        self._alarms, self._desk = alarms, alarms.desk
        self._alarm: Alarm | None = None
        tr = self._desk.ctx.tr
        self._title, self._where = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self._title.setObjectName("heading")
        self._where.setObjectName("muted")
        show = button(tr("Show on the map"), self._jump, "locate")
        self._call = button(tr("Call"), self._dial, "phone", tooltip=tr("Show the number first"))
        self._unmask = Unmask(self._desk)
        self._unmask.shown_changed.connect(self._enable_call)
        self._colleagues = _near_table(
            tr("Colleagues nearby"), tr("Name"), tr("Nobody near is on duty"), [_distance(tr), _by_road(tr)]
        )
        self._cameras = _near_table(tr("Cameras nearby"), tr("Name"), tr("No cameras here"), [_distance(tr)])
        who = QVBoxLayout()
        for part in (self._title, self._where):
            who.addWidget(part)
        who.addLayout(row(show, self._call, None))
        who.addWidget(self._unmask)
        who.addStretch(1)
        across = QHBoxLayout()
        across.setSpacing(16)
        across.addLayout(who, 1)
        for title, table in (
            (tr("Colleagues nearby"), self._colleagues),
            (tr("Cameras nearby"), self._cameras),
        ):
            table.on_activate(self._open_near)
            table.setMinimumSize(NEAR_WIDTH, 120)
            near = QVBoxLayout()
            near.addWidget(Section(title))
            near.addWidget(table, 1)
            across.addLayout(near, 1)
        self.add(across, 1)
        self._enable_call()

    def show_alarm(self, alarm: Alarm | None) -> None:
        """Another alarm, or other news of it; None: nothing is selected."""
        known, self._alarm = self._alarm, alarm
        if alarm is None or alarm == known:
            return
        desk = self._desk
        self._title.setText(self._alarms.text(alarm))
        self._unmask.set_staff(desk.record(alarm.staff))
        where = self._place(alarm)
        known = desk.area_name(alarm.area)
        self._where.setText(known if where else desk.ctx.tr("{area}; place unknown", area=known))
        self._colleagues.set_rows(colleagues_around(desk, alarm.staff, where) if where else [])
        self._cameras.set_rows(cameras_around(desk, where) if where else [])
        if where and alarm.kind == AlarmKind.SOS:
            desk.ctx.tasks.start(self._by_road(alarm, where))

    async def _by_road(self, alarm: Alarm, where: LonLat) -> None:
        found = await colleagues_by_road(self._desk, alarm.staff, where)
        if found and self._alarm is not None and self._alarm.id == alarm.id:
            self._colleagues.set_rows(found)

    def _place(self, alarm: Alarm) -> LonLat | None:
        """Where they are now, else where they were when it began."""
        at = self._desk.row(alarm.staff)
        roster = self._desk.roster
        if alarm.where is not None and at is not None and roster.placed[at]:
            return float(roster.lon[at]), float(roster.lat[at])
        return alarm.where

    def _jump(self) -> None:
        if self._alarm is not None:
            self._desk.jump(self._alarm.staff)

    def _enable_call(self) -> None:
        self._call.setEnabled(bool(self._unmask.phone))

    def _dial(self) -> None:
        """Hand the number to whatever dials on this machine (a softphone registers ``tel:``)."""
        if self._unmask.phone:
            QDesktopServices.openUrl(QUrl(f"tel:{self._unmask.phone}"))

    def _open_near(self, key: str) -> None:
        kind, _, record_id = key.partition("/")
        if kind == "staff":
            self._desk.jump(record_id)
        else:
            self._desk.ctx.selection.select(kind, record_id)


def _columns(alarms: Alarms) -> list[Column]:
    desk, tr = alarms.desk, alarms.desk.ctx.tr

    def name(alarm: Alarm) -> str:
        staff = desk.record(alarm.staff)
        return staff.name if staff else alarm.staff

    return [
        Column(tr("Alarm"), lambda a: tr(KINDS[a.kind]), width=116, color=_color),
        Column(tr("Name"), name, width=70),
        Column(tr("Area"), lambda a: desk.area_name(a.area), least=72),
        Column(tr("Since"), lambda a: age_text(desk.now - a.since, tr), width=84, sort=lambda a: a.since),
        Column(tr("Seen by"), lambda a: a.taken_by or tr("nobody yet"), width=76),
    ]


def _color(alarm: Alarm) -> str:
    return "error" if alarm.kind == AlarmKind.SOS else "warning"


def _near_table(title: str, name: str, empty: str, figures: Sequence[Column]) -> RecordTable:
    columns = [Column(name, lambda near: near.name, least=64), *figures]
    table = RecordTable(columns, key=lambda near: f"{near.type}/{near.id}", empty=empty)
    table.view.setAccessibleName(title)
    return table


def _distance(tr: Tr) -> Column:
    def text(near: Near) -> str:
        return distance_text(near.metres, tr)

    return Column(tr("Distance"), text, width=70, align="right", sort=lambda near: near.metres)


def _by_road(tr: Tr) -> Column:
    def text(near: Near) -> str:
        return "" if near.seconds is None else duration_text(near.seconds, tr)

    return Column(tr("By road"), text, width=70, align="right")
