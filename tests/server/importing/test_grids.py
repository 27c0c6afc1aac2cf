"""Grids over real roads: nested, without gap or overlap, evenly sized."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import shapely

from console.geodata.packing import geometries, texts
from console.model.layers import LayerPackage
from console.server.importing import ImportOptions, import_files, make_grids
from console.server.importing.grids import GridError
from console.server.layer_types import AreaShape

SHANGHAI = Path(__file__).resolve().parents[4] / "shared" / "data" / "shanghai_center.osm.pbf"


@pytest.fixture(scope="module")
def roads() -> LayerPackage:
    if not SHANGHAI.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{SHANGHAI} is missing")
        pytest.skip(f"needs the test data {SHANGHAI}")
    layers = import_files([SHANGHAI], ImportOptions(), lambda done, text: None, lambda: False).layers
    return next(layer.package for layer in layers if layer.kind == "road")


def of_level(areas: list[AreaShape], digits: int) -> np.ndarray:
    return np.array([a.geometry for a in areas if len(a.code) == digits], dtype=object)


@pytest.mark.parametrize("count", [1, 12, 200, 1500])
def test_grids_cover_the_district_exactly(roads: LayerPackage, count: int) -> None:
    areas, package = make_grids(roads, "320399", "云澜区", count, 1)
    district = of_level(areas, 6)[0]
    for digits in (9, 12, 15):
        shapes = of_level(areas, digits)
        assert shapely.coverage_is_valid(shapes)
        assert shapely.is_valid(shapes).all()
        assert shapely.equals(shapely.coverage_union_all(shapes), district)
    assert len(of_level(areas, 15)) == len(package) == pytest.approx(count, rel=0.1)
    assert len({a.code for a in areas}) == len(areas)


def test_children_lie_in_their_parents(roads: LayerPackage) -> None:
    areas, _ = make_grids(roads, "320399", "云澜区", 120, 1)
    for parent in (a for a in areas if len(a.code) in (6, 9, 12)):
        children = [
            a for a in areas if len(a.code) == len(parent.code) + 3 and a.code.startswith(parent.code)
        ]
        whole = shapely.coverage_union_all(np.array([c.geometry for c in children], dtype=object))
        assert shapely.equals(whole, parent.geometry)


def test_borders_follow_roads_and_sizes_are_even(roads: LayerPackage) -> None:
    areas, package = make_grids(roads, "320399", "云澜区", 200, 1)
    shapes = of_level(areas, 15)
    border = shapely.difference(shapely.union_all(shapely.boundary(shapes)), of_level(areas, 6)[0].boundary)
    on_road = shapely.intersection(border, shapely.union_all(shapely.buffer(geometries(roads), 0.00012)))
    assert on_road.length > 0.5 * border.length
    area = shapely.area(shapes)
    assert area.max() < 4 * area.mean()
    assert all("网格" in name for name in texts(package, "name"))
    assert package.columns["level"].tolist() == [15] * len(package)


def test_same_roads_same_grids(roads: LayerPackage) -> None:
    first, second = (make_grids(roads, "320399", "云澜区", 60, 7)[0] for _ in range(2))
    assert [(a.code, a.name, a.geometry.wkb) for a in first] == [
        (a.code, a.name, a.geometry.wkb) for a in second
    ]


def test_without_roads_or_with_a_silly_count_it_is_refused(roads: LayerPackage) -> None:
    with pytest.raises(GridError):
        make_grids(roads, "320399", "云澜区", 0, 1)
