"""The panel 高低位联动: the high camera's picture beside what is known of the place that was clicked."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QMenu,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from console.sdk.ui import Badge, button, row
from plugins.linkage.desktop.calibrating import Calibrating
from plugins.linkage.desktop.desk import KEY, Desk
from plugins.linkage.desktop.names import Names
from plugins.linkage.desktop.pairs_page import PairsPage
from plugins.linkage.desktop.picture import Picture
from plugins.linkage.desktop.target_page import TargetPage
from plugins.linkage.desktop.words import LAYERS, kept_text

RENEW = 0.5
"""Seconds between two looks at what has a name."""
WIDE, LEAST_HIGH = 820, 240
"""Logical pixels from which picture and list stand side by side; of a picture that stands above the list."""


class LinkagePanel(QWidget):
    """Follows the desk and the calibration that is being made."""

    def __init__(self, desk: Desk, calibrating: Calibrating, names: Names) -> None:
        super().__init__()
        self._desk, self._calibrating, self._names = desk, calibrating, names
        tr = desk.ctx.tr
        self._picture = Picture(desk, desk.cameras.view(), names, self._point)
        self._choice = QComboBox()
        self._choice.setAccessibleName(tr("High camera"))
        self._choice.setMinimumWidth(120)
        self._choice.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._state, self._note = Badge(), QLabel()
        self._note.setObjectName("muted")
        self._layers = button(
            tr("Names"), lambda: None, "layers", tooltip=tr("What is named over the picture")
        )
        self._layers.setMenu(self._make_menu())
        pick = lambda: desk.ctx.tasks.start(desk.pick())  # noqa: E731
        self._look = button(tr("Look at …"), pick, "eye", tooltip=tr("Click a place of the map"))
        self._calibrate = button(tr("Calibrate …"), self._begin, "locate")
        self._side = QStackedWidget()
        self._pairs = PairsPage(desk, calibrating)
        self._side.addWidget(TargetPage(desk))
        self._side.addWidget(self._pairs)
        self._halves = QSplitter(childrenCollapsible=False)
        self._arranged = False
        self._lay_out()
        self._connect()
        self._list()
        self._show_camera()

    def _lay_out(self) -> None:
        self._halves.addWidget(self._picture.view.widget)
        self._halves.addWidget(self._side)
        self._side.setMinimumWidth(280)
        self._note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        first = row(self._choice, self._state, self._note)
        first.setStretch(2, 1)
        second = row(self._layers, self._look, None, self._calibrate)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for line in (first, second):
            line.setContentsMargins(12, 6, 12, 0)
            layout.addLayout(line)
        layout.addWidget(self._halves, 1)
        self.setFocusProxy(self._picture.view.widget)
        self._arrange()

    def _arrange(self) -> None:
        """Beside one another where there is room, else one below the other."""
        wide = self.width() >= WIDE
        way = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self._halves.orientation() != way or not self._arranged:
            self._arranged = True
            self._halves.setOrientation(way)
            self._picture.view.widget.setMinimumHeight(72 if wide else LEAST_HIGH)
            # pictures ask for nothing, so they would get nothing
            self._halves.setSizes([3_000, 1_000] if wide else [1_000, 1_000])

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def _connect(self) -> None:
        desk = self._desk
        self._choice.activated.connect(lambda _: desk.choose(self._choice.currentData()))
        desk.camera_changed.connect(self._show_camera)
        desk.kept_changed.connect(self._list)
        desk.kept_changed.connect(self._tell)
        desk.lens_changed.connect(self._tell)
        desk.target_changed.connect(self._refresh)
        self._calibrating.changed.connect(self._show_draft)
        stop = desk.ctx.tasks.every(RENEW, self._renew)
        self.destroyed.connect(stop)
        self.destroyed.connect(desk.ctx.live.collection("camera").on_change(lambda _: self._list()))

    # ---- what is shown

    def _list(self) -> None:
        """The cameras to choose from; what is chosen stays."""
        offered = self._desk.offered()
        told = [(each.id, self._title(each.id, each.name)) for each in offered]
        if told != [
            (self._choice.itemData(at), self._choice.itemText(at)) for at in range(self._choice.count())
        ]:
            self._choice.clear()
            for camera, title in told:
                self._choice.addItem(title, camera)
        if self._desk.camera is None and offered:
            best = next((each for each in offered if each.id in self._desk.kept), offered[0])
            self._desk.choose(best.id)
        self._choice.setCurrentIndex(self._choice.findData(self._desk.camera))

    def _title(self, camera: str, name: str) -> str:
        return f"{name} ✓" if camera in self._desk.kept else name

    def _show_camera(self) -> None:
        record = self._desk.record()
        if record is not None and self._choice.findData(record.id) < 0:
            self._choice.addItem(self._title(record.id, record.name), record.id)
        self._choice.setCurrentIndex(self._choice.findData(self._desk.camera))
        self._picture.view.show(self._desk.camera)
        self._tell()

    def _tell(self) -> None:
        """How its picture lies on the map."""
        desk, tr = self._desk, self._desk.ctx.tr
        kept = desk.calibration
        if kept is None:
            self._state.set(tr("Not calibrated"), "muted")
            note = ""
        elif desk.lens is None or desk.lost:
            self._state.set(tr("Not linked now") if desk.lens is None else tr("Unsure"), "warning")
            note = desk.lost
        else:
            self._state.set(tr("Linked"), "success")
            note = kept_text(kept, tr)
        self._note.setText(note)
        self._note.setToolTip(kept_text(kept, tr) if kept else "")
        self._look.setEnabled(kept is not None)
        self._calibrate.setVisible(desk.may_calibrate)
        self._calibrate.setEnabled(desk.camera is not None and self._calibrating.draft is None)
        self._names.settle(desk.lens)
        self._renew()

    def _show_draft(self) -> None:
        draft = self._calibrating.draft
        self._picture.draft = draft
        self._side.setCurrentIndex(0 if draft is None else 1)
        self._pairs.refresh()
        self._calibrate.setEnabled(draft is None)
        self._picture.renew()
        self._picture.view.tile.refresh()

    def _refresh(self) -> None:
        self._picture.view.tile.refresh()

    def _renew(self) -> None:
        if self.isVisible():
            self._picture.renew()

    # ---- what the user does

    def _begin(self) -> None:
        aspect = self._picture.aspect
        if aspect is None:
            text = self._desk.ctx.tr("It can be calibrated when its picture is there")
            self._desk.ctx.notify(text, key=KEY)
            return
        self._calibrating.begin(aspect)

    def _point(self, u: float, v: float) -> None:
        if self._calibrating.draft is not None:
            self._calibrating.point(u, v)
        elif self._desk.lens is None:
            self._desk.ctx.notify(
                self._desk.lost or self._desk.ctx.tr("Calibrate this camera first"), key=KEY
            )
        else:
            self._desk.ctx.tasks.start(self._desk.point(u, v))

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        for kind, title in LAYERS.items():
            act = menu.addAction(self._desk.ctx.tr(title))
            act.setCheckable(True)
            act.setChecked(kind in self._picture.kinds)
            act.toggled.connect(lambda on, kind=kind: self._choose_layer(kind, on))
        return menu

    def _choose_layer(self, kind: str, on: bool) -> None:
        self._picture.kinds = self._picture.kinds | {kind} if on else self._picture.kinds - {kind}
        self._picture.renew()

    def showEvent(self, event: QShowEvent) -> None:
        self._desk.set_watched(True)

    def hideEvent(self, event: QHideEvent) -> None:
        self._desk.set_watched(False)

    def changeEvent(self, event: QEvent) -> None:
        """Another theme: inks over the picture are others."""
        self._picture.view.tile.refresh()
        super().changeEvent(event)
