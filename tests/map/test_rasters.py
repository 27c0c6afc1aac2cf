"""Files of pixels: colours, place, nodata, ramps, tiles in an archive, and files that lie."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from pyproj import Transformer
from rasterio.features import rasterize

from console.map.views.view import MapView
from console.model.coordinates import Datum, to_wgs84
from console.model.text import Text
from console.sdk.ui.words import word
from tests.map.conftest import CENTER, drawn, until
from tests.map.test_tile_services import color_at, shown, state, tile_middle
from tests.map.tile_server import picture

TITLE = Text("影像", "Imagery")
RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)
ZONE = "EPSG:4548"
"""CGCS2000, Gauss-Krüger, 117 degrees east."""


def write(path: Path, bands: np.ndarray, metres: float = 4.0, **more: Any) -> Path:
    """Pixels (bands, h, w) around CENTER in the zone's metres."""
    x, y = Transformer.from_crs("EPSG:4490", ZONE, always_xy=True).transform(*CENTER)
    count, height, width = bands.shape
    place = Affine(metres, 0, x - width * metres / 2, 0, -metres, y + height * metres / 2)
    profile = {"driver": "GTiff", "dtype": str(bands.dtype), "count": count, "crs": ZONE, "transform": place}
    colormap = more.pop("colormap", None)
    with rasterio.open(path, "w", width=width, height=height, **profile, **more) as file:
        file.write(bands)
        if colormap:
            file.write_colormap(1, colormap)
        file.build_overviews([2, 4, 8])
    return path


def halves(low: float, high: float, dtype: str) -> np.ndarray:
    """One band: *low* in the west, *high* in the east."""
    band = np.full((1, 256, 256), low, dtype)
    band[:, :, 128:] = high
    return band


def east(metres: float = 200.0) -> tuple[float, float]:
    return CENTER[0] + metres / 92_000, CENTER[1]


def west(metres: float = 200.0) -> tuple[float, float]:
    return CENTER[0] - metres / 92_000, CENTER[1]


def add(view: MapView, path: Path, **more: Any) -> None:
    view.facet.add_raster("r", str(path), version="1", title=TITLE, **more)


def test_colours_lie_where_the_zone_says(view: MapView, tmp_path: Path):
    rgb = np.zeros((3, 256, 256), np.uint8)
    rgb[0, :, :128] = 255
    rgb[1, :, 128:] = 255
    add(view, write(tmp_path / "rgb.tif", rgb))
    for place, color in ((west(), RED), (east(), GREEN), (west(12), RED), (east(12), GREEN)):
        shown(view, *place, color)


def test_a_single_band_gets_a_ramp_and_nodata_is_seen_through(view: MapView, tmp_path: Path):
    band = halves(10, 90, "float32")
    band[0, :64] = -9999
    path = write(tmp_path / "dem.tif", band, nodata=-9999)
    add(view, path, ramp=[(10, "#0000ff"), (90, "#ff0000")])
    shown(view, *west(), BLUE)
    shown(view, *east(), RED)
    image = view.grab().toImage()
    x, y = view.viewport.pixel_of(CENTER[0] - 0.002, CENTER[1] + 0.0038)
    assert image.pixelColor(round(x), round(y)).blue() < 100
    assert [line.title.en for line in view.facet.layers.entries()[0].legend] == ["10", "90"]


def test_a_palette_keeps_its_colours(view: MapView, tmp_path: Path):
    colors = {1: (0, 0, 255, 255), 7: (0, 255, 0, 255)}
    add(view, write(tmp_path / "classes.tif", halves(1, 7, "uint8"), colormap=colors))
    shown(view, *west(), BLUE)
    shown(view, *east(), GREEN)


def test_real_footprints_as_an_elevation_model(view: MapView, tmp_path: Path, shared_data: Path):
    """Heights of real buildings, rasterised: grey where nothing is said."""
    import pyogrio
    import shapely

    _, _, wkb, _ = pyogrio.raw.read(shared_data / "nanshan-building.geojson")
    shapes = shapely.from_wkb(wkb)
    left, bottom, right, top = shapely.total_bounds(shapes)
    place = Affine((right - left) / 1500, 0, left, 0, (bottom - top) / 1500, top)
    heights = rasterize(zip(shapes, range(20, 220, 20), strict=False), (1500, 1500), transform=place)
    path = tmp_path / "nanshan.tif"
    profile = {"driver": "COG", "dtype": "uint8", "count": 1, "crs": "EPSG:4326", "transform": place}
    with rasterio.open(path, "w", width=1500, height=1500, **profile) as file:
        file.write(heights[None].astype(np.uint8))
    add(view, path)
    inside = shapely.point_on_surface(max(shapely.get_parts(shapes), key=lambda shape: shape.area))
    view.facet.center_on(inside.x, inside.y, 16)
    until(lambda: drawn(view) is None and view.grab().toImage().pixelColor(400, 300).lightness() > 20)
    color = view.grab().toImage().pixelColor(400, 300)
    assert color.saturation() < 20


def archive(path: Path, z: int) -> tuple[float, float]:
    """A red tile at CENTER in an archive; gives its middle."""
    x, y, lon, lat = tile_middle(z, *CENTER)
    if path.suffix == ".mbtiles":
        with sqlite3.connect(path) as base:
            base.execute("CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB)")
            base.execute(
                "INSERT INTO tiles VALUES (?, ?, ?, ?)", (z, x, (1 << z) - 1 - y, picture("#ff0000"))
            )
        base.close()
        return lon, lat
    with path.open("wb") as file:
        writer = Writer(file)
        writer.write_tile(zxy_to_tileid(z, x, y), picture("#ff0000"))
        bounds = {"min_lon_e7": 0, "min_lat_e7": 0, "max_lon_e7": 1, "max_lat_e7": 1}
        header = {"tile_type": TileType.PNG, "tile_compression": Compression.NONE, **bounds}
        header |= {"center_zoom": 0, "center_lon_e7": 0, "center_lat_e7": 0}
        writer.finalize(header, {})
    return lon, lat


@pytest.mark.parametrize("name", ["tiles.mbtiles", "tiles.pmtiles"])
def test_tiles_of_an_archive_also_beyond_its_finest_level(view: MapView, tmp_path: Path, name: str):
    lon, lat = archive(tmp_path / name, 14)
    add(view, tmp_path / name)
    shown(view, lon, lat, RED)
    view.facet.center_on(lon, lat, 17)
    shown(view, lon, lat, RED)


def test_shifted_tiles_of_an_archive_are_put_back(view: MapView, tmp_path: Path):
    """A tile of some 500 m, as far as the shift is."""
    lon, lat = archive(tmp_path / "tiles.mbtiles", 16)
    add(view, tmp_path / "tiles.mbtiles", datum="gcj02")
    there = to_wgs84(np.array([lon]), np.array([lat]), Datum.GCJ02)
    shown(view, float(there[0][0]), float(there[1][0]), RED)
    assert color_at(view, lon, lat) != RED


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.tif", b""),
        ("x.tif", b"II*\0" + b"\xff" * 200),
        ("x.tif", b"<VRTDataset rasterXSize='9' rasterYSize='9'></VRTDataset>"),
        ("x.mbtiles", b"SQLite format 3\0" + b"\0" * 500),
        ("x.pmtiles", b"PMTiles\x03" + b"\xff" * 300),
        ("x.pmtiles", gzip.compress(b"nothing", mtime=0)),
    ],
)
def test_a_broken_file_is_told_and_the_map_goes_on(view: MapView, tmp_path: Path, name: str, content: bytes):
    path = tmp_path / name
    path.write_bytes(content)
    add(view, path)
    until(lambda: drawn(view) is None and bool(state(view)))
    pids = view.base.process_ids
    drawn(view)
    assert view.base.process_ids == pids


def test_a_file_that_declares_more_than_can_be_read_is_refused(view: MapView, tmp_path: Path):
    path = tmp_path / "huge.tif"
    profile = {"driver": "GTiff", "dtype": "uint8", "count": 1, "crs": ZONE, "sparse_ok": True}
    with rasterio.open(
        path,
        "w",
        width=900_000,
        height=900_000,
        transform=Affine(1, 0, 0, 0, -1, 0),
        BIGTIFF="YES",
        **profile,
    ):
        pass
    add(view, path)
    said = word("the file is too large to be shown without overviews")
    until(lambda: drawn(view) is None and said in state(view))


def test_a_file_without_a_place_is_refused(view: MapView, tmp_path: Path):
    path = tmp_path / "photo.tif"
    with rasterio.open(path, "w", driver="GTiff", width=9, height=9, count=1, dtype="uint8") as file:
        file.write(np.zeros((1, 9, 9), np.uint8))
    add(view, path)
    until(lambda: drawn(view) is None and word("the file has no coordinate system") in state(view))
