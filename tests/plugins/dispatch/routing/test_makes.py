"""Both makes of the router give the same answers on real cities."""

from __future__ import annotations

import logging
from itertools import pairwise

import numpy as np
import pytest

from console.sdk import haversine
from console.sdk.records import Closure, ClosureShape, FoundBy, Means
from console.sdk.server import Access, Router, RouterDown
from plugins.dispatch.server.routing.chosen import ChosenRouter
from plugins.dispatch.server.routing.profile import NO_WAY
from plugins.dispatch.server.routing.speeds import ACCESS
from plugins.dispatch.server.routing.valhalla import ValhallaRouter
from tests.plugins.dispatch.routing.conftest import MEANS, Makes

PAIRS = 200


@pytest.mark.parametrize("means", MEANS)
def test_both_expect_the_same_times(makes: Makes, means: Means) -> None:
    """200 random pairs: ratio of the times in the middle within 5 %, of 95 % within 15 %."""
    starts, goals = makes.places(PAIRS, 5), makes.places(PAIRS, 6)
    ratios: list[float] = []
    for start, goal in zip(starts.tolist(), goals.tolist(), strict=True):
        ours = makes.embedded.route(tuple(start), tuple(goal), means)
        theirs = makes.valhalla.route(tuple(start), tuple(goal), means)
        assert (ours is None) == (theirs is None)
        if ours is not None and theirs is not None:
            ratios.append(ours.seconds / theirs.seconds)
    assert len(ratios) > PAIRS / 2
    away = np.abs(np.array(ratios) - 1)
    assert abs(float(np.median(ratios)) - 1) <= 0.05
    assert (away <= 0.15).mean() >= 0.95


@pytest.mark.parametrize("means", [Means.BICYCLE, Means.CAR])
def test_no_way_takes_a_forbidden_turn_or_street(makes: Makes, means: Means) -> None:
    """Every step of 200 ways is checked against the tags, not against the net that was searched."""
    router, bit = makes.embedded, int(ACCESS[means])
    graph = router.graph
    head, tail, access = graph.head.tolist(), graph.tail.tolist(), graph.access.tolist()
    one_way = graph.one_way.tolist()
    banned = _banned_pairs(makes, bit)
    steps = 0
    for start, goal in zip(makes.places(PAIRS, 5).tolist(), makes.places(PAIRS, 6).tolist(), strict=True):
        way = router.way(tuple(start), tuple(goal), means)
        for before, after in pairwise(way.arcs if way else []):
            assert head[before] == tail[after]
            assert (before, after) not in banned
            steps += 1
        for arc in way.arcs if way else []:
            piece, against = arc % graph.pieces, arc >= graph.pieces
            assert access[piece] & bit
            wrong = one_way[piece] == (1 if against else -1)
            assert not wrong or (means is Means.BICYCLE and access[piece] & Access.CONTRAFLOW)
    assert steps > PAIRS


def _banned_pairs(makes: Makes, bit: int) -> set[tuple[int, int]]:
    """Pairs of arcs that simple restrictions of the source forbid, worked out the slow way."""
    graph = makes.embedded.graph
    ways = np.tile(graph.ways, 2)
    banned: set[tuple[int, int]] = set()
    for origin, node, via, target, rule in graph.turns.tolist():
        if via or not rule & bit or origin == target:
            continue
        at = np.searchsorted(graph.source_nodes, node)
        if at == len(graph.nodes) or graph.source_nodes[at] != node:
            continue
        into = np.flatnonzero((ways == origin) & (graph.head == at)).tolist()
        out = np.flatnonzero(graph.tail == at)
        meant = out[(ways[out] == target) != bool(rule & 256)].tolist()
        if (ways[out] == target).any():
            banned |= {(a, b) for a in into for b in meant if a % graph.pieces != b % graph.pieces}
    return banned


@pytest.mark.parametrize("means", MEANS)
def test_both_choose_the_same_responder(makes: Makes, means: Means) -> None:
    """Of 40 staff around each of 100 events ours is theirs, by the times of Valhalla's own routes.

    Not by its table: for neighbours of the event that may differ from its routes by a factor of
    four (``docs/routing.md``).
    """
    staff, events = makes.places(4000, 7), makes.places(100, 8)
    same = asked = 0
    for row, event in enumerate(events):
        away = haversine(staff[:, 0], staff[:, 1], np.float64(event[0]), np.float64(event[1]))
        around = staff[np.argsort(away)[row % 5 : 200 : 5]]
        goal = (float(event[0]), float(event[1]))
        order = makes.embedded.times(around, goal, means).seconds.argsort()
        routes = [makes.valhalla.route(tuple(around[k].tolist()), goal, means) for k in order[:6]]
        theirs = [np.inf if route is None else route.seconds for route in routes]
        if np.isfinite(theirs).any():
            asked += 1
            same += theirs[0] <= min(theirs) + 0.5
    assert asked > 50
    assert same >= 0.98 * asked


def test_both_go_round_a_closure_and_find_other_ways(makes: Makes) -> None:
    start, goal = (tuple(place) for place in makes.places(40, 9)[[0, 1]].tolist())
    for router, name in ((makes.embedded, FoundBy.EMBEDDED), (makes.valhalla, FoundBy.VALHALLA)):
        found: Router = router
        free = found.route(start, goal, Means.CAR)
        assert free is not None and free.by is name
        middle = free.path[len(free.path) // 2]
        closure = Closure(id="c", area="1", shape=ClosureShape.POINT, points=(middle,))
        round_it = found.route(start, goal, Means.CAR, [closure])
        assert round_it is not None and round_it.seconds > free.seconds
        assert min(haversine(*point, *middle) for point in round_it.path) > 5
        ways = found.alternatives(start, goal, Means.CAR)
        assert ways[0].route.path == free.path and ways[0].shared == 1.0
        assert all(0 <= other.shared < 1 for other in ways[1:])


def test_matrix_is_a_table_of_times(makes: Makes) -> None:
    starts, goals = makes.places(12, 10), makes.places(3, 11)
    starts[4] = np.nan
    for router in (makes.embedded, makes.valhalla):
        found: Router = router
        table = found.matrix(starts, goals, Means.CAR).seconds
        assert table.shape == (12, 3) and np.isinf(table[4]).all()
        for column, goal in enumerate(goals.tolist()):
            times = found.times(starts, tuple(goal), Means.CAR).seconds
            assert np.allclose(np.nan_to_num(times), np.nan_to_num(table[:, column]), rtol=0.02, atol=2.0)


def test_a_service_that_is_down_is_replaced_and_left_alone(makes: Makes) -> None:
    clock = [0.0]
    gone = ValhallaRouter("http://127.0.0.1:1")
    router = ChosenRouter(gone, makes.embedded, logging.getLogger("test"), lambda: clock[0])
    starts, (goal,) = makes.places(3, 12), makes.places(1, 13).tolist()
    with pytest.raises(RouterDown):
        gone.times(starts, tuple(goal), Means.CAR)
    assert router.times(starts, tuple(goal), Means.CAR).by is FoundBy.EMBEDDED
    back = ChosenRouter(makes.valhalla, makes.embedded, logging.getLogger("test"))
    assert back.times(starts, tuple(goal), Means.CAR).by is FoundBy.VALHALLA
    assert (router.matrix(starts, starts, Means.CAR).seconds < NO_WAY).any()
