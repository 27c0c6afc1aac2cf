"""The body of one dock: makes the plugin's widget at first show, says why when it cannot.

Each step has a turn of the event loop of its own: the plugin's code is imported on
a pool thread, then it is activated, then the widget is made, then laid out.
"""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from console.sdk.ui import EmptyState
from console.shell.connection import Link
from console.shell.focus import focus_into, holds_focus
from console.shell.panel_frame import PanelFrame
from console.shell.services import Services


class PanelHost(QWidget):
    """Holds the widget of a panel, or the reason why there is none."""

    def __init__(self, services: Services, panel_id: str) -> None:
        super().__init__()
        self._services = services
        self._panel_id = panel_id
        self._body: QWidget | None = None
        self._making = False
        self._frame = PanelFrame()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._frame)

    @property
    def body(self) -> QWidget | None:
        """The plugin's widget, once made."""
        return self._body

    def renew(self) -> None:
        """Drop the widget; made anew soon when it is seen, else at the next show.

        Not at once: a plugin that is loaded anew first goes as a whole, then comes.
        """
        if self._making:
            return  # activating the plugin binds its panel, and that asks for this
        if self._body is not None:
            self._frame.takeWidget()
            self._body.hide()
            self._body.deleteLater()
            self._body = None
        if self.isVisible():
            self._services.afterwards.run(self._begin)

    def take_focus(self) -> None:
        """Give the keyboard to what the panel names, or if that is out of sight to what it has."""
        self.setFocus()
        if not holds_focus(self) and not focus_into(self):
            self._frame.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._body is None:
            # One panel a turn of the event loop, and none for a dock that is only passed by.
            self._services.afterwards.run(self._begin)

    def _is_locked(self) -> bool:
        """Nobody is signed in, and its plugin shows nothing then."""
        entry = self._services.host.panels.get(self._panel_id)
        signed_out = self._services.connection.link is Link.SIGNED_OUT
        return signed_out and entry is not None and self._services.host.needs_user(entry.plugin_id)

    def _begin(self) -> None:
        if self._is_wanted() and self._is_locked():
            self._put(self._ask())
        elif self._is_wanted():
            self._services.tasks.start(self._prepare())

    async def _prepare(self) -> None:
        host = self._services.host
        entry = host.panels.get(self._panel_id)
        if entry is not None:
            await host.prepare(entry.plugin_id)
            if entry.factory is None and self._is_wanted():
                host.activate(entry.plugin_id)
        if isValid(self):
            QTimer.singleShot(0, self, self._make_if_wanted)

    def _is_wanted(self) -> bool:
        """Whether it is seen and has no widget; its panel may be gone by now."""
        return isValid(self) and self._body is None and not self._making and self.isVisible()

    def _make_if_wanted(self) -> None:
        if self._is_wanted():
            self._make()

    def _make(self) -> None:
        self._making = True
        try:
            made = self._services.host.panels.make(self._panel_id)
        finally:
            self._making = False
        self._put(made if isinstance(made, QWidget) else self._fault())

    def _put(self, body: QWidget) -> None:
        waiting = holds_focus(self)
        self._body = body
        self._frame.put(body)
        self.setFocusProxy(body)
        if waiting:
            self.take_focus()

    def _ask(self) -> QWidget:
        tr = self._services.language.tr
        sign_in = (tr("Sign in"), lambda: self._services.host.commands.run("shell.sign_in_page"))
        return EmptyState(tr("Not signed in: nothing is shown"), "", sign_in, "lock")

    def _fault(self) -> QWidget:
        tr = self._services.language.tr
        entry = self._services.host.panels.get(self._panel_id)
        reason = entry.fault.get(self._services.language.current) if entry and entry.fault else ""
        return EmptyState(tr("This panel cannot be shown"), reason, (tr("Try again"), self._retry), "plugin")

    def _retry(self) -> None:
        entry = self._services.host.panels.get(self._panel_id)
        if entry is not None:
            self._services.host.retry(entry.plugin_id)
        self.renew()
