"""The facet as plugins use it: tools, shapes, identify, layers, state."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.map.views.view import MapView
from console.model.layers import FeatureShape, LayerKind
from console.model.text import Text
from console.sdk.map import LegendItem, MapFacet
from console.sdk.symbols import PointStyle, Shape, ShapeStyle, Sprite, SpriteShape
from console.tasks.driver import GuiDriver
from tests.map.conftest import CENTER, Place, package, roads, square, until

DOT = Sprite(shape=SpriteShape.CIRCLE, fill="#ff0000")


def answer(awaitable, during=lambda: None):
    """What an await gives to a handler on the GUI thread, while *during* is done to the window."""
    box: list[object] = []
    driver = GuiDriver()

    async def handler() -> None:
        box.append(await awaitable)

    driver.start(handler(), on_error=box.append)
    during()
    until(lambda: bool(box))
    driver.close()
    return box[0]


def click(view: MapView, x: int, y: int) -> None:
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(x, y))


def test_it_is_the_map_facet(view: MapView):
    assert isinstance(view.facet, MapFacet)


def test_pick_a_point_or_escape(view: MapView):
    lon, lat = answer(view.facet.pick_point("选点"), lambda: click(view, 400, 300))
    assert (lon, lat) == pytest.approx(CENTER, abs=1e-4)
    escaped = answer(view.facet.pick_point("选点"), lambda: QTest.keyClick(view, Qt.Key.Key_Escape))
    assert escaped is None
    assert view.tool is None


def test_a_point_is_picked_by_keys_alone(view: MapView):
    """The pointer is nowhere near: the crosshair begins in the middle, arrows move it, Enter takes it."""
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    here = answer(view.facet.pick_point("选点"), lambda: QTest.keyClick(view, Qt.Key.Key_Return))
    assert here == pytest.approx(view.viewport.center)

    def steer() -> None:
        for _ in range(3):
            QTest.keyClick(view, Qt.Key.Key_Right)
        QTest.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
        QTest.keyClick(view, Qt.Key.Key_Return)

    before = view.viewport
    lon, lat = answer(view.facet.pick_point("选点"), steer)
    assert view.viewport == before, "the map stays where it is"
    assert (lon, lat) == pytest.approx(before.place_at(before.width / 2 + 24, before.height / 2 - 64))


def test_the_crosshair_takes_the_map_along_at_its_edge(view: MapView):
    def steer() -> None:
        for _ in range(20):
            QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
        QTest.keyClick(view, Qt.Key.Key_Return)

    lon, lat = answer(view.facet.pick_point("选点"), steer)
    px, _ = view.viewport.pixel_of(lon, lat)
    assert lon > CENTER[0]
    assert 0 < px < view.viewport.width


def test_a_line_is_drawn_by_keys_alone(view: MapView):
    def steer() -> None:
        for key in (Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Return):
            QTest.keyClick(view, key)

    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    first, second = answer(view.facet.draw("line", "画线"), steer)
    assert second[0] > first[0]
    assert second[1] == pytest.approx(first[1])


def test_a_second_tool_ends_the_first(view: MapView):
    first = view.facet.pick_point("一")
    second = view.facet.pick_point("二")
    assert answer(first) is None
    assert answer(second, lambda: click(view, 100, 100)) is not None


def test_a_cancelled_handler_takes_its_tool_back(view: MapView):
    driver = GuiDriver()

    async def handler() -> None:
        with pytest.raises(asyncio.CancelledError):
            await view.facet.pick_point("选点")

    cancel = driver.start(handler())
    assert view.tool is not None
    cancel()
    assert view.tool is None
    driver.close()


def test_draw_a_line_with_undo_and_notes(view: MapView):
    notes: list[int] = []

    def note(points: list) -> str:
        notes.append(len(points))
        return f"{len(points)} 点"

    def draw() -> None:
        for x, y in ((100, 100), (200, 100), (300, 250)):
            click(view, x, y)
        QTest.keyClick(view, Qt.Key.Key_Backspace)
        click(view, 300, 200)
        QTest.keyClick(view, Qt.Key.Key_Return)

    points = answer(view.facet.draw("line", "测距", note), draw)
    expected = [view.viewport.place_at(*p) for p in ((100, 100), (200, 100), (300, 200))]
    assert np.allclose(points, expected, atol=1e-6)
    assert notes


def test_a_polygon_needs_three_points(view: MapView):
    def draw() -> None:
        click(view, 100, 100)
        click(view, 200, 100)
        QTest.keyClick(view, Qt.Key.Key_Return)
        assert view.tool is not None
        click(view, 200, 200)
        QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))

    assert len(answer(view.facet.draw("polygon", "封控区"), draw)) == 3


def test_a_drag_pans_and_is_no_click(view: MapView):
    places: list[object] = []
    view.facet.on_click(lambda *place: places.append(place))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
    QTest.mouseMove(view, QPoint(430, 300))
    QTest.mouseMove(view, QPoint(500, 300))
    QTest.qWait(80)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(500, 300))
    assert places == []
    assert view.viewport.pixel_of(*CENTER) == pytest.approx((500, 300), abs=1)


def test_shift_drag_zooms_to_the_box(view: MapView):
    corner = view.viewport.place_at(300, 200)
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mousePress(view, Qt.MouseButton.LeftButton, shift, QPoint(300, 200))
    QTest.mouseMove(view, QPoint(400, 260))
    QTest.mouseMove(view, QPoint(500, 350))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, shift, QPoint(500, 350))
    west, _, _, north = view.facet.bounds()
    assert view.facet.zoom() == 17
    assert west <= corner[0] and north >= corner[1]


def test_keys_zoom_and_show_all(view: MapView, place: Place):
    view.set_base([place("roads", roads())])
    view.facet.center_on(*CENTER, 15)
    QTest.keyClick(view, Qt.Key.Key_Plus)
    until(lambda: not view.navigator.moving)
    assert view.facet.zoom() == 16
    QTest.keyClick(view, Qt.Key.Key_Home)
    west, _, east, _ = view.facet.bounds()
    assert west <= CENTER[0] - 0.02 and east >= CENTER[0] + 0.02


def test_shapes_are_drawn_hit_and_dropped(view: MapView):
    layer = view.facet.add_shapes("t.route")
    lon, lat = CENTER
    style = ShapeStyle(stroke="#00ff00", width=6, fill="#0000ff")
    layer.put("line", Shape(kind="line", points=[(lon - 0.01, lat), (lon + 0.01, lat)], style=style))
    layer.put("area", Shape(kind="polygon", points=square(lon, lat + 0.004, 0.002)[:4], style=style))
    keys: list[str] = []
    layer.on_click(keys.append)
    image = view.grab().toImage()
    assert image.pixelColor(450, 300).name() == "#00ff00"
    x, y = view.viewport.pixel_of(lon, lat + 0.004)
    assert image.pixelColor(round(x), round(y)).name() == "#0000ff"
    click(view, 450, 303)
    click(view, round(x), round(y))
    assert keys == ["line", "area"]
    layer.drop("line")
    assert view.grab().toImage().pixelColor(450, 300).name() != "#00ff00"


def test_a_shape_far_larger_than_the_view_is_drawn(view: MapView):
    layer = view.facet.add_shapes("t.large")
    lon, lat = CENTER
    style = ShapeStyle(stroke="#00ff00", width=6, dash=(3, 2))
    layer.put("c", Shape(kind="circle", points=[CENTER], radius=50_000, style=ShapeStyle(fill="#0000ff")))
    layer.put("x", Shape(kind="line", points=[(lon - 3, lat), (lon + 3, lat)], style=style))
    view.facet.center_on(lon, lat, 19)
    image = view.grab().toImage()
    assert {image.pixelColor(x, 300).name() for x in range(300, 500)} >= {"#00ff00", "#0000ff"}


def test_identify_names_what_is_there(view: MapView, place: Place):
    park = package(LayerKind.GREEN, FeatureShape.POLYGON, [square(*CENTER, 0.004)], ["云龙公园"], ["park"])
    view.set_base([place("roads", roads()), place("green", park)])
    found = answer(view.facet.identify(CENTER[0] + 0.001, CENTER[1]))
    assert [(f.layer, f.title) for f in found] == [("roads", "人民路"), ("green", "云龙公园")]
    assert found[0].layer_title.get("zh_CN") == "图层"
    assert answer(view.facet.identify(CENTER[0] + 0.01, CENTER[1] + 0.01)) == []


def test_the_area_of_a_place_is_known_without_the_backend(view: MapView, place: Place):
    lon, lat = CENTER
    view.set_base([place("roads", roads())])
    assert answer(view.facet.area_at(*CENTER)) is None, "the map has no areas"
    grids = package(LayerKind.GRID, FeatureShape.POLYGON, [square(lon, lat, 0.004), square(lon, lat, 0.01)])
    grids.strings = ["", "320302001001001", "320302001001"]
    grids.columns["code"] = np.array([1, 2], np.int32)
    grids.text_columns = (*grids.text_columns, "code")
    view.set_base([place("roads", roads()), place("grids", grids)])
    assert answer(view.facet.area_at(lon + 0.001, lat)) == "320302001001001", "the smallest"
    assert answer(view.facet.area_at(lon + 0.003, lat)) == "320302001001"
    assert answer(view.facet.area_at(lon + 0.0051, lat)) == ""


def test_layers_have_an_order_that_is_kept(view: MapView):
    for name in ("a", "b", "c"):
        view.facet.add_points(name, PointStyle(sprites=[DOT]))
    ids = lambda: [entry.id for entry in view.facet.layers.entries()]  # noqa: E731
    view.facet.layers.move("c", "a")
    assert ids() == ["c", "a", "b"]
    view.facet.layers.move("c", None)
    assert ids() == ["a", "b", "c"]
    view.facet.layers.move("a", "c")
    state = view.save_state()
    view.facet.layers.move("a", "b")
    view.restore_state(state)
    assert ids() == ["b", "a", "c"]


def test_priority_puts_a_layer_above(view: MapView):
    view.facet.add_points("low", PointStyle(sprites=[DOT]))
    view.facet.add_shapes("shapes")
    view.facet.add_points("high", PointStyle(sprites=[DOT], priority=5))
    view.facet.add_shapes("hidden", listed=False)
    assert [entry.id for entry in view.facet.layers.entries()] == ["high", "low", "shapes"]


@pytest.mark.parametrize("state", [{}, {"lon": "x", "layers": 3, "order": "?"}, {"layers": {"a": 1}}])
def test_any_state_can_be_restored(view: MapView, state: dict):
    view.restore_state(state)
    assert view.facet.zoom() == 15


def test_legend_pictures_show_the_symbol(view: MapView):
    item = LegendItem(title=Text("人员", "Staff"), sprite=DOT)
    picture = view.facet.layers.picture(item, 24, 24).toImage()
    middle = picture.width() // 2
    assert picture.pixelColor(middle, middle).name() == "#ff0000"


def test_the_pointer_and_the_context_menu_are_told(view: MapView):
    seen: list[tuple[float, float]] = []
    view.facet.on_context_menu(lambda lon, lat: seen.append((lon, lat)))
    assert view.facet.last_context_point() is None
    where = QPoint(400, 300)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, view.mapToGlobal(where))
    view.contextMenuEvent(event)
    assert seen[0] == pytest.approx(CENTER, abs=1e-4)
    assert view.facet.last_context_point() == seen[0]


def test_whoever_shows_something_of_the_pointer_hears_when_it_leaves(view: MapView):
    heard: list[str] = []
    undo = view.facet.on_pointer_left(lambda: heard.append("left"))
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert heard == ["left"]
    undo()
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert heard == ["left"]
