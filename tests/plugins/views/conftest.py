"""The fixtures of the plugins' desktop halves, with a real map under them: its workers draw."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console.map.views.view import MapView
from console.model.layers import FeatureShape, LayerKind, encode_package
from console.model.text import Text
from console.testing import Console
from tests.map.conftest import CENTER, package, square, theme, view
from tests.plugins.desktop_console import activate, backend, clock, console, panel

__all__ = ["activate", "backend", "clock", "console", "panel", "theme", "view"]

PLACES = [(CENTER[0] + 0.006 * at, CENTER[1]) for at in (-1, 0, 1)]
DATES = ["2024-05-01", "2024-05-11", "2024-05-21"]
"""Of the three blocks, as their classes."""


@pytest.fixture
def views(console: Console, view: MapView, activate: Callable[..., Console]) -> Console:
    """The plugin over the real map."""
    mapped: Any = console
    mapped.map = view.facet
    return activate("views")


@pytest.fixture
def blocks(view: MapView, tmp_path: Path) -> str:
    """Three red blocks with dates; gives the id of their layer."""
    path = tmp_path / "blocks.oml"
    squares = [square(*place, 0.004) for place in PLACES]
    layer = package(LayerKind.OTHER, FeatureShape.POLYGON, squares)
    layer.columns["when"] = layer.columns["class"] + [1, 2, 3]
    layer.strings[:] = ["", *DATES]
    layer.text_columns = ("class", "name", "when")
    path.write_bytes(encode_package(layer))
    style = [{"id": "a", "type": "fill", "paint": {"fill-color": "#ff0000"}}]
    view.facet.add_features("blocks", [str(path)], version="1", title=Text("地块", "Blocks"), style=style)
    return "blocks"
