"""The side of the panel: the place that is pointed at, and the low cameras that see it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QSplitter

from console.sdk.cameras import CameraView
from console.sdk.ui import Column, EmptyState, Page, RecordTable, Section, Toolbar, row
from console.sdk.ui.picture_grid import PictureGrid
from plugins.linkage.desktop.desk import KEY, Desk
from plugins.linkage.desktop.words import metres_text, place_text

MOST = 4
"""Low cameras whose pictures are shown."""


class TargetPage(Page):
    """Pictures of the best low cameras come by themselves while *Low cameras* is on."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._views: dict[str, CameraView] = {}
        tr = desk.ctx.tr
        self._place, self._note = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self._place.setObjectName("title")
        self._place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._note.setObjectName("muted")
        tools = Toolbar()
        self._copy = tools.add("copy", tr("Copy longitude and latitude"), self._copy_place)
        self._locate = tools.add("locate", tr("Show on the map"), self._show_place)
        self._forget = tools.add("close", tr("Take the mark away"), desk.forget_target)
        self._table = self._make_table()
        self._grid = PictureGrid()
        self._grid.setMinimumHeight(120)
        halves = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        halves.addWidget(self._table)
        halves.addWidget(self._grid)
        halves.setSizes([2_000, 3_000])  # pictures ask for nothing, so they would get nothing
        self.add(row(Section(tr("Place")), None, tools))
        self.add(self._place)
        self.add(self._note)
        self.add(Section(tr("Low cameras that see it")))
        self.add(halves, 1)
        desk.target_changed.connect(self._show_target)
        desk.seeing_changed.connect(self._show_seeing)
        self._show_target()
        self._show_seeing()

    def _make_table(self) -> RecordTable:
        tr = self._desk.ctx.tr
        columns = [
            Column(tr("Camera"), lambda seen: seen.name, 120),
            Column(tr("Why"), lambda seen: seen.reason, 0, least=200),
        ]
        self._none = EmptyState(tr("None"), tr("Click a place in the high camera's picture."), icon="camera")
        table = RecordTable(columns, key=lambda seen: seen.camera, empty=self._none)
        table.view.setAccessibleName(tr("Low cameras that see it"))
        table.on_activate(lambda camera: self._desk.cameras.open([camera]))
        return table

    def _show_target(self) -> None:
        spot, tr = self._desk.target, self._desk.ctx.tr
        for act in (self._copy, self._locate, self._forget):
            act.setEnabled(spot is not None)
        if spot is None:
            self._place.setText(tr("No place yet"))
            self._note.setText(tr("Click in the picture, or choose “Turn the high camera here” on the map."))
            return
        self._place.setText(place_text(*spot.where))
        height = metres_text(spot.height)
        self._note.setText(
            tr("Height {height}, from the 3D model", height=height)
            if spot.model
            else tr("On level ground ({height}): no 3D model here", height=height)
        )

    def _show_seeing(self) -> None:
        seeing = list(self._desk.seeing)
        self._table.set_rows(seeing)
        tr = self._desk.ctx.tr
        hint = tr("Click a place in the high camera's picture.") if self._desk.target is None else ""
        self._none.set_text(tr("None"), hint)
        wanted = [seen.camera for seen in seeing if self._is_live(seen)][:MOST]
        for camera in [each for each in self._views if each not in wanted]:
            self._views.pop(camera).remove()
        for camera in wanted:
            if camera not in self._views:
                self._views[camera] = self._desk.cameras.view()
                self._views[camera].show(camera)
        self._grid.set_widgets([self._views[camera].widget for camera in wanted])
        self._grid.setVisible(bool(wanted))

    def _is_live(self, seen: Any) -> bool:
        record = self._desk.record(seen.camera)
        return record is not None and record.live

    def _copy_place(self) -> None:
        if (spot := self._desk.target) is not None:
            QGuiApplication.clipboard().setText(place_text(*spot.where))
            self._desk.ctx.notify(self._desk.ctx.tr("Copied"), key=KEY)

    def _show_place(self) -> None:
        if (spot := self._desk.target) is not None:
            self._desk.ctx.map.center_on(*spot.where)
