"""The grid map: grids in the colour of their number, named under the pointer, selected by a click."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QTableWidget

from console.map.live.shapes import ShapesLayer
from console.map.views.view import MapView
from console.model.layers import FeatureShape, LayerKind, LayerPackage
from console.model.records import Event, Staff
from console.testing import Console
from tests.map.conftest import CENTER, Place, drawn, package, square, until

G1, G2, STRANGE = "320302001001001", "320302001001002", "320399001001001"
PLACES = {G1: (CENTER[0] - 0.006, CENTER[1]), G2: CENTER, STRANGE: (CENTER[0] + 0.006, CENTER[1])}
BARE = (CENTER[0], CENTER[1] + 0.006)
PANEL = "onemap.grids.theme"
Panel = Callable[[str], Any]


def grid_layer() -> LayerPackage:
    """Two grids of the user's, the second twice as wide, and one of somebody else's."""
    squares = [square(*place, 0.004) for place in PLACES.values()]
    squares[1] = [(CENTER[0] + (x - CENTER[0]) * 1.5, y) for x, y in squares[1]]
    layer = package(
        LayerKind.GRID,
        FeatureShape.POLYGON,
        squares,
        list(PLACES),
        level=[15, 15, 15],
        households=[10, 90, 50],
    )
    layer.columns["code"] = layer.columns["name"]
    layer.text_columns = (*layer.text_columns, "code")
    return layer


@pytest.fixture
def grids(console: Console, view: MapView, activate: Callable[..., Console], place: Place) -> Console:
    """The plugin over a real map with grids; one event in G1, three in G2, one on duty in G1."""
    mapped: Any = console
    mapped.map = view.facet
    view.set_base([place("grid", grid_layer())])
    view.facet.center_on(*CENTER, 15)
    activate("grids")
    areas = [G1, G2, G2, G2]
    events = [
        Event(id=f"e{i}", number=str(i), title="井盖", area=area, where=CENTER, version=1)
        for i, area in enumerate(areas)
    ]
    console.put("event", *events)
    console.put("staff", Staff(id="s1", handle=1, name="张", area=G1, duty="on", version=1))
    console.clock.advance(2)
    return console


def colors(view: MapView) -> dict[str, str]:
    drawn(view)
    image = view.grab().toImage()
    pixels = {code: view.viewport.pixel_of(*place) for code, place in {**PLACES, "": BARE}.items()}
    return {code: image.pixelColor(round(x), round(y)).name() for code, (x, y) in pixels.items()}


def choose(widget: Any, name: str, value: str) -> None:
    box = next(b for b in widget.findChildren(QComboBox) if b.accessibleName() == name)
    at = box.findData(value)
    box.setCurrentIndex(at)
    box.activated.emit(at)


def legend(widget: Any) -> list[tuple[str, str]]:
    table = widget.findChild(QTableWidget)
    return [(table.item(row, 0).text(), table.item(row, 1).text()) for row in range(table.rowCount())]


def show(console: Console, widget: Any) -> None:
    QApplication.processEvents()
    widget.findChild(QCheckBox).click()
    console.clock.advance(0.1)


def test_grids_get_the_colour_of_their_number(grids: Console, view: MapView, panel: Panel) -> None:
    widget = panel(PANEL)
    before = colors(view)
    show(grids, widget)
    shown = colors(view)
    assert shown[STRANGE] == before[STRANGE], "somebody else's grid has no number"
    assert shown[""] == before[""]
    assert len({shown[G1], shown[G2], before[G1]}) == 3
    assert legend(widget) == [("1 – 2", "1"), ("3", "1")]
    entry = next(e for e in view.facet.layers.entries() if e.id == "onemap.grids.theme")
    assert (entry.title.zh_CN, [line.title.zh_CN for line in entry.legend]) == (
        "网格专题图",
        ["1 – 2", "3"],
    )
    show(grids, widget)
    assert colors(view) == before


def test_another_number_and_other_colours(grids: Console, view: MapView, panel: Panel) -> None:
    widget = panel(PANEL)
    show(grids, widget)
    first = colors(view)
    choose(widget, "配色", "viridis")
    grids.clock.advance(0.1)
    second = colors(view)
    assert second[G1] != first[G1]
    choose(widget, "指标", "on_duty")
    grids.clock.advance(0.1)
    third = colors(view)
    assert (third[G1], third[G2]) == (second[G2], second[G1])
    choose(widget, "指标", "area")
    grids.clock.advance(0.1)
    assert colors(view)[G2] == third[G1]
    choose(widget, "指标", "events_each")
    grids.clock.advance(0.1)
    assert colors(view)[G2] == first[STRANGE], "nobody is on duty there: no number"


def test_fields_of_the_layer_and_columns_of_a_table_are_numbers_too(
    grids: Console, view: MapView, panel: Panel, tmp_path: Path
) -> None:
    widget = panel(PANEL)
    show(grids, widget)
    choose(widget, "指标", "field:households")
    grids.clock.advance(0.1)
    assert [count for _, count in legend(widget)] == ["1", "1"]
    by_field = colors(view)
    table = tmp_path / "people.csv"
    table.write_text(f"code,people\n{G1},900\n{G2},100\n")
    widget._ctx.tasks.start(widget._theme.use_table(str(table)))
    grids.clock.advance(0.1)
    until(lambda: grids.clock.advance(0.05) or widget._theme.choices.number == "table:people")
    grids.clock.advance(0.1)
    by_table = colors(view)
    assert (by_table[G1], by_table[G2]) == (by_field[G2], by_field[G1])
    assert "数据表：people" in [box.currentText() for box in widget.findChildren(QComboBox)]
    table.unlink()
    grids.host.deactivate("onemap.grids")
    grids.host.activate("onemap.grids")
    grids.clock.advance(0.3)
    again = panel(PANEL)
    until(
        lambda: (
            grids.clock.advance(0.05) or any("指标已不存在" in w.text() for w in again.findChildren(QLabel))
        )
    )


def test_what_is_chosen_here_counts_above_a_style_of_the_layers_own(
    grids: Console, view: MapView, panel: Panel
) -> None:
    widget = panel(PANEL)
    show(grids, widget)
    wanted = colors(view)
    own = [{"id": "a", "type": "fill", "paint": {"fill-color": "#00ff00"}}]
    view.facet.layers.set_style("onemap.grids.theme", own)
    assert colors(view)[STRANGE] == "#00ff00"
    choose(widget, "配色", "oranges")
    grids.clock.advance(0.1)
    assert colors(view) == wanted


def test_colours_follow_the_feed(grids: Console, view: MapView, panel: Panel) -> None:
    widget = panel(PANEL)
    show(grids, widget)
    before = colors(view)
    more = [
        Event(id=f"m{i}", number=f"m{i}", title="井盖", area=G1, where=CENTER, version=1) for i in range(9)
    ]
    grids.put("event", *more)
    grids.clock.advance(6)
    after = colors(view)
    assert (after[G1], after[G2]) == (before[G2], before[G1])


def test_the_grid_under_the_pointer_is_named_and_selected(
    grids: Console, view: MapView, panel: Panel
) -> None:
    widget = panel(PANEL)
    show(grids, widget)
    slot = view.tree.find("onemap.grids.hover")
    assert slot is not None and isinstance(slot.layer, ShapesLayer)

    def named() -> list[str]:
        return _texts(slot.layer)

    view.place_hovered.fire(*PLACES[G2])
    assert named() == ["民主二网格\n未结事件 3"]
    assert named()[0] in [label.text() for label in widget.findChildren(QLabel)], "the panel says it, too"
    view.place_hovered.fire(*PLACES[STRANGE])
    assert named() == [f"{STRANGE}\n未结事件 –"]
    view.place_hovered.fire(*BARE)
    assert named() == []
    view.place_hovered.fire(*PLACES[G1])
    assert named()
    view.place_left.fire()
    assert named() == []
    middle = view.facet.bounds()
    x, y = view.viewport.pixel_of(*PLACES[G2])
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    QCursor.setPos(QPoint(1919, 1079))
    assert grids.selection.current == ("area", G2)
    assert view.facet.bounds() == middle, "what was clicked is in view: the map stays"
    view.place_hovered.fire(*PLACES[G1])
    grids.run("onemap.grids.colour")
    grids.clock.advance(0.1)
    assert named() == []


def _texts(layer: ShapesLayer) -> list[str]:
    shapes: Any = layer
    return [shape.text for shapes in shapes._shapes.values() for shape in shapes if shape.text]


def test_it_waits_for_the_map_and_comes_back_after_a_restart(
    grids: Console, view: MapView, panel: Panel, place: Place
) -> None:
    widget = panel(PANEL)
    show(grids, widget)
    wanted = colors(view)
    choose(widget, "指标", "on_duty")
    grids.clock.advance(0.1)
    grids.host.deactivate("onemap.grids")
    assert view.tree.find("onemap.grids.theme") is None
    view.set_base([])
    grids.host.activate("onemap.grids")
    grids.clock.advance(0.2)
    again = panel(PANEL)
    assert any("地图上还没有网格" in label.text() for label in again.findChildren(QLabel))
    view.set_base([place("grid", grid_layer())])
    grids.clock.advance(0.2)
    until(lambda: view.tree.find("onemap.grids.theme") is not None)
    assert colors(view)[G1] == wanted[G2]
