"""The fixtures of the plugins' desktop halves, and a small quarter with buildings, houses and rooms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely

from console.geodata.packing import Block, pack
from console.model.layers import FeatureShape, LayerKind, encode_package
from console.sdk import LayerFiles
from console.testing import Console
from tests.plugins.desktop_console import activate, backend, clock, console, move, panel

__all__ = ["activate", "backend", "clock", "console", "move", "panel", "quarter"]

TOWER, ANNEX, COURT, SHED = range(4)
WEST, SOUTH = 117.19, 34.26


def place(east: float, north: float) -> tuple[float, float]:
    """Units of a ten-thousandth of a degree, some ten metres, from the quarter's corner."""
    return WEST + east / 10_000, SOUTH + north / 10_000


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(*place(west, south), *place(east, north))


BUILDINGS = Block(
    kind=LayerKind.BUILDING,
    shape=FeatureShape.POLYGON,
    geometry=np.array(
        [
            box(0, 0, 4, 4),
            box(2, 2, 3, 3),  # within the tower
            box(10, 0, 20, 10).difference(box(13, 3, 17, 7)),
            box(30, 0, 34, 4),
        ],
        object,
    ),
    text={"class": ["apartments", "office", "school", "yes"], "name": ["锦绣大厦", "裙楼", "第一中学", ""]},
    numbers={
        "height": np.array([60.0, 9.0, 13.0, 0.0], np.float32),
        "levels": np.array([18, 0, 0, 0], np.float32),
    },
)
_ROOMS = ["云龙路12号", "云龙路12号2单元1102室", "云龙路12号1单元1101室", "云龙路12号1单元101室"]
_PLACES = [place(1, 1)] * 4 + [place(11, 1), place(36, 2)]
ADDRESSES = Block(
    kind=LayerKind.ADDRESS,
    shape=FeatureShape.POINT,
    geometry=shapely.points(_PLACES),
    text={"class": [""] * 6, "name": [*_ROOMS, "中山路8号", "中山路10号"]},
)


@pytest.fixture
def quarter(console: Console, activate: Callable[..., Console], tmp_path: Path) -> Console:
    """A console with the search and the buildings, over the quarter."""
    for block in (BUILDINGS, ADDRESSES):
        path = tmp_path / f"{block.kind}.layer"
        path.write_bytes(encode_package(pack(block)))
        console.map.layers.base[str(block.kind)] = LayerFiles(packages=[str(path)], version="1")
    return activate("one_map", "buildings")
