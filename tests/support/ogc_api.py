"""A real server of OGC API Features and Tiles: pygeoapi, over real roads and a real archive of tiles."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from pmtiles.reader import MmapSource, all_tiles
from pyogrio import raw

from tests.support.brokers import free_port

Box = tuple[float, float, float, float]
SHANGHAI: Box = (121.48, 31.225, 121.50, 31.24)
FLORENCE: Box = (11.154026, 43.7270125, 11.3289395, 43.8325455)
ROADS = 318
"""In SHANGHAI."""
PAGE = 100
"""Features that the server gives at once, however many are asked for."""
LAST_LEVEL = 14


@contextmanager
def ogc_api_server(folder: Path, shared_data: Path) -> Iterator[str]:
    """Its address: roads of SHANGHAI as the features ``roads``, tiles of FLORENCE as ``florence``."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    _write_roads(shared_data / "shanghai_center.osm.pbf", folder / "roads.geojson")
    _write_tiles(shared_data / "firenze.pmtiles", folder / "florence")
    (folder / "config.json").write_text(json.dumps(_settings(address, folder)), "utf-8")
    (folder / "openapi.json").write_text(json.dumps({"openapi": "3.0.2"}), "utf-8")
    environment = {
        **os.environ,
        "PYGEOAPI_CONFIG": str(folder / "config.json"),
        "PYGEOAPI_OPENAPI": str(folder / "openapi.json"),
    }
    command = [sys.executable, "-m", "flask", "--app", "pygeoapi.flask_app", "run", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
    try:
        _wait(address, server, folder / "log")
        yield address
    finally:
        server.kill()
        server.wait()


def _write_roads(osm: Path, to: Path) -> None:
    columns = ["osm_id", "name", "highway"]
    meta, _, shapes, values = raw.read(osm, layer="lines", bbox=SHANGHAI, columns=columns)
    raw.write(
        to, shapes, values, meta["fields"], driver="GeoJSON", geometry_type="LineString", crs="EPSG:4326",
        layer_options={"ID_FIELD": "osm_id"},
    )  # fmt: skip


def _write_tiles(archive: Path, to: Path) -> None:
    """As the folders and metadata that tippecanoe makes."""
    with archive.open("rb") as file:
        for (z, x, y), data in all_tiles(MmapSource(file)):
            tile = to / str(z) / str(x) / f"{y}.pbf"
            tile.parent.mkdir(parents=True, exist_ok=True)
            tile.write_bytes(data)
    layers = json.dumps({"vector_layers": []})
    facts = {"name": "florence", "minzoom": 0, "maxzoom": LAST_LEVEL, "json": layers}
    (to / "metadata.json").write_text(json.dumps(facts), "utf-8")


def _settings(address: str, folder: Path) -> dict[str, Any]:
    tiles: dict[str, Any] = {
        "type": "tile", "name": "MVT-tippecanoe", "data": str(folder / "florence"),
        "options": {"zoom": {"min": 0, "max": LAST_LEVEL}, "schemes": ["WebMercatorQuad"]},
        "format": {"name": "pbf", "mimetype": "application/vnd.mapbox-vector-tile"},
    }  # fmt: skip
    roads = {
        "type": "feature",
        "name": "GeoJSON",
        "data": str(folder / "roads.geojson"),
        "id_field": "osm_id",
    }
    about = {"title": "一张图", "description": "测试", "keywords": [], "terms_of_service": "", "url": address}
    return {
        "server": {
            "url": address, "mimetype": "application/json", "encoding": "utf-8", "languages": ["zh-CN"],
            "limits": {"default_items": 10, "max_items": PAGE, "on_exceed": "throttle"},
            "map": {"url": "", "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": about, "license": {"name": ""},
            "provider": {"name": ""}, "contact": {"name": ""},
        },
        "resources": {
            "roads": _collection("道路", SHANGHAI, roads),
            "florence": _collection("佛罗伦萨", FLORENCE, tiles),
        },
    }  # fmt: skip


def _collection(title: str, box: Box, provider: dict[str, Any]) -> dict[str, Any]:
    crs = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    return {
        "type": "collection", "title": title, "description": title, "keywords": [], "links": [],
        "extents": {"spatial": {"bbox": box, "crs": crs}}, "providers": [provider],
    }  # fmt: skip


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        try:
            requests.get(address, timeout=10)
            return
        except requests.RequestException:
            time.sleep(0.1)
    raise RuntimeError(f"pygeoapi did not start: {log.read_text('utf-8', 'replace')[-2000:]}")
