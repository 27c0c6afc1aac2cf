"""The whole console before a real backend with 800 moving staff: usual operation never holds the window up.

Two things are watched on the GUI thread: the CPU time between two turns of the
event loop, which other work on the machine does not lengthen, and what would
wait for a disk or a network however quick it is here: opening files of the
user's, databases, connections, processes, code of plugins that is not imported ahead.
"""

from __future__ import annotations

import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView

from console.app import Console, ConsoleOptions
from console.cli.demo import DemoBackend, running_demo
from console.map.views.view import MapView
from console.paths import log_dir
from console.shell.logs import start_log, stop_log
from console.shell.window import MainWindow

ROOT = Path(__file__).parents[2]
SECONDS = 15.0
STALL = 1.0
"""Seconds of CPU time in one turn of the event loop that nothing excuses. A panel that is made for the first
time takes the most (0.03 to 0.1 s alone); a machine that runs other work counts several times as much."""
RARE = 0.2
"""… that all but one turn in a hundred keep to,"""
USUAL = 0.016
"""… and the middle one of all turns, much of which paint a map that is dragged."""
WAITS = ("open", "sqlite3.connect", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.listdir")


class Watch:
    """Measures the event loop's turns, and notes what may wait, on the thread that made it."""

    def __init__(self) -> None:
        self.turns: list[float] = []
        self.waits: list[str] = []
        self._on = False
        self._thread = threading.get_ident()
        self._timer = QTimer(interval=5)
        self._timer.timeout.connect(self._beat)
        sys.addaudithook(self._hear)

    def start(self) -> None:
        self._last, self._on = time.thread_time(), True
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        self._on = False

    def _beat(self) -> None:
        now = time.thread_time()
        self.turns.append(now - self._last)
        self._last = now

    def _hear(self, event: str, args: tuple[object, ...]) -> None:
        if not self._on or threading.get_ident() != self._thread:
            return
        if event == "import" and str(args[0]).startswith("plugins."):
            self.waits.append(f"import {args[0]}")
        if event not in WAITS:
            return
        if event != "open" or not _is_ours(args[0]):
            self.waits.append(f"{event} {args[0]}")


def _is_ours(file: object) -> bool:
    """Whether it is a part of the program or its libraries, as code of a plugin that is used first."""
    places = (str(ROOT), sys.prefix, sys.base_prefix)
    return isinstance(file, int) or str(file).startswith(places)


class User:
    """Somebody at work: moves the map, looks closer, opens panels, selects."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        view = window.findChild(MapView)
        assert isinstance(view, MapView)
        self._map = view
        self._turn = 0

    def act(self) -> None:
        acts: list[Callable[[], None]] = [self._drag, self._wheel, self._panel, self._select, self._menu]
        acts[self._turn % len(acts)]()
        self._turn += 1

    def _drag(self) -> None:
        start = self._map.rect().center()
        QTest.mousePress(self._map, Qt.MouseButton.LeftButton, pos=start)
        for step in range(1, 13):
            QTest.mouseMove(self._map, start + QPoint(9 * step, -6 * step))
            QTest.qWait(16)
        QTest.mouseRelease(self._map, Qt.MouseButton.LeftButton, pos=start + QPoint(108, -72))

    def _wheel(self) -> None:
        centre = QPointF(self._map.rect().center())
        notch = 120 if self._turn % 2 else -120
        event = QWheelEvent(
            centre,
            self._map.mapToGlobal(centre),
            QPoint(),
            QPoint(0, notch),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self._map, event)

    def _panel(self) -> None:
        ids = self._window.docks.ids()
        self._window.docks.show(ids[self._turn // 5 % len(ids)])

    def _select(self) -> None:
        tables = [table for table in self._window.findChildren(QTableView) if table.isVisible()]
        for table in tables[:2]:
            table.selectRow(self._turn % max(table.model().rowCount(), 1))

    def _menu(self) -> None:
        self._window.palette_box.toggle()
        QTest.qWait(30)
        self._window.palette_box.toggle()


@pytest.fixture
def backend(shared_data: Path) -> Iterator[DemoBackend]:
    city = shared_data / "shanghai_center.osm.pbf"
    with running_demo(city=city, grids=60, staff=800, pace=2.0) as running:
        yield running


@pytest.fixture
def console(qapp: QApplication, backend: DemoBackend) -> Iterator[Console]:
    options = ConsoleOptions(
        base_url=backend.url, ticket=backend.sign_in(), language="zh_CN", geometry=(1600, 900)
    )
    made = Console(qapp, options, start_log(log_dir()))
    yield made
    made.close()
    for window in qapp.topLevelWidgets():
        window.deleteLater()  # a program ends here; what stays would be dressed with every later window
    stop_log()


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_usual_operation_never_holds_the_window_up(qtbot, qapp: QApplication, console: Console) -> None:
    painted: list[bool] = []
    console.on_map(lambda: painted.append(True))
    console.show()
    window = next(w for w in qapp.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible())
    qtbot.waitUntil(lambda: bool(painted), timeout=60_000)
    qtbot.waitUntil(lambda: len(window.docks.visible_hosts()) > 0, timeout=30_000)
    qtbot.wait(4_000)  # the first snapshot, plugins, panels
    watch, user = Watch(), User(window)
    watch.start()
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        user.act()
        qtbot.wait(60)
    watch.stop()
    assert watch.waits == []
    turns = sorted(watch.turns)
    longest = [round(turn, 3) for turn in turns[-5:]]
    assert turns[-1] < STALL, longest
    assert turns[len(turns) * 99 // 100] < RARE, longest
    assert statistics.median(turns) < USUAL
