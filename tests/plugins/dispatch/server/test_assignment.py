"""Assignments are optimal: against every possible one, on small random costs."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.dispatch.server.assignment import Pairs, assign, assign_apart, assign_in_turn

SECONDS = st.one_of(st.integers(0, 900).map(float), st.just(float("inf")))


@st.composite
def costs(draw: st.DrawFn) -> np.ndarray:
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    return np.array(draw(st.lists(SECONDS, min_size=rows * columns, max_size=rows * columns))).reshape(
        rows, columns
    )


def best_of_all(cost: np.ndarray, kinds: list[int]) -> tuple[int, float]:
    """(places filled, seconds) of the best of every assignment; nobody twice, no kind twice."""
    rows, columns = cost.shape
    people = [*range(columns), *[-1] * rows]
    best = (0, 0.0)
    for chosen in set(permutations(people, rows)):
        pairs = [(row, at) for row, at in enumerate(chosen) if at >= 0 and np.isfinite(cost[row, at])]
        used = [kinds[at] for _, at in pairs]
        if len(used) == len(set(used)):
            best = max(best, (len(pairs), -sum(cost[pair] for pair in pairs)))
    return best[0], -best[1]


def worth(cost: np.ndarray, pairs: Pairs) -> tuple[int, float]:
    assert len({row for row, _ in pairs}) == len({at for _, at in pairs}) == len(pairs)
    return len(pairs), sum(cost[pair] for pair in pairs)


@given(cost=costs())
def test_as_many_as_possible_and_of_these_the_cheapest(cost: np.ndarray) -> None:
    assert worth(cost, assign(cost)) == pytest.approx(best_of_all(cost, list(range(cost.shape[1]))))


@given(cost=costs(), kinds=st.lists(st.integers(0, 2), min_size=5, max_size=5))
def test_no_two_of_a_kind_and_still_the_best(cost: np.ndarray, kinds: list[int]) -> None:
    kinds = kinds[: cost.shape[1]]
    pairs = assign_apart(cost, kinds)
    assert len({kinds[at] for _, at in pairs}) == len(pairs)
    assert worth(cost, pairs) == pytest.approx(best_of_all(cost, kinds))


def test_looking_ahead_beats_taking_turns() -> None:
    cost = np.array([[60.0, 90.0], [70.0, 600.0]])
    assert assign_in_turn(cost) == [(0, 0), (1, 1)]
    assert assign(cost) == [(0, 1), (1, 0)]


def test_nobody_at_all() -> None:
    assert assign(np.zeros((2, 0))) == assign_in_turn(np.zeros((2, 0))) == []
    assert assign_apart(np.zeros((2, 0)), []) == []
