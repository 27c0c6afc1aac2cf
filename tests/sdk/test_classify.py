"""Classes of numbers: limits rise, every value lies in exactly one class."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.sdk.classify import MOST_CLASSES, NO_CLASS, Method, breaks, class_of, roundest, whole_range

numbers = st.lists(st.floats(-1e12, 1e12) | st.sampled_from([0.0, 1.0, 2.5, math.nan]), max_size=60)


@given(numbers, st.sampled_from(list(Method)), st.integers(-1, 20))
def test_limits_rise_and_every_value_lies_in_exactly_one_class(
    values: list[float], method: Method, classes: int
) -> None:
    limits = breaks(values, method, classes)
    assert all(a < b for a, b in itertools.pairwise(limits))
    assert len(limits) < min(max(classes, 1), MOST_CLASSES) or not limits
    edges = [-math.inf, *limits, math.inf]
    for value, found in zip(values, class_of(values, limits).tolist(), strict=True):
        fitting = [at for at, (low, high) in enumerate(itertools.pairwise(edges)) if low <= value < high]
        assert fitting == ([] if math.isnan(value) else [found])
        assert not math.isnan(value) or found == NO_CLASS


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=11), st.integers(2, 4))
def test_natural_breaks_are_the_best_of_all(values: list[int], classes: int) -> None:
    distinct = sorted(set(values))
    ways = itertools.combinations(distinct[1:], min(classes, len(distinct)) - 1)
    best = min(_scatter(values, way) for way in ways)
    assert _scatter(values, breaks(values, Method.JENKS, classes)) == pytest.approx(best, abs=1e-6)


def _scatter(values: list[int], limits: tuple[float, ...]) -> float:
    """Squared distances from the means of the classes."""
    column, classes = np.array(values, float), class_of(values, limits)
    return sum(float(((part := column[classes == c]) - part.mean()).__pow__(2).sum()) for c in set(classes))


def test_natural_breaks_part_what_is_apart() -> None:
    groups = np.concatenate([np.arange(10), 100 + np.arange(10), 1000 + np.arange(10.0)])
    assert breaks(groups, Method.JENKS, 3) == (100, 1000)


def test_natural_breaks_of_many_values_are_as_good_as_those_of_few() -> None:
    rng = np.random.default_rng(1)
    values = np.concatenate([rng.normal(middle, 1, 20_000) for middle in (0, 40, 90, 200)])
    limits = breaks(values, Method.JENKS, 4)
    assert np.bincount(class_of(values, limits)).tolist() == [20_000] * 4


def test_quantiles_hold_as_many_values_each() -> None:
    limits = breaks(np.arange(100.0), Method.QUANTILE, 4)
    assert np.bincount(class_of(np.arange(100.0), limits)).tolist() == [25] * 4
    skewed = [0.0] * 90 + list(range(1, 11))
    assert breaks(skewed, Method.QUANTILE, 5) == (), "most values are the smallest: nothing can be parted off"


def test_equal_classes_are_of_one_width() -> None:
    assert breaks([0, 3, 100], Method.EQUAL, 4) == (25, 50, 75)


def test_deviations_lie_around_the_mean() -> None:
    values = np.random.default_rng(2).normal(50, 10, 5000)
    limits = breaks(values, Method.DEVIATION, 4)
    assert limits == pytest.approx((40, 50, 60), abs=0.6)


def test_nothing_to_part() -> None:
    for method in Method:
        assert breaks([], method, 5) == breaks([7, 7, math.nan], method, 5) == ()
    assert class_of([7, math.nan], ()).tolist() == [0, NO_CLASS]


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_the_roundest_number_parts_two(a: float, b: float) -> None:
    low, high = min(a, b), max(a, b)
    if low < high:
        assert low < roundest(low, high) <= high


def test_limits_have_few_digits() -> None:
    assert roundest(9.2, 14.7) == 10
    assert roundest(1.231, 1.252) == 1.25
    assert breaks([12.3456, 12.9, 47.11, 48.2], Method.JENKS, 2) == (40,)


def test_whole_numbers_have_whole_limits():
    values = [1, 1, 1, 2, 2, 3, 7, 9, 9, 12]
    for method in Method:
        limits = breaks(values, method, 4)
        assert limits and all(limit == int(limit) and 1 < limit <= 12 for limit in limits)
    assert whole_range(values) == (1, 12)
    assert whole_range([1, 2.5]) is None and whole_range([math.nan]) is None
    assert whole_range([3, math.nan]) == (3, 3)
