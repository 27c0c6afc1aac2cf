"""The panel 摄像头: filters above, table, details of the selected camera."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QSplitter, QStackedWidget

from console.sdk.records import CameraKind
from console.sdk.ui import (
    Badge,
    Chips,
    Column,
    EmptyState,
    KeyValues,
    Page,
    RecordTable,
    SearchField,
    Toolbar,
    button,
    row,
    scrolling,
)
from plugins.cameras.desktop.catalogue import across, reach
from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.words import KINDS, heading_text, kind_text, metres_text, state_text, video_text

NARROW = 150
"""Logical pixels of the box of areas, beside so many others."""
STREET = "street"
"""Beside the kinds of ``CameraKind``."""
COUNTS = {"": "All {n}", "online": "Online {n}", "offline": "Offline {n}", "blind": "Faulty {n}"}


class CameraPanel(Page):
    """In step with the desk and the map's view."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        tr = desk.ctx.tr
        self._search = SearchField(tr("Name or number"))
        self._search.on_search(lambda text: desk.set_filter(text=text))
        self._state = Chips([(key, "") for key in COUNTS], lambda key: desk.set_filter(state=key))
        self._live = QCheckBox()
        self._live.setToolTip(tr("Only cameras whose live picture can be opened here"))
        self._live.clicked.connect(lambda on: desk.set_filter(live=on))
        self._owner = _box()
        self._owner.setAccessibleName(tr("Owner"))
        self._owner.activated.connect(lambda _: desk.set_filter(owner=self._owner.currentData()))
        self._kind = _box()
        self._kind.setAccessibleName(tr("Kind"))
        self._kind.activated.connect(lambda _: self._choose_kind(self._kind.currentData()))
        self._in_view = QCheckBox(tr("In view"))
        self._in_view.setChecked(desk.filter.view is not None)
        self._in_view.toggled.connect(lambda _: self._follow_view())
        self._table = self._make_table()
        self._details = CameraDetails(desk)
        self._lay_out()
        self._settle = QTimer(self, singleShot=True, interval=200)
        self._settle.timeout.connect(self._follow_view)
        self._connect()
        self._reload()
        self._table.select_key(desk.selected)

    def _make_table(self) -> RecordTable:
        tr, desk = self._desk.ctx.tr, self._desk
        table = RecordTable(
            [
                Column(tr("Name"), lambda camera: camera.name),
                Column(
                    tr("State"),
                    lambda camera: state_text(camera, tr),
                    width=90,
                    color=lambda camera: "camera.online" if camera.online else "warning",
                ),
                Column(
                    tr("Video"),
                    lambda camera: video_text(camera, tr),
                    width=90,
                    color=lambda camera: "" if camera.live or camera.recorded else "text.muted",
                ),
                Column(tr("Kind"), lambda camera: kind_text(camera, tr), width=84),
                Column(
                    tr("Area"),
                    lambda camera: desk.area_name(camera.area),
                    width=130,
                    sort=lambda camera: camera.area,
                ),
                Column(tr("Owner"), lambda camera: camera.owner, width=80),
                Column(
                    tr("Direction"),
                    lambda camera: heading_text(camera.heading, tr),
                    width=84,
                    sort=lambda camera: -1.0 if camera.heading is None else camera.heading,
                ),
            ],
            key=lambda camera: camera.id,
            empty=EmptyState(tr("No camera to show"), tr("Loosen the filter."), icon="camera"),
            name="onemap.cameras.cameras.table",
        )
        table.on_select(self._select)
        table.on_activate(desk.jump)
        return table

    def _lay_out(self) -> None:
        areas = self._desk.areas
        tools = Toolbar()
        self._clear = tools.add("close", self._desk.ctx.tr("Clear the filter"), self._desk.clear_filter)
        self._area = areas.picker(lambda code: self._desk.set_filter(area=code)) if areas else None
        boxes = [self._area] if self._area else []
        for box in boxes:
            box.setMaximumWidth(NARROW)
        filters = [self._search, *boxes, self._owner, self._kind, self._live, self._in_view, tools]
        split = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        split.addWidget(self._table)
        split.addWidget(self._details)
        split.setStretchFactor(0, 1)
        split.setSizes([700, 400])
        self.add(row(self._state, None, *filters))
        self.add(split, 1)

    def _connect(self) -> None:
        desk = self._desk
        desk.changed.connect(self._reload)
        desk.filtered.connect(self._show_filter)
        desk.selected_changed.connect(lambda: self._table.select_key(desk.selected))
        desk.view_changed.connect(self._on_view)

    def showEvent(self, event: QShowEvent) -> None:
        """What changed while nobody looked."""
        self._refresh()

    def _on_view(self) -> None:
        if self._in_view.isChecked():
            self._settle.start()

    def _follow_view(self) -> None:
        self._desk.set_filter(view=self._desk.ctx.map.bounds() if self._in_view.isChecked() else None)

    def _reload(self) -> None:
        self._owner.clear()
        self._owner.addItem(self._desk.ctx.tr("All owners"), "")
        for owner in self._desk.catalogue.owners():
            self._owner.addItem(owner, owner)
        tr, kinds = self._desk.ctx.tr, set(self._desk.catalogue.kind.tolist())
        self._kind.clear()
        self._kind.addItem(tr("All kinds"), "")
        self._kind.addItem(tr("Street"), STREET)
        for kind in (each for each in CameraKind if each in kinds):
            self._kind.addItem(tr(KINDS[kind]), kind.value)
        for box in (self._owner, self._kind):
            box.view().setMinimumWidth(box.view().sizeHintForColumn(0) + 24)
        self._show_filter()

    def _choose_kind(self, kind: str) -> None:
        """Street cameras are all but the high ones, whatever they are built as."""
        street = kind == STREET
        self._desk.set_filter(kind="" if street else kind, high=False if street else None)

    def _show_filter(self) -> None:
        """The boxes say what holds, whoever set it."""
        wanted = self._desk.filter
        self._owner.setCurrentIndex(max(0, self._owner.findData(wanted.owner)))
        self._kind.setCurrentIndex(
            max(0, self._kind.findData(STREET if wanted.high is False else wanted.kind))
        )
        self._state.select(wanted.state)
        self._live.setChecked(wanted.live)
        if self._area is not None and self._area.code != wanted.area:
            self._area.choose(wanted.area)
        if not wanted.text and self._search.text():
            self._search.clear()
        self._clear.setEnabled(wanted.narrow)
        self._refresh()

    def _refresh(self) -> None:
        cameras = self._desk.catalogue
        shown = np.flatnonzero(self._desk.shown())
        self._table.set_rows([cameras.cameras[at] for at in shown.tolist()])
        tr = self._desk.ctx.tr
        for state, title in COUNTS.items():
            n = int(cameras.in_state(state).sum()) if state else len(cameras)
            self._state.set_title(state, tr(title, n=f"{n:,}"))
        self._live.setText(tr("Video {n}", n=f"{int(cameras.live.sum()):,}"))

    def _select(self, key: str | None) -> None:
        if key is not None and key != self._desk.selected:
            self._desk.select(key)
            self._desk.reveal(key)


def _box() -> QComboBox:
    """Narrow, since many stand in a row; its list is as wide as its words."""
    made = QComboBox(minimumContentsLength=5)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return made


class CameraDetails(QStackedWidget):
    """The selected camera."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        ctx = desk.ctx
        self._name = QLabel(wordWrap=True)
        self._name.setObjectName("heading")
        self._state = Badge()
        self._pairs = KeyValues()
        show = lambda: ctx.commands.run("onemap.cameras.show")  # noqa: E731
        picture = lambda: ctx.commands.run("onemap.cameras.live_show")  # noqa: E731
        self._live = button(ctx.tr("Live picture"), picture, "video", primary=True)
        past = lambda: ctx.commands.run("onemap.cameras.playback_show")  # noqa: E731
        back = lambda: ctx.commands.run("onemap.cameras.playback_back")  # noqa: E731
        self._past = button(ctx.tr("Recordings"), past, "history")
        self._back = button(
            ctx.tr("5 min ago"), back, "undo", tooltip=ctx.tr("What it showed five minutes ago")
        )
        self.addWidget(
            scrolling(
                Page(
                    row(self._name, self._state, None),
                    row(self._live, button(ctx.tr("Show on the map"), show, "locate"), None),
                    row(self._past, self._back, None),
                    self._pairs,
                    stretch=True,
                )
            )
        )
        hint = ctx.tr("Choose a camera in the table or on the map.")
        self.addWidget(EmptyState(ctx.tr("No camera selected"), hint, icon="camera"))
        desk.selected_changed.connect(self.refresh)
        desk.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the selected camera as it is now."""
        desk, tr = self._desk, self._desk.ctx.tr
        camera = desk.record(desk.selected)
        self.setCurrentIndex(1 if camera is None else 0)
        if camera is None:
            return
        self._name.setText(camera.name)
        self._state.set(state_text(camera, tr), "success" if camera.online else "warning")
        self._live.setEnabled(camera.live)
        for act in (self._past, self._back):
            act.setVisible(camera.recorded)
        self._live.setToolTip("" if camera.live else tr("{name} has no live picture here", name=camera.name))
        degrees = f"{across(camera):.0f}"
        lens = tr("{n}°", n=degrees) if camera.across else tr("{n}° assumed", n=degrees)
        opening = lens if camera.heading is not None else ""
        metres = metres_text(reach(camera), tr)
        pairs = [
            (tr("Kind"), kind_text(camera, tr)),
            (tr("Number"), camera.id),
            (tr("Area"), desk.area_name(camera.area)),
            (tr("Owner"), camera.owner),
            (tr("Direction"), heading_text(camera.heading, tr)),
            (tr("Field of view"), opening),
            (tr("Video"), video_text(camera, tr)),
            (tr("Reach"), metres if camera.reach else tr("{n} assumed", n=metres)),
            (tr("Coordinates"), f"{camera.where[0]:.6f}, {camera.where[1]:.6f}"),
        ]
        self._pairs.set_pairs([(name, value) for name, value in pairs if value])
