"""The height of the ground is known where it was seen lately, as finely as it was seen."""

from __future__ import annotations

import numpy as np
import pytest

from console.scene.frame import Frame
from console.scene.hands import SeenGround
from console.scene.hands.seen_ground import FRESH

XIAN = Frame(108.96, 34.22, 400.0)


def patch(east: float, north: float, height: float, half: float = 10.0, step: float = 0.4):
    """Points on level ground in the frame, and how far apart they are."""
    side = np.arange(-half, half, step)
    x, y = np.meshgrid(east + side, north + side)
    points = np.stack([x.ravel(), y.ravel(), np.full(x.size, height)], axis=1)
    return points, np.full(x.size, step)


def height(ground: SeenGround, east: float, north: float, now: float = 0.0) -> float | None:
    lon, lat, _ = XIAN.geographic(np.array([east, north, 0.0]))
    return ground.height(float(lon), float(lat), now)


def test_what_was_seen_is_known_and_nothing_else():
    ground = SeenGround(XIAN)
    assert height(ground, 0, 0) is None
    ground.learn(*patch(0, 0, 12.0), 0.0)
    assert height(ground, 3.3, -4.7) == pytest.approx(412.0, abs=0.01)
    assert height(ground, 300, 0) is None
    assert height(ground, 64.0, 0) is None  # the same slot of the plane, another place


def test_fine_goes_before_coarse_and_late_before_early():
    ground = SeenGround(XIAN)
    ground.learn(*patch(0, 0, 5.0, half=400, step=20.0), 0.0)
    assert height(ground, 3, 3) == pytest.approx(405.0, abs=0.01)
    ground.learn(*patch(0, 0, 2.0), 1.0)
    assert height(ground, 3, 3) == pytest.approx(402.0, abs=0.01)
    assert height(ground, 203, 3) == pytest.approx(405.0, abs=0.01)
    ground.learn(*patch(0, 0, 30.0), 2.0)  # another model stands there now
    assert height(ground, 3, 3) == pytest.approx(430.0, abs=0.01)


def test_of_a_wall_the_top_is_the_ground():
    ground = SeenGround(XIAN)
    wall = np.array([[1.1, 1.1, z] for z in (8.0, 20.0, 3.0, 0.0)])
    ground.learn(wall, np.full(4, 0.2), 0.0)
    assert height(ground, 1.1, 1.1) == pytest.approx(420.0, abs=0.01)


def test_what_was_seen_long_ago_is_forgotten():
    ground = SeenGround(XIAN)
    ground.learn(*patch(0, 0, 12.0), 0.0)
    assert height(ground, 0, 0, FRESH - 1) is not None
    assert height(ground, 0, 0, FRESH + 1) is None


def test_far_away_the_earth_is_round():
    ground = SeenGround(XIAN)
    place = XIAN.place(109.06, 34.22, 400.0)
    ground.learn(*patch(place[0], place[1], place[2], half=800, step=100.0), 0.0)
    assert ground.height(109.06, 34.22, 0.0) == pytest.approx(400.0, abs=0.5)
