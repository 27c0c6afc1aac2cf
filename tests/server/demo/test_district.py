"""The fictitious district: the same for a seed, and sound as a city."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from console.geodata.packing import geometries, texts
from console.model.layers import LayerPackage, encode_package
from console.server.demo import DEMO, District, make_district, preset_size
from console.server.demo.layers import METRES
from console.server.demo.people import make_rota

SMALL = replace(DEMO, buildings=5000, grids=80, staff=120, cameras=80, addresses=9000, stations=40)


@pytest.fixture(scope="module")
def district() -> District:
    return make_district(5, SMALL)


def layer(district: District, kind: str) -> LayerPackage:
    return next(x.package for x in district.layers if x.kind == kind)


def in_metres(package: LayerPackage) -> np.ndarray:
    return np.asarray(shapely.transform(geometries(package), lambda xy: (xy - (117.19, 34.26)) * METRES))


def test_counts_are_met(district: District) -> None:
    assert len(layer(district, "building")) == 5000
    assert len(layer(district, "address")) == 9000
    assert len(layer(district, "grid")) == 80
    assert (len(district.staff), len(district.stations), len(district.events)) == (120, 40, 60)
    assert sum(not c.high for c in district.cameras) == 80
    assert sum(c.high for c in district.cameras) == DEMO.high_cameras
    assert {c.owner for c in district.cameras} == {"公安", "城管", "小区物业", "学校", "市场", "工地"}


def test_same_seed_same_bytes_other_seed_other_city(district: District) -> None:
    again, other = make_district(5, SMALL), make_district(6, SMALL)
    for one, two in zip(district.layers, again.layers, strict=True):
        assert encode_package(one.package) == encode_package(two.package)
    assert (again.staff, again.cameras, again.events) == (district.staff, district.cameras, district.events)
    assert encode_package(layer(other, "road")) != encode_package(layer(district, "road"))


def test_buildings_stand_on_neither_street_nor_water_nor_each_other(district: District) -> None:
    houses = in_metres(layer(district, "building"))
    tree = shapely.STRtree(houses)
    for kind in ("road", "water", "railway"):
        assert len(tree.query(in_metres(layer(district, kind)), predicate="intersects")[0]) == 0
    a, b = tree.query(houses, predicate="intersects")
    overlap = shapely.area(shapely.intersection(houses[a[a < b]], houses[b[a < b]]))
    assert overlap.size == 0 or overlap.max() < 1.0


def test_streets_form_one_network(district: District) -> None:
    roads = layer(district, "road")
    ends = np.concatenate([roads.columns["from_node"], roads.columns["to_node"]])
    _, node = np.unique(ends, return_inverse=True)
    a, b = np.split(node, 2)
    use = roads.columns["access"] & 4 > 0
    oneway = roads.columns["oneway"]
    ahead, back = use & (oneway >= 0), use & (oneway <= 0)
    start, end = np.concatenate([a[ahead], b[back]]), np.concatenate([b[ahead], a[back]])
    graph = coo_matrix((np.ones(len(start)), (start, end)), shape=(node.max() + 1,) * 2)
    label = connected_components(graph, connection="strong")[1][np.unique(np.r_[a[use], b[use]])]
    assert np.bincount(label).max() > 0.97 * len(label)


def test_streets_are_named_and_classed_like_a_city(district: District) -> None:
    roads = layer(district, "road")
    classes = set(texts(roads, "class"))
    assert {"motorway", "trunk", "primary", "secondary", "tertiary", "residential", "service"} <= classes
    assert {"中山北路", "淮海东路"} <= set(texts(roads, "name"))
    assert (roads.columns["bridge"] == 1).any() and (roads.columns["oneway"] != 0).any()


def test_numbers_rise_along_the_street_with_odd_and_even_sides(district: District) -> None:
    addresses = layer(district, "address")
    rows = [i for i, s in enumerate(texts(addresses, "street")) if s == "中山北路"]
    number = [addresses.text("housenumber", i).split("号")[0] for i in rows]
    doors = {int(n): addresses.degrees[i] for n, i in zip(number, rows, strict=True)}
    assert len(doors) > 20
    for odd in (0, 1):
        side = [doors[n][1] for n in sorted(doors) if n % 2 == odd]
        rank = np.argsort(np.argsort(side))
        assert np.corrcoef(np.arange(len(side)), rank)[0, 1] > 0.98
    west = np.mean([doors[n][0] for n in doors if n % 2 == 1])
    east = np.mean([doors[n][0] for n in doors if n % 2 == 0])
    assert west < east  # it leads north from the centre: odd numbers on the left


def test_people_and_events_lie_in_their_grids(district: District) -> None:
    codes = {a.code for a in district.areas}
    shape = {a.code: a.geometry for a in district.areas}
    assert all(
        r.area in codes for r in (*district.staff, *district.events, *district.cameras, *district.stations)
    )
    inside = [shape[e.area].contains(shapely.Point(e.where)) for e in district.events]
    assert np.mean(inside) > 0.9
    assert all(s.phone.startswith("1380000") for s in district.staff)
    assert district.homes.keys() == {s.id for s in district.staff}
    assert all(e.reported_at <= 0 and e.title and e.detail and e.address for e in district.events)


def test_two_thirds_are_on_duty_whatever_the_time(district: District) -> None:
    rota = make_rota(list(district.staff))
    assert len(rota) == 7 * len(district.staff)
    for day in ("mon", "sun"):
        shifts = [shift for _, on, shift, _ in rota if on == day]
        whole, day_time, night = (shifts.count(shift) for shift in ("whole", "day", "night"))
        assert min(whole + day_time, whole + night) > 0.62 * len(district.staff)
        assert sum(leads for _, on, _, leads in rota if on == day) >= 3


def test_unknown_preset_is_refused() -> None:
    with pytest.raises(ValueError, match="demo, full"):
        preset_size("huge")
