"""What is held stays under the pointer: pan, orbit, zoom, pinch, look."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from console.scene.frame import Frame
from console.scene.hands import Navigator, World
from console.scene.hands.moves import shortest
from console.scene.pose import Pose

XIAN = Frame(108.9594, 34.2197, 420.0)
WIDTH, HEIGHT = 1920, 1080
POSES = st.builds(
    Pose,
    lon=st.floats(108.8, 109.1),
    lat=st.floats(34.1, 34.3),
    height=st.floats(300, 600),
    heading=st.floats(0, 359.9),
    tilt=st.floats(0, 80),
    distance=st.floats(20, 200_000),
)
X, Y = st.floats(0, WIDTH), st.floats(0, HEIGHT)


def navigator(pose: Pose, **known) -> Navigator:
    return Navigator(World(XIAN, WIDTH, HEIGHT, **known), pose)


def pixel(hands: Navigator, point) -> tuple[float, float]:
    x, y, ahead = hands.world.lens(hands.pose).project(point)
    assert ahead > 0
    return float(x), float(y)


def steep(hands: Navigator, x: float, y: float) -> bool:
    """Whether a pixel's ray reaches the ground at more than 4 degrees; it may hold from 3 on."""
    lens = hands.world.lens(hands.pose)
    above = float(XIAN.geographic(lens.eye)[2]) - hands.pose.height
    down = math.asin(-lens.rays(x, y) @ XIAN.axes_at(lens.eye)[2])
    return down > 0 and math.cos(down) * (6_371_000 + above) / 6_371_000 < math.cos(math.radians(4))


@given(POSES, X, Y, X, Y)
@settings(max_examples=40)
def test_the_ground_that_is_grabbed_stays_under_the_pointer(pose, x, y, to_x, to_y):
    hands = navigator(pose)
    assume(steep(hands, x, y))
    hands.grab(x, y)
    point = hands.world.ground_at(pose, x, y)
    assert pixel(hands, point) == pytest.approx((x, y), abs=0.01)
    assert XIAN.geographic(point)[2] == pytest.approx(pose.height, abs=1e-3)
    for share in (0.5, 1.0):
        hands.pan(x + (to_x - x) * share, y + (to_y - y) * share)
    assume(steep(hands, to_x, to_y))
    assert pixel(hands, point) == pytest.approx((to_x, to_y), abs=1.0)
    assert (hands.pose.heading, hands.pose.tilt, hands.pose.distance, hands.pose.height) == pytest.approx(
        (pose.heading, pose.tilt, pose.distance, pose.height), abs=1e-6
    )


def test_a_drag_towards_the_horizon_ends_somewhere_and_comes_back():
    pose = Pose(108.96, 34.22, 400.0, 20.0, 85.0, 500.0)
    hands = navigator(pose)
    hands.grab(960, 900)
    ground = hands.world.ground_at(pose, 960, 900)
    for y in range(900, -1, -20):
        before = hands.world.focus(hands.pose)
        hands.pan(960, y)
        assert np.linalg.norm(hands.world.focus(hands.pose) - before) < 1000
    hands.pan(960, 900)
    assert pixel(hands, ground) == pytest.approx((960, 900), abs=0.5)


@given(POSES, X, Y, st.floats(-400, 400), st.floats(-300, 300), st.booleans())
@settings(max_examples=40)
def test_an_orbit_keeps_the_place_s_pixel_and_distance(pose, x, y, dx, dy, roof):
    place = None

    def hit(x: float, y: float):
        return place

    hands = navigator(pose, hit=hit if roof else lambda x, y: None)
    assume(steep(hands, x, y))
    place = point = hands.world.lens(pose).at_depth(x, y, pose.distance * 0.7) if roof else None
    point = hands.world.ground_at(pose, x, y) if point is None else point
    before = np.linalg.norm(hands.world.lens(pose).eye - point)
    hands.grab(x, y)
    hands.orbit(dx, dy)
    assert pixel(hands, point) == pytest.approx((x, y), abs=0.5)
    assert np.linalg.norm(hands.world.lens(hands.pose).eye - point) == pytest.approx(before, rel=1e-4)
    assert shortest(pose.heading + dx * 0.4, hands.pose.heading) == pytest.approx(0, abs=1e-6)
    assert 0 <= hands.pose.tilt <= 89


@given(POSES, X, Y, st.floats(-3, 3))
@settings(max_examples=40)
def test_zooming_keeps_the_pixel_at_every_moment_and_ends_exactly(pose, x, y, levels):
    hands = navigator(pose)
    assume(steep(hands, x, y))
    point = hands.world.ground_at(pose, x, y)
    assume(np.linalg.norm(hands.world.lens(pose).eye - point) < 1e6)
    hands.zoom(levels, x, y, 10.0)
    goal = hands.goal
    assert goal.distance == pytest.approx(pose.distance * 2**-levels, rel=1e-6)
    for now in (10.05, 10.1, 10.3):
        hands.tick(now)
        assert pixel(hands, point) == pytest.approx((x, y), abs=0.5)
    assert not hands.moving
    assert hands.pose == goal


def test_steps_of_the_wheel_add_up():
    hands = navigator(Pose(108.96, 34.22, 400.0, 0.0, 40.0, 800.0))
    hands.zoom(0.5, 960, 540, 1.0)
    hands.tick(1.05)
    hands.zoom(0.5, 960, 540, 1.05)
    assert hands.goal.distance == pytest.approx(400.0, rel=1e-6)
    while hands.tick(2.0):
        pass
    assert hands.pose.distance == pytest.approx(400.0, rel=1e-6)


def test_zooming_in_ends_before_what_is_zoomed_at():
    hands = navigator(Pose(108.96, 34.22, 400.0, 0.0, 40.0, 800.0))
    for _ in range(60):
        hands.zoom_at_once(1.0, 960, 540)
    assert np.linalg.norm(hands.world.lens(hands.pose).eye - XIAN.place(108.96, 34.22, 400.0)) >= 0.99
    for _ in range(60):
        hands.zoom_at_once(-1.0, 960, 540)
    assert hands.pose.distance <= 2e7


def test_two_fingers_hold_what_is_between_them():
    hands = navigator(Pose(108.96, 34.22, 400.0, 30.0, 50.0, 800.0))
    ground = hands.world.ground_at(hands.pose, 700, 600)
    hands.grab(700, 600)
    hands.pinch(760, 640, 1.5, turn=20.0)
    assert pixel(hands, ground) == pytest.approx((760, 640), abs=0.5)
    assert hands.pose.heading == pytest.approx(10.0)
    assert hands.pose.distance == pytest.approx(800 / 1.5, rel=1e-6)
    hands.pinch(760, 640, 1.0, tilt=15.0)
    assert hands.pose.tilt == pytest.approx(65.0)
    assert pixel(hands, ground) == pytest.approx((760, 640), abs=0.5)


@given(POSES, st.floats(-300, 300), st.floats(-200, 200))
@settings(max_examples=40)
def test_looking_about_leaves_the_eye_where_it_is(pose, dx, dy):
    hands = navigator(pose)
    eye = hands.world.lens(pose).eye
    hands.look(dx, dy)
    assert hands.world.lens(hands.pose).eye == pytest.approx(eye, abs=1e-3)


def test_what_is_looked_at_follows_a_drag_of_the_look():
    hands = navigator(Pose(108.96, 34.22, 400.0, 0.0, 88.0, 50.0))
    point = hands.world.lens(hands.pose).at_depth(960, 540, 300.0)
    hands.look(100, 40)
    assert pixel(hands, point) == pytest.approx((1060, 580), abs=2)


def test_a_fling_glides_on_slows_down_and_rests():
    hands = navigator(Pose(108.96, 34.22, 400.0, 0.0, 0.0, 800.0))
    hands.grab(900, 500)
    hands.pan(960, 540)
    hands.fling(1000, 0, 5.0)
    steps, now = [], 5.0
    while hands.moving:
        now += 1 / 60
        before = hands.pose.lon
        hands.tick(now)
        steps.append(before - hands.pose.lon)
    assert steps[0] > steps[10] > steps[-1] > 0
    assert not hands.tick(now + 1)
    assert now < 7


def test_a_scene_seen_askew_says_what_it_looks_at_when_zoomed():
    """After climbing over a tower what is looked at may hang in the air: a zoom finds the ground again."""
    pose = Pose(108.96, 34.22, 700.0, 0.0, 0.0, 100.0)
    hands = navigator(pose, hit=lambda x, y: XIAN.place(108.96, 34.22, 400.0))
    hands.zoom(1.0, 960, 540, 0.0)
    hands.tick(1.0)
    assert hands.pose.height == pytest.approx(400.0, abs=0.01)
    assert hands.pose.distance == pytest.approx(200.0, rel=1e-4)
