"""Ground and buildings are streamed like tilesets: few triangles, no holes, nothing from behind the Earth."""

from __future__ import annotations

import time

import numpy as np
import pytest
import shapely

from console.scene.ellipsoid import A, B
from console.scene.frame import Frame
from console.scene.ground.buildings import raise_city
from console.scene.ground.city_tiles import CityTiles
from console.scene.ground.footprints import Footprints
from console.scene.ground.ground_tiles import GroundTiles
from console.scene.ground.heights import Flat
from console.scene.ground.solids import Look
from console.scene.pose import Pose
from console.scene.stream.cameras import camera_of
from console.scene.stream.drawable import Drawable
from console.scene.stream.layer import StreamedLayer
from console.scene.stream.streamer import Streamer
from console.scene.stream.tiled import Tiled

FRAME = Frame(113.93, 22.52)


class Hills:
    def at(self, lon, lat, step=0.0):
        return 120.0 * np.sin(np.asarray(lon) * 300) * np.cos(np.asarray(lat) * 250) + 60.0


class Shelf:
    """A stage that only keeps."""

    kept = np.zeros((0, 4))

    def build(self, drawable: Drawable) -> Drawable:
        return drawable

    def show(self, built: Drawable, shown: bool) -> None: ...
    def drop(self, built: Drawable) -> None: ...


def checkered(z: int, x: int, y: int) -> np.ndarray:
    return np.full((2, 2, 3), 255 if (x + y) % 2 else 0, np.uint8)


def seen(tiled: Tiled, pose: Pose) -> tuple[StreamedLayer, list[Drawable]]:
    """The layer once all of a view at 1920x1080 is there, and what is drawn of it."""
    streamer = Streamer(lambda: None)
    layer = streamer.add("it", tiled, Shelf())
    camera = camera_of(pose.lens(FRAME, 1920, 1080), FRAME)
    until = time.monotonic() + 20
    try:
        streamer.frame(camera)
        while streamer.busy or layer.missing():
            assert time.monotonic() < until
            streamer.take(0.03)
            streamer.frame(camera)
            time.sleep(0.002)
        assert layer.faults == {}
        return layer, layer.built()
    finally:
        streamer._loader.close()


@pytest.mark.parametrize(
    ("ground", "pose", "most"),
    [
        (Flat(), Pose(113.93, 22.52, 0, 30, 65, 900), 10_000),
        (Flat(), Pose(113.93, 22.52, 0, 0, 80, 4_000), 20_000),
        (Hills(), Pose(113.93, 22.52, 0, 0, 45, 15_000), 100_000),
        (Flat(), Pose(113.93, 22.52, 0, 0, 0, 8e6), 100_000),
    ],
)
def test_the_ground_fills_a_view_with_pictures_sharp_enough(ground, pose: Pose, most: int):
    """Rays through the view meet it, and a pixel of its pictures is little larger than one of the view."""
    layer, drawn = seen(GroundTiles(ground, checkered, deepest=20), pose)
    assert 5 < layer.triangles < most
    tiles = layer.tiled.tree.tiles[sorted(layer.shown)]
    lens = pose.lens(FRAME, 1920, 1080)
    x, y = np.meshgrid(np.linspace(5, 1915, 9), np.linspace(5, 1075, 7))
    for at_x, at_y in zip(x.ravel(), y.ravel(), strict=True):
        ray = lens.rays(at_x, at_y)
        spot = _on_earth(lens.eye, ray)
        if spot is None:
            continue
        lon, lat, _ = FRAME.geographic(spot)
        holding = tiles[_holding(tiles, lon, lat)]
        assert len(holding) == 1
        width = 40_075_017 * np.cos(np.radians(lat)) / 2.0 ** holding[0]["level"]
        pixels = width * lens.focal / np.linalg.norm(spot - lens.eye)
        assert pixels < 256 * 1.4 or holding[0]["level"] == 20
    assert all(batch.surface.pixels is not None for each in drawn for batch in each.batches)


def _on_earth(eye: np.ndarray, ray: np.ndarray) -> np.ndarray | None:
    """Where a ray meets the ellipsoid; None for the sky."""
    squeeze = 1 / np.array([A, A, B])
    start = (FRAME.to_ecef[:3, :3] @ eye + FRAME.to_ecef[:3, 3]) * squeeze
    way = FRAME.to_ecef[:3, :3] @ ray * squeeze
    along, square = start @ way, way @ way
    inner = along**2 - square * (start @ start - 1)
    return None if inner < 0 or along > 0 else eye + ray * (-along - np.sqrt(inner)) / square


def _holding(tiles: np.ndarray, lon: float, lat: float) -> np.ndarray:
    """(n,): which tiles a place is in."""
    side = 2.0 ** tiles["level"].astype(float)
    down = 0.5 - np.arcsinh(np.tan(np.radians(lat))) / (2 * np.pi)
    across = (lon + 180) / 360
    return (np.floor(across * side) == tiles["x"]) & (np.floor(down * side) == tiles["y"])


def test_tiles_of_the_ground_lie_within_their_boxes():
    layer, _ = seen(GroundTiles(Hills(), checkered), Pose(113.93, 22.52, 0, 0, 45, 15_000))
    for tile in layer.shown:
        row = layer.tiled.tree.tiles[tile]
        (batch,) = layer._kept[tile].built.batches
        cells = round((len(batch.positions) + 8) ** 0.5) - 3
        world = (
            batch.positions[: (cells + 1) ** 2].astype(float) @ batch.matrix[:3, :3].T + batch.matrix[:3, 3]
        )
        half = np.linalg.norm(row["axes"], axis=1)
        along = abs((world - row["center"]) @ (row["axes"] / half[:, None]).T)
        assert (along <= half * 1.05 + 5.0).all()


def test_without_a_picture_the_ground_is_bare_and_lit():
    _, drawn = seen(GroundTiles(Flat(), lambda z, x, y: None), Pose(113.93, 22.52, 0, 0, 0, 2_000))
    assert all(batch.surface.lit and batch.surface.pixels is None for each in drawn for batch in each.batches)


def town(rows: int, columns: int) -> Footprints:
    """Houses of 20 m, 40 m apart, the tall ones every ten."""
    lon, lat = np.meshgrid(113.9 + np.arange(columns) * 4e-4, 22.5 + np.arange(rows) * 4e-4)
    shapes = shapely.box(lon.ravel(), lat.ravel(), lon.ravel() + 2e-4, lat.ravel() + 2e-4)
    heights = np.where(np.arange(len(shapes)) % 10, 9.0, 60.0)
    return Footprints(shapes, heights, np.arange(len(shapes)), ("",) * len(shapes))


def test_near_blocks_are_whole_and_far_ones_coarse():
    footprints = town(60, 100)
    city = CityTiles(raise_city(footprints, Flat(), far_triangles=10_000), Look())
    pose = Pose(113.92, 22.51, 0, 0, 60, 600)
    layer, _ = seen(city, pose)
    assert layer.triangles < 100_000
    near = [tile for tile in layer.shown if tile > len(layer.tiled.tree.tiles) // 2]
    assert 0 < len(near) < len(layer.shown)
    eye = pose.lens(FRAME, 1920, 1080).eye
    whole = {int(f) for tile in near for f in layer._kept[tile].built.batches[0].features}
    close = [f for f, shape in enumerate(footprints.shapes) if np.linalg.norm(_place(shape) - eye) < 700]
    lens = pose.lens(FRAME, 1920, 1080)
    x, y, ahead = lens.project(np.array([_place(footprints.shapes[f]) for f in close]))
    inside = (ahead > 0) & (x > 0) & (x < 1920) & (y > 0) & (y < 1080)
    assert inside.any()
    assert {f for f, visible in zip(close, inside, strict=True) if visible} <= whole


def _place(shape: shapely.Geometry) -> np.ndarray:
    return FRAME.place(shape.centroid.x, shape.centroid.y, 0.0)


def test_from_afar_a_city_is_its_large_buildings():
    footprints = town(40, 60)
    city = CityTiles(raise_city(footprints, Flat(), far_triangles=2_400), Look())
    layer, drawn = seen(city, Pose(113.91, 22.508, 0, 0, 45, 20_000))
    assert layer.triangles <= 2_400
    assert {int(f) % 10 for each in drawn for f in each.batches[0].features} == {0}


def test_an_empty_city_shows_nothing():
    layer, drawn = seen(CityTiles(raise_city(town(0, 0), Flat()), Look()), Pose(113.91, 22.508))
    assert (len(layer.shown), drawn) == (0, [])
