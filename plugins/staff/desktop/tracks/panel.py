"""The panel 轨迹: who, when, why; then figures, time slider and export."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QDateTimeEdit, QLabel, QLineEdit, QMenu, QPushButton

from console.sdk.ui import Column, EmptyState, Page, RecordTable, button, icon, row
from plugins.staff.desktop.desk import Desk
from plugins.staff.desktop.report import report_html, write_pdf
from plugins.staff.desktop.saving import save_in_worker, target, tell_failed, tell_written
from plugins.staff.desktop.tracks.desk import RIGHT, Track, TracksDesk
from plugins.staff.desktop.tracks.export import WRITERS
from plugins.staff.desktop.tracks.layer import TracksLayer
from plugins.staff.desktop.tracks.player import Player
from plugins.staff.desktop.words import distance_text, duration_text

LEAST_REASON = 4
"""Characters that a reason must have."""


class TracksPanel(Page):
    """Nothing is read before a reason is given."""

    def __init__(self, desk: Desk, tracks: TracksDesk, layer: TracksLayer) -> None:
        super().__init__()
        self._desk, self._tracks, self._layer = desk, tracks, layer
        tr = desk.ctx.tr
        now = QDateTime.currentDateTime()
        self._since, self._until = (
            self._time(tr("From"), now.addSecs(-8 * 3600)),
            self._time(tr("Until"), now),
        )
        self._reason = QLineEdit(placeholderText=tr("Reason, kept in the audit log"), maxLength=200)
        self._reason.setAccessibleName(tr("Reason for looking at tracks"))
        self._reason.returnPressed.connect(self._look)
        add = button(tr("Add the selected person"), lambda: tracks.add(desk.selected), "plus")
        drop = button("", self._remove, "minus", tooltip=tr("Remove from the list"))
        look = button(tr("Show tracks"), self._look, "trail", primary=True)
        look.setEnabled(desk.ctx.backend.allowed(RIGHT))
        self._said = QLabel(wordWrap=True)
        self._said.setObjectName("muted")
        empty = EmptyState(
            tr("No tracks yet"), tr("Add people, choose a period and write the reason."), icon="trail"
        )
        self.table = RecordTable(
            _columns(tracks), key=lambda staff: staff, empty=empty, name="onemap.staff.tracks"
        )
        self.table.on_activate(desk.jump)
        self.player = Player(tracks)
        self.add(row(add, drop, self._since, self._until, self._reason, look, self._export_button()))
        self.add(self._said)
        self.add(self.table, 1)
        self.add(self.player)
        self.setFocusProxy(self._reason)
        tracks.chosen_changed.connect(self._fill)
        tracks.loaded.connect(self._loaded)
        tracks.failed.connect(self._said.setText)
        self._fill()

    def _time(self, title: str, value: QDateTime) -> QDateTimeEdit:
        made = QDateTimeEdit(value, displayFormat="yyyy-MM-dd HH:mm", calendarPopup=True)
        made.setAccessibleName(title)
        made.setToolTip(title)
        return made

    def _export_button(self) -> QPushButton:
        tr = self._desk.ctx.tr
        made = QPushButton(icon("download"), tr("Export"))
        menu = QMenu(made)
        for suffix in WRITERS:
            menu.addAction(suffix.upper(), self._saver(suffix))
        menu.addAction("PDF", self._save_pdf)
        made.setMenu(menu)
        return made

    def _saver(self, suffix: str) -> Callable[[], None]:
        return lambda: self._save(suffix)

    def _fill(self) -> None:
        self.table.set_rows(list(self._tracks.chosen))

    def _loaded(self) -> None:
        self.table.view.viewport().update()
        missing = [t.name for t in self._tracks.tracks if not len(t.points)]
        tr = self._desk.ctx.tr
        self._said.setText(
            tr("No positions on duty: {names}", names=tr(", ").join(missing)) if missing else ""
        )

    def _remove(self) -> None:
        if self.table.selected_key:
            self._tracks.remove(self.table.selected_key)

    def _look(self) -> None:
        tr, reason = self._desk.ctx.tr, self._reason.text().strip()
        if not self._tracks.chosen:
            self._said.setText(tr("Add people first"))
        elif len(reason) < LEAST_REASON:
            self._said.setText(tr("Write why you must see the tracks"))
            self._reason.setFocus()
        else:
            since, until = (float(e.dateTime().toSecsSinceEpoch()) for e in (self._since, self._until))
            self._said.clear()
            self._tracks.look(since, until, reason)

    def _save(self, suffix: str) -> None:
        tracks = [track for track in self._tracks.tracks if len(track.points)]
        if tracks:
            ctx = self._desk.ctx
            path = target(ctx.tr("tracks"), suffix)
            ctx.tasks.start(save_in_worker(ctx, path, WRITERS[suffix], tracks))

    def _save_pdf(self) -> None:
        ctx, tr, tracks = self._desk.ctx, self._desk.ctx.tr, self._tracks.tracks
        if not tracks:
            return
        since, until = (f"{datetime.fromtimestamp(at):%Y-%m-%d %H:%M}" for at in self._tracks.span)
        user = ctx.backend.user
        lines = [f"{since} – {until}", tr("Made by {name}", name=user.name if user else "")]
        columns = _columns(self._tracks)
        rows = [[str(column.value(track.staff) or "") for column in columns] for track in tracks]
        path = target(tr("tracks"), "pdf")
        try:
            write_pdf(path, report_html(tr("Tracks"), lines, [column.title for column in columns], rows))
        except OSError as error:
            tell_failed(ctx, error)
        else:
            tell_written(ctx, path)


def _columns(tracks: TracksDesk) -> list[Column]:
    tr = tracks.ctx.tr

    def of(staff: str) -> Track | None:
        return next((track for track in tracks.tracks if track.staff == staff), None)

    def name(staff: str) -> str:
        record = tracks.desk.record(staff)
        return record.name if record else staff

    def figure(text: Callable[[Track], str]) -> Callable[[str], str]:
        return lambda staff: text(track) if (track := of(staff)) is not None else ""

    def color(staff: str) -> str:
        track = of(staff)
        return track.color if track else ""

    return [
        Column(tr("Name"), name, color=color),
        Column(tr("Distance"), figure(lambda t: distance_text(t.metres, tr)), width=100, align="right"),
        Column(tr("On foot"), figure(lambda t: duration_text(t.foot_seconds, tr)), width=120, align="right"),
        Column(
            tr("At places"), figure(lambda t: duration_text(t.stop_seconds, tr)), width=120, align="right"
        ),
        Column(tr("Stops"), figure(lambda t: str(len(t.stops))), width=80, align="right"),
    ]
