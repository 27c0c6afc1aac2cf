"""A console around the first-party plugins: real plugin host and live store, a map in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QWidget

from console.model.area import Area
from console.model.positions import COLUMNS, Positions
from console.plugin_host import PluginState
from console.store.batch import Batch
from console.testing import Clock, Console, MemoryBackend

PLUGINS = Path(__file__).parents[2] / "plugins"
AREAS = [
    Area(code="320302", name="鼓楼区", name_en="Gulou", level=6, bounds=(117.1, 34.2, 117.3, 34.4)),
    Area(code="320302001", name="黄楼街道", level=9, bounds=(117.15, 34.25, 117.2, 34.3)),
    Area(code="320302001001", name="民主社区", level=12, bounds=(117.15, 34.25, 117.18, 34.28)),
    Area(code="320302001001001", name="民主一网格", level=15, bounds=(117.15, 34.25, 117.16, 34.26)),
    Area(code="320302001001002", name="民主二网格", level=15, bounds=(117.16, 34.25, 117.17, 34.26)),
]


@pytest.fixture
def clock() -> Clock:
    """Time that the test turns."""
    return Clock()


@pytest.fixture
def backend() -> MemoryBackend:
    """Knows the areas; tests add what else they need."""
    backend = MemoryBackend()
    backend.answer("GET", "/areas", AREAS)
    return backend


@pytest.fixture
def console(qapp: QApplication, tmp_path: Path, clock: Clock, backend: MemoryBackend) -> Iterator[Console]:
    """The console, closed after the test."""
    console = Console(tmp_path / "console", clock, backend)
    yield console
    console.close()


@pytest.fixture
def activate(console: Console, tmp_path: Path) -> Callable[..., Console]:
    """Activate first-party plugins by folder name and let what is due run."""

    def activate(*names: str) -> Console:
        folder = tmp_path / "first-party"
        folder.mkdir()
        for name in names:
            (folder / name).symlink_to(PLUGINS / name)
        host = console.open(first_party=folder)
        for name in names:
            host.activate(f"onemap.{name}")
            info = console.info(f"onemap.{name}")
            assert info.state is PluginState.ACTIVE, f"{info.reason.en}\n{info.traceback}"
        console.clock.advance(0.2)
        return console

    return activate


@pytest.fixture
def panel(console: Console, qtbot: Any) -> Callable[[str], Any]:
    """Make a panel's widget, shown."""

    def panel(panel_id: str) -> QWidget:
        widget = console.host.panels.make(panel_id)
        assert isinstance(widget, QWidget), console.host.panels.get(panel_id)
        qtbot.addWidget(widget)
        widget.resize(900, 420)
        widget.show()
        return widget

    return panel


@pytest.fixture
def move(console: Console) -> Callable[..., None]:
    """Let the feed bring positions: ``move(handle=[1], lon=[…], lat=[…], time=[…])``."""

    def move(**columns: Any) -> None:
        console.live.apply(Batch(positions=positions(**columns)))
        console.clock.advance(0.01)

    return move


def positions(**columns: Any) -> Positions:
    """Positions with NaN or 0 in what is not given."""
    count = len(columns["handle"])
    full = {
        name: np.asarray(columns[name], dtype)
        if name in columns
        else np.full(count, np.nan if dtype.kind == "f" else 0, dtype)
        for name, dtype in COLUMNS.items()
    }
    return Positions(**full)  # type: ignore[arg-type]
