"""Heights from GeoTIFFs: between pixels, in any coordinate system, far and near, with holes."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
import rasterio
from pyproj import Transformer
from rasterio.transform import from_origin

from console.scene.ground.heights import Flat
from console.scene.ground.raster import RasterHeights
from console.scene.refusal import SceneRefused

UTM = "EPSG:32650"
WEST, NORTH, PIXEL = 500_000.0, 2_500_000.0, 10.0


def plane(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A tilted plane over the metres of UTM: bilinear reading must give it back exactly."""
    return 100.0 + (x - WEST) * 0.01 + (NORTH - y) * 0.02


def dem(path: Path, size: tuple[int, int] = (700, 900), **more) -> Path:
    """Rows, columns of the plane; *values* instead of it, and more of the profile."""
    values = more.pop("values", None)
    rows, columns = size
    if values is None:
        x = WEST + (np.arange(columns) + 0.5) * PIXEL
        y = NORTH - (np.arange(rows) + 0.5) * PIXEL
        values = plane(x[None], y[:, None])
    profile = {"driver": "GTiff", "width": columns, "height": rows, "count": 1, "dtype": "float32"}
    profile |= {"crs": UTM, "transform": from_origin(WEST, NORTH, PIXEL, PIXEL)} | more
    with rasterio.open(path, "w", **profile) as file:
        file.write(np.asarray(values).astype(profile["dtype"]), 1)
    return path


def lonlat(x, y) -> tuple[np.ndarray, np.ndarray]:
    lon, lat = Transformer.from_crs(UTM, 4326, always_xy=True).transform(np.asarray(x), np.asarray(y))
    return lon, lat


@pytest.mark.parametrize("step", [0.0, 0.0005])
def test_a_plane_comes_back_at_every_level(tmp_path: Path, step: float):
    heights = RasterHeights(dem(tmp_path / "a.tif"))
    spot = np.random.default_rng(1).uniform([WEST + 60, NORTH - 6900], [WEST + 8900, NORTH - 60], (500, 2))
    lon, lat = lonlat(*spot.T)
    found = heights.at(lon.reshape(50, 10), lat.reshape(50, 10), step)
    assert found.shape == (50, 10)
    assert found.ravel() == pytest.approx(plane(*spot.T), abs=2e-3)


def test_outside_and_in_holes_the_ground_is_at_sea_level(tmp_path: Path):
    values = np.full((100, 100), 50.0)
    values[40:60, 40:60] = -9999
    heights = RasterHeights(dem(tmp_path / "a.tif", (100, 100), values=values, nodata=-9999), Flat(-3.0))
    lon, lat = lonlat(
        WEST + np.array([100.0, 500.0, 395.0, 3000.0]), NORTH - np.array([100.0, 500.0, 500.0, 100.0])
    )
    assert heights.at(lon, lat).tolist() == pytest.approx([47.0, -3.0, 47.0, -3.0])


def test_scaled_numbers_and_a_geoid_of_its_own_file(tmp_path: Path):
    undulation = np.full((20, 20), -12.5)
    geoid = dem(
        tmp_path / "g.tif",
        (20, 20),
        values=undulation,
        crs="EPSG:4326",
        transform=from_origin(110, 30, 1, 1),
    )
    path = dem(tmp_path / "a.tif", (50, 50), values=np.full((50, 50), 400), dtype="int16")
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = (0.1,), (5.0,)
    heights = RasterHeights(path, RasterHeights(geoid))
    assert heights.at(*lonlat(WEST + 250, NORTH - 250)) == pytest.approx(45.0 - 12.5)


def test_few_blocks_are_kept_and_all_threads_read_right(tmp_path: Path):
    heights = RasterHeights(dem(tmp_path / "a.tif", (2000, 2000), tiled=True), room=1 << 19)
    wrong: list[float] = []

    def ask(seed: int) -> None:
        spot = np.random.default_rng(seed).uniform(
            [WEST + 60, NORTH - 19_000], [WEST + 19_000, NORTH - 60], (300, 2)
        )
        error = np.abs(heights.at(*lonlat(*spot.T)) - plane(*spot.T)).max()
        if error > 1e-2:
            wrong.append(error)

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert heights._blocks._taken <= 1 << 19


def test_what_is_no_elevation_file_is_refused(tmp_path: Path):
    (tmp_path / "a.tif").write_bytes(b"II*\0nothing")
    (tmp_path / "a.vrt").write_text("<VRTDataset rasterXSize='1' rasterYSize='1'/>")
    dem(tmp_path / "b.tif", (10, 10), crs=None)
    for name in ("a.tif", "a.vrt", "b.tif", "missing.tif"):
        with pytest.raises(SceneRefused):
            RasterHeights(tmp_path / name)
