"""What of the models a view shows: clicks go through what is cut away, the line is dragged, keys agree."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.model.text import Text
from console.scene.frame import Frame
from console.scene.pose import Pose
from console.scene.process.client import SceneProcess
from console.scene.process.messages import AddTileset
from console.scene.shape import Shape
from console.scene.view.view import SceneView
from console.sdk.scene_place import ScenePlace
from console.sdk.scene_shape import CutPlane, FlatArea, Swipe
from tests.support.tileset_writer import PLACE

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
MIDDLE = ScenePlace(lon=PLACE[0], lat=PLACE[1], height=20.0)
TITLES = {"town": Text("旧城", "old town"), "new": Text("新城", "new town")}


@pytest.fixture
def shape() -> Shape:
    return Shape()


@pytest.fixture
def view(qtbot: QtBot, town: Path, shape: Shape) -> Iterator[SceneView]:
    frame = Frame(*PLACE)
    process = SceneProcess(frame, None)  # type: ignore[arg-type]
    view = SceneView(frame, Pose(*PLACE, 20.0, 0.0, 50.0, 180.0), process, shape, TITLES.get)
    qtbot.addWidget(view)
    view.resize(480, 360)
    view.show()
    process.put(AddTileset("town", str(town)))
    wait(qtbot, lambda: view.feed.settled and view.hit(240, 180) is not None)
    yield view
    process.stop()


def wait(qtbot: QtBot, done) -> None:  # type: ignore[no-untyped-def]
    qtbot.waitUntil(done, timeout=60_000)


def height(view: SceneView, x: float, y: float) -> float:
    """Metres above the ellipsoid of what is seen at a pixel; NaN: nothing."""
    point = view.hit(x, y)
    return np.nan if point is None else float(view.frame.geographic(point)[2])


def test_a_click_goes_through_what_is_cut_away(view: SceneView, shape: Shape, qtbot: QtBot):
    before = view.hit(240, 180)
    assert before is not None
    clicked: list[tuple[float, float, float]] = []
    view.clicked.add(lambda *where: clicked.append(where))
    shape.cut = CutPlane(place=MIDDLE, heading=180.0)  # what is nearer than the middle
    wait(qtbot, lambda: view.hit(240, 300) is None)
    wait(qtbot, lambda: view.feed.settled)
    QTest.mouseClick(view, LEFT, NONE, QPoint(240, 300))
    assert clicked == [], "nothing is left there"
    QTest.mouseClick(view, LEFT, NONE, QPoint(240, 150))
    assert len(clicked) == 1 and clicked[0][1] > PLACE[1], "what lies behind the plane"
    last = view.picture
    os.kill(view.process.process_id, signal.SIGKILL)
    wait(qtbot, lambda: view.picture is not last and view.feed.settled and view.hit(240, 150) is not None)
    assert view.hit(240, 300) is None, "the process that came after knows of the cut"

    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    places = [ScenePlace(lon=PLACE[0] + x * 4e-4, lat=PLACE[1] + y * 4e-4, height=0.0) for x, y in corners]
    shape.cut, shape.flat = None, [FlatArea(places=places, height=30.0)]
    wait(qtbot, lambda: height(view, 240, 180) == pytest.approx(30.0, abs=0.5))
    shape.flat = []
    wait(qtbot, lambda: view.hit(240, 180) == pytest.approx(before, abs=0.05))


def test_the_line_is_dragged_and_moved_by_keys(view: SceneView, shape: Shape, qtbot: QtBot):
    line = view.shaping.divider
    assert not line.isVisible()
    shape.swipe = Swipe(left=frozenset(["town"]), right=frozenset(["new"]))
    assert line.isVisible() and line.geometry().center().x() == pytest.approx(240, abs=2)
    for plate, title in zip(line.plates, TITLES.values(), strict=True):
        assert plate.isVisible() and plate.text() in (title.zh_CN, title.en)
    wait(qtbot, lambda: view.feed.settled and view.hit(230, 180) is not None and view.hit(250, 180) is None)

    QTest.mousePress(line, LEFT, NONE, line.rect().center())
    place = QPointF(line.mapFromParent(QPoint(300, 100)))
    line.mouseMoveEvent(QMouseEvent(QEvent.Type.MouseMove, place, line.mapToGlobal(place), LEFT, LEFT, NONE))
    QTest.mouseRelease(line, LEFT, NONE, line.rect().center())
    assert shape.swipe is not None and shape.swipe.share == pytest.approx(300 / 480, abs=0.01)
    wait(qtbot, lambda: view.feed.settled and view.hit(290, 180) is not None and view.hit(310, 180) is None)

    QTest.keyClick(line, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert shape.swipe.share == pytest.approx(300 / 480 - 0.1, abs=0.01)
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert shape.swipe is None and not line.isVisible()
    wait(qtbot, lambda: view.hit(250, 180) is not None)


def test_the_key_the_hands_and_the_plugins_agree_on_what_is_below(view: SceneView, shape: Shape):
    told: list[bool] = []
    shape.on_change(lambda: told.append(shape.underground))
    QTest.keyClick(view, Qt.Key.Key_U)
    assert shape.underground and view.navigator.world.underground
    shape.set_underground(False)
    assert not view.navigator.world.underground
    assert told == [True, False]
