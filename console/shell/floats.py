"""Windows that panels were pulled out into: what lies over the window lies over them when one works there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import PySide6QtAds as QtAds
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget


def worked_in(window: QWidget) -> QWidget:
    """The panels' window that has the keyboard, else *window*."""
    active = QApplication.activeWindow()
    floats = isinstance(active, QtAds.CFloatingDockContainer)
    return active if active is not None and floats else window


class PutBack(QObject):
    """A double click on a tab pulls its panel out, as the library has it; of one that is out, back again."""

    def __init__(self, dock: Any, act: Callable[[], None]) -> None:
        super().__init__(dock)
        self._dock, self._act = dock, act
        dock.tabWidget().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Of the tab."""
        if event.type() != QEvent.Type.MouseButtonDblClick or not self._dock.isInFloatingContainer():
            return False
        QTimer.singleShot(0, self, self._act)
        return True
