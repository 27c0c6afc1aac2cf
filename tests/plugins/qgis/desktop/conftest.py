"""The fixtures of the plugins' desktop halves, with a real QGIS drawing on a real map."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console.map.qgis.client import PYTHON, Patience, QgisClient
from console.map.qgis.facet import QgisFacet
from console.map.views.view import MapView
from console.testing import Console
from tests.map.conftest import theme, view
from tests.map.qgis.conftest import city, qgis
from tests.plugins.desktop_console import activate, backend, clock, console, move, panel

__all__ = ["activate", "backend", "city", "clock", "console", "move", "panel", "qgis", "theme", "view"]


@pytest.fixture
def console_with(
    console: Console,
    view: MapView,
    activate: Callable[..., Console],
    tmp_path: Path,
) -> Iterator[Callable[..., Console]]:
    """A console with the plugin; *program* stands for the Python that QGIS runs in."""
    made: list[QgisFacet] = []

    def make(program: str = PYTHON) -> Console:
        client = QgisClient(view, lambda: "zh_CN", program, Patience(beat=0.5, answer=5.0, stop=2.0))
        console.qgis = QgisFacet(view, client, tmp_path / "results")
        made.append(console.qgis)
        return activate("qgis")

    yield make
    console.close()
    for facet in made:
        facet.end()


@pytest.fixture
def with_qgis(qgis: None, console_with: Callable[..., Console]) -> Console:
    """A console with the plugin and a real QGIS."""
    return console_with()
