"""The eye is never below the ground, whatever hands do; on foot it is 1.7 m above it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.scene.frame import Frame
from console.scene.hands import Drive, Navigator, World
from console.scene.hands.world import MARGIN
from console.scene.pose import Pose

XIAN = Frame(108.96, 34.22, 400.0)
METRE = 1 / 111_000


def hills(lon: float, lat: float) -> float | None:
    """Hills 200 m high and 2 km apart, with towers of 60 m; nothing is known far away."""
    east, north = (lon - 108.96) / METRE, (lat - 34.22) / METRE
    if max(abs(east), abs(north)) > 50_000:
        return None
    tower = 60.0 if (int(east // 50) + int(north // 50)) % 3 == 0 else 0.0
    return 400.0 + 200.0 * math.sin(east / 640) * math.sin(north / 640) + tower


def navigator(pose: Pose, surface=hills) -> Navigator:
    return Navigator(World(XIAN, 1280, 720, surface=surface), pose)


def clearance(hands: Navigator) -> float:
    lon, lat, height = hands.world.eye(hands.pose)
    ground = hands.world.surface(lon, lat)
    return math.inf if ground is None else height - ground


PIXEL = st.tuples(st.integers(0, 1280), st.integers(0, 720))
DRAG = st.tuples(st.integers(-500, 500), st.integers(-400, 400))
VERBS = st.one_of(
    st.tuples(st.just("pan"), PIXEL, PIXEL),
    st.tuples(st.just("orbit"), PIXEL, DRAG),
    st.tuples(st.just("look"), PIXEL, DRAG),
    st.tuples(st.just("zoom"), PIXEL, st.tuples(st.floats(-3, 5), st.just(0))),
    st.tuples(st.just("drive"), PIXEL, st.tuples(st.floats(-1, 1), st.floats(-1, 1))),
    st.tuples(st.just("fly"), PIXEL, DRAG),
    st.tuples(st.just("walk"), PIXEL, DRAG),
    st.tuples(st.just("down"), PIXEL, DRAG),
)


@given(st.lists(VERBS, min_size=1, max_size=8))
@settings(max_examples=40)
def test_whatever_hands_do_the_eye_stays_above_the_ground(verbs):
    hands, now = navigator(Pose(108.96, 34.22, 400.0, 10.0, 60.0, 500.0)), 0.0
    for verb, (x, y), (dx, dy) in verbs:
        _do(hands, verb, x, y, dx, dy, now)
        for _ in range(8):
            now += 0.09
            hands.tick(now)
            assert clearance(hands) >= MARGIN - 1e-3, verb
            assert 0 <= hands.pose.tilt < 180 and 0.5 <= hands.pose.distance <= 2e7


def _do(hands: Navigator, verb: str, x: float, y: float, dx: float, dy: float, now: float) -> None:
    hands.grab(x, y)
    if verb == "pan":
        hands.pan(dx, dy)
        hands.fling(dx * 3, dy * 3, now)
    elif verb in ("orbit", "look"):
        getattr(hands, verb)(dx, dy)
    elif verb == "zoom":
        hands.zoom(dx, x, y, now)
    elif verb == "drive":
        hands.drive(Drive(dx, dy, -1.0, tilt=dy, zoom=1.0), now, fast=True)
    elif verb == "fly":
        hands.fly_to(Pose(108.96 + dx * METRE * 4, 34.22 + dy * METRE * 4, 0.0, dx % 360, 80.0, 30.0), now)
    elif verb == "walk":
        hands.walk(now, x, y)
    else:
        hands.look_down(now)


def test_tilting_ends_at_the_ground_and_keeps_the_place():
    hands = navigator(Pose(108.96, 34.22, 400.0, 0.0, 45.0, 300.0), lambda lon, lat: 395.0)
    hands.grab(640, 360)
    hands.orbit(0, -1000)
    assert 89.0 >= hands.pose.tilt > 85
    over = navigator(Pose(108.96, 34.22, 400.0, 0.0, 45.0, 300.0), lambda lon, lat: 500.0)
    over.grab(640, 360)
    over.orbit(0, -1000)
    assert MARGIN <= clearance(over) < 2.0
    assert (over.pose.lon, over.pose.lat, over.pose.height) == pytest.approx((108.96, 34.22, 400.0), abs=1e-6)


def test_under_ground_is_allowed_when_asked_for():
    hands = navigator(Pose(108.96, 34.22, 480.0, 0.0, 60.0, 50.0), lambda lon, lat: 480.0)
    hands.allow_underground(True)
    hands.grab(640, 360)
    hands.orbit(0, -200)
    assert hands.pose.tilt == pytest.approx(120.0)
    assert clearance(hands) == pytest.approx(-25, abs=0.1)
    hands.allow_underground(False)
    assert clearance(hands) >= MARGIN - 1e-6
    assert hands.pose.tilt == 89.0


def walked(surface, drive: Drive, seconds: float, *, fast: bool = False) -> tuple[Navigator, Navigator]:
    """Before and after walking from the origin to the north."""
    hands = navigator(Pose(108.96, 34.22, 400.0, 0.0, 30.0, 300.0), surface)
    hands.walk(0.0)
    now = 10.0
    hands.tick(now)
    start = navigator(hands.pose, surface)
    hands.drive(drive, now, fast=fast)
    while now < 10 + seconds:
        now += 0.02
        hands.tick(now)
    hands.drive(Drive(), now)
    for _ in range(200):
        now += 0.02
        if not hands.tick(now):
            break
    assert not hands.moving
    return start, hands


def way(start: Navigator, end: Navigator) -> np.ndarray:
    return end.world.lens(end.pose).eye - start.world.lens(start.pose).eye


def test_on_foot_one_walks_over_the_ground_at_a_walk():
    start, end = walked(lambda lon, lat: 410.0 + (lat - 34.22) / METRE * 0.2, Drive(ahead=1.0), 4.0)
    east, north, up = way(start, end)
    assert clearance(start) == pytest.approx(1.7, abs=0.01)
    assert clearance(end) == pytest.approx(1.7, abs=0.02)
    assert north == pytest.approx(12.0, abs=0.6)
    assert abs(east) < 0.01 and up == pytest.approx(north * 0.2, abs=0.1)
    assert way(*walked(lambda lon, lat: 410.0, Drive(right=1.0), 2.0, fast=True))[0] == pytest.approx(
        24.0, abs=1.5
    )


def test_on_foot_a_wall_stops_and_lets_one_pass_along_it():
    def house(lon: float, lat: float) -> float:
        return 420.0 if lat > 34.22 + 5 * METRE else 400.0

    east, north, up = way(*walked(house, Drive(ahead=1.0, right=1.0), 4.0))
    assert north < 5.5 and abs(up) < 0.1
    assert east == pytest.approx(12.0, abs=0.8)


def test_on_foot_a_drag_looks_about_and_a_step_is_climbed():
    def kerb(lon: float, lat: float) -> float:
        return 400.3 if lat > 34.22 + 5 * METRE else 400.0

    start, end = walked(kerb, Drive(ahead=1.0), 4.0)
    assert way(start, end)[2] == pytest.approx(0.3, abs=0.02)
    eye = end.world.lens(end.pose).eye
    end.grab(600, 300)
    end.pan(700, 300)
    assert end.world.lens(end.pose).eye == pytest.approx(eye, abs=1e-3)
    assert end.pose.heading > 350
    end.leave_walk(100.0)
    end.tick(200.0)
    assert not end.walking and end.pose.tilt == 45.0
