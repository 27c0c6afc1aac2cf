"""Cameras on the map: fields of view, the card with its picture, floating pictures, remembered filters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from console.model.records import Camera, CameraKind
from console.scene.sight.cameras import record_of
from console.testing import Console
from plugins.cameras.desktop.catalogue import Catalogue
from plugins.cameras.desktop.sight import Look, cameras_near, field_of_view

GRID = "320302001001001"
PLACE = (117.2, 34.26)
EAST = Camera(
    id="c1",
    name="广场东",
    area=GRID,
    where=(117.2011, 34.26),
    heading=270,
    owner="公安",
    live=True,
    version=1,
)
DOME = Camera(
    id="c2", name="球机", area=GRID, where=(117.2, 34.2604), kind=CameraKind.DOME, owner="城管", version=1
)
HIGH = Camera(
    id="c3", name="高空", area=GRID, where=(117.205, 34.26), heading=10, high=True, online=False, version=1
)
FIELDS = "onemap.cameras.fields"


@pytest.fixture
def cameras(activate: Callable[..., Console]) -> Console:
    console = activate("grids", "cameras")
    console.put("camera", EAST, replace(DOME, online=False), HIGH)
    console.clock.advance(0.2)
    return console


def test_fields_of_view_are_those_of_the_records(cameras: Console) -> None:
    cameras.put("camera", replace(EAST, across=40.0, reach=200.0, version=2))
    cameras.clock.advance(0.2)
    layer = cameras.layer(FIELDS)
    assert layer.min_zoom > 14  # clusters do not have any
    columns = {name: values.tolist() for name, values in layer.columns.items()}
    assert columns["heading"] == [270.0, 0.0] and columns["across"] == [40.0, 360.0]  # not the high one
    assert columns["reach"][0] == 200.0 and columns["reach"][1] > 0
    assert [layer.colors[row] for row in columns["color"]] == ["camera.online", "camera.offline"]


def test_fields_of_view_follow_the_filter_and_the_command(cameras: Console) -> None:
    layer = cameras.layer(FIELDS)
    cameras.run(FIELDS)
    assert not layer.visible
    cameras.run(FIELDS)
    assert layer.visible


def test_what_the_record_says_of_lens_and_reach_decides_who_sees(cameras: Console) -> None:
    """101 m west of the camera, 26° off its middle."""
    place = (117.2001, 34.2604)

    def seen(camera: Camera) -> Any:
        return cameras_near(Catalogue([camera]), place, 1)[0]

    assert seen(EAST).look is Look.TOO_FAR
    far = seen(replace(EAST, reach=300.0))
    assert far.look is Look.THERE and "reach" not in far.sighting.reasons["assumed"]
    assert seen(replace(EAST, reach=300.0, across=30.0)).look is Look.AWAY
    narrow = seen(replace(EAST, reach=300.0, across=54.0))
    assert narrow.sighting.pixels_per_metre > far.sighting.pixels_per_metre
    assert field_of_view(replace(EAST, across=360.0)) == []
    assert len(field_of_view(replace(EAST, across=20.0))) < len(field_of_view(EAST))


def test_the_3d_sight_is_asked_with_the_same_records() -> None:
    asked = record_of(replace(EAST, across=40.0, reach=200.0, tilt=70.0, mast=8.0))
    assert (asked.across, asked.reach, asked.tilt, asked.height) == (40.0, 200.0, 70.0, 8.0)


def test_a_city_of_cameras_is_taken_in_at_once(cameras: Console) -> None:
    rng = np.random.default_rng(1)
    many = [
        replace(EAST, id=f"m{n}", where=(117 + x, 34 + y)) for n, (x, y) in enumerate(rng.random((2000, 2)))
    ]
    cameras.put("camera", *many)
    cameras.clock.advance(0.2)
    assert len(cameras.layer(FIELDS).columns["lon"]) == 2002
