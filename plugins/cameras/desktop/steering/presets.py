"""The presets of a camera, over its picture: go there, keep the present view, forget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from console.sdk import Context
from console.sdk.ui import button, color, icon
from console.sdk.ui.widgets import scrolling

WIDE, LEAST_HIGH, MOST_HIGH = 320, 72, 320
"""Logical pixels."""


class PresetList(QWidget):
    """Pops up over the picture; Esc, or a click elsewhere, closes it. What it is told to do goes to *act*:
    ``go``, ``keep`` with a name and perhaps the preset that is replaced, ``forget``."""

    def __init__(self, parent: QWidget, ctx: Context, act: Callable[..., None]) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._ctx, self._act = ctx, act
        self._rows = QWidget()
        self._list = QVBoxLayout(self._rows)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(2)
        self._name = QLineEdit(maxLength=60)
        self._name.setPlaceholderText(ctx.tr("Name for the present view"))
        self._name.setAccessibleName(self._name.placeholderText())
        self._name.returnPressed.connect(self._keep)
        self._keep_it = button(ctx.tr("Keep"), self._keep)
        self._keep_it.setEnabled(False)
        self._name.textChanged.connect(lambda text: self._keep_it.setEnabled(bool(text.strip())))
        lower = QHBoxLayout()
        lower.addWidget(self._name, 1)
        lower.addWidget(self._keep_it)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(scrolling(self._rows), 1)
        layout.addLayout(lower)

    def set_presets(self, presets: Sequence[dict[str, Any]], *, settable: bool) -> None:
        """Those of the camera, in its own order."""
        while (item := self._list.takeAt(0)) is not None:
            if widget := item.widget():
                widget.deleteLater()
        for number, preset in enumerate(presets, start=1):
            self._list.addWidget(self._row(number, preset, settable))
        self._list.addStretch(1)
        self._name.setVisible(settable)
        self._keep_it.setVisible(settable)

    def open_over(self, bar: QWidget) -> None:
        """Above the right end of *bar*, or as near to that as the screen has room."""
        screen = bar.screen().availableGeometry()
        high = min(MOST_HIGH, LEAST_HIGH + self._rows.sizeHint().height())
        corner = bar.mapToGlobal(QPoint(bar.width() - WIDE, -high - 4))
        left = min(max(corner.x(), screen.left()), screen.right() - WIDE)
        self.setGeometry(left, max(corner.y(), screen.top()), WIDE, high)
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """As menus are."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(color("surface.overlay")))
        painter.setPen(QColor(color("border.strong")))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _row(self, number: int, preset: dict[str, Any], settable: bool) -> QWidget:
        tr, key, name = self._ctx.tr, preset["id"], preset["name"]
        made = QWidget()
        layout = QHBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        go = button(f"{number}  {name}", lambda: self._act("go", preset=key), tooltip=tr("Go there"))
        go.setStyleSheet("text-align: left")
        layout.addWidget(go, 1)
        if settable:
            here = tr("Keep the present view under this name")
            keep = _Twice("refresh", here, tr("Replace?"), lambda: self._act("keep", name=name, preset=key))
            drop = _Twice("trash", tr("Forget"), tr("Forget?"), lambda: self._act("forget", preset=key))
            layout.addWidget(keep)
            layout.addWidget(drop)
        return made

    def _keep(self) -> None:
        if name := self._name.text().strip():
            self._name.clear()
            self._act("keep", name=name)


class _Twice(QPushButton):
    """The first click asks, in the button itself; the second one does it. Going away is a no."""

    def __init__(self, icon_name: str, title: str, question: str, act: Callable[[], None]) -> None:
        super().__init__(icon(icon_name), "")
        self.setToolTip(title)
        self.setAccessibleName(title)
        self._question, self._act = question, act
        self.clicked.connect(self._clicked)

    def _clicked(self) -> None:
        if self.text():
            self._act()
        else:
            self.setText(self._question)

    def leaveEvent(self, event: QEvent) -> None:
        self.setText("")
        super().leaveEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.setText("")
        super().focusOutEvent(event)
