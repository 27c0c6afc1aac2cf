"""Map windows, swipe, overview, links and the time slider as the user has them."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QListWidget, QPushButton, QToolButton, QWidget

from console.map.views.side_view import SideView
from console.map.views.view import MapView
from console.sdk.view_link import read_link
from console.tasks.pending import Pending
from console.testing import Console
from tests.map.conftest import until
from tests.map.test_swipe import drag
from tests.plugins.views.conftest import PLACES

Panel = Callable[[str], Any]
LEFT_BUTTON = Qt.MouseButton.LeftButton


def settle(console: Console) -> None:
    console.clock.advance(0.2)
    QApplication.processEvents()


def is_red(view: MapView, place: tuple[float, float]) -> bool:
    px, py = view.viewport.pixel_of(*place)
    color = view.grab().toImage().pixelColor(round(px), round(py))
    return color.red() > 200 and color.green() < 60


def seen(view: MapView) -> list[bool]:
    return [is_red(view, place) for place in PLACES]


def sides(view: MapView) -> list[bool]:
    """Whether the blocks at the left and right are seen; the middle one lies under the line."""
    return [is_red(view, PLACES[0]), is_red(view, PLACES[2])]


def popups() -> list[QWidget]:
    return [w for w in QApplication.topLevelWidgets() if w.objectName() == "popup" and w.isVisible()]


def kept(folder: Path, name: str) -> list[Any]:
    """What the plugin has written."""
    file = next(folder.rglob(name), None)
    return json.loads(file.read_text("utf-8")) if file else []


def test_a_map_window_is_linked_at_first_and_freed_by_its_button(
    views: Console, view: MapView, panel: Panel
) -> None:
    widget = panel("onemap.views.map_2")
    pane = widget.findChild(SideView)
    assert pane.linked
    link = next(b for b in widget.findChildren(QToolButton) if b.isCheckable() and b.text())
    QTest.mouseClick(link, LEFT_BUTTON)
    assert not pane.linked
    before = pane.viewport.center
    view.facet.center_on(117.25, 34.2, 13)
    assert pane.viewport.center == before
    QTest.mouseClick(link, LEFT_BUTTON)
    assert pane.viewport.center == pytest.approx(view.viewport.center)


def test_its_layers_are_chosen_in_a_list(views: Console, view: MapView, panel: Panel, blocks: str) -> None:
    widget = panel("onemap.views.map_2")
    pane = widget.findChild(SideView)
    button = next(b for b in widget.findChildren(QToolButton) if b.text() and not b.isCheckable())
    QTest.mouseClick(button, LEFT_BUTTON)
    layers = popups()[0].findChild(QListWidget)
    assert layers.count() == 1
    QTest.keyClick(layers, Qt.Key.Key_Space)
    assert not pane.layers.entries()[0].visible
    assert view.tree.entries()[0].visible
    QTest.keyClick(layers, Qt.Key.Key_Escape)
    until(
        lambda: not [w for w in QApplication.topLevelWidgets() if w.objectName() == "popup" and w.isVisible()]
    )


def test_the_command_opens_the_next_window_and_says_when_there_is_none(views: Console, panel: Panel) -> None:
    shown: list[str] = []
    views.host.panels.on_show(shown.append)
    for number in (2, 3, 4):
        views.host.commands.run("onemap.views.new")
        settle(views)
        panel(f"onemap.views.map_{number}")
    assert shown == [f"onemap.views.map_{number}" for number in (2, 3, 4)]
    views.host.commands.run("onemap.views.new")
    settle(views)
    assert len(shown) == 3
    assert len(views.notifications) == 1


def test_what_a_window_shows_is_remembered(
    views: Console, view: MapView, panel: Panel, tmp_path: Path
) -> None:
    pane = panel("onemap.views.map_2").findChild(SideView)
    pane.link(False)
    pane.show_view(pane.viewport.fitted((117.1, 34.2, 117.2, 34.3)))
    until(lambda: (settle(views), kept(tmp_path, "panes.json"))[1] != [])
    again = panel("onemap.views.map_2").findChild(SideView)  # as in another language
    assert not again.linked
    assert again.viewport.center == pytest.approx((117.15, 34.25), abs=1e-3)
    assert len(view.facet.views.panes) == 1


def test_a_window_whose_panel_is_made_anew_is_as_it_was(views: Console, view: MapView, panel: Panel) -> None:
    widget: Any = views.host.panels.make("onemap.views.map_2")
    widget.findChild(SideView).link(False)
    widget.deleteLater()  # as when the language changes while it is hidden
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not view.facet.views.panes
    shown: list[str] = []
    views.host.panels.on_show(shown.append)
    views.host.commands.run("onemap.views.new")
    settle(views)
    assert shown == ["onemap.views.map_2"]
    assert not panel("onemap.views.map_2").findChild(SideView).linked


def test_the_link_is_copied(views: Console, view: MapView) -> None:
    views.host.commands.run("onemap.views.copy_link")
    settle(views)
    link = read_link(QGuiApplication.clipboard().text())
    assert (link.lon, link.lat) == pytest.approx(view.viewport.center, abs=1e-6)


def test_the_overview_is_a_setting_that_its_command_turns(views: Console, view: MapView) -> None:
    assert not view.facet.views.overview
    views.host.commands.run("onemap.views.toggle_overview")
    settle(views)
    assert view.facet.views.overview
    assert views.host.settings.get("onemap.views", "overview") is True
    views.host.commands.run("onemap.views.toggle_overview")
    settle(views)
    assert not view.facet.views.overview


def test_the_swipe_begins_without_the_data_and_its_panel_chooses(
    views: Console, view: MapView, panel: Panel, blocks: str
) -> None:
    views.host.commands.run("onemap.views.toggle_swipe")
    settle(views)
    swipe = view.facet.views.swipe
    assert swipe is not None
    until(lambda: sides(view) == [True, False])
    widget = panel("onemap.views.swipe")
    layers = widget.findChild(QListWidget)
    QTest.keyClick(layers, Qt.Key.Key_Space)
    until(lambda: sides(view) == [True, True])
    QTest.keyClick(swipe.handle, Qt.Key.Key_Escape)
    assert view.facet.views.swipe is None
    begin = widget.findChildren(QPushButton)[-1]
    QTest.mouseClick(begin, LEFT_BUTTON)
    assert view.facet.views.swipe is not None
    assert view.facet.views.swipe.layers.entries()[0].visible, "as it was left"


@pytest.fixture
def time(views: Console, panel: Panel, blocks: str) -> QWidget:
    """The time slider with the blocks chosen by keys."""
    widget = panel("onemap.views.time")
    settle(views)
    layer = widget.findChildren(QComboBox)[0]
    assert layer.count() == 2
    layer.setFocus()
    QTest.keyClick(layer, Qt.Key.Key_Down)
    layer.activated.emit(layer.currentIndex())
    field = widget.findChildren(QComboBox)[1]
    until(lambda: (settle(views), field.isEnabled())[1])
    assert [field.itemText(at) for at in range(field.count())] == ["when"]
    return widget


def track_of(panel: QWidget) -> Any:
    """The bar; the host has its class from a module of its own."""
    return next(w for w in panel.findChildren(QWidget) if type(w).__name__ == "TimeTrack")


def test_the_window_of_time_filters_the_map_and_the_map_says_so(
    time: QWidget, views: Console, view: MapView, panel: Panel
) -> None:
    pane = panel("onemap.views.map_2").findChild(SideView)
    track = track_of(time)
    until(lambda: seen(view) == [True, True, True])
    assert not view.furniture.banner.isVisible()
    right = QPoint(track.width() - 14, 20)
    drag(track, right, QPoint(track.width() // 2 - 30, 20))
    until(lambda: seen(view) == [True, False, False])
    assert view.furniture.banner.isVisible()
    assert "2024-05-01" in view.furniture.banner.text()
    assert pane.furniture.banner.text() == view.furniture.banner.text()
    QTest.keyClick(track, Qt.Key.Key_Right)  # the next window of the same length
    until(lambda: seen(view) == [False, True, False])
    off = time.findChildren(QPushButton)[-1]
    QTest.mouseClick(off, LEFT_BUTTON)
    until(lambda: seen(view) == [True, True, True])
    assert not view.furniture.banner.isVisible()


def test_it_plays_from_window_to_window(time: QWidget, view: MapView) -> None:
    play = time._play  # type: ignore[attr-defined]
    QTest.mouseClick(play, LEFT_BUTTON)
    states: set[tuple[bool, ...]] = set()
    until(lambda: states.add(tuple(seen(view))) or len(states) >= 3, 60)
    QTest.mouseClick(play, LEFT_BUTTON)
    assert not time._desk.playing  # type: ignore[attr-defined]


def test_the_window_is_remembered_for_the_layer_but_not_that_it_is_on(
    time: QWidget, views: Console, view: MapView, tmp_path: Path
) -> None:
    track = track_of(time)
    day = (datetime(2024, 5, 10) - datetime(1970, 1, 1)).total_seconds()
    track.window_wanted.emit(day, day + 3 * 86_400)
    until(lambda: (settle(views), kept(tmp_path, "times.json"))[1] != [])
    (row,) = kept(tmp_path, "times.json")
    assert row == {"layer": "blocks", "field": "when", "start": day, "end": day + 3 * 86_400}
    until(lambda: seen(view) == [False, True, False])


def test_of_fields_chosen_quickly_the_last_is_shown_whichever_is_read_first(
    time: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk: Any = time._desk  # type: ignore[attr-defined]
    reads: dict[str, Future[Any]] = {}

    def run(_function: Any, _packages: Any, name: str) -> Pending[Any]:
        return Pending(reads.setdefault(name, Future()))

    monkeypatch.setattr(desk._ctx.tasks, "run", run)
    desk.choose_field("slow")
    desk.choose_field("quick")
    for name in ("quick", "slow"):
        reads[name].set_result(replace(desk.field, name=name))
    until(lambda: not desk.reading)
    assert desk.field.name == "quick"


def test_switched_off_with_the_plugin_all_is_as_before(time: QWidget, views: Console, view: MapView) -> None:
    track = track_of(time)
    track.window_wanted.emit(0.0, 86_400.0)
    until(lambda: seen(view) == [True, False, False])
    views.host.commands.run("onemap.views.toggle_swipe")
    views.host.commands.run("onemap.views.toggle_overview")
    settle(views)
    views.host.deactivate("onemap.views")
    settle(views)
    until(lambda: seen(view) == [True, True, True])
    assert not view.furniture.banner.isVisible()
    assert view.facet.views.swipe is None
    assert not view.facet.views.overview
