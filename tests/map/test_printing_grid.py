"""The kilometre grid of a sheet, against the zones as pyproj knows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pyproj import Transformer
from PySide6.QtCore import QRectF

from console.map.printing.kilometre_grid import ends, grid_factor, grid_lines, step_of, zone_of
from console.map.printing.layout import PIXELS, ground_of, layout_of
from console.map.printing.page_paint import pixels
from console.map.viewport import from_world
from console.sdk.printing import PrintSheet
from tests.map.conftest import CENTER, place, theme, view
from tests.map.test_printing import SHEET, answer, chinese, texts, written

__all__ = ["answer", "chinese", "place", "theme", "view", "written"]

GRID: PrintSheet = replace(SHEET, graticule="kilometres", legend="none")
ZONE_39 = Transformer.from_crs("EPSG:4326", "EPSG:4527", always_xy=True)
"""CGCS2000, 3-degree zone 39: the one of CENTER."""


@pytest.mark.parametrize("eastwards", [True, False], ids=["eastings", "northings"])
@pytest.mark.parametrize("scale", [10_000.0, 500_000.0], ids=["large", "small"])
def test_lines_lie_where_the_zone_has_them(eastwards: bool, scale: float) -> None:
    sheet = replace(GRID, scale=scale)
    frame, ground = pixels(layout_of(sheet).map), ground_of(sheet, layout_of(sheet).map)
    step = step_of(0.035 * scale)
    lines = list(grid_lines(frame, ground, CENTER[0], step, eastwards=eastwards))
    assert len(lines) >= 3
    left, top, right, bottom = ground.world
    for metres, line in lines:
        x = left + (line[:, 0] - frame.left()) / frame.width() * (right - left)
        y = top + (line[:, 1] - frame.top()) / frame.height() * (bottom - top)
        found = ZONE_39.transform(*from_world(x, y))[0 if eastwards else 1]
        assert np.abs(found - metres).max() < 0.01
    apart = lines[1][1][len(lines[1][1]) // 2] - lines[0][1][len(lines[0][1]) // 2]
    wide = float(np.hypot(*apart)) / PIXELS / 1000 * scale
    assert wide == pytest.approx(step, rel=0.02)


def test_lines_end_at_their_own_sides_of_the_frame() -> None:
    frame = QRectF(0, 0, 100, 50)
    aslant = np.array([[98.0, 60.0], [103.0, -10.0]])
    (low,) = ends(frame, aslant, across=False)
    assert low[0].y() == 50 and low[1].y() == 1


def test_the_grid_is_told_on_the_sheet(written: Callable[..., Path], chinese: None) -> None:
    found = texts(written("svg", GRID))
    easting, northing = ZONE_39.transform(*CENTER)
    near = (round(easting / 500) * 0.5, round(northing / 500) * 0.5)
    assert {f"{kilometres:.10g}" for kilometres in near} <= set(found.split("\n"))
    assert "第 39 带" in found
    assert f"{grid_factor(GRID):.6f}" in found
    assert [zone_of(longitude) for longitude in (73.6, 117.2, 121.47, 121.51)] == [25, 39, 40, 41]
