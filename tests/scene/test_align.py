"""Models are moved by hand and by pairs of places."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.scene.align import fit, moved
from console.scene.frame import Frame

HERE = Frame(117.2, 34.26, 40.0)
METRES = st.floats(-200, 200)


def degrees(points: np.ndarray) -> np.ndarray:
    return HERE.geographic(points)


def through(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Points of the frame, moved in Earth-centred metres."""
    local = HERE.from_ecef @ matrix @ HERE.to_ecef
    return points @ local[:3, :3].T + local[:3, 3]


def test_by_hand_it_goes_east_north_up_and_turns_clockwise():
    north = np.array([[0.0, 100.0, 0.0]])
    assert through(moved(HERE, 3.0, 4.0, 5.0, 0.0), north) == pytest.approx(
        np.array([[3.0, 104.0, 5.0]]), abs=1e-6
    )
    assert through(moved(HERE, 0.0, 0.0, 0.0, 90.0), north) == pytest.approx(
        np.array([[100.0, 0.0, 0.0]]), abs=1e-6
    )


@settings(max_examples=40)
@given(METRES, METRES, METRES, st.floats(-180, 180), st.booleans())
def test_pairs_find_the_move_again(east: float, north: float, up: float, heading: float, tilt: bool):
    places = np.array([[0.0, 0, 0], [120, 10, 4], [-30, 80, 22], [60, -90, 9]])
    goals = through(moved(HERE, east, north, up, heading), places)
    found = fit(HERE, degrees(places), degrees(goals), tilt=tilt)
    assert found.rms < 1e-3
    assert through(found.matrix, places) == pytest.approx(goals, abs=2e-3)


def test_what_does_not_fit_is_left_as_residuals_and_one_pair_only_shifts():
    places = np.array([[0.0, 0, 0], [100, 0, 0], [0, 100, 0]])
    goals = places + np.array([[0, 0, 0], [0, 0, 3.0], [0, 0, 0]])
    found = fit(HERE, degrees(places), degrees(goals))
    assert found.residuals[:, 2] == pytest.approx([-1, 2, -1], abs=1e-3)
    assert found.rms == pytest.approx(np.sqrt(6 / 3), abs=1e-3)
    one = fit(HERE, degrees(places[:1]), degrees(places[:1] + 7.0))
    assert through(one.matrix, places) == pytest.approx(places + 7.0, abs=1e-3)


def test_too_few_places_or_places_in_a_line_are_refused():
    line = degrees(np.array([[0.0, 0, 0], [10, 0, 0], [20, 0, 0]]))
    for count in (2, 3):
        with pytest.raises(ValueError, match=r"few|line"):
            fit(HERE, line[:count], line[:count], tilt=True)
