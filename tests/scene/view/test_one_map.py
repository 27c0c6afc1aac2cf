"""The scene as plugins have it, with its real drawing process: one map with the one beside it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from console.map.views.view import MapView
from console.model.text import Text
from console.scene.facet import SceneFacet
from console.scene.models import Model
from console.scene.view.view import SceneView
from console.sdk import Shape, ShapeStyle
from console.sdk.scene import ModelState, ScenePlace, ScenePose
from tests.support.tileset_writer import PLACE

LON, LAT = PLACE
HOME = ScenePose(lon=LON, lat=LAT, height=20.0, heading=30.0, tilt=50.0, distance=180.0)
SLOW = 60_000


@pytest.fixture
def beside(qtbot: QtBot) -> Iterator[MapView]:
    """A map of nothing."""
    made = MapView(workers=1)
    qtbot.addWidget(made)
    made.resize(480, 360)
    made.show()
    yield made
    made.close()


@pytest.fixture
def scene(beside: MapView, town: Path, qtbot: QtBot) -> Iterator[SceneFacet]:
    """The town, seen whole."""
    facet = SceneFacet(beside)
    facet.link(False)
    facet.show(HOME)
    window = facet.open_window().widget
    qtbot.addWidget(window)
    window.resize(480, 360)
    window.show()
    facet.add_model("test.town", str(town), title=Text("镇", "Town"))
    settle(facet, qtbot)
    yield facet
    facet.close()


def view_of(scene: SceneFacet) -> SceneView:
    assert scene.view is not None
    return scene.view


def settle(scene: SceneFacet, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: view_of(scene).feed.settled and middle(scene) is not None, timeout=SLOW)


def middle(scene: SceneFacet) -> np.ndarray | None:
    return view_of(scene).hit(240, 180)


def color(scene: SceneFacet, x: int = 240, y: int = 180) -> np.ndarray:
    """Red, green, blue of the picture, without what is painted over it."""
    picture = view_of(scene).picture
    assert picture is not None
    return np.array(picture.image.pixelColor(x, y).getRgb()[:3])


def put_square(layer: object, fill: str) -> None:
    d = 0.0003
    corners = [(LON - d, LAT - d), (LON + d, LAT - d), (LON + d, LAT + d), (LON - d, LAT + d)]
    layer.put("a", Shape(kind="polygon", points=corners, style=ShapeStyle(fill=fill, width=0)))  # type: ignore[attr-defined]


def test_an_area_of_the_map_lies_on_the_model_and_outlives_the_drawing_process(
    scene: SceneFacet, beside: MapView, qtbot: QtBot
):
    bare = color(scene)
    layer = beside.facet.add_shapes("test.area")
    put_square(layer, "#ff0000ff")
    qtbot.waitUntil(lambda: tuple(color(scene)) == (255, 0, 0), timeout=SLOW)
    before = view_of(scene).process.process_id
    os.kill(before, signal.SIGKILL)
    qtbot.waitUntil(lambda: view_of(scene).process.process_id not in (0, before), timeout=SLOW)
    assert tuple(color(scene)) == (255, 0, 0)  # what was seen stays while the next one comes up
    qtbot.waitUntil(lambda: view_of(scene).process.ready is not None, timeout=SLOW)
    settle(scene, qtbot)
    qtbot.waitUntil(lambda: tuple(color(scene)) == (255, 0, 0), timeout=SLOW)
    layer.set_visible(False)
    qtbot.waitUntil(lambda: np.abs(color(scene) - bare).max() <= 2, timeout=SLOW)


def test_at_rest_nobody_works(scene: SceneFacet, qtbot: QtBot):
    settle(scene, qtbot)
    qtbot.wait(500)
    worker = psutil.Process(view_of(scene).process.process_id)
    before = sum(worker.cpu_times()[:2])
    qtbot.wait(1500)
    assert sum(worker.cpu_times()[:2]) - before <= 0.05


def test_the_sun_stands_at_the_chosen_time_and_goes_with_the_clock_otherwise(scene: SceneFacet):
    def drawn() -> float:
        around = view_of(scene).process.around
        assert around is not None
        return around.time

    assert abs(drawn() - time.time()) < 1200
    scene.set_sun(1_750_000_000.0)
    assert drawn() == 1_750_000_000.0
    scene.set_sun(None)
    assert abs(drawn() - time.time()) < 1200


def test_map_and_scene_go_along_with_one_another(scene: SceneFacet, beside: MapView, qtbot: QtBot):
    scene.link(True)
    beside.facet.center_on(LON + 0.01, LAT, 17.0)
    qtbot.waitUntil(lambda: abs(scene.pose.lon - LON - 0.01) < 1e-6, timeout=SLOW)
    scene.show(HOME)
    assert beside.viewport.center == pytest.approx((LON, LAT), abs=1e-6)
    scene.link(False)
    beside.facet.center_on(LON + 0.01, LAT, 17.0)
    assert scene.pose.lon == pytest.approx(LON, abs=1e-9)


def test_models_that_cannot_be_opened_say_why_and_come_back_with_the_next_window(
    scene: SceneFacet, tmp_path: Path, qtbot: QtBot
):
    nothing = scene.add_model("test.nothing", str(tmp_path / "nothing"), title=Text("无", "None"))
    qtbot.waitUntil(lambda: nothing.state is ModelState.REFUSED, timeout=SLOW)
    assert nothing.faults[0].message.zh_CN
    town = next(model for model in scene.models if model.layer_id == "test.town")
    assert isinstance(town, Model)
    assert town.state is ModelState.SHOWN
    assert town.center is not None
    assert (town.center.lon, town.center.lat) == pytest.approx(PLACE, abs=1e-3)
    hit = middle(scene)
    town.set_visible(False)
    qtbot.waitUntil(lambda: view_of(scene).feed.settled and _elsewhere(scene, hit), timeout=SLOW)
    again = scene.open_window().widget
    qtbot.addWidget(again)
    again.resize(480, 360)
    again.show()
    town.set_visible(True)
    settle(scene, qtbot)
    qtbot.waitUntil(lambda: town.state is ModelState.SHOWN and not _elsewhere(scene, hit), timeout=SLOW)


def _elsewhere(scene: SceneFacet, hit: np.ndarray | None) -> bool:
    """Whether the middle of the picture shows something else than at *hit*."""
    now = middle(scene)
    return now is None or hit is None or bool(np.abs(now - hit).max() > 0.5)


def test_a_scene_is_closed_after_its_window_and_its_map_were_deleted(qtbot: QtBot):
    beside = MapView(workers=1)
    facet = SceneFacet(beside)
    delete(facet.open_window().widget)
    delete(beside)
    facet.close()


def test_a_line_is_drawn_on_the_model_by_clicks_and_keys(scene: SceneFacet, qtbot: QtBot):
    view: QWidget = view_of(scene)
    told: list[int] = []

    def note(places: list[ScenePlace]) -> str:
        told.append(len(places))
        return "…"

    pending = scene.draw("line", "draw", note)  # type: ignore[arg-type]
    drawn = pending.__await__()
    next(drawn)
    for x, y in ((200, 180), (230, 190), (260, 200)):
        QTest.mouseMove(view, QPoint(x, y))
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
        time.sleep(0.02)
    view.grab()  # painted, with its note
    QTest.keyClick(view, Qt.Key.Key_Backspace)
    QTest.keyClick(view, Qt.Key.Key_Return)
    with pytest.raises(StopIteration) as ended:
        next(drawn)
    places: list[ScenePlace] = ended.value.value
    assert len(places) == 2
    assert max(told) >= 3
    for place, pixel in zip(places, ((200, 180), (230, 190)), strict=True):
        hit = view_of(scene).hit(*pixel)
        assert hit is not None
        assert view_of(scene).frame.place(place.lon, place.lat, place.height) == pytest.approx(hit, abs=0.01)
