"""A whole window over a real plugin host, with a plugin made for the test and a still map."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QWidget

from console.model.records import Role, User
from console.model.text import Text
from console.plugin_host import Facets, PluginHost, PluginSource, SourceKind
from console.plugin_host.state_file import StateFile
from console.sdk.layers import LayerEntry
from console.shell.afterwards import Afterwards
from console.shell.connection import Connection, Link
from console.shell.language import LanguageService
from console.shell.notices import NotifyService
from console.shell.own_settings import PAGE, SETTINGS
from console.shell.selection import SelectionService
from console.shell.services import Services
from console.shell.theme import ThemeService
from console.shell.window import MainWindow
from console.tasks.driver import GuiDriver
from console.tasks.gui_tasks import GuiTasks
from console.tasks.pending import Pending
from console.tasks.progress import ProgressRegistry
from console.tasks.worker_pool import WorkerPool

MANIFEST = """
id = "acme.patrol"
name = { en = "Patrol", zh_CN = "巡逻" }
description = { en = "Finds the nearest patrol.", zh_CN = "查找最近的巡逻队。" }
version = "1.2.0"
sdk = ">=1.0,<2"
entry = "acme_patrol:activate"
permissions = []

[[contributes.commands]]
id = "acme.patrol.locate"
title = { en = "Locate", zh_CN = "定位" }
key = "Ctrl+Alt+P"
menu = "map/toolbar"
icon = "locate"

[[contributes.panels]]
id = "acme.patrol.list"
title = { en = "Patrols", zh_CN = "巡逻队" }
area = "left"
icon = "walk"
open = true

[[contributes.panels]]
id = "acme.patrol.log"
title = { en = "Patrol log", zh_CN = "巡逻记录" }
area = "bottom"
icon = "log"

[[contributes.panels]]
id = "acme.patrol.sketch"
title = { en = "Sketch", zh_CN = "草图" }
area = "center"
icon = "edit"

[[contributes.panels]]
id = "acme.patrol.photos"
title = { en = "Photos", zh_CN = "照片" }
area = "right"
icon = "video"

[[contributes.settings]]
key = "radius"
type = "int"
default = 500
range = [100, 5000]
unit = "m"
title = { en = "Search radius", zh_CN = "搜索半径" }

[[contributes.status_items]]
id = "acme.patrol.count"
title = { en = "Patrols", zh_CN = "巡逻队" }
"""

CODE = """
from console.sdk.ui import Column, Page, RecordTable, SearchField


def activate(ctx):
    located = []

    def panel():
        table = RecordTable([Column(ctx.tr("Name"), lambda r: r)], key=lambda r: r)
        table.set_rows(["甲队", "乙队", "丙队"])
        return Page(SearchField(ctx.tr("Search")), table)

    ctx.commands.bind("acme.patrol.locate", lambda: ctx.notify("located", key="located"))
    ctx.panels.bind("acme.patrol.list", panel)
    for name in ("log", "sketch", "photos"):
        ctx.panels.bind(f"acme.patrol.{name}", panel)
    ctx.status("acme.patrol.count", "3")
"""


class StillLayers:
    def __init__(self) -> None:
        self.visible = {"roads": True}

    def entries(self):
        title = Text("道路", "Roads")
        shown = self.visible["roads"]
        return [
            LayerEntry(
                id="roads", title=title, group="base", visible=shown, opacity=1, min_zoom=0, max_zoom=24
            )
        ]

    def set_visible(self, layer_id, visible):
        self.visible[layer_id] = visible


class StillViews:
    """Notes where links lead."""

    def __init__(self) -> None:
        self.gone: list[str] = []

    def go(self, link: str) -> None:
        self.gone.append(link)


class StillMap:
    """As much of the map facet as the window uses."""

    def __init__(self) -> None:
        self.layers = StillLayers()
        self.pointer = lambda lon, lat: None
        self.views = StillViews()

    def on_pointer(self, handler):
        self.pointer = handler
        return lambda: None

    def on_pointer_left(self, handler):
        return lambda: None

    def on_context_menu(self, handler):
        return lambda: None


@dataclass
class FakeGate:
    """Signs in *operator* / *right*; *error* is raised instead when set."""

    connection: Connection
    pool: WorkerPool
    error: Exception | None = None
    calls: list[str] = field(default_factory=list)
    window: MainWindow | None = None

    def sign_in(self, username: str, password: str):
        return Pending(self.pool.submit(self._check, username, password))

    def _check(self, username: str, password: str) -> None:
        if self.error:
            raise self.error

    def sign_out(self) -> None:
        self.calls.append("sign_out")

    def reconnect(self) -> None:
        self.calls.append("reconnect")

    def work_offline(self) -> None:
        self.calls.append("work_offline")

    def dismiss(self, waiting_id: str) -> None:
        self.calls.append(f"dismiss {waiting_id}")

    def withdraw(self, waiting_id: str):
        self.calls.append(f"withdraw {waiting_id}")
        return Pending(self.pool.submit(lambda: lambda: self.calls.append(f"put back {waiting_id}")))

    def corrector(self, entry):
        if entry.error and entry.path == "/events":
            return lambda refused: self.calls.append(f"correct {refused.id}")
        return None

    def server_time(self) -> float:
        return 1_760_000_000.0


OPERATOR = User(id="u1", username="operator", name="值班员李", role=Role.OPERATOR, areas=("320302",))


@pytest.fixture
def settings_dir(tmp_path: Path) -> Path:
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "qt"))
    return tmp_path


@pytest.fixture(scope="session")
def plugin_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all tests: a module is imported from one place only."""
    folder = tmp_path_factory.mktemp("plugins") / "patrol"
    (folder / "acme_patrol").mkdir(parents=True)
    (folder / "plugin.toml").write_text(MANIFEST, "utf-8")
    (folder / "acme_patrol" / "__init__.py").write_text(CODE, "utf-8")
    return folder.parent


@pytest.fixture
def plugin_source(plugin_dir: Path) -> PluginSource:
    """Where the window's plugins come from."""
    return PluginSource(plugin_dir, SourceKind.USER)


@pytest.fixture
def plugin_map() -> object | None:
    """The map that plugins get; none here."""
    return None


@pytest.fixture
def plugin_facets(plugin_map: object | None) -> dict[str, Any]:
    """What plugins get beside that which every window has."""
    return {"map": plugin_map}


@pytest.fixture
def services(
    qapp: QApplication, settings_dir: Path, plugin_source: PluginSource, plugin_facets: dict[str, Any]
):
    driver, pool, progress = GuiDriver(), WorkerPool(2), ProgressRegistry()
    tasks = GuiTasks(driver, pool, progress)
    theme, language = ThemeService(qapp, settings_dir / "icons"), LanguageService(qapp)
    theme.set("dark")
    notify, selection = NotifyService(tasks.call), SelectionService()
    facets = Facets(
        notify=notify, tasks=tasks, selection=selection, theme=theme, language=language, **plugin_facets
    )
    host = PluginHost(
        [plugin_source],
        facets,
        config_dir=settings_dir / "config",
        data_dir=settings_dir / "data",
        cache_dir=settings_dir / "cache",
        guard_process=False,
    )
    host.settings.declare("shell", PAGE, SETTINGS)
    host.settings.on_change("shell", "theme", theme.set)
    host.settings.on_change("shell", "language", language.set)
    host.load()
    afterwards = Afterwards()
    afterwards.begin()
    made = Services(
        host=host,
        theme=theme,
        language=language,
        notify=notify,
        selection=selection,
        connection=Connection(),
        tasks=tasks,
        progress=progress,
        layout=StateFile(settings_dir / "config" / "layout.json"),
        afterwards=afterwards,
        log_file=settings_dir / "onemap.log",
        backend_url="http://127.0.0.1:8000",
    )
    yield made
    host.close()
    driver.close()
    language.close()
    pool.close()


@pytest.fixture
def gate(services: Services):
    pool = WorkerPool(1)
    yield FakeGate(services.connection, pool)
    pool.close()


@pytest.fixture
def map_facet() -> StillMap:
    return StillMap()


@pytest.fixture
def window(qtbot, services: Services, gate: FakeGate, map_facet: StillMap):
    view = QWidget()
    view.setFocusPolicy(view.focusPolicy().StrongFocus)
    made = MainWindow(services, view, map_facet, gate)
    qtbot.addWidget(made)
    services.connection.set(link=Link.ONLINE, latency=0.012, user=OPERATOR)
    made.start((1600, 900))
    qtbot.waitExposed(made)
    made.activateWindow()
    hosts = made.docks.visible_hosts
    qtbot.waitUntil(lambda: made.isActiveWindow() and any(host.body is not None for host in hosts()))
    yield made
    made.close()
