"""A demo backend on a real city, and the real console before it, which must leave nothing behind."""

from __future__ import annotations

import gc
import logging
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from PySide6.QtCore import QEvent, QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from console.app import Console, ConsoleOptions
from console.cli.demo import DemoBackend, running_demo
from console.cli.demo_backend import DemoOrder, ensure_template
from console.model.records import Ticket
from console.paths import config_dir, log_dir
from console.shell.application import make_application
from console.shell.logs import start_log, stop_log
from console.shell.window import MainWindow
from tests.acceptance.operator import Operator
from tests.acceptance.screens import TEMPLATES

GRIDS, STAFF = 120, 400
"""Of each city, so that its template serves all tests."""
PATIENCE = 6.0
"""Seconds that threads and processes may take to end."""


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """As the program makes it: with the scale of the screen."""
    return make_application("auto")


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cache of the backend's districts: a city is imported once a run, for all its workers and screens."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "templates"
    folder = Path(os.environ.get(TEMPLATES, folder))
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def shanghai(templates: Path, shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The template of the centre of Shanghai."""
    city = str((shared_data / "shanghai_center.osm.pbf").resolve())
    with monkeypatch.context() as cache:
        cache.setenv("XDG_CACHE_HOME", str(templates))
        return ensure_template(DemoOrder(city=city, grids=GRIDS, staff=STAFF), lambda _done, _text: None)


@pytest.fixture
def demo(templates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """``with demo(city=…) as backend``: real import, real server, real field staff."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)

    @contextmanager
    def run(**options: Any) -> Iterator[DemoBackend]:
        with monkeypatch.context() as cache:
            cache.setenv("XDG_CACHE_HOME", str(templates))
            started = running_demo(grids=GRIDS, staff=STAFF, **options)
            backend = started.__enter__()
        try:
            yield backend
        finally:
            started.__exit__(*sys.exc_info())

    yield run
    left = [path.name for path in folder.glob("onemap*")]
    assert not left, f"temporary folders left behind: {left}"


@pytest.fixture
def open_console(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Operator]]:
    """Open the real console as ``onemap run`` does; closed after the test, then nothing may be left."""
    consoles: list[Console] = []
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(config_dir()))
    threads, processes = set(threading.enumerate()), _children()
    faults: list[str] = []
    hook = sys.excepthook
    monkeypatch.setattr(QMessageBox, "exec", lambda *_: pytest.fail("a message box opened"))

    def open_console(url: str, *, language: str, size: tuple[int, int], **options: Any) -> Operator:
        ticket: Ticket | None = options.pop("ticket", None)
        log_file = start_log(log_dir())
        logging.getLogger().addHandler(_Faults(faults, options.pop("expected", ())))
        wanted = ConsoleOptions(base_url=url, language=language, geometry=size, ticket=ticket, **options)
        console = Console(qapp, wanted, log_file)
        consoles.append(console)
        console.show()
        window = next(w for w in qapp.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible())
        window.activateWindow()
        QTest.qWaitForWindowActive(window, 3000)
        return Operator(window, language)

    yield open_console
    for console in consoles:
        console.close()
    stop_log()
    logging.getLogger().handlers = [h for h in logging.getLogger().handlers if not isinstance(h, _Faults)]
    consoles.clear()
    gc.collect()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    sys.excepthook = hook
    assert not _left(threads, processes)
    assert not faults, "\n".join(faults)


class _Faults(logging.Handler):
    """Collects every error and traceback that the console logs."""

    def __init__(self, into: list[str], expected: Sequence[str]) -> None:
        super().__init__(logging.WARNING)
        self._into, self._expected = into, expected
        self.setFormatter(logging.Formatter("%(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        text = self.format(record)
        known = any(word in text for word in self._expected)
        if not known and (record.exc_info or record.levelno >= logging.ERROR):
            self._into.append(text)


def _children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


def _left(threads: set[threading.Thread], processes: set[int]) -> list[str]:
    """Threads and processes that outlive the console; a backend started anew by the test is not its."""
    children = psutil.Process().children(recursive=True)
    fresh = [c for c in children if c.pid not in processes and "server" not in c.cmdline()]
    psutil.wait_procs(fresh, PATIENCE)
    for thread in set(threading.enumerate()) - threads:
        thread.join(PATIENCE)
    alive = [f"thread {thread.name}" for thread in threading.enumerate() if thread not in threads]
    return alive + [f"process {child.cmdline()}" for child in fresh if child.is_running()]
