"""Which sheets there are: name, title (English source text), page."""

from __future__ import annotations

from PySide6.QtWidgets import QTabWidget

from console.shell.about_page import AboutPage
from console.shell.gate import Gate
from console.shell.history_page import HistoryPage
from console.shell.outbox_page import OutboxPage
from console.shell.plugins_page import PluginsPage
from console.shell.services import Services
from console.shell.settings_page import SettingsView
from console.shell.sheet import Sheets
from console.shell.shortcuts_page import ShortcutsPage
from console.shell.workspaces import Workspaces
from console.shell.workspaces_page import WorkspacesPage


def offer_sheets(sheets: Sheets, services: Services, workspaces: Workspaces, gate: Gate) -> None:
    """Offer all; a page is made at each show."""
    tr = services.language.tr

    def settings() -> QTabWidget:
        owner_key = services.layout.data.pop("setting", None)
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.tabBar().setDrawBase(False)
        general = SettingsView(services, tuple(owner_key) if owner_key else None)
        tabs.addTab(general, tr("General"))
        tabs.addTab(ShortcutsPage(services), tr("Keys"))
        tabs.setFocusProxy(general)
        return tabs

    sheets.offer("settings", "Settings", settings)
    sheets.offer("notifications", "Notifications", lambda: HistoryPage(services), beside=True)
    sheets.offer("plugins", "Plugins", lambda: PluginsPage(services))
    sheets.offer("about", "About and log", lambda: AboutPage(services))
    sheets.offer("shortcuts", "Keyboard shortcuts", lambda: ShortcutsPage(services))
    sheets.offer("outbox", "Waiting to be sent", lambda: OutboxPage(services, gate))
    sheets.offer("workspaces", "Workspaces", lambda: WorkspacesPage(services, workspaces))
