"""The card beside the pointer: what camera this is, how it is, and its picture."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from console.sdk.records import Camera
from console.sdk.ui import Badge, row
from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.gone.report import Gone
from plugins.cameras.desktop.gone.words import fault_text, moment_text
from plugins.cameras.desktop.words import build_text, state_text, video_text

PICTURE = (320, 180)
"""Logical pixels."""
ASIDE = QPoint(18, 18)
"""From the pointer, which must not lie over the card: the map would hear that it left."""


class CameraCard(QFrame):
    """Takes neither focus nor pointer."""

    def __init__(self, desk: Desk, camera: Camera) -> None:
        super().__init__(QApplication.activeWindow(), Qt.WindowType.ToolTip)
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        tr = desk.ctx.tr
        self._name = QLabel(camera.name, wordWrap=True)
        self._name.setObjectName("heading")
        self._state = state = Badge()
        state.set(state_text(camera, tr), "success" if camera.online else "warning")
        parts = [build_text(camera, tr), camera.owner, desk.area_name(camera.area), video_text(camera, tr)]
        about = QLabel(" · ".join(part for part in parts if part), wordWrap=True)
        about.setObjectName("muted")
        self._wrapped = {self._name: PICTURE[0], about: PICTURE[0] - state.sizeHint().width() - 8}
        self._since = QLabel()
        self._since.setObjectName("muted")
        self._since.hide()
        self._desk = desk
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(8, 8, 8, 8)
        self._layout.setSpacing(6)
        self._layout.addWidget(self._name)
        head = row(about, state)
        head.setStretch(0, 1)
        head.setAlignment(state, Qt.AlignmentFlag.AlignTop)
        self._layout.addLayout(head)
        self._layout.addWidget(self._since)

    def put(self, picture: QWidget) -> None:
        """Show the picture above what is written; the name stands in it."""
        self._name.hide()
        picture.setFixedSize(*PICTURE)
        picture.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._layout.insertWidget(0, picture)

    def say_gone(self, gone: Gone) -> None:
        """Since when it is so, and why."""
        tr = self._desk.ctx.tr
        why = fault_text(gone, tr)
        parts = [tr("Since {time}", time=moment_text(gone.since, tr))] if gone.since else []
        parts += [] if why == self._state.text() else [why]
        self._since.setText(" · ".join(parts))
        self._since.setVisible(bool(parts))
        self._fit()

    def show_at(self, pointer: QPoint) -> None:
        """Beside the pointer (on the desktop), on the side where there is room."""
        self._fit()
        screen = QGuiApplication.screenAt(pointer) or QGuiApplication.primaryScreen()
        room, at = screen.availableGeometry(), pointer + ASIDE
        if at.x() + self.width() > room.right():
            at.setX(pointer.x() - ASIDE.x() - self.width())
        if at.y() + self.height() > room.bottom():
            at.setY(pointer.y() - ASIDE.y() - self.height())
        self.move(at)
        self.show()

    def _fit(self) -> None:
        """Lines that wrap need a height that ``adjustSize`` does not know."""
        for label, width in self._wrapped.items():
            label.ensurePolished()
            label.setFixedSize(width, label.heightForWidth(width))
        self._layout.activate()
        self.adjustSize()
