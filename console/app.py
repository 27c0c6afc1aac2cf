"""The desktop console, from start to end; the composition root.

Order: scale and font of the application, theme and language, the plugin host
(manifests only), the window with the map of the last time, then the network:
sign-in, live feed, fresh layers. Plugins are imported at first use, those of the
open panels once the map stands. What takes long happens on pool threads, so that
the window answers from the first moment.
At the end everything is closed in reverse: no thread or process stays behind.
"""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from console.client.link import Link
from console.client.vault import Drawer, MemoryVault
from console.map.qgis.client import QgisClient
from console.map.qgis.facet import QgisFacet
from console.map.views.view import MapView
from console.media.facet import MediaFacet
from console.model.records import Ticket
from console.paths import cache_dir, config_dir, data_dir, log_dir
from console.plugin_host import Facets, PluginHost, PluginSource, SourceKind
from console.plugin_host.state_file import StateFile
from console.scene.facet import SceneFacet
from console.shell.afterwards import Afterwards
from console.shell.application import make_application
from console.shell.connection import Connection
from console.shell.doorway import open_doorway
from console.shell.entrance import Entrance, LateVault
from console.shell.language import LanguageService
from console.shell.logs import start_log, stop_log
from console.shell.notices import NotifyService
from console.shell.own_settings import PAGE, SETTINGS
from console.shell.plugin_themes import PluginThemes
from console.shell.screenshot import shoot_later
from console.shell.selection import SelectionService
from console.shell.services import Services
from console.shell.theme import ThemeService
from console.shell.window import MainWindow
from console.store.live import LiveStore
from console.tasks.driver import GuiDriver
from console.tasks.file_reader import FileReader
from console.tasks.garbage import GarbageKeeper
from console.tasks.gui_tasks import GuiTasks
from console.tasks.io_thread import IoThread
from console.tasks.progress import ProgressRegistry
from console.tasks.worker_pool import WorkerPool

PLUGINS = Path(__file__).parents[1] / "plugins"
BEAT = 0.1
"""Seconds between two signs of life for the watchdog."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleOptions:
    """What the command line decides. No secret may come by argument or environment."""

    base_url: str
    kept_as: str = ""
    """Name under which maps and the last state are kept; empty: the address, which the demo changes."""
    ticket: Ticket | None = None
    """A sign-in made by the starter of the demo, handed over in memory or through a pipe."""
    language: str = ""
    """``zh_CN`` or ``en`` for this start; empty: the setting."""
    theme: str = ""
    """``dark`` or ``light`` for this start; empty: the setting."""
    geometry: tuple[int, int] | None = None
    """Width and height of the window in pixels of the screen; None: as it was left."""
    screenshot: Path | None = None
    after: float = 5.0
    """Seconds after which the picture is taken."""
    exit: bool = False
    """End after the picture."""
    safe_mode: bool = False
    plugin_dirs: Sequence[Path] = ()
    """Folders of plugins under development."""
    offline: bool = False
    """Do not sign in: show what is cached."""
    link: str = ""
    """A link to a view, to begin with."""


def run_console(options: ConsoleOptions) -> int:
    """Run until the window is closed; returns the exit code."""
    began = time.perf_counter()
    log_file = start_log(log_dir())
    app = make_application(_kept("scale", "auto"))
    console = Console(app, options, log_file)
    console.show()
    log.info("window shown after %.2f s", time.perf_counter() - began)
    console.on_map(lambda: log.info("map usable after %.2f s", time.perf_counter() - began))
    garbage = GarbageKeeper()
    try:
        with _signals_close(app):
            return app.exec()
    finally:
        garbage.close()
        console.close()
        stop_log()


def _kept(key: str, default: str) -> str:
    """A setting of the window that is needed before there are services."""
    return str(StateFile(config_dir() / "settings.json").data.get("shell", {}).get(key, default))


@contextmanager
def _signals_close(app: QApplication) -> Iterator[None]:
    """SIGTERM and Ctrl+C close the window. Python hears them when it runs next, at the latest with a beat."""

    def close(*_: object) -> None:
        QTimer.singleShot(0, app, app.quit)  # the loop may be about to start

    before = {number: signal.signal(number, close) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Console:
    """Builds every service once and hands it on."""

    def __init__(self, app: QApplication, options: ConsoleOptions, log_file: Path) -> None:
        self._options = options
        self._driver, self._pool, self._io = GuiDriver(), WorkerPool(), IoThread()
        progress = ProgressRegistry()
        tasks = GuiTasks(self._driver, self._pool, progress)
        self._theme, language = ThemeService(app, cache_dir() / "icons"), LanguageService(app)
        notify, selection = NotifyService(tasks.call), SelectionService()
        self._store = LiveStore()
        vault = MemoryVault() if options.ticket else LateVault()
        self._client = Link(
            options.base_url,
            kept_as=options.kept_as,
            io=self._io,
            pool=self._pool,
            store=self._store,
            cache_dir=cache_dir(),
            data_dir=data_dir(),
            vault=vault,
            language=lambda: language.current,
        )
        self._map = MapView(cache_dir() / "tiles", memory=_kept("map_memory", "256"))
        client = QgisClient(self._map, lambda: language.current)
        self._qgis = QgisFacet(self._map, client, data_dir() / "qgis")
        self._scene = SceneFacet(self._map)
        self._media = MediaFacet(hardware=_kept("hardware_video", "True") == "True")
        facets = Facets(
            notify=notify,
            tasks=tasks,
            selection=selection,
            theme=self._theme,
            language=language,
            map=self._map.facet,
            live=self._store,
            backend=self._client.backend,
            services={
                "files": FileReader(self._io, cache_dir() / "files"),
                "secrets": Drawer(vault, "plugin:"),
            },
            qgis=self._qgis,
            scene=self._scene,
            media=self._media,
        )
        self._host = PluginHost(
            _sources(options),
            facets,
            config_dir=config_dir(),
            data_dir=data_dir(),
            cache_dir=cache_dir(),
            safe_mode=options.safe_mode,
        )
        self._services = Services(
            host=self._host,
            theme=self._theme,
            language=language,
            notify=notify,
            selection=selection,
            connection=Connection(),
            tasks=tasks,
            progress=progress,
            layout=StateFile(config_dir() / "layout.json"),
            afterwards=Afterwards(),
            log_file=log_file,
            backend_url=options.base_url,
            safe_mode=options.safe_mode,
        )
        self._apply_settings()
        self._host.load()
        self._plugin_themes = PluginThemes(self._host, self._theme, options.theme)
        self._entrance = Entrance(self._services, self._client, self._store, self._map.set_base)
        self._window = MainWindow(self._services, self._map, self._map.facet, self._entrance)
        self._doorway = open_doorway(self._on_link, self._window)

    def show(self) -> None:
        """Show the window and let the rest follow, one turn of the event loop after another."""
        options = self._options
        self._map.restore_state(self._services.layout.data.get("map", {}))
        if options.link:
            self._map.facet.views.go(options.link)
        self._window.start(size=options.geometry)
        afterwards = self._services.afterwards
        afterwards.run(lambda: self._services.tasks.start(self._host.prepare_all()))
        afterwards.run(lambda: self._host.activate_on("startup"))
        self.on_map(afterwards.begin)
        afterwards.begin_late()
        self._services.tasks.every(BEAT, self._host.beat)
        QTimer.singleShot(0, self._window, self._open)
        if options.screenshot is not None:
            shoot_later(self._window, options.screenshot, options.after, exit_after=options.exit)

    def on_map(self, handler: Callable[[], object]) -> None:
        """*handler* is called once, when all of the view has been painted for the first time."""
        self._map.base.complete.connect(handler, Qt.ConnectionType.SingleShotConnection)

    def close(self) -> None:
        """Undo everything in reverse."""
        if self._doorway is not None:
            self._doorway.close()
        self._window.close()
        self._services.layout.data["map"] = self._map.save_state()
        if not self._options.kept_as:  # the demo's backend goes with it
            self._services.layout.data["backend"] = self._options.base_url
        self._services.layout.save()
        self._plugin_themes.close()
        self._host.close()
        self._entrance.close()
        self._scene.close()
        self._media.close()
        self._qgis.end()
        self._map.close()
        self._driver.close()
        self._io.close()
        self._pool.close()
        self._services.language.close()

    def _open(self) -> None:
        self._entrance.open(self._window, ticket=self._options.ticket, offline=self._options.offline)

    def _on_link(self, link: str) -> None:
        """A link was opened elsewhere; it has been checked."""
        self._map.facet.views.go(link)
        self._window.come_forward()

    def _apply_settings(self) -> None:
        """Theme and language follow their settings; options of this start go before."""
        settings, theme, language = self._host.settings, self._theme, self._services.language
        settings.declare("shell", PAGE, SETTINGS)
        language.set(self._options.language or settings.get("shell", "language"))
        theme.set(self._options.theme or settings.get("shell", "theme"))
        settings.on_change("shell", "language", language.set)
        settings.on_change("shell", "theme", theme.set)
        theme.on_change(self._dress_map)
        language.on_change(lambda: self._map.set_language(language.current))
        self._dress_map()
        self._map.set_language(language.current)

    def _dress_map(self) -> None:
        self._map.set_theme(self._theme.base, self._theme.color)


def _sources(options: ConsoleOptions) -> list[PluginSource]:
    """Built-in plugins, the user's, and folders under development."""
    return [
        PluginSource(PLUGINS, SourceKind.FIRST_PARTY),
        PluginSource(data_dir() / "plugins" / "installed", SourceKind.USER),
        *(PluginSource(folder, SourceKind.DEV) for folder in options.plugin_dirs),
    ]
