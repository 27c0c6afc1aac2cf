"""A map and a scene follow one another without drifting."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.map.viewport import Viewport, metres_per_pixel, to_world
from console.scene.hands import map_of_pose, map_zoom, pose_of_map
from console.scene.pose import Pose

HEIGHT = 1080


def scales(lat: float) -> tuple[float, float]:
    return metres_per_pixel(lat, 22.0), metres_per_pixel(lat, 2.0)


def shown_on_map(pose: Pose) -> Viewport:
    lon, lat, scale = map_of_pose(pose, HEIGHT, scales(pose.lat))
    x, y = to_world(lon, lat)
    return Viewport(float(x), float(y), map_zoom(scale, lat), 1920, HEIGHT)


def shown_in_scene(pose: Pose, map_: Viewport) -> Pose:
    lon, lat = map_.center
    return pose_of_map(pose, lon, lat, map_.metres_per_pixel, HEIGHT, scales(lat))


@given(
    st.floats(73, 135),
    st.floats(3, 54),
    st.floats(0, 85),
    st.floats(0.5, 1e7),
    st.lists(st.tuples(st.floats(-300, 300), st.floats(-300, 300), st.floats(-1, 1)), min_size=3, max_size=3),
)
@settings(max_examples=20)
def test_a_thousand_exchanges_move_nothing(lon, lat, tilt, distance, hands):
    pose = Pose(lon, lat, 400.0, 30.0, tilt, distance)
    for dx, dy, levels in hands:
        map_ = shown_on_map(pose)
        for _ in range(334):
            assert shown_in_scene(pose, map_) == pose
            map_ = shown_on_map(pose)
        map_ = map_.panned(dx, dy).zoomed(map_.zoom + levels)
        pose = shown_in_scene(pose, map_)
        assert (pose.lon, pose.lat) == pytest.approx(map_.center, abs=0.02 * 360 / map_.scale)
        if map_.zoom < 22 and map_.metres_per_pixel < 10_000:  # farther out a scene does not go
            assert pose.metres_per_pixel(HEIGHT) == pytest.approx(map_.metres_per_pixel, rel=1e-5)


def test_a_scene_nearer_than_the_map_can_come_is_left_alone():
    near = Pose(108.96, 34.22, 400.0, 0.0, 85.0, 2.0)
    map_ = shown_on_map(near)
    assert map_.zoom == pytest.approx(22.0)
    assert shown_in_scene(near, map_) is near
    assert shown_in_scene(near, replace(map_, zoom=20.0)).distance > 100


def test_zoom_is_that_of_the_map():
    for lat in (0.0, 34.2, 53.0):
        assert map_zoom(metres_per_pixel(lat, 15.5), lat) == pytest.approx(15.5)
    assert math.isfinite(map_zoom(1e-3, 89.0))
