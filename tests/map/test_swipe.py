"""The swipe and the overview, by real clicks, drags and keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.map.views.overview import SIZE, Overview
from console.map.views.swipe import Swipe
from console.map.views.view import MapView
from console.sdk.ui.words import said, word
from tests.map.conftest import CENTER, Place, drawn, roads, until
from tests.map.test_views import all_slots_are_with, red_at, red_points

LEFT_BUTTON = Qt.MouseButton.LeftButton


@pytest.fixture
def swipe(view: MapView, place: Place) -> Iterator[Swipe]:
    """Red points left and right of the middle; the line in the middle."""
    view.set_base([place("roads", roads())])
    red_points(view, *(view.viewport.place_at(x, 200) for x in (200, 600)))
    drawn(view)
    made = view.facet.views.open_swipe()
    yield made
    made.remove()


def drag(widget: QWidget, start: QPoint, end: QPoint) -> None:
    """With the left button, in pixels of the widget as it lies at first."""
    goal = widget.mapToParent(end)
    QTest.mousePress(widget, LEFT_BUTTON, pos=start)
    where = QPointF(widget.mapFromParent(goal))
    none, no_key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    move = QMouseEvent(QEvent.Type.MouseMove, where, widget.mapToGlobal(where), none, LEFT_BUTTON, no_key)
    QApplication.sendEvent(widget, move)
    QTest.mouseRelease(widget, LEFT_BUTTON, pos=widget.mapFromParent(goal))


def test_each_side_of_the_line_shows_its_own_layers(view: MapView, swipe: Swipe) -> None:
    assert red_at(view, 200, 200)
    assert red_at(view, 600, 200)
    swipe.layers.set_visible("red", False)
    assert red_at(view, 200, 200)
    assert not red_at(view, 600, 200)
    swipe.turn(upright=False)  # both points lie above the line now
    assert red_at(view, 600, 200)


def test_words_say_how_the_side_behind_the_line_differs(view: MapView, swipe: Swipe) -> None:
    """Whoever sees no staff there must not think that there are none."""
    plate = swipe.plate
    assert plate.isVisible() and plate.text() == word("Both sides show the same layers")
    swipe.layers.set_visible("red", False)
    titles = {entry.id: said(entry.title) for entry in view.tree.entries()}
    assert plate.text() == word("Not shown here: {layers}").format(layers=titles["red"])
    assert swipe.is_behind(plate.x(), plate.y()) and view.rect().contains(plate.geometry())
    view.tree.set_visible("roads", False)
    assert word("Only here: {layers}").format(layers=titles["roads"]) in plate.text()
    swipe.move(0.98)
    assert not plate.isVisible(), "no room"
    swipe.turn(upright=False)
    swipe.move(0.5)
    assert plate.isVisible() and plate.y() > view.height() / 2


def test_base_layers_differ_as_well(view: MapView, swipe: Swipe) -> None:
    def road(px: int) -> str:
        return view.grab().toImage().pixelColor(px, 300).name()

    drawn(view)
    until(lambda: road(300) == road(500))
    swipe.layers.set_visible("roads", False)
    until(lambda: swipe.scene.base.idle and road(300) != road(500))


def test_the_line_is_dragged_and_moved_by_keys(view: MapView, swipe: Swipe) -> None:
    swipe.layers.set_visible("red", False)
    handle = swipe.handle
    drag(handle, QPoint(13, 300), QPoint(13 + 300, 300))
    assert swipe.position == pytest.approx(700 / 800, abs=0.02)
    assert red_at(view, 600, 200)
    for _ in range(3):
        QTest.keyClick(handle, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert swipe.position == pytest.approx(0.575, abs=0.02)
    assert not red_at(view, 600, 200)
    QTest.mouseDClick(handle, LEFT_BUTTON)
    assert swipe.position == 0.5


def test_what_is_hidden_behind_the_line_takes_no_click(view: MapView, swipe: Swipe) -> None:
    clicked: list[int] = []
    layer = view.tree.find("red").layer  # type: ignore[union-attr]
    layer.on_click(clicked.append)  # type: ignore[union-attr]
    swipe.layers.set_visible("red", False)
    QTest.mouseClick(view, LEFT_BUTTON, pos=QPoint(600, 200))
    assert clicked == []
    QTest.mouseClick(view, LEFT_BUTTON, pos=QPoint(200, 200))
    assert clicked == [0]


def test_escape_ends_it_and_all_memory_comes_back(view: MapView, swipe: Swipe) -> None:
    ended: list[bool] = []
    swipe.on_end(lambda: ended.append(True))
    swipe.layers.set_visible("red", False)
    QTest.keyClick(swipe.handle, Qt.Key.Key_Escape)
    assert ended == [True]
    assert red_at(view, 600, 200)
    swipe.remove()  # harmless
    assert ended == [True]
    until(lambda: all_slots_are_with(view))


def test_the_swipe_is_remembered(view: MapView, swipe: Swipe) -> None:
    swipe.layers.set_visible("red", False)
    swipe.move(0.25)
    swipe.turn(upright=False)
    kept = swipe.save()
    again = view.facet.views.open_swipe()
    assert again.position == 0.5
    again.restore(kept)
    assert (again.position, again.upright) == (0.25, False)
    assert not next(entry.visible for entry in again.layers.entries() if entry.id == "red")
    again.restore({"position": "left", "upright": 1, "layers": []})
    assert (again.position, again.upright) == (0.5, True)


@pytest.fixture
def overview(view: MapView, place: Place) -> Iterator[Overview]:
    view.resize(900, 700)
    view.set_base([place("roads", roads())])
    view.facet.center_on(*CENTER, 16)
    view.facet.views.show_overview(True)
    shown = view.findChild(Overview)
    assert shown is not None
    yield shown
    view.facet.views.show_overview(False)


def test_the_overview_shows_the_whole_map_and_frames_the_view(view: MapView, overview: Overview) -> None:
    empty = overview.grab().toImage()
    until(lambda: overview.grab().toImage() != empty)
    frame = overview.frame()
    assert frame.center().x() == pytest.approx(SIZE.width() / 2, abs=1)
    assert 5 < frame.width() < SIZE.width() / 2
    view.full_extent()
    assert overview.frame().width() > SIZE.width() / 2


def test_the_frame_is_dragged_and_the_view_goes_along(view: MapView, overview: Overview) -> None:
    middle = overview.frame().center().toPoint()
    lon, lat = view.viewport.center
    drag(overview, middle, middle + QPoint(40, -30))
    assert view.viewport.center[0] > lon
    assert view.viewport.center[1] > lat
    QTest.mouseClick(overview, LEFT_BUTTON, pos=middle)
    assert view.viewport.center == pytest.approx((lon, lat), abs=1e-3)
    QTest.keyClick(overview, Qt.Key.Key_Right)
    assert view.viewport.center[0] > lon


def test_the_overview_costs_nothing_once_it_is_drawn(view: MapView, overview: Overview) -> None:
    drawn(view)
    until(lambda: overview._picture is not None and not overview._ground.tiles.missing)
    overview.grab()
    until(lambda: not overview._soon.isActive())
    picture = overview._picture
    view.facet.center_on(CENTER[0] + 0.003, CENTER[1])
    drawn(view)
    overview.grab()
    assert overview._picture is picture, "a moved view draws a frame over the same picture"


def test_there_is_none_in_a_small_view_and_none_when_it_is_taken_away(
    view: MapView, overview: Overview
) -> None:
    view.resize(500, 400)
    assert not overview.isVisible()
    view.resize(900, 700)
    assert overview.isVisible()
    view.facet.views.show_overview(False)
    assert not view.facet.views.overview
    until(lambda: all_slots_are_with(view))
