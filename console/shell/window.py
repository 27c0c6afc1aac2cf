"""The main window: top bar, workbench or sign-in page, status bar, and what lies over them."""

from __future__ import annotations

import base64
from collections.abc import Callable

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from console.model.text import Language
from console.sdk.map import MapFacet
from console.shell.actions import Actions
from console.shell.banner import Banner
from console.shell.commands import add_commands
from console.shell.connection import Link
from console.shell.docks import Docks, configure
from console.shell.focus import focus_into
from console.shell.gate import Gate
from console.shell.map_frame import MapFrame
from console.shell.palette import Palette
from console.shell.palette_items import PaletteItems
from console.shell.services import Services
from console.shell.sheet import Sheets
from console.shell.sheet_table import offer_sheets
from console.shell.sign_in import SignInPage
from console.shell.status_bar import StatusBar
from console.shell.toasts import Toasts
from console.shell.top_bar import TopBar
from console.shell.workspaces import WITH_KEYS, Workspaces


class MainWindow(QMainWindow):
    """Put together from parts that each follow the services; ``closed`` is sent once."""

    closed = Signal()

    def __init__(self, services: Services, map_view: QWidget, map_facet: MapFacet, gate: Gate) -> None:
        super().__init__()
        configure()
        self._services = services
        self._gate = gate
        root = QWidget()
        root.setObjectName("root")
        self.setCentralWidget(root)
        self._undo = [add_commands(services.host.commands, self._handlers())]
        self._actions = Actions(services, self)
        self._map = MapFrame(services, self._actions, map_view, map_facet)
        bench = self._bench = QWidget()
        self.docks = Docks(services, bench, self._map)
        _fill(bench, self.docks.manager)
        self.workspaces = Workspaces(self.docks, services.layout)
        self._pages = QStackedWidget()
        self._pages.addWidget(bench)
        self._rows = QVBoxLayout(root)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._rows.addWidget(self._pages, 1)
        self.sheets = Sheets(root, services.language, self._map)
        offer_sheets(self.sheets, services, self.workspaces, gate)
        items = PaletteItems(services, self.workspaces, map_facet, self._show_setting)
        self.palette_box = Palette(services, items, root)
        self._sign_in: SignInPage | None = None
        self._dress()
        self._undo += [
            services.language.on_change(self._redress),
            services.connection.on_change(self._follow_connection),
            map_facet.on_pointer(lambda lon, lat: self._status.show_pointer((lon, lat))),
            map_facet.on_pointer_left(lambda: self._status.show_pointer(None)),
        ]

    def start(self, size: tuple[int, int] | None = None) -> None:
        """Show it arranged as it was left; *size* (pixels of the screen) goes before."""
        geometry = self._services.layout.data.get("geometry", "")
        self.resize(1600, 900)
        if size is not None:
            ratio = self.devicePixelRatioF()
            self.setGeometry(0, 0, round(size[0] / ratio), round(size[1] / ratio))
        elif geometry:
            self.restoreGeometry(QByteArray(base64.b64decode(geometry)))
        else:
            self.setWindowState(Qt.WindowState.WindowMaximized)
        restored = self.workspaces.start()
        self.show()
        if not restored:
            QTimer.singleShot(0, self, self.docks.share_room)  # when the window has its size
        self._map.setFocus()

    def show_sign_in(self) -> None:
        """The sign-in page instead of the workbench."""
        self._drop_sign_in()
        self._sign_in = SignInPage(self._services, self._gate.sign_in, self._gate.work_offline)
        self._pages.addWidget(self._sign_in)
        self._pages.setCurrentWidget(self._sign_in)
        self._top.hide()
        self._sign_in.setFocus()

    def show_workbench(self) -> None:
        """The map with its docks."""
        self._drop_sign_in()
        self._pages.setCurrentIndex(0)
        self._top.show()
        self._map.setFocus()

    def come_forward(self) -> None:
        """Be seen, as when a link has been opened elsewhere."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()

    @property
    def sign_in_page(self) -> SignInPage | None:
        """The sign-in page while it is shown."""
        return self._sign_in

    def closeEvent(self, event: QCloseEvent) -> None:
        self._services.layout.data["geometry"] = base64.b64encode(bytes(self.saveGeometry().data())).decode()
        self.workspaces.remember()
        self._undress()
        self._toasts.close()
        self._map.close_frame()
        self.docks.close()
        self._actions.close()
        for undo in reversed(self._undo):
            undo()
        super().closeEvent(event)
        self.closed.emit()

    def _dress(self) -> None:
        """The parts that carry words and are cheap to make: built anew with the language."""
        services = self._services
        self.setWindowTitle(services.language.tr("OneMap Console"))
        self._top = TopBar(services, self._actions, self.workspaces)
        self._banner = Banner(services, self._gate.sign_in, self._bench, self._map)
        self._status = StatusBar(services, self._gate.server_time)
        self._rows.insertWidget(0, self._top)
        self._rows.addWidget(self._status)
        self._toasts = Toasts(services, self._pages, self._map)

    def _undress(self) -> None:
        self._top.close_bar()
        self._banner.close_banner()
        self._status.close_bar()

    def _redress(self) -> None:
        self._undress()
        self._toasts.close()
        for part in (self._top, self._banner, self._status):
            self._rows.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._dress()
        if self._sign_in is not None:
            self.show_sign_in()

    def _drop_sign_in(self) -> None:
        if self._sign_in is not None:
            self._pages.removeWidget(self._sign_in)
            self._sign_in.deleteLater()
            self._sign_in = None

    def _follow_connection(self) -> None:
        state, commands = self._services.connection, self._services.host.commands
        commands.set_state("signed_in", state.user is not None and state.link is not Link.EXPIRED)
        commands.set_state("offline", state.link is not Link.ONLINE)

    def _show_setting(self, owner: str, key: str) -> None:
        self._services.layout.data["setting"] = [owner, key]
        self.sheets.show_sheet("settings")

    def _handlers(self) -> dict[str, Callable[[], object]]:
        """What the window's own commands do."""
        settings = self._services.host.settings
        sheets = ("settings", "notifications", "plugins", "about", "shortcuts", "outbox", "workspaces")
        own: dict[str, Callable[[], object]] = {
            name: lambda name=name: self.sheets.toggle(name) for name in sheets
        }
        for at in range(WITH_KEYS):
            own[f"workspace_{at + 1}"] = lambda at=at: self.workspaces.use_at(at)
        return own | {
            "palette": lambda: self.palette_box.toggle(),
            "workspace_reset": lambda: self.workspaces.reset(),
            "toggle_theme": self._toggle_theme,
            "toggle_language": self._toggle_language,
            "language_zh_CN": lambda: settings.set("shell", "language", "zh_CN"),
            "language_en": lambda: settings.set("shell", "language", "en"),
            "full_screen": self._toggle_full_screen,
            "next_part": lambda: self._step_part(1),
            "previous_part": lambda: self._step_part(-1),
            "sign_in_page": self.show_sign_in,
            "sign_out": self._gate.sign_out,
            "reconnect": self._gate.reconnect,
            "quit": self.close,
        }

    def _toggle_theme(self) -> None:
        other = "light" if self._services.theme.base == "dark" else "dark"
        self._services.host.settings.set("shell", "theme", other)

    def _toggle_language(self) -> None:
        other = Language.EN if self._services.language.current == Language.ZH else Language.ZH
        self._services.host.settings.set("shell", "language", str(other))

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _step_part(self, by: int) -> None:
        """Move the focus around: top bar, map, what lies over it, each visible dock, status bar."""
        over = [self._top, self._banner, self._map, self.sheets]
        parts: list[QWidget] = [*over, *self.docks.visible_hosts(), self._status]
        focus = QApplication.focusWidget()
        here = next((at for at, part in enumerate(parts) if focus and part.isAncestorOf(focus)), 0)
        for step in range(1, len(parts) + 1):
            if focus_into(parts[(here + by * step) % len(parts)]):
                return


def _fill(parent: QWidget, child: QWidget) -> None:
    layout = QVBoxLayout(parent)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(child)
