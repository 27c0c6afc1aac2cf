"""The fixtures of the plugins' desktop halves, with a real map under them: its workers draw."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console.map.views.view import MapView
from console.model.layers import FeatureShape, LayerKind, encode_package
from console.model.text import Text
from console.sdk.map import DataLayer
from console.testing import Console
from tests.map.conftest import CENTER, package, square, theme, view
from tests.plugins.desktop_console import activate, backend, clock, console, panel

__all__ = ["activate", "backend", "clock", "console", "panel", "theme", "view"]

PLACES = [(CENTER[0] + 0.006 * at, CENTER[1]) for at in (-1, 0, 1)]
"""Middles of three blocks: 10, 20 and 90 high, the outer ones named 甲, the middle one 乙."""


@pytest.fixture
def blocks(tmp_path: Path) -> str:
    path = tmp_path / "blocks.oml"
    squares = [square(*place, 0.004) for place in PLACES]
    layer = package(LayerKind.OTHER, FeatureShape.POLYGON, squares, ["甲", "乙", "甲"], height=[10, 20, 90])
    path.write_bytes(encode_package(layer))
    return str(path)


@pytest.fixture
def add(view: MapView, blocks: str) -> Callable[..., DataLayer]:
    """Put the blocks on the map, in red."""

    def add(layer_id: str = "blocks") -> DataLayer:
        style = [{"id": "a", "type": "fill", "paint": {"fill-color": "#ff0000"}}]
        title = Text(f"地块 {layer_id}", layer_id)
        return view.facet.add_features(layer_id, [blocks], version="1", title=title, style=style)

    return add


@pytest.fixture
def styles(console: Console, view: MapView, activate: Callable[..., Console]) -> Console:
    """The plugin over the real map."""
    mapped: Any = console
    mapped.map = view.facet
    return activate("styles")
