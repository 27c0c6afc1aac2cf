"""The edit tool in a real view: by pointer, by keys alone, snapping, what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.map.editing.tool import EditTool
from console.map.views.view import MapView
from console.sdk.editing import Sketch
from console.sdk.symbols import Shape
from tests.map.conftest import Place, roads, until
from tests.map.test_facet import answer, click

Key = Qt.Key
NONE, CONTROL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


def keys(view: MapView, *pressed: Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    for key in pressed:
        QTest.keyClick(view, key, modifier)


def drag(view: MapView, start: tuple[int, int], end: tuple[int, int]) -> None:
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(*start))
    QTest.mouseMove(view, QPoint((start[0] + end[0]) // 2, (start[1] + end[1]) // 2))
    QTest.mouseMove(view, QPoint(*end))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(*end))


def at(view: MapView, *pixels: tuple[int, int]) -> tuple[tuple[float, float], ...]:
    return tuple(view.viewport.place_at(*pixel) for pixel in pixels)


def pixels(view: MapView, places) -> list[tuple[int, int]]:
    return [tuple(round(value) for value in view.viewport.pixel_of(*place)) for place in places]  # type: ignore[misc]


def edited(view: MapView, *sketches: Sketch, during, check=None) -> list[Sketch]:
    return answer(view.facet.edit(sketches, "编辑", check), during)


CORNERS = ((200, 150), (600, 150), (600, 450), (200, 450))


@pytest.fixture
def area(view: MapView) -> Sketch:
    return Sketch(
        kind="polygon", points=at(view, *CORNERS), holes=(at(view, (300, 200), (360, 200), (330, 260)),)
    )


def test_a_corner_is_dragged_and_the_map_stays(view: MapView, area: Sketch):
    before = view.viewport

    def hands() -> None:
        drag(view, (600, 450), (650, 500))
        keys(view, Key.Key_Return)

    (result,) = edited(view, area, during=hands)
    assert pixels(view, result.points) == [(200, 150), (600, 150), (650, 500), (200, 450)]
    assert result.holes == area.holes
    assert view.viewport == before and view.tool is None


def test_beside_the_sketch_a_drag_pans(view: MapView, area: Sketch):
    before = view.viewport

    def hands() -> None:
        drag(view, (700, 300), (720, 340))
        keys(view, Key.Key_Return)

    assert edited(view, area, during=hands) == [area]
    assert view.viewport != before


def test_an_edges_middle_gives_a_corner_and_delete_takes_it(view: MapView, area: Sketch):
    def hands() -> None:
        drag(view, (400, 150), (400, 100))
        assert isinstance(view.tool, EditTool)
        click(view, 600, 150)
        keys(view, Key.Key_Delete, Key.Key_Return)

    (result,) = edited(view, area, during=hands)
    assert pixels(view, result.points) == [(200, 150), (400, 100), (600, 450), (200, 450)]


def test_a_hole_goes_with_its_third_corner(view: MapView, area: Sketch):
    def hands() -> None:
        click(view, 330, 260)
        keys(view, Key.Key_Backspace, Key.Key_Return)

    (result,) = edited(view, area, during=hands)
    assert result.holes == () and len(result.points) == 4


def test_the_whole_is_moved_by_its_grip(view: MapView, area: Sketch):
    def hands() -> None:
        drag(view, (400, 300), (420, 310))
        keys(view, Key.Key_Return)

    (result,) = edited(view, area, during=hands)
    assert pixels(view, result.points) == [(x + 20, y + 10) for x, y in CORNERS]
    assert pixels(view, result.holes[0]) == [(320, 210), (380, 210), (350, 270)]


def test_undo_and_redo(view: MapView, area: Sketch):
    def hands() -> None:
        drag(view, (600, 450), (650, 500))
        drag(view, (200, 450), (150, 500))
        keys(view, Key.Key_Z, Key.Key_Z, modifier=CONTROL)
        keys(view, Key.Key_Z, modifier=CONTROL | SHIFT)
        keys(view, Key.Key_Y, modifier=CONTROL)
        keys(view, Key.Key_Z, modifier=CONTROL)
        keys(view, Key.Key_Return)

    (result,) = edited(view, area, during=hands)
    assert pixels(view, result.points) == [(200, 150), (600, 150), (650, 500), (200, 450)]


def test_by_keys_alone(view: MapView, area: Sketch):
    """Tab to the second corner, take it, move it, put it down; a new one behind it; the whole moved."""

    def hands() -> None:
        keys(view, Key.Key_Tab, Key.Key_Tab, Key.Key_Space, Key.Key_Right, Key.Key_Right, Key.Key_Space)
        keys(view, Key.Key_Tab, Key.Key_Backtab)
        keys(view, Key.Key_M)
        for _ in range(2):
            keys(view, Key.Key_Down, modifier=SHIFT)
        keys(view, Key.Key_Space, Key.Key_Return)

    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    (result,) = edited(view, area, during=hands)
    moved = [(200, 150), (616, 150), (600, 450), (200, 450)]
    assert pixels(view, result.points) == [(x, y + 128) for x, y in moved]


def test_insert_by_keys(view: MapView, area: Sketch):
    def hands() -> None:
        keys(view, Key.Key_Tab, Key.Key_Insert, Key.Key_Up, Key.Key_Up, Key.Key_Return, Key.Key_Return)

    (result,) = edited(view, area, during=hands)
    assert len(result.points) == 5
    assert (400, 134) in pixels(view, result.points)


def test_escape_puts_back_then_asks_then_gives_up(view: MapView, area: Sketch):
    def hands() -> None:
        drag(view, (600, 450), (650, 500))
        keys(view, Key.Key_Tab, Key.Key_Space, Key.Key_Left, Key.Key_Escape)
        keys(view, Key.Key_Escape)
        assert view.tool is not None
        keys(view, Key.Key_Escape)

    assert answer(view.facet.edit([area], "编辑"), hands) is None


def test_a_crossing_border_is_said_at_once_and_not_accepted(view: MapView, theme: dict[str, str]):
    square = Sketch(kind="polygon", points=at(view, *CORNERS))

    def hands() -> None:
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
        QTest.mouseMove(view, QPoint(500, 200))
        QTest.mouseMove(view, QPoint(700, 300))
        image = view.grab().toImage()
        column = {image.pixelColor(400, y).name() for y in range(445, 456)}
        assert theme["error"] in column, "the border is red while it is still held"
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(700, 300))
        keys(view, Key.Key_Return)
        assert view.tool is not None
        keys(view, Key.Key_Z, modifier=CONTROL)
        keys(view, Key.Key_Return)

    (result,) = edited(view, square, during=hands)
    assert result == square


def test_what_the_caller_refuses_is_not_accepted(view: MapView, area: Sketch):
    asked: list[int] = []

    def check(sketches) -> str:
        asked.append(len(sketches[0].points))
        return "至少五个顶点" if len(sketches[0].points) < 5 else ""

    def hands() -> None:
        keys(view, Key.Key_Return)
        assert view.tool is not None
        drag(view, (400, 150), (400, 100))
        keys(view, Key.Key_Return)

    (result,) = edited(view, area, during=hands, check=check)
    assert len(result.points) == 5 and asked


def test_neighbours_keep_their_border(view: MapView):
    left = Sketch(kind="polygon", points=at(view, (100, 100), (400, 100), (400, 400), (100, 400)))
    right = Sketch(kind="polygon", points=at(view, (400, 100), (700, 100), (700, 400), (400, 400)))

    def hands() -> None:
        drag(view, (400, 100), (430, 60))
        drag(view, (415, 230), (460, 230))
        keys(view, Key.Key_Return)

    one, other = edited(view, left, right, during=hands)
    assert set(pixels(view, one.points)) & set(pixels(view, other.points)) == {
        (430, 60),
        (460, 230),
        (400, 400),
    }
    assert len(one.points) == len(other.points) == 5


def test_it_snaps_to_the_corner_of_a_layer_and_is_free_with_s(view: MapView, place: Place):
    info, path = place("roads", roads())
    view.set_base([(info, path)])
    goal = (117.2, 34.263)
    line = Sketch(kind="line", points=at(view, (100, 100), (200, 100)))
    results = []

    def hands(free: bool) -> None:
        assert isinstance(view.tool, EditTool)
        view.grab()
        until(lambda: view.grab() is not None and view.tool.snapping_ready)  # type: ignore[union-attr]
        x, y = pixels(view, [goal])[0]
        if free:
            keys(view, Key.Key_S)
        drag(view, (200, 100), (x + 6, y + 3))
        keys(view, Key.Key_Return)

    for free in (False, True):
        (result,) = edited(view, line, during=lambda free=free: hands(free))
        results.append(result.points[1])
    snapped, loose = results
    assert np.rint(np.array(snapped) * 1e7).tolist() in np.rint(np.array(roads().degrees) * 1e7).tolist()
    assert loose == pytest.approx(
        view.viewport.place_at(*(v + d for v, d in zip(pixels(view, [goal])[0], (6, 3), strict=True)))
    )


def test_it_snaps_to_edges_of_shapes_on_the_map(view: MapView):
    shapes = view.facet.add_shapes("t.route")
    shapes.put("line", Shape(kind="line", points=at(view, (100, 300), (700, 300))))

    def hands() -> None:
        until(lambda: view.grab() is not None and view.tool.snapping_ready)  # type: ignore[union-attr]
        click(view, 333, 305)
        click(view, 400, 200)
        keys(view, Key.Key_Return)

    (result,) = edited(view, Sketch(kind="line"), during=hands)
    assert pixels(view, result.points) == [(333, 300), (400, 200)]


def test_a_polygon_closes_at_its_first_corner(view: MapView):
    def hands() -> None:
        for x, y in ((100, 100), (300, 100), (300, 300), (103, 98)):
            click(view, x, y)

    (result,) = edited(view, Sketch(kind="polygon"), during=hands)
    assert pixels(view, result.points) == [(100, 100), (300, 100), (300, 300)]
    assert view.tool is None


def test_corners_are_set_at_right_angles_and_meet_the_start(view: MapView):
    """Beside the mark each time; the fourth corner lies above the first, though the hand does not."""

    def hands() -> None:
        keys(view, Key.Key_R)
        for x, y in ((200, 150), (604, 158), (590, 440), (208, 455)):
            click(view, x, y)
        keys(view, Key.Key_Return)

    (result,) = edited(view, Sketch(kind="polygon"), during=hands)
    assert pixels(view, result.points) == [(200, 150), (604, 150), (604, 440), (200, 440)]


def test_an_edge_goes_straight_on_or_turns_by_half_a_right_angle(view: MapView):
    def hands() -> None:
        click(view, 100, 500)
        click(view, 200, 440)
        keys(view, Key.Key_R)
        for x, y in ((300, 385), (420, 420)):
            click(view, x, y)
        keys(view, Key.Key_R)
        click(view, 500, 300)
        keys(view, Key.Key_Return)

    (result,) = edited(view, Sketch(kind="line"), during=hands)
    ways = np.diff([complex(*place) for place in pixels(view, result.points)])
    turns = np.degrees(np.angle(ways[1:] / ways[:-1]))
    assert turns[:2] == pytest.approx([0, 45], abs=0.6), "as whole pixels tell"
    assert pixels(view, result.points)[-1] == (500, 300), "free again"


def test_a_square_outline_is_closed_at_its_first_corner(view: MapView):
    def hands() -> None:
        keys(view, Key.Key_R)
        assert "R" in view.tool.hints  # type: ignore[union-attr]
        for x, y in ((200, 150), (500, 150), (500, 400), (205, 400), (204, 153)):
            click(view, x, y)

    (result,) = edited(view, Sketch(kind="polygon"), during=hands)
    assert pixels(view, result.points) == [(200, 150), (500, 150), (500, 400), (200, 400)]


def test_a_point_is_set_and_set_elsewhere(view: MapView):
    (point,) = edited(view, Sketch(kind="point"), during=lambda: click(view, 222, 111))
    assert pixels(view, point.points) == [(222, 111)]

    def hands() -> None:
        click(view, 400, 300)
        keys(view, Key.Key_Return)

    (point,) = edited(view, point, during=hands)
    assert pixels(view, point.points) == [(400, 300)]


def test_what_is_wrong_with_the_call_is_said(view: MapView):
    with pytest.raises(ValueError):
        view.facet.edit([], "编辑")
    with pytest.raises(ValueError):
        view.facet.edit([Sketch(kind="line"), Sketch(kind="line")], "编辑")


def test_keys_of_the_window_wait_while_the_tool_wants_them(view: MapView, area: Sketch):
    event_taken: list[bool] = []

    def hands() -> None:
        for key, modifier in ((Key.Key_S, NONE), (Key.Key_Z, CONTROL), (Key.Key_F5, NONE)):
            event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifier)
            event.ignore()
            QApplication.sendEvent(view, event)
            event_taken.append(event.isAccepted())
        keys(view, Key.Key_Return)

    edited(view, area, during=hands)
    assert event_taken == [True, True, False]


def test_the_strip_is_whole_in_a_narrow_view(view: MapView, area: Sketch):
    view.facet.edit([area], "修改一个名称很长的区域的边界")
    view.resize(420, 500)
    view.grab()
    strip = view.furniture.prompt
    assert strip.x() >= 0 and strip.geometry().right() <= 420
    assert strip.height() >= strip.heightForWidth(strip.width()) > strip.fontMetrics().height() * 2
    view.set_tool(None)
