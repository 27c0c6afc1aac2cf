"""Flights go smoothly through their keys, not too fast; what is kept comes back, what is hostile does not."""

from __future__ import annotations

import json
from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.scene.frame import Frame
from console.scene.hands import Flight, Kept, Key, NamedView, Navigator, Recorder, World, dump, load
from console.scene.pose import Pose
from console.scene.refusal import SceneRefused

XIAN = Frame(108.96, 34.22, 400.0)
POSES = st.builds(
    Pose,
    lon=st.floats(108.9, 109.0),
    lat=st.floats(34.2, 34.25),
    height=st.floats(0, 500),
    heading=st.floats(0, 359.9),
    tilt=st.floats(0, 120),
    distance=st.floats(10, 5000),
)
NAMES = st.text(st.characters(exclude_categories=("C",)), min_size=1, max_size=100)


@st.composite
def flights(draw) -> Flight:
    poses = draw(st.lists(POSES, min_size=1, max_size=6))
    gaps = draw(st.lists(st.floats(0.5, 30), min_size=len(poses), max_size=len(poses)))
    times = [0.0, *np.cumsum(gaps[1:]).tolist()]
    back = draw(st.one_of(st.none(), st.floats(0.5, 20)))
    keys = tuple(Key(at, pose) for at, pose in zip(times, poses, strict=True))
    return Flight(keys, back, name=draw(NAMES))


def eyes(flight: Flight, times) -> np.ndarray:
    return np.array([flight.at(float(t)).lens(XIAN, 10, 10).eye for t in times])


@given(flights())
@settings(max_examples=50)
def test_a_flight_is_continuous_and_goes_through_its_keys(flight):
    for key in flight.keys:
        at = flight.at(key.at)
        assert astuple(at) == pytest.approx(astuple(key.pose), abs=1e-6)
        near = np.diff(eyes(flight, [key.at - 1e-6, key.at, key.at + 1e-6]), axis=0)
        assert np.abs(near).max() < 0.1
    if flight.back is None:
        assert flight.at(-5) == flight.keys[0].pose
        assert flight.at(flight.seconds + 5) == flight.keys[-1].pose
    else:
        assert (
            np.abs(np.diff(eyes(flight, [flight.seconds - 1e-6, flight.seconds + 1e-6]), axis=0)).max() < 0.1
        )


@given(flights())
@settings(max_examples=20)
def test_no_part_is_faster_than_allowed(flight):
    calm = flight.limited(100.0, 30.0)
    assert [key.pose for key in calm.keys] == [key.pose for key in flight.keys]
    times = np.linspace(0, calm.seconds, 400)
    if calm.seconds > 0:
        speed = np.linalg.norm(np.diff(eyes(calm, times), axis=0), axis=1) / (times[1] - times[0])
        assert speed.max() <= 100.0 * 1.1
    assert calm.limited(120.0, 36.0).seconds == pytest.approx(calm.seconds, rel=0.02)


def test_a_circle_about_a_tower_keeps_its_distance_and_turns_one_way():
    keys = tuple(Key(i * 5.0, Pose(108.96, 34.22, 420.0, i * 90.0, 60.0, 300.0)) for i in range(4))
    circle = Flight(keys, back=5.0)
    times = np.linspace(0, 40, 200)
    away = np.linalg.norm(eyes(circle, times) - XIAN.place(108.96, 34.22, 420.0), axis=1)
    assert away == pytest.approx(300.0, abs=0.01)
    turns = (np.diff([circle.at(float(t)).heading for t in times]) + 180) % 360 - 180
    assert turns == pytest.approx(18 * 40 / 199, abs=0.05)


def test_what_was_flown_is_recorded_and_flown_again():
    hands, recorder = Navigator(World(XIAN, 1280, 720), Pose(108.96, 34.22, 400.0, 0, 45, 500)), Recorder()
    hands.fly_to(Pose(108.97, 34.23, 400.0, 90, 60, 300), 0.0)
    flown, now = [], 0.0
    while hands.moving or now < 60:  # then a long rest, which is cut short
        recorder.take(hands.pose, now)
        flown.append(hands.pose)
        now += 1 / 30
        hands.tick(now)
    hands.show(Pose(108.97, 34.23, 400.0, 100, 60, 300))
    recorder.take(hands.pose, now + 0.01)
    flight = recorder.flight("巡查")
    assert flight is not None and flight.name == "巡查" and flight.seconds < 8
    for i, pose in enumerate(flown[:60]):
        off = flight.at(i / 30).lens(XIAN, 10, 10).eye - pose.lens(XIAN, 10, 10).eye
        assert np.linalg.norm(off) < 0.02 * pose.distance
    assert flight.keys[-1].pose == hands.pose
    hands.play(flight, 100.0)
    hands.tick(100.0 + flight.seconds / 2)
    assert astuple(hands.pose) == pytest.approx(astuple(flight.at(flight.seconds / 2)))
    assert not hands.tick(200.0) and hands.pose == flight.keys[-1].pose


def test_keys_are_set_by_hand_and_nothing_is_no_flight():
    recorder = Recorder()
    assert recorder.flight("空") is None
    recorder.add(Pose(108.96, 34.22), 5.0)
    recorder.add(Pose(108.97, 34.22), 5.0)
    flight = recorder.flight("两点")
    assert flight is not None and [key.at for key in flight.keys] == [0.0, 5.0]


@given(st.lists(st.builds(NamedView, NAMES, POSES), max_size=3), st.lists(flights(), max_size=3))
@settings(max_examples=40)
def test_what_is_kept_comes_back_as_it_was(views, kept):
    both = Kept(tuple(views), tuple(kept))
    assert load(dump(both)) == both


VIEW = {
    "name": "钟楼",
    "pose": {"lon": 108.9, "lat": 34.2, "height": 400, "heading": 0, "tilt": 45, "distance": 100},
}


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"[1]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"views": []}',
        b'{"onemap_scene_views": 2, "views": []}',
        b'{"onemap_scene_views": 1, "views": [{"name": "x"}]}',
        b" " * 9_000_000,
        {"views": [VIEW | {"name": ""}]},
        {"views": [VIEW | {"name": "a\nb"}]},
        {"views": [VIEW | {"name": "a" * 101}]},
        {"views": [VIEW | {"more": 1}]},
        {"views": [VIEW] * 1001},
        {"views": [VIEW | {"pose": VIEW["pose"] | {"distance": 0}}]},
        {"views": [VIEW | {"pose": VIEW["pose"] | {"lat": 91}}]},
        {"views": [VIEW | {"pose": VIEW["pose"] | {"tilt": float("nan")}}]},
        {"views": [VIEW | {"pose": VIEW["pose"] | {"height": float("inf")}}]},
        {"flights": [{"name": "x", "keys": []}]},
        {"flights": [{"name": "x", "keys": [{"at": 1, "pose": VIEW["pose"]}]}]},
        {"flights": [{"name": "x", "keys": [{"at": 0, "pose": VIEW["pose"]}] * 2}]},
        {"flights": [{"name": "x", "keys": [{"at": 0, "pose": VIEW["pose"]}], "back": 0}]},
    ],
)
def test_what_is_no_such_file_is_refused_in_words(document):
    data = (
        document if isinstance(document, bytes) else json.dumps({"onemap_scene_views": 1} | document).encode()
    )
    with pytest.raises(SceneRefused) as refusal:
        load(data)
    assert refusal.value.message.zh_CN and refusal.value.message.en


def test_one_that_is_whole_is_taken():
    data = json.dumps({"onemap_scene_views": 1, "views": [VIEW]}).encode()
    assert load(data).views[0] == NamedView("钟楼", replace(Pose(108.9, 34.2, 400), distance=100))
