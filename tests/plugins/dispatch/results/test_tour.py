"""Orders of stops against all permutations."""

from __future__ import annotations

from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.dispatch.server.results import tour
from plugins.dispatch.server.results.tour import best_order


def length(seconds: np.ndarray, order: list[int], closed: bool) -> float:
    legs = list(pairwise([*order, order[0]] if closed else order))
    return float(sum(seconds[a, b] for a, b in legs))


def brute(seconds: np.ndarray, closed: bool, end: int | None) -> float:
    stops = range(1, len(seconds))
    orders = [[0, *rest] for rest in permutations(stops) if end is None or not rest or rest[-1] == end]
    return min(length(seconds, order, closed) for order in orders)


@st.composite
def tables(draw: st.DrawFn) -> np.ndarray:
    """Times that differ by direction, some ways missing."""
    count = draw(st.integers(1, 7))
    cell = st.one_of(st.floats(0, 3600), st.just(float("inf"))) if draw(st.booleans()) else st.floats(0, 3600)
    rows = draw(st.lists(st.lists(cell, min_size=count, max_size=count), min_size=count, max_size=count))
    return np.array(rows, float)


@pytest.mark.parametrize("exact", [True, False])
@settings(max_examples=60)
@given(seconds=tables(), closed=st.booleans(), choose_end=st.booleans())
def test_against_all_permutations(exact: bool, seconds: np.ndarray, closed: bool, choose_end: bool) -> None:
    end = len(seconds) - 1 if choose_end and not closed and len(seconds) > 1 else None
    np.fill_diagonal(seconds, 0.0)
    with pytest.MonkeyPatch.context() as patch:
        if not exact:
            patch.setattr(tour, "EXACT", 0)
        order, total = best_order(seconds, closed=closed, end=end)
    best = brute(seconds, closed, end)
    if exact:
        assert total == pytest.approx(best)
    else:
        assert total >= best - 1e-6
    if np.isfinite(total):
        assert sorted(order) == list(range(len(seconds)))
        assert order[0] == 0
        assert end is None or order[-1] == end
        assert length(seconds, order, closed) == pytest.approx(total)


def test_many_stops_are_close_to_the_best() -> None:
    chance = np.random.default_rng(4)
    worst = 1.0
    for _ in range(12):
        places = chance.uniform(0, 1000, (12, 2))
        seconds = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)) * chance.uniform(
            1, 1.3, (12, 12)
        )
        exact = best_order(seconds, closed=True)[1]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tour, "EXACT", 0)
            worst = max(worst, best_order(seconds, closed=True)[1] / exact)
    assert worst < 1.06


def test_twenty_stops_on_a_ring_are_gone_round() -> None:
    angle = np.random.default_rng(1).permutation(tour.MOST) / tour.MOST * 2 * np.pi
    places = np.column_stack([np.cos(angle), np.sin(angle)])
    seconds = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    _, total = best_order(seconds, closed=True)
    assert total == pytest.approx(2 * tour.MOST * np.sin(np.pi / tour.MOST))
