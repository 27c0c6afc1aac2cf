"""Toasts: notifications over the map that go by themselves and never take the focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from console.sdk.context import Severity
from console.sdk.ui import IconLabel, icon
from console.shell.floats import worked_in
from console.shell.notices import Notice, NotifyService
from console.shell.services import Services

_SECONDS = {Severity.INFO: 6, Severity.SUCCESS: 5, Severity.WARNING: 10, Severity.ERROR: 16}
_AT_ONCE = 4
_WIDTH = 380
_MARGIN = 16
_BESIDE_BUTTONS = 72


class Toast(QFrame):
    """One notification. Its buttons can be clicked but are no stop of the Tab key;
    the history panel offers the same by keyboard."""

    gone = Signal()

    def __init__(self, notice: Notice, notify: NotifyService, close_word: str) -> None:
        super().__init__()
        self.notice = notice
        self._notify = notify
        self.setObjectName("toast")
        self.setProperty("tone", str(notice.severity))
        self.setFixedWidth(_WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAccessibleName(notice.text)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 10, 8, 10)
        layout.setSpacing(10)
        layout.addWidget(IconLabel(notice.severity, 20, notice.severity), 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(self._words(notice), 1)
        close = QToolButton()
        close.setIcon(icon("close"))
        close.setToolTip(close_word)
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.go)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._timer = QTimer(self, singleShot=True, interval=_SECONDS[notice.severity] * 1000)
        self._timer.timeout.connect(self.go)
        self._timer.start()

    def go(self) -> None:
        """Leave; the history keeps it."""
        self._timer.stop()
        self.hide()
        self.gone.emit()
        self.deleteLater()

    def enterEvent(self, event: QEvent) -> None:
        self._timer.stop()  # who reads it shall not lose it

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start()

    def _words(self, notice: Notice) -> QVBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(3)
        text = QLabel(notice.text)
        text.setWordWrap(True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        words.addWidget(text)
        if notice.detail:
            detail = QLabel(_first_line(notice.detail))
            detail.setObjectName("small")
            detail.setTextFormat(Qt.TextFormat.PlainText)
            detail.setWordWrap(True)
            words.addWidget(detail)
        if notice.action:
            act = QPushButton(notice.action[0])
            act.setProperty("flat", True)
            act.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            act.clicked.connect(self._act)
            words.addWidget(act, 0, Qt.AlignmentFlag.AlignLeft)
        return words

    def _act(self) -> None:
        self._notify.act(self.notice)
        self.go()


class Toasts(QObject):
    """Stacks toasts over *parent*, newest lowest; at most four.

    They lie over *ground*, the map, where they hide no table that is worked in.
    """

    def __init__(self, services: Services, parent: QWidget, ground: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self._parent, self._ground = parent, ground
        self._toasts: list[Toast] = []
        self._undo = services.notify.on_post(self._post)
        for widget in (parent, ground):
            widget.installEventFilter(self)

    def shown(self) -> list[Toast]:
        """Those on the screen, oldest first."""
        return [toast for toast in self._toasts if isValid(toast)]

    def close(self) -> None:
        """Take all away and listen no more."""
        self._undo()
        for toast in self.shown():
            toast.go()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _post(self, notice: Notice) -> None:
        if not self._services.host.settings.get("shell", "toasts"):
            return
        if notice.key:
            for old in self.shown():
                if old.notice.key == notice.key:
                    old.go()
        for old in self.shown()[: max(0, len(self._toasts) - _AT_ONCE + 1)]:
            old.go()
        toast = Toast(notice, self._services.notify, self._services.language.tr("Close"))
        toast.setParent(worked_in(self._parent))
        toast.gone.connect(self._place)
        self._toasts.append(toast)
        toast.adjustSize()
        toast.show()
        toast.raise_()
        self._place()

    def _corner(self) -> QPoint:
        """Lower right of the stack: beside the map's buttons, or the parent's when there is no map."""
        if self._ground.isVisible():
            inset = QPoint(_BESIDE_BUTTONS, _MARGIN)
            return self._ground.mapTo(self._parent, self._ground.rect().bottomRight()) - inset
        return self._parent.rect().bottomRight() - QPoint(_MARGIN, _MARGIN)

    def _place(self) -> None:
        """Those over a window of panels go with it."""
        self._toasts = [toast for toast in self._toasts if isValid(toast) and not toast.isHidden()]
        for room in {toast.parentWidget() or self._parent for toast in self._toasts}:
            edge = QPoint(_MARGIN, _MARGIN)
            corner = self._corner() if room is self._parent else room.rect().bottomRight() - edge
            self._stack([toast for toast in self._toasts if toast.parentWidget() is room], corner)

    @staticmethod
    def _stack(toasts: list[Toast], corner: QPoint) -> None:
        bottom = corner.y()
        for toast in reversed(toasts):
            height = toast.heightForWidth(_WIDTH) if toast.hasHeightForWidth() else toast.sizeHint().height()
            bottom -= height
            toast.setGeometry(corner.x() - _WIDTH, bottom, _WIDTH, height)
            bottom -= 8


def _first_line(text: str) -> str:
    """What fits a toast; the history has the whole text."""
    line = text.strip().splitlines()[0]
    return line if len(line) <= 160 else f"{line[:159]}…"
