"""Opening the cameras of a piece of ground, along a way, around an event."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.model.records import Camera, Event, Order, OrderState, Route
from console.sdk import haversine
from console.testing import Console, MemoryBackend
from plugins.cameras.desktop.selecting.inside import along, around, in_ring
from tests.plugins.cameras.desktop.test_live import Desk

GRID = "320302001001001"
LON, LAT = 117.2, 34.26
EAST = 1 / 92_000
"""About a metre, in degrees of longitude there."""
LIVE = [n for n in range(100) if n % 2 == 0]


def camera(n: int) -> Camera:
    """Every ten metres eastwards; every second has a picture."""
    where = (LON + 10 * n * EAST, LAT)
    return Camera(id=f"c{n}", name=f"路口 {n}", area=GRID, where=where, live=n in LIVE, version=1)


def ring(first: float, last: float) -> list[tuple[float, float]]:
    """From so many metres to so many."""
    west, east = LON + first * EAST, LON + last * EAST
    return [(west, LAT - 1e-4), (east, LAT - 1e-4), (east, LAT + 1e-4), (west, LAT + 1e-4)]


@pytest.fixture
def cameras(backend: MemoryBackend, activate: Callable[..., Console]) -> Console:
    Desk(backend)
    console = activate("grids", "cameras")
    console.put("camera", *(camera(n) for n in range(100)))
    console.clock.advance(0.2)
    return console


def run(console: Console, command: str, drawn: Any = None) -> list[str]:
    """What is open afterwards."""
    before = console.map.answer
    console.map.answer = drawn
    console.host.commands.run(f"onemap.cameras.{command}")
    console.clock.advance(0.2)
    console.map.answer = before
    return opened(console)


def opened(console: Console) -> list[str]:
    service = console.host.services.get("cameras")
    return [camera_id for camera_id, _ in service._live.open_ids]


@pytest.mark.parametrize("command", ["open_box", "open_lasso"])
def test_those_in_an_outline_are_opened_from_its_middle(cameras: Console, command: str) -> None:
    assert run(cameras, command, ring(15, 75)) == ["c4", "c6", "c2"]
    assert "6 个摄像头，3 路有视频" in cameras.notifications[-1].text


def test_more_than_fit_are_opened_in_turns(cameras: Console) -> None:
    first = run(cameras, "open_box", ring(-5, 2000))
    assert len(first) == 36
    told = cameras.notifications[-1]
    assert "100 个摄像头，50 路有视频，已打开前 36 路" in told.text
    assert told.action is not None
    words, act = told.action
    assert words == "下 14 路"
    act()
    cameras.clock.advance(0.2)
    assert set(opened(cameras)) >= {f"c{n}" for n in LIVE} - set(first)
    assert cameras.notifications[-1].action is None
    assert not cameras.host.commands.is_enabled("onemap.cameras.open_more")


def test_the_filter_of_the_map_holds(cameras: Console) -> None:
    service = cameras.host.services.get("cameras")
    service._desk.set_filter(text="c4")
    assert set(run(cameras, "open_box", ring(-5, 445))) == {"c4", "c40", "c42", "c44"}


def test_nothing_there_is_told(cameras: Console) -> None:
    assert run(cameras, "open_box", ring(5, 15)) == []
    assert "1 个摄像头，均未接入视频" in cameras.notifications[-1].text
    assert run(cameras, "open_box", ring(3, 4)) == []
    assert "没有摄像头" in cameras.notifications[-1].text
    told = len(cameras.notifications)
    assert run(cameras, "open_lasso", None) == []
    assert len(cameras.notifications) == told, "Escape says nothing"


def test_what_is_drawn_for_others_leaves_nothing_on_the_map(cameras: Console) -> None:
    """A polling group opens no picture whose closing would take the outline away."""
    service = cameras.host.services.get("cameras")
    cameras.map.answer = ring(-5, 25)
    found: list[Any] = []

    async def choose() -> None:
        found.extend(await service.choose("lasso"))

    service._desk.ctx.tasks.start(choose())
    cameras.clock.advance(0.2)
    assert set(found) == {"c0", "c1", "c2"}
    assert not service._selector._layer.shapes
    cameras.map.answer = None
    run(cameras, "open_lasso", ring(-5, 25))
    assert service._selector._layer.shapes, "to see what the pictures are of"


def test_along_a_way_they_come_as_one_passes(cameras: Console) -> None:
    way = [(LON + 100 * EAST, LAT + 3e-4), (LON + 20 * EAST, LAT + 3e-4)]
    found = run(cameras, "open_line", way)
    assert set(found) == {f"c{n}" for n in range(0, 15, 2)}, "within 60 m, of its ends too"
    assert [each for each in found if each not in ("c0", "c12", "c14")] == ["c10", "c8", "c6", "c4", "c2"]


def test_along_the_route_of_those_who_are_sent(cameras: Console) -> None:
    assert run(cameras, "open_routes") == []
    assert "请先选择" in cameras.notifications[-1].text
    path = ((LON + 200 * EAST, LAT), (LON + 240 * EAST, LAT))
    route = Route(path=path, metres=40.0, seconds=30.0)
    order = Order(id="o1", staff="s1", event="e1", area=GRID, route=route, version=1)
    over = Order(id="o2", staff="s2", event="e1", area=GRID, route=None, state=OrderState.DONE, version=1)
    cameras.put("order", order, over)
    cameras.clock.advance(0.2)
    for selected in (("event", "e1"), ("order", "o1")):
        cameras.selection.select(*selected)
        found = run(cameras, "open_routes")
        assert {"c20", "c22", "c24"} <= set(found)
        assert "c40" not in found


def test_of_several_routes_each_has_its_share_and_is_drawn(cameras: Console) -> None:
    for number, first in enumerate((0, 500)):
        path = ((LON + first * EAST, LAT), (LON + (first + 400) * EAST, LAT))
        route = Route(path=path, metres=400.0, seconds=300.0)
        cameras.put(
            "order",
            Order(id=f"o{number}", staff="s1", event="e1", area=GRID, route=route, version=number + 1),
        )
    cameras.clock.advance(0.2)
    cameras.selection.select("event", "e1")
    found = [int(each[1:]) for each in run(cameras, "open_routes")]
    assert len(found) == 36
    assert abs(sum(each < 47 for each in found) - 18) <= 2, "not the first route alone"
    layer = cameras.layer("onemap.cameras.selecting")
    assert len(layer.shapes["asked"]) == 2


def test_around_the_selected_event(backend: MemoryBackend, activate: Callable[..., Console]) -> None:
    Desk(backend)
    backend.answer("GET", "/events/.*/history", [])
    cameras = activate("grids", "events", "cameras")
    cameras.put("camera", *(camera(n) for n in range(100)))
    cameras.clock.advance(0.2)
    where = (LON + 500 * EAST, LAT)
    event = Event(
        id="e1", number="", title="积水", area=GRID, where=where, reported_at=time.time(), version=1
    )
    cameras.put("event", event)
    assert run(cameras, "open_event") == []
    cameras.selection.select("event", "e1")
    found = run(cameras, "open_event")
    assert found[0] == "c50"
    assert {int(each[1:]) for each in found} == set(range(20, 81, 2)), "within 300 m"


places = st.tuples(st.floats(-0.01, 0.01), st.floats(-0.01, 0.01))


@given(st.lists(places, min_size=1, max_size=40), places, st.floats(1.0, 2000.0))
def test_a_line_of_two_equal_ends_is_a_place(
    points: list[tuple[float, float]], at: Any, metres: float
) -> None:
    """Distances along a line and around a place agree."""
    spots = np.array(points) + np.array([LON, LAT])
    where = (at[0] + LON, at[1] + LAT)
    near = set(around(spots, where, metres).tolist())
    line = [where, (where[0], where[1] + 1e-9)]
    apart = haversine(*where, spots[:, 0], spots[:, 1])
    clear = {n for n, each in enumerate(apart.tolist()) if abs(each - metres) > 0.01 * metres + 0.5}
    assert near & clear == set(along(spots, line, metres).tolist()) & clear


@given(st.lists(places, min_size=3, max_size=12, unique=True), st.lists(places, max_size=30))
def test_any_scribble_is_some_ground(scribble: list[Any], points: list[tuple[float, float]]) -> None:
    spots = np.array(points, float).reshape(-1, 2)
    found = in_ring(spots, scribble)
    assert len(set(found.tolist())) == len(found) <= len(spots)
