"""The comparison with other map programs: its data, its style and our own turn, on a city of a few houses.

What it measures is no matter here; that all programs are given the same city is.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyogrio
import pytest

from console.map.render.data.layers import read_style
from console.map.render.data.vector_tile import read_tile
from console.model.layers import FeatureShape, LayerKind, LayerPackage, encode_package
from tests.benchmarks import map_peers_ours, map_peers_views
from tests.benchmarks.city import SHARED, STAFF, City
from tests.benchmarks.map_peers import claims_of, qgis_plan
from tests.benchmarks.map_peers_data import LEVELS, geojson, geopackage, vector_tiles
from tests.benchmarks.map_peers_style import maplibre_style, rules_at
from tests.map.conftest import CENTER, package, roads, square

LINES = ("waterway", "railway")


def layer(name: str) -> LayerPackage:
    """Of two features; houses of 100 m."""
    kind, (lon, lat) = LayerKind(name), CENTER
    if name == "road":
        return roads()
    if name in LINES:
        lines = [[(lon - 0.01, lat + shift), (lon + 0.01, lat + shift)] for shift in (0.001, 0.002)]
        return package(kind, FeatureShape.LINE, lines, classes=["river", "rail"])
    rings = [square(lon + shift, lat, 0.001) for shift in (0.0, 0.002)]
    classes = ["park", "grass"]
    return package(kind, FeatureShape.POLYGON, rings, classes=classes, level=[15, 15], height=[9, 60])


@pytest.fixture
def town(tmp_path: Path) -> City:
    layers = {name: layer(name) for name in SHARED}
    for name, content in layers.items():
        (tmp_path / f"{name}.oml").write_bytes(encode_package(content))
    chance, middle = np.random.default_rng(1), np.array(CENTER)
    places = [middle + chance.normal(0, 0.005, (count, 2)) for count in (STAFF, 40)]
    bounds = (*(middle - 0.01).tolist(), *(middle + 0.01).tolist())
    return City(layers, bounds, *places, folder=tmp_path)


def test_all_programs_get_the_same_features(town: City):
    data = geopackage(town)
    counts = {name: pyogrio.read_info(data, layer=name)["features"] for name in SHARED}
    assert counts == dict.fromkeys(SHARED, 2)
    assert pyogrio.read_info(data, layer="staff")["features"] == STAFF
    names = {name for name, _ in pyogrio.list_layers(data)}
    assert names == {*SHARED, "staff", "cameras"}
    finest = sorted((vector_tiles(town) / str(LEVELS[1])).glob("*/*.pbf"))
    found: dict[str, set[str]] = {}
    for path in finest:
        tile = (LEVELS[1], int(path.parent.name), int(path.stem))
        for part in read_tile(path.read_bytes(), tile, set()):
            classes = part.table.column("class")
            found.setdefault(part.source_layer, set()).update([] if classes is None else classes.tolist())
    assert set(found) == set(SHARED)
    assert found["road"] == {"primary"}
    assert len(json.loads(geojson(town.cameras))["features"]) == 40


def test_the_style_for_the_others_is_one_and_says_the_same():
    document = maplibre_style("http://127.0.0.1:1", LEVELS)
    layers = read_style(json.dumps(document))
    assert {part.source_layer for part in layers} >= set(SHARED)
    assert {part.type for part in layers} == {"background", "fill", "line", "symbol", "circle"}
    for zoom in (13.5, 17.0):
        rules = rules_at(zoom)
        drawn = [part for part in layers if part.applies(zoom - 1) and part.type in ("fill", "line")]
        assert len(rules["strokes"]) == len(drawn)
        assert {stroke["layer"] for stroke in rules["strokes"]} >= {"building", "road", "grid", "water"}


def test_the_plan_for_qgis_has_the_same_views(town: City):
    plan = qgis_plan(town, "4K", 1.0, "")
    assert [view["name"] for view in plan["views"]] == list(map_peers_views.VIEWS)
    assert plan["views"][0]["unit"] == pytest.approx(156543.034 / 2**14.5, rel=1e-6)


def test_the_way_goes_there_and_back():
    turn = map_peers_views.REACH / map_peers_views.SPEED
    assert map_peers_views.way(0) == (0, 0)
    assert map_peers_views.way(turn) == (800, 400)
    assert map_peers_views.way(1.5 * turn) == map_peers_views.way(0.5 * turn) == (400, 200)


def test_our_turn_is_measured(qapp, town: City, tmp_path: Path):
    ours = map_peers_ours.Ours(town, (800, 600), tmp_path / "cache")
    try:
        found = map_peers_ours.measure_city(ours, "1080p", 0.3)
    finally:
        ours.close()
    for view in map_peers_views.VIEWS:
        assert found[view]["rate"] > 0
        assert found[view]["cold"] > 0
        assert found[view]["cpu"] >= found[view]["cpu_window"] > 0
    points = {form: {view: {"rate": 40.0} for view in map_peers_views.VIEWS} for form in ("live", "data")}
    claims = claims_of("1080p", {"ours": found, "qgis": found | {"memory": 1.0}, "points": points})
    assert {claim["ratio"] for claim in claims if "frames" in claim["claim"]} == {1.0, None}
    assert all(claim["holds"] for claim in claims)
