"""A real project of real data, made by QGIS itself, and workers that end with the test."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import shapely
from pyogrio import raw
from PySide6.QtCore import QObject

from console.map.qgis.client import PYTHON, Patience, QgisClient

HERE = Path(__file__).parent
INSTALL = "apt-get install --no-install-recommends python3-qgis qgis-providers"
BUND = (121.48, 31.225, 121.50, 31.24)
"""A part of Shanghai: west, south, east, north."""
SHEKOU = (113.92, 22.50, 113.93, 22.51)
"""A part of Shenzhen."""
SOON = 30_000
"""Milliseconds: more than anything here takes on a loaded machine."""


@pytest.fixture(scope="session")
def qgis() -> None:
    """QGIS is there, or the test is left out; in CI it fails."""
    found = subprocess.run([PYTHON, "-c", "import importlib.util as u; assert u.find_spec('qgis')"])
    if found.returncode:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"needs QGIS: {INSTALL}")


@pytest.fixture(scope="session")
def city(qgis: None, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``city.qgz``: buildings of Nanshan in red, streets of Shanghai in blue with names, a lost layer."""
    folder = tmp_path_factory.mktemp("project")
    meta, _, blocks, values = raw.read(shared_data / "nanshan-building.geojson")
    houses, rows = shapely.get_parts(shapely.from_wkb(blocks), return_index=True)
    near = shapely.intersects(houses, shapely.box(*SHEKOU))
    shapes, values = shapely.to_wkb(houses[near]), [column[rows[near]] for column in values]
    raw.write(
        folder / "buildings.geojson", shapes, values, meta["fields"], driver="GeoJSON",
        geometry_type="Polygon", crs="EPSG:4326",
    )  # fmt: skip
    meta, _, shapes, values = raw.read(
        shared_data / "shanghai_center.osm.pbf", layer="lines", bbox=BUND, columns=["name", "highway"]
    )
    raw.write(
        folder / "roads.gpkg", shapes, values, meta["fields"], layer="roads", driver="GPKG",
        geometry_type="LineString", crs="EPSG:4326",
    )  # fmt: skip
    subprocess.run([PYTHON, str(HERE / "make_project.py"), str(folder)], check=True, timeout=90)
    return folder / "city.qgz"


@pytest.fixture
def client_of(qtbot: Any) -> Iterator[Callable[..., QgisClient]]:
    """Make clients; their workers are gone afterwards."""
    parent, made = QObject(), list[QgisClient]()

    def make(**options: Any) -> QgisClient:
        made.append(QgisClient(parent, lambda: "zh_CN", **options))
        return made[-1]

    yield make
    for client in made:
        pid = client.process_id
        client.close()
        assert not (pid and psutil.pid_exists(pid))
    parent.deleteLater()


@pytest.fixture
def client(qgis: None, client_of: Callable[..., QgisClient]) -> QgisClient:
    """Of the real QGIS; not started yet."""
    return client_of(patience=Patience(beat=0.5, answer=3.0))
