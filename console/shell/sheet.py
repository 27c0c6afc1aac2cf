"""Sheets: pages that lie over the window (settings, plugins, …) without being a dialog."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
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
from console.shell.language import LanguageService

Factory = Callable[[], QWidget]


class Sheets(QWidget):
    """Covers its parent while a sheet is open; Escape or a click beside it closes."""

    def __init__(self, parent: QWidget, language: LanguageService) -> None:
        super().__init__(parent)
        self._parent = parent
        self._language = language
        self._factories: dict[str, tuple[str, Factory]] = {}
        self._frame: QFrame | None = None
        self._back: QWidget | None = None
        self.current = ""
        self.hide()
        parent.installEventFilter(self)
        language.on_change(self._renew)

    def offer(self, name: str, title: str, factory: Factory) -> None:
        """*title* is English source text; *factory* makes the page at each show."""
        self._factories[name] = (title, factory)

    def show_sheet(self, name: str) -> None:
        """Open a sheet; the one open is replaced."""
        if not self.current:
            self._back = QApplication.focusWidget()
        self._drop()
        title, factory = self._factories[name]
        self.current = name
        page = factory()
        self._frame = self._make_frame(self._language.tr(title), page)
        self.setGeometry(self._parent.rect())
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
        """Close and give the focus back to where it was."""
        self._drop()
        self.current = ""
        self.hide()
        if self._back is not None and isValid(self._back):
            self._back.setFocus(Qt.FocusReason.OtherFocusReason)
        self._back = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._parent.rect())
            self._place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays inside the sheet while it is open."""
        moved = super().focusNextPrevChild(forward)
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
        if self._frame is not None:
            room = self.rect()
            width, height = min(1000, room.width() - 64), min(760, room.height() - 64)
            self._frame.setGeometry((room.width() - width) // 2, (room.height() - height) // 2, width, height)

    def _drop(self) -> None:
        if self._frame is not None:
            self._frame.hide()
            self._frame.deleteLater()
            self._frame = None

    def _renew(self) -> None:
        if self.current:
            self.show_sheet(self.current)


def is_stop(widget: QWidget) -> bool:
    """Whether Tab stops at it."""
    policy = widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    return bool(policy) and widget.isVisible() and widget.isEnabled()
