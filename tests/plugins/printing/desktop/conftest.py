"""The fixtures of the plugins' desktop halves, with a real map under them: sheets are really printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from console.map.views.view import MapView
from console.testing import Console
from tests.map.conftest import Place, place, roads, theme, view
from tests.plugins.desktop_console import activate, backend, clock, console, panel

__all__ = ["activate", "backend", "clock", "console", "panel", "place", "theme", "view"]


@pytest.fixture
def printing(console: Console, view: MapView, place: Place, activate: Callable[..., Console]) -> Console:
    """The plugin over a real map of two roads."""
    mapped: Any = console
    mapped.map = view.facet
    view.set_base([place("roads", roads())])
    return activate("printing")
