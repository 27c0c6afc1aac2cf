"""Further views of the map: the same layers, seen in their own way, from one budget."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QCursor
from PySide6.QtTest import QTest

from console.map.views.side_view import SideView
from console.map.views.view import MapView
from console.model.text import Text
from console.sdk.editing import Sketch
from console.sdk.map import PointLayer
from console.sdk.symbols import PointStyle, Shape, ShapeStyle, Sprite
from console.sdk.views import MOST_PANES
from tests.map.conftest import CENTER, Place, at_rest, drawn, roads, until
from tests.map.test_facet import answer as given

RED = PointStyle(sprites=(Sprite(fill="#ff0000", size=16.0),))


@pytest.fixture
def side(view: MapView, place: Place) -> Iterator[SideView]:
    """A free view of 400 x 300 at the same place, over the same roads."""
    view.set_base([place("roads", roads())])
    pane = view.facet.views.open_pane()
    pane.resize(400, 300)
    pane.show()
    pane.copy_first()
    drawn(view)
    drawn(pane)
    yield pane
    pane.remove()


def red_points(view: MapView, *places: tuple[float, float]) -> PointLayer:
    layer = view.facet.add_points("red", RED, title=Text("红", "Red"))
    lon, lat = np.array(places).T
    layer.set_points(lon, lat, keys=np.arange(len(places), dtype=np.uint32))
    return layer


def red_at(pane: MapView | SideView, px: float, py: float) -> bool:
    color = pane.grab().toImage().pixelColor(round(px), round(py))
    return color.red() > 200 and color.green() < 60


def all_slots_are_with(view: MapView) -> bool:
    """Whether no slot of the shared memory is held by anybody else, or lost."""
    return len(view.engine.slots) + len(view.base.tiles) == view.engine.arena.slots


def middle(pane: MapView | SideView) -> QPoint:
    return QPoint(pane.width() // 2, pane.height() // 2)


def test_live_layers_are_shown_in_every_view(view: MapView, side: SideView) -> None:
    layer = red_points(view, CENTER)
    assert red_at(view, 400, 300)
    assert red_at(side, 200, 150)
    layer.set_points(np.array([CENTER[0] + 0.001]), np.array([CENTER[1]]), keys=np.zeros(1, np.uint32))
    px, py = side.viewport.pixel_of(CENTER[0] + 0.001, CENTER[1])
    until(lambda: red_at(side, px, py))
    layer.remove()
    until(lambda: not red_at(side, px, py))


def test_shapes_are_shown_in_every_view(view: MapView, side: SideView) -> None:
    shapes = view.facet.add_shapes("shapes")
    shapes.put("line", Shape(kind="circle", points=[CENTER], radius=200, style=ShapeStyle(fill="#ff0000")))
    assert red_at(view, 400, 300)
    assert red_at(side, 200, 150)
    shapes.clear()
    assert not red_at(side, 200, 150)


def test_each_view_shows_its_own_layers(view: MapView, side: SideView) -> None:
    red_points(view, CENTER)
    side.layers.set_visible("red", False)
    assert red_at(view, 400, 300)
    assert not red_at(side, 200, 150)
    side.layers.set_visible("red", True)
    view.tree.set_visible("red", False)
    assert red_at(side, 200, 150)
    assert not red_at(view, 400, 300)


def test_base_layers_are_drawn_for_each_view(view: MapView, side: SideView) -> None:
    def on_road(pane: MapView | SideView) -> str:
        return pane.grab().toImage().pixelColor(middle(pane) + QPoint(60, 0)).name()

    road = on_road(side)
    assert road == on_road(view)
    side.layers.set_visible("roads", False)
    until(lambda: on_road(side) != road)
    drawn(side)
    assert on_road(view) == road
    side.layers.set_visible("roads", True)
    until(lambda: on_road(side) == road)


def test_what_a_plugin_hides_is_hidden_everywhere(view: MapView, side: SideView) -> None:
    layer = red_points(view, CENTER)
    layer.set_visible(False)
    assert not red_at(side, 200, 150)
    layer.set_visible(True)
    assert red_at(side, 200, 150)


def test_linked_views_move_together_and_free_ones_do_not(view: MapView, side: SideView) -> None:
    side.link(True)
    view.facet.center_on(CENTER[0] + 0.01, CENTER[1], 16)
    assert side.viewport.center == pytest.approx((CENTER[0] + 0.01, CENTER[1]))
    assert side.viewport.zoom == 16
    QTest.keyClick(side, Qt.Key.Key_Right)  # the other way round, by hand
    assert view.viewport.center == pytest.approx(side.viewport.center)
    side.link(False)
    before = side.viewport.center
    view.facet.center_on(*CENTER, 14)
    assert side.viewport.center == before


def test_a_zoom_by_hand_takes_the_other_view_along_smoothly(view: MapView, side: SideView) -> None:
    side.link(True)
    seen: list[float] = []
    side.changed.add(lambda: seen.append(side.viewport.zoom))
    view.zoom_by(1)
    until(lambda: not view.navigator.moving)
    assert side.viewport.zoom == view.viewport.zoom == 16


def test_the_pointer_of_one_view_is_marked_in_the_linked_one(view: MapView, side: SideView) -> None:
    side.link(True)
    at_rest(side)
    plain = side.grab().toImage()
    view.pointer_moved.fire(*CENTER)
    marked = side.grab().toImage()
    assert marked.pixelColor(200 + 7, 150) != plain.pixelColor(200 + 7, 150)
    view.pointer_left.fire()
    assert side.grab().toImage() == plain


def test_clicks_hovers_and_menus_of_a_further_view_reach_the_plugins(view: MapView, side: SideView) -> None:
    heard: list[object] = []
    layer = red_points(view, CENTER)
    layer.on_click(lambda row: heard.append(("row", row)))
    view.facet.on_click(lambda lon, lat: heard.append("place"))
    view.facet.on_context_menu(lambda lon, lat: heard.append("menu"))
    QTest.mouseClick(side, Qt.MouseButton.LeftButton, pos=middle(side))
    assert heard == [("row", 0)]
    QTest.mouseClick(side, Qt.MouseButton.LeftButton, pos=QPoint(20, 30))
    assert heard[1:] == ["place"]
    where = QPoint(30, 40)
    side.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, side.mapToGlobal(where)))
    assert heard[2:] == ["menu"]
    assert view.facet.last_context_point() == pytest.approx(side.viewport.place_at(30, 40))


def test_a_place_is_picked_in_a_further_view(view: MapView, side: SideView) -> None:
    picked: list[object] = []
    pending = view.facet.pick_point("Where?")
    view.bench.tool.future.add_done_callback(lambda done: picked.append(done.result()))  # type: ignore[union-attr]
    QTest.mouseClick(side, Qt.MouseButton.LeftButton, pos=middle(side))
    assert pending is not None
    assert picked[0] == pytest.approx(side.viewport.center, abs=1e-5)
    assert view.tool is None


def test_features_are_identified_as_the_view_in_hand_shows_them(
    view: MapView, side: SideView, answer: Callable[..., list[str]]
) -> None:
    place = (CENTER[0] + 0.002, CENTER[1])
    assert answer(view, place) == ["roads"]
    side.layers.set_visible("roads", False)
    QTest.mouseClick(side, Qt.MouseButton.LeftButton, pos=QPoint(20, 30))
    assert answer(view, place) == []
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(20, 30))
    assert answer(view, place) == ["roads"]


@pytest.fixture
def answer() -> Callable[..., list[str]]:
    """Layers identified at a place."""

    def ask(view: MapView, place: tuple[float, float]) -> list[str]:
        future = view.in_use.base.identify(*place, 5.0)
        until(future.done)
        return [feature.layer for feature in future.result().features]

    return ask


def test_a_hidden_view_gives_all_memory_back_and_comes_again(view: MapView, side: SideView) -> None:
    roads_seen = side.grab().toImage().pixelColor(260, 150)
    assert len(side.base.tiles) > 0
    side.hide()
    until(lambda: all_slots_are_with(view))
    assert len(side.base.tiles) == len(side.ground) == 0
    side.show()
    until(lambda: side.grab().toImage().pixelColor(260, 150) == roads_seen)


def test_a_removed_view_leaves_nothing_behind(view: MapView, side: SideView) -> None:
    side.remove()
    for _ in range(3):
        again = view.facet.views.open_pane()
        again.resize(300, 200)
        again.show()
        drawn(again)
        again.remove()
        again.remove()  # harmless
    until(lambda: all_slots_are_with(view))
    red_points(view, CENTER)  # nobody of the old ones hears of it
    assert red_at(view, 400, 300)


def test_a_view_goes_with_the_widget_that_it_stands_in(view: MapView, side: SideView) -> None:
    side.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not view.facet.views.panes
    red_points(view, CENTER)  # nobody of the old ones hears of it
    view.facet.center_on(*CENTER, 14)


def test_there_are_only_so_many(view: MapView, side: SideView) -> None:
    more = [view.facet.views.open_pane() for _ in range(MOST_PANES - 1)]
    with pytest.raises(ValueError):
        view.facet.views.open_pane()
    for pane in more:
        pane.remove()


def test_a_view_is_remembered(view: MapView, side: SideView) -> None:
    red_points(view, CENTER)
    side.layers.set_visible("red", False)
    side.show_view(side.viewport.fitted((117.1, 34.2, 117.2, 34.3)))
    kept = side.save()
    other = view.facet.views.open_pane()
    other.resize(400, 300)
    other.restore(kept)
    assert other.viewport.center == pytest.approx(side.viewport.center)
    assert not next(entry.visible for entry in other.layers.entries() if entry.id == "red")
    assert not other.linked
    other.restore({"lon": "nonsense", "layers": 3, "order": None, "linked": "yes"})
    assert not other.linked
    other.remove()


def test_layers_that_come_later_are_in_every_view(view: MapView, side: SideView) -> None:
    red_points(view, CENTER)
    assert "red" in [entry.id for entry in side.layers.entries()]
    side.layers.set_opacity("red", 0.4)
    view.tree.set_opacity("red", 0.9)
    assert next(entry.opacity for entry in side.layers.entries() if entry.id == "red") == 0.4


def test_the_theme_is_that_of_all_views(view: MapView, side: SideView) -> None:
    dark = side.grab().toImage().pixelColor(20, 30).lightness()
    view.set_theme("light", lambda token: "#ffffff" if "back" in token or "surface" in token else "#202020")
    until(lambda: side.grab().toImage().pixelColor(20, 30).lightness() > dark + 60)


def test_a_link_moves_the_view_and_shows_layers_and_hides_none(view: MapView, place: Place) -> None:
    view.set_base([place("roads", roads()), place("more", roads())])
    view.tree.set_visible("roads", False)
    view.facet.views.go("onemap://view?lon=117.25&lat=34.3&zoom=16&layers=roads,red,nobody")
    assert view.viewport.center == pytest.approx((117.25, 34.3))
    assert view.viewport.zoom == 16
    assert [entry.id for entry in view.tree.entries() if entry.visible] == ["roads", "more"]
    view.tree.restore({"layers": {"red": {"visible": False}}})
    red_points(view, CENTER)  # its plugin comes later
    assert next(entry.visible for entry in view.tree.entries() if entry.id == "red")
    view.tree.set_visible("red", False)
    assert not next(entry.visible for entry in view.tree.entries() if entry.id == "red")


def test_the_link_to_a_view_leads_back_to_it(view: MapView, place: Place) -> None:
    view.set_base([place("roads", roads())])
    view.facet.center_on(*CENTER, 15.5)
    link = view.facet.views.link()
    assert "layers=roads" in link
    view.facet.center_on(100, 30, 5)
    view.facet.views.go(link)
    assert view.viewport.center == pytest.approx(CENTER, abs=1e-6)
    assert view.viewport.zoom == 15.5


@pytest.fixture(autouse=True)
def _pointer_away() -> None:
    QCursor.setPos(QPoint(1919, 1079))


def test_a_sketch_is_edited_in_any_view_and_seen_in_all(view: MapView, side: SideView) -> None:
    line = Sketch(kind="line", points=(side.viewport.place_at(100, 100), side.viewport.place_at(300, 200)))
    before = side.viewport

    def hands() -> None:
        QTest.keyClick(side, Qt.Key.Key_S)  # no snapping: whether the roads are known by now is chance
        QTest.mousePress(side, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
        QTest.mouseMove(side, QPoint(110, 120))
        QTest.mouseMove(side, QPoint(120, 150))
        QTest.mouseRelease(side, Qt.MouseButton.LeftButton, pos=QPoint(120, 150))
        QTest.keyClick(side, Qt.Key.Key_Return)

    (edited,) = given(view.facet.edit([line], "编辑"), hands)
    assert side.viewport == before
    assert edited.points[0] == pytest.approx(side.viewport.place_at(120, 150), abs=1e-6)
    assert edited.points[1] == line.points[1]
