"""A real server of WMS, WMTS, WFS and OGC API Features over real roads: QGIS's own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from pyogrio import raw

HERE = Path(__file__).parent
INSTALL = (
    "apt-get install --no-install-recommends python3-qgis qgis-server-bin qgis-server-wms qgis-server-wfs"
    " qgis-server-wfs3 qgis-server-wmts"
)
PART = (121.48, 31.225, 121.50, 31.24)
"""Of Shanghai: west, south, east, north."""


@pytest.fixture(scope="session")
def roads_served(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server's address; 318 roads in the layers ``roads`` and ``again``."""
    if shutil.which("qgis_mapserver") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"needs QGIS server: {INSTALL}")
    folder = tmp_path_factory.mktemp("service")
    meta, _, shapes, values = raw.read(
        shared_data / "shanghai_center.osm.pbf", layer="lines", bbox=PART, columns=["name", "highway"]
    )
    raw.write(
        folder / "roads.gpkg", shapes, values, meta["fields"], layer="roads", driver="GPKG",
        geometry_type="LineString", crs="EPSG:4326",
    )  # fmt: skip
    subprocess.run(["/usr/bin/python3", str(HERE / "publish.py"), str(folder)], check=True, timeout=120)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(folder)}
    command = ["qgis_mapserver", "-p", str(folder / "service.qgs"), f"127.0.0.1:{port}"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    _wait(address, server)
    yield address
    server.kill()
    server.wait()


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        try:
            requests.get(f"{address}/wfs3", timeout=10)
            return
        except requests.RequestException:
            time.sleep(0.2)
    pytest.fail("QGIS server did not start")
