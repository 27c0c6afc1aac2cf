"""The view with its drawing process: what is grabbed stays under the pointer, and then all rests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.scene.frame import Frame
from console.scene.pose import Pose
from console.scene.process.client import SceneProcess
from console.scene.process.messages import AddTileset
from console.scene.view.view import SceneView
from tests.support.tileset_writer import PLACE

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
TOWN = Pose(*PLACE, 20.0, 30.0, 50.0, 180.0)


@pytest.fixture
def view(qtbot: QtBot, town: Path) -> Iterator[SceneView]:
    frame = Frame(*PLACE)
    process = SceneProcess(frame, None)  # type: ignore[arg-type]
    view = SceneView(frame, TOWN, process)
    qtbot.addWidget(view)
    view.resize(480, 360)
    view.show()
    process.put(AddTileset("town", str(town)))
    qtbot.waitUntil(lambda: view.feed.settled and view.hit(240, 180) is not None, timeout=60_000)
    yield view
    process.stop()


def seen(view: SceneView, x: float, y: float) -> np.ndarray:
    point = view.hit(x, y)
    assert point is not None
    return point


def test_the_picture_follows_the_hands_and_rests(view: SceneView, qtbot: QtBot):
    grabbed = seen(view, 200, 200)
    QTest.mousePress(view, LEFT, NONE, QPoint(200, 200))
    for x, y in ((230, 215), (260, 230)):
        place = QPointF(x, y)
        view.mouseMoveEvent(
            QMouseEvent(QEvent.Type.MouseMove, place, view.mapToGlobal(place), LEFT, LEFT, NONE)
        )
    time.sleep(0.08)  # held still: no fling
    QTest.mouseRelease(view, LEFT, NONE, QPoint(260, 230))
    assert view.pose != TOWN
    qtbot.waitUntil(lambda: view.feed.settled, timeout=30_000)
    assert seen(view, 260, 230) == pytest.approx(grabbed, abs=2.0)

    view.show_pose(Pose(*PLACE, -30.0, 0.0, 80.0, 5.0))  # under the ground that was seen
    lon, lat, height = view.navigator.world.eye(view.pose)
    ground = view.navigator.world.surface(lon, lat)
    assert ground is not None and height >= ground + 0.99
    view.fly_to(TOWN)
    qtbot.waitUntil(lambda: view.pose == TOWN and view.feed.settled, timeout=30_000)
    assert not view.navigator.moving
