"""The embedded router on real cities: both engines agree, closures and one-way streets hold."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely

from console.model.layers import FeatureShape, LayerKind, LayerPackage
from console.sdk import haversine
from console.sdk.records import Closure, ClosureShape, Means
from plugins.dispatch.server.ground import to_plane
from plugins.dispatch.server.routing.graph import build_graph
from plugins.dispatch.server.routing.profile import NO_WAY, Mode, profile
from plugins.dispatch.server.routing.router import EmbeddedRouter
from plugins.dispatch.server.routing.snapping import REACH_METRES

MEANS = (Means.FOOT, Means.BICYCLE, Means.CAR)
Both = tuple[EmbeddedRouter, EmbeddedRouter]


def places(router: EmbeddedRouter, count: int, seed: int = 3) -> np.ndarray:
    """Places some twenty metres off random roads of the city."""
    chance = np.random.default_rng(seed)
    rows = chance.integers(0, len(router.graph.vertices), count)
    return router.graph.vertices[rows] + chance.normal(0, 2e-4, (count, 2))


def goal_among(router: EmbeddedRouter, starts: np.ndarray) -> tuple[float, float]:
    """The first of *starts* that everybody can reach; edges of an extract are cut off."""
    usable = np.logical_and.reduce([router.prepare(means).profile.usable for means in MEANS])
    row = int((router.snapper.snap(starts, usable).off_road < 30).argmax())
    return (float(starts[row, 0]), float(starts[row, 1]))


def point_closure(where: np.ndarray, **more) -> Closure:
    return Closure(id="c", area="1", shape=ClosureShape.POINT, points=(tuple(where.tolist()),), **more)


@pytest.mark.parametrize("means", MEANS)
def test_engines_agree_within_one_percent(routers: Both, means: Means) -> None:
    quick, plain = routers
    starts = places(quick, 300)
    goal = goal_among(quick, starts)
    for closures in ((), (point_closure(starts[1]), point_closure(starts[7]))):
        a, b = (
            quick.times(starts, goal, means, closures).seconds,
            plain.times(starts, goal, means, closures).seconds,
        )
        assert (np.isfinite(a) == np.isfinite(b)).all()
        known = np.isfinite(a)
        assert known.sum() > 50
        assert np.allclose(a[known], b[known], rtol=0.01, atol=0.01)


def test_a_closure_is_followed_in_whichever_thread_asks(routers: Both) -> None:
    quick, plain = routers
    starts = places(quick, 20)
    goal = goal_among(quick, starts)
    for row in (50, 150, 250):
        closed = (point_closure(quick.graph.vertices[row]),)
        with ThreadPoolExecutor(1) as another:
            a = another.submit(quick.times, starts, goal, Means.FOOT, closed).result().seconds
        assert np.allclose(a, plain.times(starts, goal, Means.FOOT, closed).seconds, rtol=0.01, atol=0.01)


@pytest.mark.parametrize("means", MEANS)
def test_route_says_the_same_as_times(routers: Both, means: Means) -> None:
    for router, count in zip(routers, (60, 8), strict=True):
        starts = places(router, count)
        goal = goal_among(router, starts)
        times = router.times(starts, goal, means).seconds
        lengths = router.lengths(starts, goal, means)
        for start, seconds, metres in zip(starts, times, lengths, strict=True):
            route = router.route(tuple(start.tolist()), goal, means)
            if route is None:
                assert not np.isfinite(seconds)
                continue
            path = np.array(route.path)
            drawn = haversine(path[:-1, 0], path[:-1, 1], path[1:, 0], path[1:, 1]).sum()
            assert route.seconds == pytest.approx(seconds, abs=0.01)
            assert route.metres == pytest.approx(metres, abs=0.01)
            assert drawn == pytest.approx(route.metres, rel=0.005, abs=1)
            assert route.path[0] == pytest.approx(tuple(start))
            assert route.path[-1] == pytest.approx(goal)
            assert len(set(route.roads)) == len(route.roads)


def test_route_goes_round_a_closure(routers: Both) -> None:
    quick, _ = routers
    starts = places(quick, 40, seed=9)
    goal = goal_among(quick, starts)
    changed = 0
    for start in starts[1:]:
        before = quick.route(tuple(start.tolist()), goal, Means.FOOT)
        if before is None or before.metres < 800:
            continue
        middle = np.array(before.path[len(before.path) // 2])
        closure = point_closure(middle)
        after = quick.route(tuple(start.tolist()), goal, Means.FOOT, [closure])
        assert quick.route(
            tuple(start.tolist()), goal, Means.CAR, [point_closure(middle, means=(Means.FOOT,))]
        ) == (quick.route(tuple(start.tolist()), goal, Means.CAR))
        if after is not None:
            away = haversine(*np.array(after.path).T, *middle)
            assert away.min() > 5
            assert after.seconds >= before.seconds
            changed += 1
    assert changed > 5


def test_snapping_finds_the_exact_nearest_road(routers: Both) -> None:
    router, _ = routers
    graph = router.graph
    usable = router.prepare(Means.FOOT).profile.usable
    starts = places(router, 60, seed=4)
    snapped = router.snapper.snap(starts, usable)
    lines = [
        shapely.LineString(to_plane(graph.vertices[graph.first[p] : graph.first[p + 1]], graph.latitude))
        for p in np.flatnonzero(usable)
    ]
    tree = shapely.STRtree(lines)
    points = shapely.points(to_plane(starts, graph.latitude))
    (at, _), distance = tree.query_nearest(points, return_distance=True, all_matches=False)
    near = distance < REACH_METRES[-1]
    assert near.sum() > 50
    assert np.allclose(snapped.off_road[at[near]], distance[near], atol=0.01)
    assert (snapped.piece[at[~near]] < 0).all()


def test_far_places_have_no_road(routers: Both) -> None:
    router, _ = routers
    goal = tuple(places(router, 1)[0].tolist())
    assert np.isinf(router.times(np.array([[0.0, 0.0], [np.nan, 1.0]]), goal, Means.CAR).seconds).all()
    assert router.route((0.0, 0.0), goal, Means.CAR) is None


def block_of_streets() -> LayerPackage:
    """A square a, b, c, d of 100 m; the side a-b is one-way from a to b and has a slow twin."""
    corner = {"a": (0, 0), "b": (9000, 0), "c": (9000, 9000), "d": (0, 9000)}
    sides = ("ab", "bc", "cd", "da", "ab")
    xy = np.array([corner[node] for side in sides for node in side], np.int32)
    count = len(sides)
    nodes = {name: i for i, name in enumerate("abcd")}
    strings = ["", "residential", "甲路", "乙路", "丙路", "丁路", "service"]
    return LayerPackage(
        kind=LayerKind.ROAD,
        shape=FeatureShape.LINE,
        xy=xy,
        part_start=np.arange(0, 2 * count + 1, 2, dtype=np.int32),
        feature_start=np.arange(count + 1, dtype=np.int32),
        columns={
            "class": np.array([1, 1, 1, 1, 6], np.int32),
            "name": np.array([2, 3, 4, 5, 2], np.int32),
            "from_node": np.array([nodes[side[0]] for side in sides]),
            "to_node": np.array([nodes[side[1]] for side in sides]),
            "oneway": np.array([1, 0, 0, 0, 1], np.int8),
            "maxspeed": np.zeros(count, np.float32),
            "access": np.full(count, 7, np.uint8),
        },
        strings=strings,
    )


def test_one_way_street_holds_for_cars_and_not_for_feet() -> None:
    graph = build_graph(block_of_streets())
    router = EmbeddedRouter.of(graph)
    near_b, near_a = (0.0008, 0.0), (0.0001, 0.0)
    on_foot, by_car = (router.route(near_b, near_a, means) for means in (Means.FOOT, Means.CAR))
    assert on_foot is not None
    assert by_car is not None
    assert on_foot.metres == pytest.approx(78, abs=1)
    assert by_car.metres == pytest.approx(322, abs=2)
    assert by_car.roads == ("甲路", "乙路", "丙路", "丁路")


def test_parallel_streets_are_not_added_up() -> None:
    graph = build_graph(block_of_streets())
    router = EmbeddedRouter.of(graph)
    ready = router.prepare(Means.FOOT)
    weights = ready.profile.weights
    a, b = int(graph.start[0]), int(graph.end[0])
    millis = ready.engine.times_to(ready.weights, np.array([a]), [[(b, 0)]])
    assert millis[0, 0] == min(weights[0], weights[4])
    assert profile(graph, Mode(Means.CAR)).weights[5] == NO_WAY


def test_who_gets_there_gets_back(routers: Both) -> None:
    """No place is snapped to a dead island or a one-way trap; river banks may be parts of their own."""
    router, _ = routers
    starts = places(router, 40, seed=11)
    goal = goal_among(router, starts)
    there = np.isfinite(router.times(starts, goal, Means.CAR).seconds)
    back = [router.route(goal, tuple(start.tolist()), Means.CAR) is not None for start in starts]
    assert there.tolist() == back
    allowed = profile(router.graph, Mode(Means.CAR)).usable
    assert router.prepare(Means.CAR).profile.usable.sum() < allowed.sum()
