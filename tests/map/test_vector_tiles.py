"""Vector tiles of a real city: cut at no seam, styled, named once, and tiles that are broken."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pmtiles.reader import MmapSource, Reader, all_tiles
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from console.map.engine.data_refs import VectorTilesRef
from console.map.layers.data_layers import tiles_style
from console.map.render.data.vector_tile import read_tile
from console.map.render.data.vector_tiles_layer import VectorTilesLayer
from console.map.render.labels import LabelEngine
from console.map.render.style import load_style
from console.map.viewport import to_world
from console.map.views.view import MapView
from console.model.coordinates import Datum, to_wgs84
from console.model.text import Text
from console.sdk.map import TileService
from tests.map.conftest import drawn, until
from tests.map.test_tile_services import color_at, shown, state
from tests.map.tile_server import TileServer, tile_server
from tests.support.roads import roads_of, taken, tiled

FLORENCE = (11.2560, 43.7715)
"""In the old town."""
ARNO = (11.2531, 43.7680)
"""Below the Ponte Vecchio."""
TITLE = Text("佛罗伦萨", "Florence")
WATER = [{"id": "w", "type": "fill", "source-layer": "water", "paint": {"fill-color": "#0000ff"}}]
ROADS = [
    {"id": "r", "type": "line", "source-layer": "roads", "paint": {"line-color": "#ff0000", "line-width": 3}}
]


@pytest.fixture
def florence(shared_data: Path) -> str:
    return str(shared_data / "firenze.pmtiles")


@pytest.fixture
def city(view: MapView) -> MapView:
    view.facet.center_on(*FLORENCE, 15)
    return view


def test_the_river_is_where_it_is(city: MapView, florence: str):
    city.facet.add_vector_tiles("t", florence, title=TITLE, style=WATER)
    shown(city, *ARNO, (0, 0, 255))
    assert color_at(city, *FLORENCE) != (0, 0, 255)
    city.facet.center_on(*ARNO, 18)
    shown(city, *ARNO, (0, 0, 255))


def test_the_same_city_as_mbtiles(city: MapView, florence: str, tmp_path: Path):
    path = tmp_path / "firenze.mbtiles"
    with sqlite3.connect(path) as base, Path(florence).open("rb") as file:
        base.execute("CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB)")
        rows = [(z, x, (1 << z) - 1 - y, data) for (z, x, y), data in all_tiles(MmapSource(file))]
        base.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    base.close()
    city.facet.add_vector_tiles("t", str(path), title=TITLE, style=WATER)
    shown(city, *ARNO, (0, 0, 255))


def test_tiles_in_another_datum_are_put_where_they_belong(city: MapView, florence: str):
    """BD-09 is the one that is shifted outside China, too: by a kilometre."""
    lon, lat = (float(v[0]) for v in to_wgs84(np.array([ARNO[0]]), np.array([ARNO[1]]), Datum.BD09))
    city.facet.center_on(lon, lat, 15)
    layer = city.facet.add_vector_tiles("t", florence, title=TITLE, style=WATER, datum="bd09")
    shown(city, lon, lat, (0, 0, 255))
    layer.remove()
    city.facet.add_vector_tiles("t", florence, title=TITLE, style=WATER)
    until(lambda: drawn(city) is None and color_at(city, lon, lat) != (0, 0, 255))


def test_a_style_is_changed_in_place(city: MapView, florence: str):
    layer = city.facet.add_vector_tiles("t", florence, title=TITLE, style=WATER)
    shown(city, *ARNO, (0, 0, 255))
    layer.set_style([{**WATER[0], "paint": {"fill-color": "#00ff00"}}])
    shown(city, *ARNO, (0, 255, 0))
    with pytest.raises(ValueError, match="style"):
        layer.set_style([{"type": "line", "filter": ["?"]}])
    layer.remove()
    drawn(city)
    assert color_at(city, *ARNO) != (0, 255, 0)


def test_lines_go_on_across_the_borders_of_tiles(city: MapView, florence: str, shared_data: Path):
    """Along each border of a tile there is as much road as a little beside it."""
    city.facet.add_vector_tiles("t", florence, title=TITLE, style=ROADS)
    z = 14
    x = int(float(to_world(*FLORENCE)[0]) * (1 << z))
    lon = x / (1 << z) * 360 - 180
    city.facet.center_on(lon, FLORENCE[1], 15)
    drawn(city)
    image: QImage = city.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    red = (pixels[:, : image.width(), 2] > 200) & (pixels[:, : image.width(), 1] < 60)
    middle = round(city.viewport.pixel_of(lon, FLORENCE[1])[0])
    counts = red.sum(axis=0)
    assert counts[middle - 1 : middle + 1].min() > 0.4 * np.median(counts[middle - 60 : middle + 60])


def test_without_a_style_the_usual_things_are_drawn(city: MapView, florence: str):
    drawn(city)
    before = city.grab().toImage()
    city.facet.add_vector_tiles("t", florence, title=TITLE)
    until(lambda: drawn(city) is None and city.grab().toImage() != before)
    image = city.grab().toImage()
    colors = {image.pixel(x, y) for x in range(100, 700, 4) for y in range(100, 500, 4)}
    assert len(colors) > 40


@pytest.mark.parametrize("name", ["roads", "城市道路"], ids=["no kind of roads", "no usual name"])
def test_roads_of_no_usual_schema_are_drawn(view: MapView, shared_data: Path, tmp_path: Path, name: str):
    """As a district's own server gives them: without the attributes of the web's maps."""
    roads = taken(found := roads_of(shared_data / "shanghai_center.osm.pbf"), found.columns["way"] % 6 == 1)
    view.facet.center_on(*roads.degrees[roads.part_start[0]], 17)
    drawn(view)
    before = view.grab().toImage()
    view.facet.add_vector_tiles("t", tiled(tmp_path / "a.pmtiles", roads, name), title=TITLE)
    until(lambda: drawn(view) is None and changed(view, before) > 200)


def changed(view: MapView, before: QImage) -> int:
    """Pixels that are others now, of every fourth in each direction."""
    now = view.grab().toImage()
    places = [(x, y) for x in range(100, now.width() - 100, 4) for y in range(100, now.height() - 100, 4)]
    return sum(now.pixel(x, y) != before.pixel(x, y) for x, y in places)


def test_names_are_set_once_though_tiles_meet(qapp: QApplication, florence: str):
    """The same street in four tiles is written at the distance that the style says."""
    ref = VectorTilesRef(id="t", version="1", path=florence, size=512, style=tiles_style(()))
    layer = VectorTilesLayer(ref)
    engine = LabelEngine([], load_style("dark"), 1.0, layer.labels())
    x, y = (float(v) * 256 * 2**16 for v in to_world(*FLORENCE))
    block = int(x // 512), int(y // 512)
    blocks = [(block[0] + dx, block[1] + dy) for dx in range(-2, 3) for dy in range(-2, 3)]
    placed = [label for labels in engine.place(32, blocks) for label in labels]
    assert len(placed) > 40
    assert any(label.glyphs for label in placed)
    by_text: dict[str, list[tuple[float, float]]] = {}
    for label in placed:
        for other in by_text.get(label.text, []):
            assert np.hypot(label.x - other[0], label.y - other[1]) > 150
        by_text.setdefault(label.text, []).append((label.x, label.y))


@pytest.fixture
def server(qapp: QApplication, florence: str) -> Iterator[TileServer]:
    """The archive as a service."""
    with Path(florence).open("rb") as file:
        reader: Any = Reader(MmapSource(file))

    def answer(path: str) -> tuple[int, bytes]:
        z, x, y = (int(part) for part in path.split("/")[1:4])
        data = reader.get(z, x, y)
        return (200, bytes(data)) if data else (404, b"")

    with tile_server(answer) as running:
        yield running


def test_a_service_of_vector_tiles(city: MapView, server: TileServer):
    service = TileService(url=server.url + "/{z}/{x}/{y}", max_zoom=14)
    city.facet.add_vector_tiles("t", service, title=TITLE, style=WATER)
    shown(city, *ARNO, (0, 0, 255))


def test_broken_tiles_of_a_service_are_told(city: MapView, server: TileServer):
    server.answer = lambda path: (200, gzip.compress(b"\x1a\xff\xff\xff nonsense"))
    service = TileService(url=server.url + "/{z}/{x}/{y}", max_zoom=14)
    city.facet.add_vector_tiles("t", service, title=TITLE, style=WATER)
    until(lambda: drawn(city) is None and bool(state(city)))


@pytest.mark.parametrize(
    "data", [b"\x1a", b"\x1a\x05abc", b"\xff" * 50, b"<html>", b"PK\x03\x04" + b"\0" * 40]
)
def test_what_is_no_tile_is_refused_or_empty(data: bytes):
    try:
        assert read_tile(data, (14, 8704, 5971), set()) == []
    except OSError:
        return
