"""Arrows at the ends of a row of tabs that is longer than its dock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QToolButton, QWidget
from shiboken6 import isValid

from console.sdk.ui import icon


class TabRow(QObject):
    """Shows on which side of a row there are more tabs; a click brings the next of them into view.

    Lives as long as the title bar. Tabs are cut at an arrow only, never at the dock's edge.
    """

    def __init__(self, title_bar: Any, tip: Callable[[], str]) -> None:
        """*title_bar* is a ``QtAds.CDockAreaTitleBar``; *tip* says what the arrows do."""
        super().__init__(title_bar)
        self._row = title_bar.tabBar()
        self._before = _arrow(title_bar, "chevron-left", self._show_before)
        self._after = _arrow(title_bar, "chevron-right", self._show_after)
        self._tip = tip
        title_bar.insertWidget(0, self._before)
        title_bar.insertWidget(title_bar.indexOf(self._row) + 1, self._after)
        bar = self._row.horizontalScrollBar()
        bar.valueChanged.connect(self._follow)
        bar.rangeChanged.connect(self._follow)
        self._row.currentChanged.connect(self._bring)
        self._follow()

    def _bring(self, *_: int) -> None:
        """The tab in front into view, once arrows have taken their room."""
        QTimer.singleShot(0, self, self._show_front)

    def _show_front(self) -> None:
        front = self._row.currentTab() if isValid(self._row) else None
        if front is not None:
            bar = self._row.horizontalScrollBar()
            before = bar.value()
            self._row.ensureWidgetVisible(front, 0, 0)
            if bar.value() != before:
                self._bring()  # another arrow may have come with that

    def _follow(self, *_: int) -> None:
        if not isValid(self._row):
            return  # an area that goes takes its row down first
        bar = self._row.horizontalScrollBar()
        self._before.setVisible(bar.value() > 0)
        self._after.setVisible(bar.value() < bar.maximum())
        for arrow in (self._before, self._after):
            arrow.setToolTip(self._tip())

    def _tabs(self) -> list[QWidget]:
        """Those that are open, from left to right."""
        tabs = (self._row.tab(at) for at in range(self._row.count()))
        return sorted((tab for tab in tabs if not tab.isHidden()), key=lambda tab: tab.x())

    def _show_before(self) -> None:
        bar = self._row.horizontalScrollBar()
        bar.setValue(max((tab.x() for tab in self._tabs() if tab.x() < bar.value()), default=0))

    def _show_after(self) -> None:
        bar, wide = self._row.horizontalScrollBar(), self._row.viewport().width()
        ends = (tab.geometry().right() + 1 for tab in self._tabs())
        end = min((end for end in ends if end > bar.value() + wide), default=bar.maximum() + wide)
        bar.setValue(end - wide)


def _arrow(parent: QWidget, name: str, act: Callable[[], None]) -> QToolButton:
    arrow = QToolButton(parent)
    arrow.setObjectName("tabArrow")
    arrow.setIcon(icon(name))
    arrow.setAutoRaise(True)
    arrow.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # by keyboard, panels are reached by their keys
    arrow.clicked.connect(lambda: act())
    return arrow
