"""Journeys go out, across and in, and end where they should; turning to north and straight down and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.scene.frame import Frame
from console.scene.hands import Navigator, World
from console.scene.hands.arc import Arc
from console.scene.pose import Pose

XIAN = Frame(108.96, 34.22, 400.0)
WIDTHS = st.floats(1, 1e6)
POSES = st.builds(
    Pose,
    lon=st.floats(108.5, 109.5),
    lat=st.floats(34.0, 34.5),
    height=st.floats(0, 500),
    heading=st.floats(0, 359.9),
    tilt=st.floats(0, 85),
    distance=st.floats(10, 50_000),
)


@given(WIDTHS, WIDTHS, st.one_of(st.just(0.0), st.floats(0.01, 1e6)))
def test_an_arc_goes_across_without_turning_back_and_meets_both_ends(w0, w1, across):
    arc = Arc(w0, w1, across)
    ways = [arc.at(i / 50) for i in range(51)]
    shares, widths = np.array(ways).T
    assert ways[0] == (0.0, w0) and ways[-1] == (1.0, w1)
    assert (np.diff(shares) >= -1e-9).all()
    assert arc.at(1 - 1e-9)[0] == pytest.approx(1.0, abs=1e-4) or across < 1e-6 * max(w0, w1)
    assert arc.at(1 - 1e-9)[1] == pytest.approx(w1, rel=1e-4)
    rising = np.diff(widths) > 0
    assert (np.diff(rising.astype(int)) <= 0).all()  # out first, then in


def test_far_journeys_rise_above_both_ends_and_near_ones_do_not():
    assert max(Arc(500, 500, 50_000).at(i / 20)[1] for i in range(21)) > 20_000
    assert max(Arc(500, 500, 100).at(i / 20)[1] for i in range(21)) < 520


@given(POSES, POSES)
@settings(max_examples=40)
def test_a_journey_is_smooth_turns_the_short_way_and_ends_exactly(start, goal):
    hands = Navigator(World(XIAN, 1920, 1080), start)
    hands.fly_to(goal, 0.0)
    assert hands.goal == goal.clamped()
    turns, now = 0.0, 0.0
    while hands.moving and now < 6:
        before = hands.pose
        now += 0.02
        hands.tick(now)
        turns += abs((hands.pose.heading - before.heading + 180) % 360 - 180)
        scale = max(before.distance, hands.pose.distance)
        moved = np.linalg.norm(hands.world.focus(hands.pose) - hands.world.focus(before))
        assert moved < scale  # never half a screen a frame
    assert now <= 5.03 and hands.pose == goal.clamped()
    assert turns <= 180 + 1e-6


def test_a_long_journey_takes_longer_and_none_is_without_end():
    def seconds(goal: Pose) -> float:
        hands, now = Navigator(World(XIAN, 1920, 1080), Pose(108.96, 34.22, distance=500.0)), 0.0
        hands.fly_to(goal, 0.0)
        while hands.tick(now):
            now += 0.05
        return now

    near = seconds(Pose(108.961, 34.22, distance=500.0))
    town = seconds(Pose(109.1, 34.22, distance=500.0))
    assert near < town < seconds(Pose(116.4, 39.9, distance=500.0)) <= 5.1


def test_a_journey_passes_over_a_mountain_smoothly():
    def mountain(lon: float, lat: float) -> float:
        return 400.0 + 1500.0 * np.exp(-(((lon - 108.97) * 90_000 / 200) ** 2))

    hands = Navigator(World(XIAN, 1280, 720, surface=mountain), Pose(108.96, 34.22, 400.0, 90.0, 80.0, 100.0))
    hands.fly_to(Pose(108.98, 34.22, 400.0, 90.0, 80.0, 100.0), 0.0)
    heights, now = [], 0.0
    while hands.moving:
        now += 0.02
        hands.tick(now)
        lon, lat, height = hands.world.eye(hands.pose)
        assert height >= mountain(lon, lat) + 0.99
        heights.append(height)
    assert max(heights) > 1900
    assert np.abs(np.diff(heights)).max() < 100
    assert hands.pose.height == 400.0


def test_north_up_and_straight_down_and_back():
    hands = Navigator(World(XIAN, 1280, 720), Pose(108.96, 34.22, 400.0, 350.0, 60.0, 500.0))
    hands.north_up(0.0)
    hands.tick(0.1)
    assert hands.pose.heading > 350  # the short way
    hands.tick(1.0)
    assert hands.pose.heading % 360 == pytest.approx(0.0, abs=1e-9)
    hands.look_down(1.0)
    hands.tick(2.0)
    assert hands.pose.tilt == 0 and not hands.moving
    hands.look_down(2.0)
    hands.tick(3.0)
    assert hands.pose.tilt == pytest.approx(60.0)
    assert (hands.pose.lon, hands.pose.lat) == pytest.approx((108.96, 34.22), abs=1e-9)
    hands.go_home(4.0)
    hands.tick(20.0)
    assert hands.pose == Pose(108.96, 34.22, 400.0, 350.0, 60.0, 500.0)
