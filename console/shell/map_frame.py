"""The map in the middle with its tool strip and context menu, both from the registry."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCursor, QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QToolButton, QVBoxLayout, QWidget

from console.sdk.map import MapFacet
from console.shell.actions import Actions
from console.shell.services import Services


class MapFrame(QFrame):
    """*view* is the map's widget, *facet* what plugins see of it."""

    def __init__(self, services: Services, actions: Actions, view: QWidget, facet: MapFacet) -> None:
        super().__init__()
        self.setObjectName("mapFrame")
        self._actions = actions
        self._view = view
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(view)
        self.setFocusProxy(view)
        self._tools = QFrame(self)
        self._tools.setObjectName("mapTools")
        self._strip = QVBoxLayout(self._tools)
        self._strip.setContentsMargins(4, 4, 4, 4)
        self._strip.setSpacing(2)
        self._buttons: dict[str, QToolButton] = {}
        self._menu = QMenu(self)
        self._undo = [
            services.host.commands.on_change(self.sync),
            facet.on_context_menu(lambda _lon, _lat: self._open_menu()),
        ]
        services.host.commands.set_state("map.visible", True)
        self.sync()

    def sync(self) -> None:
        """Follow the commands of ``map/toolbar``."""
        entries = self._actions.menu("map/toolbar")
        wanted = [entry.id for entry in entries]
        if wanted != list(self._buttons):
            for button in self._buttons.values():
                button.deleteLater()
            self._buttons = {command_id: self._button(command_id) for command_id in wanted}
        self._tools.setVisible(bool(wanted))
        self._place()

    def close_frame(self) -> None:
        """Let go of what is listened to."""
        for undo in self._undo:
            undo()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _button(self, command_id: str) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(self._actions.get(command_id))
        button.setIconSize(QSize(20, 20))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(self._actions.get(command_id).text())
        self._strip.addWidget(button)
        return button

    def _place(self) -> None:
        self._tools.adjustSize()
        self._tools.move(self.width() - self._tools.width() - 12, 12)
        self._tools.raise_()

    def _open_menu(self) -> None:
        self._menu.clear()
        self._actions.fill(self._menu, "map/context")
        if not self._menu.isEmpty():
            self._menu.popup(QCursor.pos())
