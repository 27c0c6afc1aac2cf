"""What plugins ask of a folder of sight data, on a plain with one wall."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
import shapely
from PySide6.QtWidgets import QApplication

from console.scene.sight import MESH, SEEN
from console.scene.sight.cameras import CameraRecord
from console.scene.sight.precompute import precompute
from console.scene.sight.seen import Settings
from console.scene.sight.viewshed import LookingCancelled
from console.scene.sight_desk import SightDesk
from console.sdk.errors import OneMapError
from console.sdk.scene_place import ScenePlace
from console.sdk.ui.words import WORDS_PROPERTY
from tests.scene.sight.worlds import lonlat, plain, walled

T = TypeVar("T")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wall 5 m high, 40 m to the east, and a camera that looks at it."""
    folder = tmp_path_factory.mktemp("sight")
    mesh = walled(plain(), (40, -200, 40.5, 200, 5)).save(folder / MESH)
    lon, lat = lonlat(0, 0)
    camera = CameraRecord(id="c1", lon=lon, lat=lat, heading=90.0)
    precompute(mesh, [camera], folder / SEEN, Settings(), lambda *_: None, lambda: False, 1)
    return folder


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[SightDesk]:
    """In English."""
    words = qapp.property(WORDS_PROPERTY)
    qapp.setProperty(WORDS_PROPERTY, None)
    desk = SightDesk()
    yield desk
    desk.close()
    qapp.setProperty(WORDS_PROPERTY, words)


def ask(coroutine: Coroutine[Any, Any, T]) -> T:
    """Drive it as the GUI thread does, waiting."""
    try:
        while True:
            coroutine.send(None).exception(20)
    except StopIteration as end:
        return end.value


def place(east: float, north: float, above: float) -> ScenePlace:
    lon, lat = lonlat(east, north)
    return ScenePlace(lon=lon, lat=lat, height=10.0 + above)


def test_a_wall_is_in_the_way_and_a_place_on_it_is_seen(desk: SightDesk, folder: Path):
    ask(desk.open(str(folder)))
    found = ask(desk.line(place(0, 0, 1.6), place(100, 0, 1.6)))
    assert not found.visible
    assert found.distance == pytest.approx(100, abs=0.1)
    assert found.free == pytest.approx(40, abs=0.1)
    assert found.blocked_at is not None
    assert found.blocked_at.lon == pytest.approx(lonlat(40, 0)[0], abs=1e-6)
    assert ask(desk.line(place(0, 0, 1.6), place(40.3, 0, 3))).visible  # clicked a little behind its face
    over = ask(desk.line(place(0, 0, 8), place(100, 0, 8)))
    assert (over.visible, over.blocked_at, over.free) == (True, None, over.distance)


def test_seen_and_hidden_areas_share_the_circle(desk: SightDesk, folder: Path):
    ask(desk.open(str(folder)))
    found = ask(desk.viewshed(place(0, 0, 0), 1.6, 80))
    seen, hidden = (
        shapely.union_all([shapely.Polygon(shell, holes) for shell, *holes in areas])
        for areas in (found.seen, found.hidden)
    )
    assert seen.contains(shapely.Point(lonlat(20, 0)))
    assert hidden.contains(shapely.Point(lonlat(60, 0)))
    assert found.share == pytest.approx(seen.area / (seen.area + hidden.area), abs=1e-3)
    assert 0.7 < found.share < 0.9
    with pytest.raises(OneMapError, match="1,000"):
        ask(desk.viewshed(place(0, 0, 0), 1.6, 1001))


def test_an_eye_inside_of_something_is_told_how_far_it_is_under_the_top(desk: SightDesk, folder: Path):
    ask(desk.open(str(folder)))
    inside = ask(desk.viewshed(place(40.25, 0, 0), 1.6, 80))
    assert inside.buried == pytest.approx(5 - 1.6, abs=0.05)
    on_top = ask(desk.viewshed(place(40.25, 0, 5), 1.6, 80))
    assert (on_top.buried, on_top.share > 0.9) == (0.0, True)


def test_a_viewshed_that_nobody_waits_for_is_ended(desk: SightDesk, folder: Path):
    ask(desk.open(str(folder)))
    coroutine = desk.viewshed(place(0, 0, 0), 1.6, 1000)
    running = coroutine.send(None)
    with pytest.raises(asyncio.CancelledError):
        coroutine.throw(asyncio.CancelledError())
    assert running.cancelled() or isinstance(running.exception(20), LookingCancelled)
    assert ask(desk.line(place(0, 0, 8), place(9, 0, 8))).visible  # the next one is answered


def test_cameras_tell_why_and_what_they_see(desk: SightDesk, folder: Path):
    ask(desk.open(str(folder)))
    (found,) = ask(desk.cameras_seeing(*lonlat(20, 0)))
    assert found.camera == "c1"
    assert next(iter(found.reasons)) == "purpose"
    assert 19 < found.metres < 22
    assert ask(desk.cameras_seeing(*lonlat(60, 0))) == []
    assert ask(desk.cameras_blind(*lonlat(60, 0))) == {"c1": "hidden"}
    assert ask(desk.cameras_blind(*lonlat(-20, 0))) == {"c1": "away"}
    area = ask(desk.seen_area("c1"))
    assert any(shapely.Polygon(rings[0]).contains(shapely.Point(lonlat(20, 0))) for rings in area)
    with pytest.raises(OneMapError):
        ask(desk.seen_area("c2"))


def test_a_skyline_rises_over_the_wall(desk: SightDesk, folder: Path):
    ask(desk.open(str(folder)))
    found = ask(desk.skyline(place(0, 0, 0), 1.6, 100))
    east = found.azimuths.index(90.0)
    assert found.elevations[east] == pytest.approx(math.degrees(math.atan2(5 - 1.6, 40)), abs=0.1)
    assert found.metres[east] == pytest.approx(math.hypot(40, 5 - 1.6), abs=0.3)
    top = found.places[east]
    assert top is not None
    assert top.height == pytest.approx(15, abs=0.2)
    assert found.elevations[270] < 0
    with pytest.raises(OneMapError, match="1,000"):
        ask(desk.skyline(place(0, 0, 0), 1.6, 2000))


def test_what_no_and_one_camera_see_of_an_area(desk: SightDesk, folder: Path):
    ask(desk.open(str(folder)))
    (west, south), (east, north) = lonlat(-30, -30), lonlat(100, 30)
    area = (west, south, east, north)
    found = ask(desk.coverage(area, {"c1"}))
    none, one = (
        shapely.union_all([shapely.Polygon(shell, holes) for shell, *holes in areas])
        for areas in (found.none, found.one)
    )
    assert one.contains(shapely.Point(lonlat(20, 0)))
    assert none.contains(shapely.Point(lonlat(60, 0)))  # behind the wall
    assert none.contains(shapely.Point(lonlat(-20, 0)))  # behind the camera
    assert (found.several, found.cameras, sum(found.shares)) == ([], 1, pytest.approx(1.0))
    others = ask(desk.coverage(area, {"of others"}))
    assert (others.one, others.shares, others.cameras) == ([], (1.0, 0.0, 0.0), 0)
    with pytest.raises(OneMapError, match="4 km"):
        ask(desk.coverage((west, south, west + 0.1, north), {"c1"}))


def test_what_cannot_be_used_is_said_and_the_folder_before_stays(
    desk: SightDesk, folder: Path, tmp_path: Path
):
    with pytest.raises(OneMapError, match="no folder"):
        ask(desk.line(place(0, 0, 1), place(9, 0, 1)))
    ask(desk.open(str(folder)))
    with pytest.raises(OneMapError, match=r"mesh\.npz"):
        ask(desk.open(str(tmp_path)))
    assert desk.folder == str(folder)
    with pytest.raises(OneMapError, match="outside"):
        ask(desk.line(place(0, 0, 1), place(5000, 0, 1)))
    ask(desk.line(place(0, 0, 1), place(9, 0, 1)))
