"""The panel 轮询: the groups, the form of one, the pictures, the inspections."""

from __future__ import annotations

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from plugins.polling.desktop.desk import Desk
from plugins.polling.desktop.group_form import GroupForm
from plugins.polling.desktop.group_list import GroupList
from plugins.polling.desktop.inspection import Inspection
from plugins.polling.desktop.round_list import RoundList
from plugins.polling.desktop.show_page import ShowPage
from plugins.polling.model import Group, Round


class PollingPanel(QWidget):
    """One of them is seen. Hidden, the polling rests where it is."""

    def __init__(self, desk: Desk, inspection: Inspection) -> None:
        super().__init__()
        self._desk, self._inspection = desk, inspection
        self._list = GroupList(desk, inspection, self._show_rounds)
        self._form = GroupForm(desk, self._show)
        self._pictures = ShowPage(desk, inspection, desk.player.stop)
        self._rounds = RoundList(desk, inspection, self._show)
        self._stack = QStackedWidget()
        for page in (self._list, self._form, self._pictures, self._rounds):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.setFocusProxy(self._stack)
        desk.player.started.connect(self._show)
        desk.edited.connect(self._edit)
        inspection.ended.connect(self._show_round)
        self._show()

    def _show(self) -> None:
        playing = self._desk.player.walk is not None
        self._turn(self._pictures if playing else self._list)
        if playing:
            self._pictures.stage.focus(0)

    def _edit(self, group: Group) -> None:
        self._form.open_group(group)
        self._turn(self._form)

    def _show_rounds(self) -> None:
        self._inspection.rounds.fetch()
        self._turn(self._rounds)

    def _show_round(self, kept: Round) -> None:
        """The one that has just ended, so that its report is at hand."""
        self._rounds.choose(kept)
        self._turn(self._rounds)

    def _turn(self, page: QWidget) -> None:
        self._stack.setCurrentWidget(page)
        self._stack.setFocusProxy(page)

    def showEvent(self, event: QShowEvent) -> None:
        self._desk.player.fate = self._pictures.stage.fate
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._desk.player.fate = None
        super().hideEvent(event)
