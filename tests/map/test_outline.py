"""A piece of ground that the user outlines: by dragging, by clicks, by keys alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.map.views.view import MapView
from tests.map.test_facet import answer, click

LEFT = Qt.MouseButton.LeftButton


def drag(view: MapView, *stops: tuple[int, int]) -> None:
    QTest.mousePress(view, LEFT, pos=QPoint(*stops[0]))
    for stop in stops[1:]:
        QTest.mouseMove(view, QPoint(*stop))
    QTest.mouseRelease(view, LEFT, pos=QPoint(*stops[-1]))


def pixels(view: MapView, ring: object) -> list[tuple[float, float]]:
    assert isinstance(ring, Sequence)
    return [(round(x), round(y)) for x, y in (view.viewport.pixel_of(*place) for place in ring)]


@pytest.mark.parametrize("way", ["dragged", "clicked"])
def test_a_box_has_the_corners_at_which_the_pointer_was(view: MapView, way: str):
    before = view.viewport

    def hand() -> None:
        if way == "dragged":
            drag(view, (300, 200), (350, 230), (420, 330))
        else:
            click(view, 300, 200)
            QTest.mouseMove(view, QPoint(420, 330))
            click(view, 420, 330)

    ring = answer(view.facet.outline("box", "框选"), hand)
    assert set(pixels(view, ring)) == {(300, 200), (420, 200), (420, 330), (300, 330)}
    assert view.viewport == before, "the map is not dragged along"
    assert view.tool is None


def test_a_lasso_follows_the_pointer(view: MapView):
    way = [(300, 200), (420, 210), (400, 320), (310, 300)]
    ring = answer(view.facet.outline("lasso", "圈选"), lambda: drag(view, *way))
    assert pixels(view, ring)[:4] == way


def test_a_lasso_is_clicked_too_and_a_point_taken_back(view: MapView):
    def hand() -> None:
        for at in ((300, 200), (500, 210), (420, 210), (400, 320)):
            click(view, *at)
            if at == (500, 210):
                assert view.tool is not None
                view.tool.undo()
        QTest.keyClick(view, Qt.Key.Key_Return)

    ring = answer(view.facet.outline("lasso", "圈选"), hand)
    assert pixels(view, ring) == [(300, 200), (420, 210), (400, 320)]


def test_a_box_by_keys_alone(view: MapView):
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))

    def hand() -> None:
        QTest.keyClick(view, Qt.Key.Key_Space)
        QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
        QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        QTest.keyClick(view, Qt.Key.Key_Space)

    ring = pixels(view, answer(view.facet.outline("box", "框选"), hand))
    assert len(set(ring)) == 4
    assert {x for x, _ in ring} == {ring[0][0], ring[0][0] + 64}


def test_what_holds_no_ground_is_no_answer_and_escape_is(view: MapView):
    def hand() -> None:
        drag(view, (300, 200), (420, 200))
        assert view.tool is not None
        QTest.keyClick(view, Qt.Key.Key_Escape)

    assert answer(view.facet.outline("box", "框选"), hand) is None
