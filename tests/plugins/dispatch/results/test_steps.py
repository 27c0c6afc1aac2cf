"""Instructions of real ways: they fit the geometry, add up, and read as a native would say them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from console.model.layers import FeatureShape, LayerKind, LayerPackage
from console.sdk.records import Means
from plugins.dispatch.model import Step, Turn
from plugins.dispatch.server.ground import to_plane
from plugins.dispatch.server.results.arcs import Leaving
from plugins.dispatch.server.results.landmarks import Landmarks
from plugins.dispatch.server.results.step_words import metres_en, metres_zh
from plugins.dispatch.server.results.steps import Guide
from plugins.dispatch.server.routing.way import Way, way_to_route
from tests.plugins.dispatch.results.conftest import Town

LEFTS = {Turn.SLIGHT_LEFT, Turn.LEFT, Turn.SHARP_LEFT}
RIGHTS = {Turn.SLIGHT_RIGHT, Turn.RIGHT, Turn.SHARP_RIGHT}
FITTING = {
    Turn.SLIGHT_LEFT: (-55, -30),
    Turn.LEFT: (-125, -55),
    Turn.SHARP_LEFT: (-180, -125),
    Turn.SLIGHT_RIGHT: (30, 55),
    Turn.RIGHT: (55, 125),
    Turn.SHARP_RIGHT: (125, 180),
    Turn.CONTINUE: (-30, 30),
    Turn.KEEP_LEFT: (-45, 45),
    Turn.KEEP_RIGHT: (-45, 45),
}


def steps_of(town: Town, way: Way, means: Means, landmarks: Landmarks | None = None) -> list[Step]:
    graph = town.router.graph
    guide = Guide(graph, Leaving(graph), landmarks or Landmarks(None, graph.latitude))
    weights = town.router.prepare(means).profile.weights
    return guide.steps(way.stretches(graph), way.start, way.goal, weights, means)


def bend(path: shapely.LineString, metres: float, end: float) -> float:
    """Degrees by which *path* bends between two marks, right positive."""
    before, begin, last, after = (
        shapely.get_coordinates(path.interpolate(at))[0] for at in (metres - 8, metres, end, end + 8)
    )
    one, two = (np.arctan2(*(b - a)) for a, b in ((before, begin), (last, after)))
    return float(180 - (np.degrees(one - two) + 180) % 360)


@pytest.mark.parametrize("means", [Means.CAR, Means.FOOT])
def test_steps_fit_their_way(town: Town, means: Means) -> None:
    told = checked = 0
    for way in town.ways(means, 20, seed=11):
        route = way_to_route(town.router.graph, way, means)
        steps = steps_of(town, way, means)
        told += len(steps)
        assert steps[0].turn is Turn.DEPART
        assert steps[-1].turn is Turn.ARRIVE
        assert sum(step.metres for step in steps) == pytest.approx(route.metres, rel=0.005, abs=2)
        assert all(step.metres >= 0 for step in steps)
        for step in steps[1:-1]:
            low, high = FITTING.get(step.turn, (-180, 180))
            assert low <= step.angle <= high, step
            assert not step.road or step.road in town.router.graph.names
        checked += check_sides(town, route.path, steps)
    assert told > 40
    assert checked > 5


def check_sides(town: Town, path: tuple[tuple[float, float], ...], steps: list[Step]) -> int:
    """Left is left and right is right on the drawn line; returns how many turns could be looked at."""
    line = shapely.LineString(to_plane(path, town.router.graph.latitude))
    begin, checked = 0.0, 0
    for before, step in pairwise(steps):
        begin += before.metres
        if step.turn not in {Turn.LEFT, Turn.RIGHT} or min(before.metres, step.metres) < 60:
            continue
        where = shapely.Point(to_plane(step.where, town.router.graph.latitude)[0])
        corner = line.project(where)
        if abs(corner - begin) > 5:
            continue  # several crossings in one, or a place that is passed twice
        checked += 1
        assert line.distance(where) < 1
        assert (bend(line, corner - 4, corner + 4) < 0) == (step.turn is Turn.LEFT), step
    return checked


@pytest.mark.parametrize("means", [Means.CAR, Means.FOOT])
def test_texts_read_well(town: Town, means: Means) -> None:
    for way in town.ways(means, 20, seed=23):
        steps = steps_of(town, way, means)
        for before, step in pairwise(steps):
            assert step.zh != before.zh
            assert step.en != before.en
            assert step.turn is not Turn.CONTINUE or step.road not in ("", before.road)
        for step in steps:
            texts = (step.zh, step.en, step.ahead_zh, step.ahead_en)
            assert all("  " not in text and text == text.strip() for text in texts)
            assert "，，" not in step.zh
            assert not step.zh.endswith(("进入", "沿", "，"))
            assert step.turn is not Turn.ROUNDABOUT or step.exit > 0 or "第" not in step.zh
        for step in steps[1:]:
            assert step.ahead_zh.startswith("前方")
            assert step.ahead_en.startswith("In ")
        unnamed = [(a, b) for a, b in pairwise(steps) if "无名道路" in b.zh]
        assert all(a.road and not b.road for a, b in unnamed)


@given(st.floats(min_value=0, max_value=90_000))
def test_lengths_are_rounded_as_spoken(metres: float) -> None:
    text = metres_zh(metres)
    number = float(text.removesuffix("公里").removesuffix("米"))
    said = number * 1000 if text.endswith("公里") else number
    assert said == pytest.approx(metres, rel=0.09, abs=10)
    assert said >= 10
    assert text.endswith("公里") == (said >= 1000)
    assert len(text.rstrip("公里米")) <= 3
    assert metres_en(metres).split()[0] == text.rstrip("公里米")


def poi_layer(*places: tuple[str, tuple[float, float]]) -> LayerPackage:
    count = len(places)
    return LayerPackage(
        kind=LayerKind.POI,
        shape=FeatureShape.POINT,
        xy=np.round(np.array([where for _, where in places]) * 1e7).astype(np.int32),
        part_start=np.arange(count + 1, dtype=np.int32),
        feature_start=np.arange(count + 1, dtype=np.int32),
        columns={"class": np.zeros(count, np.int32), "name": np.arange(1, count + 1, dtype=np.int32)},
        strings=["", *(name for name, _ in places)],
    )


def test_a_landmark_is_told_when_it_stands_alone_at_the_turn() -> None:
    corner = (121.48, 31.23)
    near, other = (121.4801, 31.2301), (121.4799, 31.2299)
    assert Landmarks(poi_layer(("全家便利店", near)), 31.23).at(corner) == "全家便利店"
    both = poi_layer(("全家便利店", near), ("罗森", other))
    assert Landmarks(both, 31.23).at(corner) == ""
    far = poi_layer(("全家便利店", (121.4806, 31.2303)))
    assert Landmarks(far, 31.23).at(corner) == ""


def test_a_landmark_stands_in_the_text(shanghai: Town) -> None:
    way = next(shanghai.ways(Means.CAR, 1, seed=1))
    plain = steps_of(shanghai, way, Means.CAR)
    turn = next(step for step in plain if step.turn in LEFTS | RIGHTS)
    layer = poi_layer(("全家便利店", turn.where))
    told = steps_of(shanghai, way, Means.CAR, Landmarks(layer, shanghai.router.graph.latitude))
    assert "在全家便利店附近" in told[plain.index(turn)].zh
    assert "near 全家便利店" in told[plain.index(turn)].en


GOLDEN = {
    (Means.CAR, 3): [
        "向东南出发，沿新建路隧道直行400米",
        "Head southeast along 新建路隧道 for 400 m",
        "在岔路口靠右，进入东园路，直行290米",
        "Keep right at the fork into 东园路, then follow it for 290 m",
        "左转进入陆家嘴环路，直行400米",
        "Turn left into 陆家嘴环路, then follow it for 400 m",
        "进入环岛，从第2个出口离开，进入陆家嘴西路，直行140米",
        "Take the second exit of the roundabout into 陆家嘴西路, then follow it for 140 m",
        "到达目的地，位于道路右侧",
        "You are there, on the right of the road",
    ],
    (Means.FOOT, 8): [
        "向南出发，沿瑞金二路直行350米",
        "Head south along 瑞金二路 for 350 m",
        "左转进入瑞金南路，直行1.2公里",
        "Turn left into 瑞金南路, then follow it for 1.2 km",
        "直行进入日晖东路，继续直行350米",
        "Go straight on into 日晖东路, then follow it for 350 m",
        "直行进入瑞宁路，继续直行1.2公里",
        "Go straight on into 瑞宁路, then follow it for 1.2 km",
        "到达目的地，位于道路左侧",
        "You are there, on the left of the road",
    ],
}


@pytest.mark.parametrize(("means", "seed"), GOLDEN)
def test_golden_texts_of_shanghai(shanghai: Town, means: Means, seed: int) -> None:
    way = next(shanghai.ways(means, 1, seed))
    texts = [text for step in steps_of(shanghai, way, means) for text in (step.zh, step.en)]
    assert texts == GOLDEN[means, seed]
