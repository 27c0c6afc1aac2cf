"""A part of a picture, closer: by the wheel, dragged, and whole again."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.media.engine import MediaEngine
from console.media.view.tile import CameraTile
from tests.media.conftest import Serve, ShowTile, camera, live, number_on


def _turn(tile: CameraTile, at: QPointF, notches: int) -> None:
    none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    turned = QPoint(0, 120 * notches)
    event = QWheelEvent(at, at, QPoint(), turned, none, Qt.KeyboardModifier.NoModifier, phase, False)
    QApplication.sendEvent(tile, event)


def _share(tile: CameraTile, at: QPointF) -> tuple[float, float]:
    place = tile.picture_place()
    assert place is not None
    return (at.x() - place.left()) / place.width(), (at.y() - place.top()) / place.height()


def test_the_wheel_brings_closer_a_drag_moves_a_double_click_shows_all(
    serve: Serve, engine: MediaEngine, show: ShowTile
):
    tile = show(engine, camera(serve()))
    live(tile)
    enlarged: list[bool] = []
    tile.enlarged.connect(lambda: enlarged.append(True))
    at, whole = QPointF(100, 200), tile.picture_place()
    before = _share(tile, at)
    _turn(tile, at, 4)
    near, after = tile.picture_place(), _share(tile, at)
    assert whole is not None and near is not None and near.width() > 2 * whole.width()
    assert abs(after[0] - before[0]) < 0.01 and abs(after[1] - before[1]) < 0.01
    assert number_on(tile) is None  # the bar code is not where it was: the picture is painted closer
    QTest.mousePress(tile, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(tile, QPoint(5000, 5000))
    QTest.mouseRelease(tile, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    place = tile.picture_place()
    assert place is not None and (place.left(), place.top()) == (0, 0)  # no gap at an edge
    QTest.mouseDClick(tile, Qt.MouseButton.LeftButton)
    assert tile.picture_place() == whole and not enlarged
    live(tile)
    QTest.mouseDClick(tile, Qt.MouseButton.LeftButton)
    assert enlarged
