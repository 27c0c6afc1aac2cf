"""The local frame and what is seen in it: exact, and undone exactly."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from console.scene.frame import Frame
from console.scene.pose import Pose, looking

XIAN = Frame(108.9594, 34.2197, 420.0)
LON, LAT = st.floats(108.5, 109.5), st.floats(33.9, 34.6)


@given(LON, LAT, st.floats(-100, 5000))
def test_a_place_is_where_proj_has_it(lon: float, lat: float, height: float):
    theirs = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True).transform(lon, lat, height)
    place = XIAN.place(lon, lat, height)
    ours = XIAN.to_ecef[:3, :3] @ place + XIAN.to_ecef[:3, 3]
    assert ours == pytest.approx(theirs, abs=1e-6)
    assert XIAN.from_ecef[:3, :3] @ ours + XIAN.from_ecef[:3, 3] == pytest.approx(place, abs=1e-6)
    assert XIAN.geographic(place) == pytest.approx((lon, lat, height), abs=1e-4)


def test_the_earth_is_round():
    assert XIAN.place(108.9594, 34.2197, 420.0) == pytest.approx((0, 0, 0), abs=1e-6)
    ten_km = XIAN.place(
        108.9594 + math.degrees(10_000 / (6_378_137 * math.cos(math.radians(34.2197)))), 34.2197, 420.0
    )
    assert -8.5 < ten_km[2] < -7.0


@given(LON, LAT, st.floats(0, 360), st.floats(0, 120), st.floats(1, 1e5))
def test_what_is_looked_at_is_in_the_middle_and_the_pose_is_found_again(lon, lat, heading, tilt, distance):
    pose = Pose(lon, lat, 400.0, heading, tilt, distance)
    lens = pose.lens(XIAN, 1920, 1080)
    focus = XIAN.place(lon, lat, 400.0)
    x, y, ahead = lens.project(focus)
    assert (x, y) == pytest.approx((960, 540), abs=1e-2)
    assert ahead == pytest.approx(distance, rel=1e-6)
    again = looking(XIAN, lens, distance).lens(XIAN, 1920, 1080)
    assert again.eye == pytest.approx(lens.eye, abs=1e-2)
    assert again.axes == pytest.approx(lens.axes, abs=1e-4)


@given(st.floats(0, 1920), st.floats(0, 1080), st.floats(0.5, 1e4))
def test_a_pixel_s_ray_comes_back_to_the_pixel(x: float, y: float, depth: float):
    lens = Pose(108.96, 34.22, 400.0, 30.0, 60.0, 500.0).lens(XIAN, 1920, 1080)
    point = lens.at_depth(x, y, depth)
    assert lens.project(point) == pytest.approx((x, y, depth), abs=1e-3)


def test_north_is_above_and_heading_turns_it():
    lens = Pose(108.96, 34.22, 400.0, 0.0, 0.0, 500.0).lens(XIAN, 100, 100)
    north = XIAN.place(108.96, 34.2205, 400.0)
    assert lens.project(north)[1] < 50
    turned = Pose(108.96, 34.22, 400.0, 90.0, 0.0, 500.0).lens(XIAN, 100, 100)
    assert turned.project(north)[0] < 50
