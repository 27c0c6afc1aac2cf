"""Simulated staff keep to the roads, obey one-way streets and arrive."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.model.coordinates import haversine
from console.model.layers import DEGREE, FeatureShape, LayerKind, LayerPackage
from console.model.records import Means
from console.simulation.reports import Faults, make_report, osmand_query, owntracks_body
from console.simulation.roads import Path, Roads
from console.simulation.walker import Fix, Walker

WEST, SOUTH, STEP = 117.19, 34.26, 0.002


def square(one_way: tuple[int, int, int, int] = (0, 0, 0, 0)) -> LayerPackage:
    """Four roads around a block, nodes 0..3 anticlockwise from the south-west."""
    corners = [(WEST, SOUTH), (WEST + STEP, SOUTH), (WEST + STEP, SOUTH + STEP), (WEST, SOUTH + STEP)]
    lines = [(corners[i], corners[(i + 1) % 4]) for i in range(4)]
    return LayerPackage(
        kind=LayerKind.ROAD,
        shape=FeatureShape.LINE,
        xy=np.rint(np.array(lines).reshape(-1, 2) * DEGREE).astype(np.int32),
        part_start=np.arange(0, 9, 2, dtype=np.int32),
        feature_start=np.arange(5, dtype=np.int32),
        columns={
            "from_node": np.arange(4),
            "to_node": (np.arange(4) + 1) % 4,
            "oneway": np.array(one_way, np.int8),
            "access": np.full(4, 7, np.uint8),
        },
    )


def town(blocks: int) -> LayerPackage:
    """A chequered town of *blocks* by *blocks*, streets 0.001 degrees apart, home in its south-west."""
    nodes = blocks + 1
    number = np.arange(nodes * nodes).reshape(nodes, nodes)
    ends = np.concatenate(
        [
            np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()]),
            np.column_stack([number[:-1].ravel(), number[1:].ravel()]),
        ]
    )
    at = np.column_stack([WEST + ends.ravel() % nodes * 0.001, SOUTH + ends.ravel() // nodes * 0.001])
    return LayerPackage(
        kind=LayerKind.ROAD,
        shape=FeatureShape.LINE,
        xy=np.rint(at * DEGREE).astype(np.int32),
        part_start=np.arange(0, 2 * len(ends) + 1, 2, dtype=np.int32),
        feature_start=np.arange(len(ends) + 1, dtype=np.int32),
        columns={
            "from_node": ends[:, 0],
            "to_node": ends[:, 1],
            "oneway": np.zeros(len(ends), np.int8),
            "access": np.full(len(ends), 7, np.uint8),
        },
    )


def metres_off_the_square(fix: Fix) -> float:
    lon, lat = fix.where
    east = min(abs(lon - WEST), abs(lon - WEST - STEP)) * 111_000
    north = min(abs(lat - SOUTH), abs(lat - SOUTH - STEP)) * 111_000
    return min(east, north)


@given(seed=st.integers(0, 1000), steps=st.lists(st.floats(0.1, 60), min_size=1, max_size=40))
def test_a_patrol_never_leaves_the_roads(seed: int, steps: list[float]) -> None:
    walker = Walker(Roads(square()), (WEST, SOUTH), Means.FOOT, random.Random(seed))
    for seconds in steps:
        assert metres_off_the_square(walker.advance(seconds)) < 0.5


def test_nobody_is_faster_than_their_means() -> None:
    walker = Walker(Roads(square()), (WEST, SOUTH), Means.BICYCLE, random.Random(1))
    before = walker.advance(1)
    for _ in range(200):
        now = walker.advance(2)
        assert haversine(*before.where, *now.where) <= 2 * 4.2 * 1.2
        before = now


def test_a_patrol_keeps_near_home_in_a_large_town() -> None:
    walker = Walker(Roads(town(30)), (WEST, SOUTH), Means.FOOT, random.Random(2))
    away = [haversine(*walker.advance(60).where, WEST, SOUTH) for _ in range(600)]
    assert max(away) < 1000


def test_a_car_goes_round_the_one_way_block_in_its_sense_only() -> None:
    walker = Walker(Roads(square((1, 1, 1, 1))), (WEST, SOUTH), Means.CAR, random.Random(4))
    for _ in range(50):  # it may begin against the street; it must not turn into one
        walker.advance(30)
    headings = {round(walker.advance(5).heading / 90) % 4 for _ in range(100)}
    turns = [walker.advance(5).heading for _ in range(200)]
    changes = [(b - a) % 360 for a, b in itertools.pairwise(turns) if abs(a - b) > 1]
    assert len(headings) == 4
    assert all(turn > 180 for turn in changes), "anticlockwise: every turn is to the left"


def test_a_pushed_route_is_followed_to_its_end() -> None:
    walker = Walker(Roads(square()), (WEST, SOUTH), Means.FOOT, random.Random(2))
    goal = (WEST + STEP, SOUTH + STEP)
    walker.follow([(WEST, SOUTH), (WEST + STEP, SOUTH), goal])
    for _ in range(1000):
        walker.advance(1)
        if walker.arrived:
            break
    assert walker.arrived
    assert walker.advance(5).where == pytest.approx(goal)
    assert walker.advance(5).speed == 0
    walker.patrol()
    assert metres_off_the_square(walker.advance(20)) < 0.5


def test_a_path_of_one_point_is_no_trouble() -> None:
    path = Path.through(np.array([[WEST, SOUTH]]))
    assert path.length == 0
    assert path.at(5) == (WEST, SOUTH)


def test_the_shares_of_faults_are_kept() -> None:
    fix = Fix((WEST, SOUTH), 1.0, 90.0)
    faults = Faults(drop=0.2, late=0.1, wrong=0.1)
    chance = random.Random(7)
    reports = [make_report(fix, 0.5, faults, chance) for _ in range(5000)]
    sent = [report for report in reports if report]
    assert 0.17 < 1 - len(sent) / 5000 < 0.23
    assert 0.07 < sum(report.delay > 0 for report in sent) / len(sent) < 0.13
    assert sum(report.fix.where == (0.0, 0.0) for report in sent) > 50


def test_each_protocol_speaks_its_own_units() -> None:
    report = make_report(Fix((WEST, SOUTH), 10.0, 90.0), 0.5, Faults(0, 0, 0), random.Random(1))
    assert report
    assert float(osmand_query("d1", report)["speed"]) == pytest.approx(19.44, abs=0.01)  # knots
    assert owntracks_body("d1", report)["vel"] == 36  # km/h
