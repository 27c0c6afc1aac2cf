"""Pictures larger than the window: in parts, with what is painted over the view."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

import console.scene.view.large as large
from console.map.views.view import MapView
from console.model.text import Text
from console.scene.facet import SceneFacet
from console.sdk.scene import ScenePlace, ScenePose
from console.sdk.scene_picture import NoPicture, ScenePicture
from console.sdk.scene_shape import Swipe
from console.tasks.driver import GuiDriver
from tests.support.tileset_writer import PLACE

LON, LAT = PLACE
HOME = ScenePose(lon=LON, lat=LAT, height=20.0, heading=30.0, tilt=65.0, distance=180.0)
SLOW = 60_000


@pytest.fixture
def scene(qtbot: QtBot, town: Path) -> Iterator[SceneFacet]:
    """The town, seen whole in a small window."""
    beside = MapView(workers=1)
    qtbot.addWidget(beside)
    facet = SceneFacet(beside)
    facet.link(False)
    facet.show(HOME)
    window = facet.open_window().widget
    window.resize(480, 270)
    window.set_sky("#101820", "#4060a0")
    window.show()
    facet.add_model("test.town", str(town), title=Text("镇", "Town"))
    settle(facet, qtbot)
    yield facet
    facet.close()
    if isValid(window):
        window.close()
        window.deleteLater()
    beside.close()


def settle(scene: SceneFacet, qtbot: QtBot) -> None:
    view = scene.view
    assert view is not None
    qtbot.waitUntil(lambda: view.feed.settled and view.hit(240, 200) is not None, timeout=SLOW)


class Taking:
    """A picture on its way."""

    def __init__(self, scene: SceneFacet, width: int, height: int) -> None:
        self.future: Future[ScenePicture] = Future()
        self.shares: list[float] = []
        self.driver = GuiDriver()
        self.undo = self.driver.start(self._take(scene, width, height))

    async def _take(self, scene: SceneFacet, width: int, height: int) -> None:
        try:
            self.future.set_result(await scene.pictures.take(width, height, self.shares.append))
        except (NoPicture, asyncio.CancelledError) as error:
            self.future.set_exception(error)

    def result(self, qtbot: QtBot) -> ScenePicture:
        qtbot.waitUntil(self.future.done, timeout=SLOW)
        return self.future.result()


def rgb(image: QImage) -> np.ndarray:
    """(height, width, 3)."""
    plain = image.convertToFormat(QImage.Format.Format_RGBX8888)
    return np.array(plain.constBits()).reshape(plain.height(), plain.width(), 4)[..., :3].astype(np.int16)


def off(a: np.ndarray, b: np.ndarray) -> float:
    """Share of pixels that are visibly others."""
    return float((np.abs(a - b).max(axis=2) > 12).mean())


def cells(image: QImage) -> np.ndarray:
    """Means of 16 by 9 cells: fine things look otherwise with more pixels."""
    pixels = rgb(image).astype(float)
    height, width = pixels.shape[:2]
    return pixels.reshape(9, height // 9, 16, width // 16, 3).mean(axis=(1, 3))


@pytest.mark.parametrize("swiped", [False, True])
def test_parts_make_the_same_picture_as_one_that_is_drawn_at_once(
    scene: SceneFacet, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, swiped: bool
):
    if swiped:
        scene.shape.swipe = Swipe(left=frozenset({"test.town"}), right=frozenset(), share=0.4)
    whole = Taking(scene, 960, 540).result(qtbot)
    monkeypatch.setattr(large, "PIXELS", 960 * 50)
    parts = Taking(scene, 960, 540)
    assert parts.result(qtbot).image.size() == whole.image.size()
    assert parts.shares == pytest.approx([n / 11 for n in range(1, 12)])
    assert whole.lacking == 0 and whole.pose.heading == pytest.approx(30.0)
    assert off(rgb(parts.result(qtbot).image), rgb(whole.image)) < 0.002
    view = scene.view
    assert view is not None
    settle(scene, qtbot)
    assert view.picture is not None
    assert np.abs(cells(whole.image) - cells(view.picture.image)).mean() < 6  # and the same as in the window


def test_a_wider_picture_shows_more_at_its_sides_and_marks_lie_where_they_do_in_the_view(
    scene: SceneFacet, qtbot: QtBot
):
    marks = scene.add_marks("test.marks")
    corners = [(-40.0, -40.0), (40.0, -40.0), (40.0, 40.0), (-40.0, 40.0)]
    places = [ScenePlace(lon=LON + x / 92_000, lat=LAT + y / 111_000, height=60.0) for x, y in corners]
    marks.put("a", places, closed=True, color="#ff00ff")
    wide = Taking(scene, 1600, 540).result(qtbot)
    plain = Taking(scene, 960, 540).result(qtbot)
    middle = rgb(wide.image)[:, 320:1280]
    assert off(middle, rgb(plain.image)) < 0.01
    found = np.argwhere((rgb(plain.image) == (255, 0, 255)).all(axis=2))
    assert len(found) > 200  # twice as large as in the window, and as crisp


def test_a_death_of_the_process_is_told_and_the_next_one_is_taken(scene: SceneFacet, qtbot: QtBot):
    view = scene.view
    assert view is not None
    before = view.process.process_id
    taking = Taking(scene, 4096, 2304)
    os.kill(before, signal.SIGKILL)
    with pytest.raises(NoPicture):
        taking.result(qtbot)
    qtbot.waitUntil(
        lambda: view.process.ready is not None and view.process.process_id != before, timeout=SLOW
    )
    settle(scene, qtbot)
    assert Taking(scene, 640, 360).result(qtbot).image.width() == 640


def test_who_does_not_want_it_any_more_has_the_view_back(scene: SceneFacet, qtbot: QtBot):
    taking = Taking(scene, 8192, 4608)
    qtbot.waitUntil(lambda: len(taking.shares) > 0, timeout=SLOW)
    taking.undo()
    with pytest.raises(asyncio.CancelledError):
        taking.result(qtbot)
    count = len(taking.shares)
    settle(scene, qtbot)
    qtbot.wait(300)
    assert len(taking.shares) == count


def test_without_a_view_or_of_no_size_there_is_none(scene: SceneFacet, qtbot: QtBot):
    with pytest.raises(NoPicture):
        Taking(scene, 9000, 500).result(qtbot)
    assert scene.pictures.size == (480, 270)
    scene.close()
    assert scene.pictures.size == (0, 0)
    with pytest.raises(NoPicture):
        Taking(scene, 640, 360).result(qtbot)


@pytest.mark.parametrize("deleted", [False, True])
def test_a_view_that_is_closed_meanwhile_ends_the_picture(
    scene: SceneFacet, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, deleted: bool
):
    monkeypatch.setattr(large, "PIXELS", 960 * 10)
    taking = Taking(scene, 960, 540)
    qtbot.waitUntil(lambda: len(taking.shares) > 1, timeout=SLOW)
    view = scene.view
    assert view is not None and not taking.future.done()
    if deleted:
        view.setParent(None)
        view.deleteLater()
        qtbot.waitUntil(lambda: not isValid(view), timeout=SLOW)
    else:
        window = scene.open_window()  # the one before is removed
        qtbot.addWidget(window.widget)
    with pytest.raises(NoPicture):
        taking.result(qtbot)
