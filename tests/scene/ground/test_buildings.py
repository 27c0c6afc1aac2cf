"""Buildings from real footprints: closed, upright, of the right size, on the ground."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod

from console.model.layers import FeatureShape, LayerKind, LayerPackage, encode_package
from console.scene.ellipsoid import to_geodetic
from console.scene.ground.buildings import raise_city
from console.scene.ground.footprints import USUAL_HEIGHT, Footprints, read_footprints
from console.scene.ground.heights import Flat
from console.scene.ground.solids import Look
from console.scene.stream.drawable import Batch

NANSHAN = Path(__file__).parents[4] / "shared/data/nanshan-building.geojson"
GEOD = Geod(ellps="WGS84")
LOOK = Look()


class Slope:
    """A metre up for each thousandth of a degree to the east of 114."""

    def at(self, lon, lat, step=0.0):
        return (np.asarray(lon) - 114.0) * 1000.0


def footprints(*shapes: shapely.Geometry, height: float = 12.0) -> Footprints:
    count = len(shapes)
    return Footprints(
        np.array(shapes, object), np.full(count, height), np.arange(count), tuple("" for _ in shapes)
    )


def box(west: float, south: float, side: float = 2e-4) -> shapely.Polygon:
    return shapely.box(west, south, west + side, south + side)


def package(shapes: list[shapely.Geometry], columns: dict, strings: list[str]) -> LayerPackage:
    """As the importer packs: shells counter-clockwise, each followed by its holes."""
    parts, starts = [], [0]
    for shape in shapes:
        for polygon in shapely.get_parts(shapely.orient_polygons(shape)):
            parts += [shapely.get_coordinates(ring) for ring in (polygon.exterior, *polygon.interiors)]
        starts.append(len(parts))
    xy = np.round(np.concatenate(parts) * 1e7).astype(np.int32)
    ends = np.cumsum([0, *map(len, parts)])
    return LayerPackage(
        kind=LayerKind.BUILDING,
        shape=FeatureShape.POLYGON,
        xy=xy,
        part_start=ends.astype(np.int32),
        feature_start=np.array(starts, np.int32),
        columns=columns,
        text_columns=tuple(name for name, values in columns.items() if values.dtype == np.int32),
        strings=strings,
    )


@pytest.fixture(scope="module")
def nanshan() -> Footprints:
    features = json.loads(NANSHAN.read_text())["features"]
    shapes = [shapely.get_parts(shapely.geometry.shape(each["geometry"])) for each in features]
    tall = [each["properties"]["height"] for each in features]
    heights = np.repeat(np.array(tall, float), list(map(len, shapes)))
    return Footprints(np.concatenate(shapes), heights, np.arange(len(heights)), ("",) * len(heights))


def corners(batch: Batch) -> np.ndarray:
    """(t, 3, 3) of its triangles."""
    return batch.positions[batch.indices].reshape(-1, 3, 3).astype(np.float64)


def closed(batch: Batch) -> np.ndarray:
    """Triangles with the floor put in: the roof's, let down to the feet of the walls, the other way round."""
    roofs = len(batch.positions) - int(np.count_nonzero(np.abs(batch.normals[:, 2]) < 0.5))
    walls = batch.positions[roofs:].reshape(-1, 4, 3)
    down = {
        (f, top.tobytes()): foot
        for f, top, foot in zip(batch.features[roofs::4], walls[:, 3], walls[:, 0], strict=True)
    }
    feet = np.array(
        [down[f, p.tobytes()] for f, p in zip(batch.features[:roofs], batch.positions[:roofs], strict=True)]
    )
    indices = batch.indices.reshape(-1, 3)
    floor = feet[indices[(indices < roofs).all(axis=1)][:, ::-1]].astype(np.float64)
    return np.concatenate([corners(batch), floor])


def volume(triangles: np.ndarray) -> float:
    a, b, c = np.moveaxis(triangles, 1, 0)
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


def size_of(shape: shapely.Geometry) -> float:
    return abs(GEOD.geometry_area_perimeter(shape)[0])


def test_the_volume_of_a_district_is_that_of_its_footprints(nanshan: Footprints):
    city = raise_city(nanshan, Flat(5.0))
    assert (city.covered, city.dropped) == (0, 0)
    sound = shapely.make_valid(nanshan.shapes, method="structure")
    expected = sum(size_of(shape) * tall for shape, tall in zip(sound, nanshan.heights, strict=True))
    built = sum(volume(closed(block.batch(LOOK))) for block in city.blocks)
    assert built == pytest.approx(expected, rel=1e-3)
    assert {int(f) for block in city.blocks for f in block.near.features} == set(range(len(nanshan)))


def test_walls_and_roofs_close_each_building(nanshan: Footprints):
    city = raise_city(nanshan, Flat())
    for block in city.blocks[::9]:
        batch = block.batch(LOOK)
        triangles = closed(batch)
        points = np.unique(triangles.reshape(-1, 3), axis=0, return_inverse=True)[1].reshape(-1, 3)
        edges = Counter((int(a), int(b)) for t in points for a, b in zip(t, np.roll(t, -1), strict=True))
        assert all(edges[b, a] == count for (a, b), count in edges.items())


def test_faces_look_outward(nanshan: Footprints):
    for block in raise_city(nanshan, Flat()).blocks[::9]:
        batch = block.batch(LOOK)
        a, b, c = np.moveaxis(corners(batch), 1, 0)
        faces = np.cross(b - a, c - a)
        given = batch.normals[batch.indices[::3]]
        size = np.linalg.norm(faces, axis=1)
        assert (np.einsum("ij,ij->i", faces, given) > 0.999 * size - 0.01).all()


def test_a_block_stands_where_its_footprints_do(nanshan: Footprints):
    block = raise_city(nanshan, Flat(7.0)).blocks[30]
    batch = block.batch(LOOK)
    world = batch.positions.astype(np.float64) @ batch.matrix[:3, :3].T + batch.matrix[:3, 3]
    place = to_geodetic(world)
    spots = shapely.points(np.degrees(place[:, :2]))
    of = nanshan.shapes[batch.features]
    assert shapely.distance(shapely.boundary(of), spots).max() * 111_320 < 1e-3
    top = 7.0 + nanshan.heights[batch.features]
    assert np.minimum(abs(place[:, 2] - 7.0), abs(place[:, 2] - top)).max() < 1e-3
    assert (abs(batch.positions).max(axis=0) <= block.half).all()


def test_holes_stay_open_and_bow_ties_are_mended():
    yard = shapely.Polygon(box(114.0, 22.5).exterior, [box(114.00005, 22.50005, 1e-4).exterior])
    tie = shapely.Polygon([(114.01, 22.5), (114.0102, 22.5002), (114.0102, 22.5), (114.01, 22.5002)])
    city = raise_city(footprints(yard, tie), Flat())
    sizes = dict.fromkeys((0, 1), 0.0)
    for block in city.blocks:
        for feature, polygon in zip(block.near.features, block.near.polygons, strict=True):
            sizes[int(feature)] += size_of(polygon)
    assert sizes[0] == pytest.approx(size_of(box(114.0, 22.5)) * 0.75, rel=1e-3)
    assert sizes[1] == pytest.approx(size_of(box(114.01, 22.5)) * 0.5, rel=1e-3)
    built = sum(volume(closed(block.batch(LOOK))) for block in city.blocks)
    assert built == pytest.approx(12 * sum(sizes.values()), rel=1e-3)


def test_specks_are_dropped_and_what_a_model_shows_is_left_out():
    covered = shapely.box(114.01, 22.4, 114.02, 22.6)
    city = raise_city(
        footprints(box(114.0, 22.5), box(114.005, 22.5, 1e-6), box(114.015, 22.5)), Flat(), covered
    )
    assert (len(city.blocks), city.covered, city.dropped) == (1, 1, 1)
    assert city.blocks[0].near.features.tolist() == [0]
    empty = raise_city(footprints(box(114.015, 22.5)), Flat(), covered)
    assert (empty.blocks, empty.covered) == ((), 1)


def test_on_a_slope_nothing_floats():
    (block,) = raise_city(footprints(box(114.001, 22.5, 1e-3), height=10.0), Slope()).blocks
    assert block.near.foot.tolist() == pytest.approx([1.0])
    assert block.near.roof.tolist() == pytest.approx([11.5])


def test_from_afar_the_largest_are_left_within_the_triangles_given(nanshan: Footprints):
    city = raise_city(nanshan, Flat(), far_triangles=10_000)
    drawn = sum(block.batch(LOOK, far=True).triangles for block in city.blocks if len(block.far))
    assert 9_900 < drawn <= 10_000
    size = np.array([size_of(shape) for shape in nanshan.shapes]) * nanshan.heights
    kept = np.unique(np.concatenate([block.far.features for block in city.blocks]))
    assert size[kept].min() > np.median(size)


def test_walls_are_darker_at_the_foot_and_differ_at_corners():
    (block,) = raise_city(footprints(box(114.0, 22.5)), Flat()).blocks
    batch = block.batch(Look(roof=(200, 100, 50), wall=(100, 100, 100), foot=0.5))
    assert batch.colors is not None
    assert batch.colors[:5].tolist() == [[200, 100, 50, 255]] * 5
    walls = batch.colors[5:, 0].reshape(4, 4).astype(int)
    assert (abs(walls[:, :2] * 2 - walls[:, 2:]) <= 1).all()
    assert (abs(np.diff(walls[[0, 1, 2, 3, 0], 2])) >= 2).all()
    assert walls.max() <= 100
    assert walls[:, 2:].min() >= 82


def test_footprints_are_read_from_packages_by_box_with_names_and_heights(tmp_path: Path):
    yard = shapely.Polygon(box(114.0, 22.5).exterior, [box(114.00005, 22.50005, 1e-4).exterior])
    two = shapely.MultiPolygon([yard, box(114.001, 22.5)])
    columns = {
        "name": np.array([1, 0, 0], np.int32),
        "高度": np.array([0.0, 45.0, 0.0]),
        "楼层": np.array([2, 0, 0], np.int32),
    }
    layer = package([two, box(114.01, 22.5), box(115.0, 22.5)], columns, ["", "南山大厦", "6层"])
    paths = [tmp_path / "a.layer", tmp_path / "b.layer"]
    for path in paths:
        path.write_bytes(encode_package(layer))
    found = read_footprints([str(path) for path in paths], (113.9, 22.4, 114.1, 22.6))
    assert found.rows.tolist() == [0, 1, 3, 4]
    assert found.names == ("南山大厦", "", "南山大厦", "")
    assert found.heights.tolist() == [18.0, 45.0, 18.0, 45.0]
    assert shapely.equals_exact(found.shapes[0], two, 1e-7, normalize=True)
    assert read_footprints([str(paths[0])]).heights.tolist() == [18.0, 45.0, USUAL_HEIGHT]
    assert len(read_footprints([])) == 0


def test_rings_that_are_none_are_left_out_with_their_holes(tmp_path: Path):
    layer = package([box(114.0, 22.5), box(114.01, 22.5)], {}, [""])
    layer.xy[1:4] = layer.xy[0]
    path = tmp_path / "a.layer"
    path.write_bytes(encode_package(layer))
    assert read_footprints([str(path)]).rows.tolist() == [1]
