"""The body of one dock: makes the plugin's widget at first show, says why when it cannot."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from console.sdk.ui import EmptyState
from console.shell.services import Services


class PanelHost(QWidget):
    """Holds the widget of a panel, or the reason why there is none."""

    def __init__(self, services: Services, panel_id: str) -> None:
        super().__init__()
        self._services = services
        self._panel_id = panel_id
        self._body: QWidget | None = None
        self._making = False
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

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
            self._layout.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
            self._body = None
        if self.isVisible():
            self._services.afterwards.run(self._make_if_seen)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._body is None:
            # One panel a turn of the event loop, and none for a dock that is only passed by.
            self._services.afterwards.run(self._make_if_seen)

    def _make_if_seen(self) -> None:
        if not isValid(self):
            return  # its panel is gone by now
        if self._body is None and not self._making and self.isVisible():
            self._make()

    def _make(self) -> None:
        self._making = True
        try:
            made = self._services.host.panels.make(self._panel_id)
        finally:
            self._making = False
        self._body = made if isinstance(made, QWidget) else self._fault()
        self._layout.addWidget(self._body)
        self.setFocusProxy(self._body)

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
