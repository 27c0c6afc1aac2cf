"""Drones on the map while their picture is live: where they are, what they show, how that grows old."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from console.media.facet import MediaFacet
from console.model.records import Camera, CameraKind
from console.sdk.media import Metadata
from console.testing import Console, MemoryBackend
from plugins.cameras.desktop.drones.footprint import footprint
from tests.media.conftest import until
from tests.support.clips import encode
from tests.support.klv import flight
from tests.support.web_video import sending

GRID = "320302001001001"
HOME = (117.2, 34.26)
DRONE = Camera(id="d1", name="无人机一号", area=GRID, where=HOME, kind=CameraKind.DRONE, live=True, version=1)
DOWN = Metadata(
    at=1_700_000_000.0,
    longitude=117.2,
    latitude=34.26,
    altitude=200.0,
    heading=0.0,
    view_width=60.0,
    view_height=40.0,
    sensor_azimuth=0.0,
    sensor_elevation=-90.0,
    center_height=50.0,
)
"""150 m above the ground."""
BACK_30 = 150 * math.tan(math.radians(30))
BACK_20 = 150 * math.tan(math.radians(20))


def metres(place: Any) -> tuple[float, float]:
    """East and north of the drone's home."""
    across = 111_320 * math.cos(math.radians(HOME[1]))
    return (place[0] - HOME[0]) * across, (place[1] - HOME[1]) * 111_320


def test_a_picture_straight_down():
    seen = footprint(DOWN)
    assert seen and seen.computed and seen.above == approx(150)
    assert metres(seen.center) == approx((0, 0), abs=0.1)
    corners = [(-BACK_30, BACK_20), (BACK_30, BACK_20), (BACK_30, -BACK_20), (-BACK_30, -BACK_20)]
    for corner, meant in zip(seen.corners, corners, strict=True):
        assert metres(corner) == approx(meant, abs=0.1)


def test_a_picture_aslant_by_each_way_to_know_the_ground():
    """To the east, 45° down: the drone flies north, its camera looks right."""
    aslant = replace(DOWN, sensor_azimuth=90.0, sensor_elevation=-45.0)
    by_height = footprint(aslant)
    assert by_height and metres(by_height.center) == approx((150, 0), abs=0.1)
    upper_left, _, lower_right, _ = map(metres, by_height.corners)
    assert upper_left[0] == approx(150 * math.tan(math.radians(65)), abs=0.5) and upper_left[1] > 0
    assert lower_right[0] == approx(150 * math.tan(math.radians(25)), abs=0.5) and lower_right[1] < 0
    by_distance = footprint(replace(aslant, center_height=None, distance=150 * math.sqrt(2)))
    by_center = footprint(replace(aslant, center_height=None, center=by_height.center))
    for other in (by_distance, by_center):
        assert other and other.above == approx(150, abs=0.1)
        assert np.allclose(other.corners, by_height.corners, atol=1e-6)
    assert not footprint(replace(aslant, center_height=None)).corners  # type: ignore[union-attr]


def test_how_the_drone_leans_counts():
    """Its nose 10° down, its camera 80° below that: straight down again; banked, the picture slides aside."""
    nose_down = footprint(replace(DOWN, pitch=-10.0, sensor_elevation=-80.0))
    assert nose_down and metres(nose_down.center) == approx((0, 0), abs=0.1)
    banked = footprint(replace(DOWN, roll=10.0))
    assert banked and metres(banked.center) == approx((-150 * math.tan(math.radians(10)), 0), abs=0.1)


def test_the_horizon_is_cut_off_and_the_sky_has_no_ground():
    level = footprint(replace(DOWN, sensor_elevation=-5.0))
    assert level and max(abs(part) for corner in level.corners for part in metres(corner)) < 20.1 * 150
    sky = footprint(replace(DOWN, sensor_elevation=40.0))
    assert sky and not sky.corners and sky.center is None and sky.place == HOME


def test_what_is_said_goes_before_what_is_worked_out_and_nonsense_is_left_out():
    told = ((117.19, 34.27), (117.21, 34.27), (117.21, 34.25), (117.19, 34.25))
    seen = footprint(replace(DOWN, corners=told, center=(117.2, 34.265)))
    assert seen and seen.corners == told and not seen.computed and seen.center == (117.2, 34.265)
    lost = footprint(replace(DOWN, corners=((0.0, 0.0),) * 4, center=(0.0, 0.0)))
    assert lost and lost.computed and metres(lost.center) == approx((0, 0), abs=0.1)
    assert footprint(replace(DOWN, latitude=None)) is None


def numbers(low: float, high: float) -> st.SearchStrategy[float | None]:
    return st.none() | st.floats(low, high)


places = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@given(
    st.builds(
        Metadata,
        longitude=numbers(-180, 180),
        latitude=numbers(-90, 90),
        altitude=numbers(-900, 19000),
        heading=numbers(0, 360),
        pitch=numbers(-20, 20),
        roll=numbers(-50, 50),
        view_width=numbers(0, 180),
        view_height=numbers(0, 180),
        sensor_azimuth=numbers(0, 360),
        sensor_elevation=numbers(-180, 180),
        sensor_roll=numbers(0, 360),
        distance=numbers(0, 5e6),
        center_height=numbers(-900, 19000),
        center=st.none() | places,
        corners=st.just(()) | st.tuples(places, places, places, places),
    )
)
def test_whatever_a_drone_says_can_be_drawn(said: Metadata):
    seen = footprint(said)
    if seen is not None:
        drawn = np.array([seen.place, seen.center or seen.place, *seen.corners])
        assert np.isfinite(drawn).all()
        assert len(seen.corners) in (0, 4)


@pytest.fixture
def tickets(backend: MemoryBackend) -> list[str]:
    """The address that tickets lead to, to be put in."""
    address = ["udp://127.0.0.1:9"]
    backend.answer(
        "POST",
        r"/cameras/[^/]+/ticket",
        lambda request: {"id": "t1", "user": "", "password": "", "main": address[0], "sub": ""},
    )
    backend.answer("POST", "/cameras/tickets/end", lambda request: {})
    backend.answer("POST", "/cameras/tickets/renew", lambda request: {"renewed": ["t1"], "over": {}})
    return address


@pytest.fixture
def start(tickets: list[str], activate: Callable[..., Console], panel: Any) -> Callable[[], Console]:
    """A console that looks through the drone."""

    def start() -> Console:
        console = activate("grids", "cameras")
        console.put("camera", DRONE)
        console.clock.advance(0.2)
        panel("onemap.cameras.live")
        console.host.services.get("cameras").open(["d1"])
        console.clock.advance(0.1)
        return console

    return start


def layer(console: Console, name: str) -> Any:
    return console.map.layers_by_id[f"onemap.cameras.{name}"]


def test_a_drone_is_on_the_map_while_it_is_heard_and_fades(start: Callable[[], Console]):
    console = start()
    (tile,) = console.media.tiles
    points, ground = layer(console, "drones"), layer(console, "drones_ground")
    assert not len(points.lon)
    tile.tell(replace(DOWN, heading=30.0))
    console.clock.advance(0.3)
    assert (points.lon.tolist(), points.lat.tolist()) == ([117.2], [34.26])
    assert points.columns["heading"].tolist() == [30.0] and points.columns["opacity"].tolist() == [1.0]
    assert list(points.labels) == ["无人机一号"]
    kinds = [shape.kind for shape in ground.shapes["d1"]]
    assert kinds.count("polygon") == 1 and kinds.count("line") == 2
    tip = points.tooltip(0)
    assert time.strftime("%H:%M:%S", time.localtime(DOWN.at)) in tip and "200" in tip and "150" in tip
    points.click(0)
    assert console.selection.current == ("camera", "d1") and points.selected == [0]
    assert not layer(console, "sight").shapes  # that of its place at home would mislead
    fresh = ground.shapes["d1"][0].style.stroke
    tile.tell(None)  # the picture was closed
    console.clock.advance(15)
    assert 0.2 < points.columns["opacity"][0] < 0.8 and ground.shapes["d1"][0].style.stroke != fresh
    console.clock.advance(20)
    assert not len(points.lon) and not ground.shapes


def test_to_show_a_drone_is_to_show_where_it_flies(start: Callable[[], Console]):
    console = start()
    console.selection.select("camera", "d1")
    console.media.tiles[0].tell(replace(DOWN, longitude=117.3))
    console.run("onemap.cameras.show")
    assert console.map.center == (117.3, 34.26)
    console.clock.advance(40)  # it is heard no more
    console.run("onemap.cameras.show")
    assert console.map.center == HOME


def test_a_drone_that_one_may_not_see_any_more_is_gone(start: Callable[[], Console]):
    console = start()
    console.media.tiles[0].tell(DOWN)
    console.clock.advance(0.3)
    assert len(layer(console, "drones").lon) == 1
    console.drop("camera", "d1")
    console.clock.advance(0.3)
    assert not len(layer(console, "drones").lon) and not layer(console, "drones_ground").shapes


@pytest.fixture
def real_media(console: Console) -> Iterator[MediaFacet]:
    facet: Any = MediaFacet()
    console.media = facet
    yield facet
    facet.close()


def test_from_the_line_to_the_map_with_nonsense_between(
    real_media: MediaFacet, tickets: list[str], start: Callable[[], Console]
):
    """MPEG-TS by UDP with metadata, of which every second packet is none."""
    number = count()

    def beside() -> bytes:
        n = next(number)
        good = flight(
            1_700_000_000 + n / 15,
            latitude=34.26 + n * 1e-5,
            longitude=117.2,
            altitude=200,
            heading=90,
            view_width=60,
            view_height=40,
            sensor_azimuth=0,
            sensor_elevation=-60,
            center_height=50,
        )
        return good if n % 2 else good[: n % len(good)] + bytes([n % 256]) * 40

    with sending(encode(352, 288, 15, seconds=2), beside) as tickets[0]:
        console = start()
        points, ground = layer(console, "drones"), layer(console, "drones_ground")

        def drawn() -> Any:
            console.clock.advance(0.3)
            return points.lat.tolist()

        first = until(drawn)
        assert until(lambda: drawn()[0] > first[0] + 5e-5)
        polygon = next(shape for shape in ground.shapes["d1"] if shape.kind == "polygon")
        assert all(
            lon > points.lon[0] for lon, _ in polygon.points
        )  # it looks east, all of it before the drone
        assert points.columns["heading"][0] == approx(90, abs=0.01)
