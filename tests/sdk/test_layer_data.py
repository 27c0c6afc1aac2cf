"""What is in a layer: fields, values, and which area holds a place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from console.model.layers import DEGREE, FeatureShape, LayerKind, LayerPackage, encode_package
from console.sdk.layer_data import (
    AreaIndex,
    PackageError,
    read_areas,
    read_attributes,
    read_texts,
    read_values,
)
from tests.map.conftest import CENTER, package, square

LON, LAT = CENTER


@pytest.fixture
def blocks(tmp_path: Path) -> str:
    squares = [square(LON + 0.01 * at, LAT, 0.008) for at in range(4)]
    layer = package(
        LayerKind.GRID,
        FeatureShape.POLYGON,
        squares,
        ["甲", "乙", "甲", ""],
        height=[10, np.nan, 30, 10],
        level=[15, 15, 12, 15],
    )
    path = tmp_path / "blocks.oml"
    path.write_bytes(encode_package(layer))
    return str(path)


def test_fields_are_told_with_their_values(blocks: str) -> None:
    found = read_attributes([blocks])
    assert (found.count, found.shapes) == (4, ("Polygon",))
    fields = {field.name: field for field in found.fields}
    name, height = fields["name"], fields["height"]
    assert (name.type, name.count, name.common) == ("text", 3, (("甲", 2), ("乙", 1)))
    assert (height.type, height.count, height.least, height.most) == ("number", 3, 10, 30)
    assert height.common == ((10, 2), (30, 1)) and height.others == 0
    few = {field.name: field for field in read_attributes([blocks], 1).fields}
    assert few["name"].common == (("甲", 2),) and few["name"].others == 1


def test_values_of_two_packages_with_different_fields(blocks: str, tmp_path: Path) -> None:
    line = package(LayerKind.OTHER, FeatureShape.LINE, [[(LON, LAT), (LON + 0.1, LAT)]], ["路"], lanes=[4])
    path = tmp_path / "lines.oml"
    path.write_bytes(encode_package(line))
    both = [blocks, str(path)]
    assert read_attributes(both).shapes == ("LineString", "Polygon")
    assert read_values(both, "name").tolist() == ["甲", "乙", "甲", None, "路"]
    assert np.array_equal(read_values(both, "lanes"), [np.nan] * 4 + [4], equal_nan=True)


def test_a_torn_file_is_refused(blocks: str) -> None:
    Path(blocks).write_bytes(Path(blocks).read_bytes()[:100])
    with pytest.raises(PackageError):
        read_attributes([blocks])


def test_the_area_under_a_place(blocks: str) -> None:
    areas = read_areas([blocks], [("level", 15)])
    assert len(areas) == 3
    area = areas.at(LON + 0.01, LAT)
    assert area is not None and areas.value(area, "name") == "乙" and areas.value(area, "level") == 15
    assert areas.value(area, "colour") is None
    assert areas.at(LON + 0.02, LAT) is None, "that one is of another level"
    assert areas.at(LON + 0.005, LAT) is None, "between two"
    (ring,) = areas.rings(area)
    assert ring[0] == ring[-1] == pytest.approx((LON + 0.006, LAT - 0.004))
    assert areas.square_metres()[0] == pytest.approx(
        0.008**2 * 111_000**2 * np.cos(np.radians(LAT)), rel=0.01
    )


def test_the_smallest_of_those_that_hold_a_place() -> None:
    nested = [square(LON, LAT, side) for side in (0.1, 0.01, 0.05)]
    areas = AreaIndex([package(LayerKind.GRID, FeatureShape.POLYGON, nested)])
    assert areas.at(LON, LAT) == 1
    assert areas.at(LON + 0.02, LAT) == 2


places = st.tuples(st.integers(-100, 100), st.integers(-100, 100))


@given(st.lists(places, min_size=3, max_size=9, unique=True), st.lists(places, max_size=12))
def test_inside_and_outside_as_an_independent_library_says(
    corners: list[tuple[int, int]], asked: list[tuple[int, int]]
) -> None:
    hull = shapely.MultiPoint(corners).convex_hull
    if hull.geom_type != "Polygon":
        return
    shell = shapely.get_coordinates(hull).astype(np.int32)
    hole = shapely.get_coordinates(hull.buffer(-10)).round().astype(np.int32)
    parts = [part for part in (shell, hole) if len(part) >= 4]
    starts = np.cumsum([0, *map(len, parts)]).astype(np.int32)
    layer = LayerPackage(
        kind=LayerKind.OTHER,
        shape=FeatureShape.POLYGON,
        xy=np.concatenate(parts),
        part_start=starts,
        feature_start=np.array([0, len(parts)], np.int32),
    )
    areas, area = AreaIndex([layer]), shapely.Polygon(parts[0], [parts[1]] if len(parts) > 1 else [])
    for x, y in asked:
        if not area.boundary.intersects(shapely.Point(x, y)):
            held = area.contains(shapely.Point(x, y))
            assert areas.at(x / DEGREE, y / DEGREE) == (0 if held else None)


def test_texts_of_several_files_share_one_list(blocks: str, tmp_path: Path) -> None:
    line = package(LayerKind.OTHER, FeatureShape.LINE, [[(LON, LAT), (LON + 0.1, LAT)]] * 2, ["路", "乙"])
    path = tmp_path / "lines.oml"
    path.write_bytes(encode_package(line))
    codes, texts = read_texts([blocks, str(path)], "name")
    assert [texts[code] if code >= 0 else None for code in codes.tolist()] == [
        "甲",
        "乙",
        "甲",
        None,
        "路",
        "乙",
    ]
    assert sorted(texts) == sorted({"甲", "乙", "路"})
    codes, texts = read_texts([blocks], "height")
    assert (codes.tolist(), texts) == ([-1] * 4, [])
