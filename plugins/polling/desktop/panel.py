"""The panel 轮询: the groups, the form of one, the pictures."""

from __future__ import annotations

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from console.sdk.ui import Page
from plugins.polling.desktop.desk import Desk
from plugins.polling.desktop.group_form import GroupForm
from plugins.polling.desktop.group_list import GroupList
from plugins.polling.desktop.show_page import ShowPage
from plugins.polling.model import Group


class PollingPanel(Page):
    """One of them is seen. Hidden, the polling rests where it is."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._list = GroupList(desk)
        self._form = GroupForm(desk, self._show)
        self._pictures = ShowPage(desk, desk.player.stop)
        self._stack = QStackedWidget()
        for page in (self._list, self._form, self._pictures):
            self._stack.addWidget(page)
        self.add(self._stack, 1)
        self.setFocusProxy(self._stack)
        desk.player.started.connect(self._show)
        desk.edited.connect(self._edit)
        self._show()

    def _show(self) -> None:
        playing = self._desk.player.walk is not None
        self._turn(self._pictures if playing else self._list)
        if playing:
            self._pictures.stage.focus(0)

    def _edit(self, group: Group) -> None:
        self._form.open_group(group)
        self._turn(self._form)

    def _turn(self, page: QWidget) -> None:
        self._stack.setCurrentWidget(page)
        self._stack.setFocusProxy(page)

    def showEvent(self, event: QShowEvent) -> None:
        self._desk.player.fate = self._pictures.stage.fate
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._desk.player.fate = None
        super().hideEvent(event)
