"""Noisy tracks along known ways are brought back to them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.sdk.records import Means
from plugins.dispatch.server.ground import to_plane
from plugins.dispatch.server.results.arcs import Course, Leaving, Stretch
from plugins.dispatch.server.results.matching import Matcher, Run
from plugins.dispatch.server.routing.way import Way, way_to_route
from tests.plugins.dispatch.results.conftest import Town


def matcher_of(town: Town, means: Means) -> Matcher:
    router = town.router
    return Matcher(router.graph, router.snapper, Leaving(router.graph), router.prepare(means).profile)


def noisy(town: Town, way: Way, every: float, sigma: float, seed: int) -> np.ndarray:
    """(n, 2) degrees: fixes *every* so many metres along *way*, off by *sigma* metres a direction."""
    graph = town.router.graph
    course = Course.of(graph, way.stretches(graph), way.start, way.goal)
    begin, end = float(course.begins[0]), float(course.begins[-1])
    marks = np.append(np.arange(begin, end, every), end)
    xy = np.array([course.place(mark) for mark in marks])
    xy += np.random.default_rng(seed).normal(0, sigma, xy.shape)
    return xy / to_plane((1.0, 1.0), graph.latitude)[0]


def metres_by_piece(town: Town, stretches: list[Stretch]) -> dict[int, float]:
    found: dict[int, float] = {}
    for piece, a, b in stretches:
        found[piece] = found.get(piece, 0.0) + abs(b - a) * float(town.router.graph.metres[piece])
    return found


def stretches_of(runs: list[Run]) -> list[Stretch]:
    return [stretch for run in runs for stretch in run.stretches]


@pytest.mark.parametrize(("means", "every"), [(Means.CAR, 40.0), (Means.FOOT, 25.0)])
def test_noisy_fixes_give_back_their_way(town: Town, means: Means, every: float) -> None:
    matcher, graph = matcher_of(town, means), town.router.graph
    found = wrong = whole = 0.0
    pieces = kept = 0
    for seed, way in enumerate(town.ways(means, 8, seed=31)):
        truth = metres_by_piece(town, way.stretches(graph))
        runs = matcher.match(noisy(town, way, every, 5.0, seed), accuracy=None)
        matched = metres_by_piece(town, stretches_of(runs))
        whole += sum(truth.values())
        found += sum(min(metres, truth.get(piece, 0.0)) for piece, metres in matched.items())
        wrong += sum(metres for piece, metres in matched.items() if piece not in truth)
        long = {piece for piece, metres in truth.items() if metres > 15}
        pieces, kept = pieces + len(long), kept + len(long & set(matched))
    assert kept / pieces >= 0.95
    assert found / whole >= 0.95
    assert wrong / whole <= 0.05


def test_the_runs_hang_together(shanghai: Town) -> None:
    graph, matcher = shanghai.router.graph, matcher_of(shanghai, Means.CAR)
    for seed, way in enumerate(shanghai.ways(Means.CAR, 5, seed=2)):
        for run in matcher.match(noisy(shanghai, way, 40, 6, seed)):
            for (p, _, a), (q, b, _) in zip(run.stretches, run.stretches[1:], strict=False):
                if p != q:
                    leaves = graph.end[p] if a > 0.5 else graph.start[p]
                    enters = graph.start[q] if b < 0.5 else graph.end[q]
                    assert leaves == enters


def test_a_gap_breaks_the_track(shanghai: Town) -> None:
    way = next(shanghai.ways(Means.FOOT, 1, seed=6))
    fixes = noisy(shanghai, way, 20, 4, 1)
    times = np.arange(len(fixes), dtype=float) * 15
    half = len(fixes) // 2
    times[half:] += 3600
    runs = matcher_of(shanghai, Means.FOOT).match(fixes, times)
    assert len(runs) == 2
    assert max(runs[0].rows) < half <= min(runs[1].rows)


def test_fixes_far_from_every_road_match_nothing(shanghai: Town) -> None:
    matcher = matcher_of(shanghai, Means.FOOT)
    assert matcher.match(np.array([[10.0, 10.0], [10.001, 10.0]])) == []
    assert matcher.match(np.zeros((0, 2))) == []


FIXES = st.lists(
    st.tuples(st.floats(-0.004, 0.004), st.floats(-0.004, 0.004), st.floats(0, 400), st.floats(0, 1e6)),
    min_size=2,
    max_size=12,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fixes=FIXES, still=st.booleans())
def test_whatever_comes_is_matched_or_left(
    shanghai: Town, fixes: list[tuple[float, ...]], still: bool
) -> None:
    columns = np.array(fixes)
    lonlat = np.median(shanghai.router.graph.vertices, axis=0) + columns[:, :2] * (0.0 if still else 1.0)
    rows: list[int] = []
    for run in matcher_of(shanghai, Means.FOOT).match(lonlat, np.cumsum(columns[:, 2]), columns[:, 3]):
        rows += run.rows
        assert run.stretches
        assert all(0 <= share <= 1 for _, a, b in run.stretches for share in (a, b))
    assert rows == sorted(set(rows))
    assert set(rows) <= set(range(len(fixes)))


def test_a_drawn_way_is_traced_exactly(shanghai: Town) -> None:
    matcher, graph = matcher_of(shanghai, Means.CAR), shanghai.router.graph
    for way in shanghai.ways(Means.CAR, 8, seed=9):
        route = way_to_route(graph, way, Means.CAR)
        traced = metres_by_piece(shanghai, stretches_of(matcher.trace(np.array(route.path))))
        truth = metres_by_piece(shanghai, way.stretches(graph))
        off = sum(abs(traced.get(p, 0.0) - truth.get(p, 0.0)) for p in {*traced, *truth})
        assert off <= max(0.01 * route.metres, 5)
