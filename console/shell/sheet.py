"""Sheets: pages over the window (settings, plugins, …), or beside its work, without being a dialog."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from console.sdk.ui import color, icon
from console.shell.focus import is_stop
from console.shell.language import LanguageService

Factory = Callable[[], QWidget]
_BESIDE = (440, 640)
"""Pixels of a sheet that leaves the rest of the window to be worked in: width, greatest height."""
_BESIDE_BUTTONS = 72
_MARGIN = 12


@dataclass(frozen=True, slots=True)
class _Offer:
    title: str
    factory: Factory
    beside: bool


class Sheets(QWidget):
    """Covers its parent while a sheet is open; Escape or a click beside it closes.

    A sheet *beside* the work covers a part of the map alone: clicks and keys elsewhere do what they do.
    """

    def __init__(self, parent: QWidget, language: LanguageService, ground: QWidget) -> None:
        """*ground* is the map, on whose right side lies what is beside the work."""
        super().__init__(parent)
        self._parent, self._ground = parent, ground
        self._language = language
        self._offers: dict[str, _Offer] = {}
        self._beside = False
        self._frame: QFrame | None = None
        self._back: QWidget | None = None
        self.current = ""
        self.hide()
        for widget in (parent, ground):
            widget.installEventFilter(self)
        language.on_change(self._renew)

    def offer(self, name: str, title: str, factory: Factory, *, beside: bool = False) -> None:
        """*title* is English source text; *factory* makes the page at each show."""
        self._offers[name] = _Offer(title, factory, beside)

    def show_sheet(self, name: str) -> None:
        """Open a sheet; the one open is replaced."""
        if not self.current:
            self._back = QApplication.focusWidget()
        self._drop()
        offer = self._offers[name]
        self.current, self._beside = name, offer.beside
        page = offer.factory()
        self._frame = self._make_frame(self._language.tr(offer.title), page)
        self._place()
        self.show()
        self.raise_()
        self._frame.show()
        first = page.focusProxy() or page
        first.setFocus(Qt.FocusReason.TabFocusReason)

    def toggle(self, name: str) -> None:
        """Open a sheet, or close it when it is the one open."""
        if self.current == name:
            self.close_sheet()
        else:
            self.show_sheet(name)

    def close_sheet(self) -> None:
        """Close and give the focus back to where it was, unless the user has gone on elsewhere."""
        focus = QApplication.focusWidget()
        elsewhere = self._beside and focus is not None and not self.isAncestorOf(focus)
        self._drop()
        self.current = ""
        self.hide()
        if self._back is not None and isValid(self._back) and not elsewhere:
            self._back.setFocus(Qt.FocusReason.OtherFocusReason)
        self._back = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays inside the sheet while it covers the rest."""
        moved = super().focusNextPrevChild(forward)
        if self._beside:
            return moved
        now = QApplication.focusWidget()
        if self._frame is not None and now is not None and not self.isAncestorOf(now):
            stops = [child for child in self._frame.findChildren(QWidget) if is_stop(child)]
            if stops:
                stops[0 if forward else -1].setFocus(Qt.FocusReason.TabFocusReason)
        return moved

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._frame is None or not self._frame.geometry().contains(event.position().toPoint()):
            self.close_sheet()

    def paintEvent(self, event: QPaintEvent) -> None:
        shade = QColor(color("shadow"))
        shade.setAlpha(140)
        painter = QPainter(self)
        painter.fillRect(self.rect(), shade)
        painter.end()

    def _make_frame(self, title: str, page: QWidget) -> QFrame:
        frame = QFrame(self)
        frame.setObjectName("overlay")
        heading = QLabel(title)
        heading.setObjectName("subheading")
        close = QToolButton()
        close.setIcon(icon("close"))
        close.setToolTip(self._language.tr("Close (Esc)"))
        close.setAccessibleName(self._language.tr("Close (Esc)"))
        close.clicked.connect(self.close_sheet)
        head = QHBoxLayout()
        head.addWidget(heading)
        head.addStretch(1)
        head.addWidget(close)
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(24, 16, 16, 20)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(page, 1)
        return frame

    def _place(self) -> None:
        if self._frame is None:
            return
        if self._beside:
            self.setGeometry(self._room_beside())
            self._frame.setGeometry(self.rect())
            return
        room = self._parent.rect()
        self.setGeometry(room)
        width, height = min(1000, room.width() - 64), min(760, room.height() - 64)
        self._frame.setGeometry((room.width() - width) // 2, (room.height() - height) // 2, width, height)

    def _room_beside(self) -> QRect:
        """The upper right of the map beside its buttons; of the window when there is no map to be seen."""
        ground, inset = self._ground, _BESIDE_BUTTONS
        if not ground.isVisible():
            ground, inset = self._parent, _MARGIN
        corner = ground.mapTo(self._parent, ground.rect().topRight())
        width = min(_BESIDE[0], ground.width() - inset)
        height = min(_BESIDE[1], ground.height() - 2 * _MARGIN)
        return QRect(corner.x() - inset - width, corner.y() + _MARGIN, width, height)

    def _drop(self) -> None:
        if self._frame is not None:
            self._frame.hide()
            self._frame.deleteLater()
            self._frame = None

    def _renew(self) -> None:
        if self.current:
            self.show_sheet(self.current)
