"""Docks by what is seen of them: room, scroll bars, rows of tabs."""

from __future__ import annotations

import PySide6QtAds as QtAds
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QToolButton

from console.sdk.context import Severity
from console.shell.panel_frame import PanelFrame

PANEL, LOG = "acme.patrol.list", "acme.patrol.log"


def test_a_panel_gets_the_room_that_it_needs_when_it_is_opened(qtbot, window, services):
    services.host.panels.get(LOG).room = 55
    window.docks.show(LOG)
    place = window.docks.manager.dockWidgetsMap()[LOG].dockAreaWidget()
    qtbot.waitUntil(lambda: place.height() > 0.5 * window.docks.manager.height(), timeout=20_000)
    sizes = window.docks.manager.splitterSizes(place)
    window.docks.manager.setSplitterSizes(place, [sum(sizes) - 300, 300])
    window.docks.show(LOG)
    assert window.docks.manager.splitterSizes(place)[1] == pytest.approx(300, abs=4), "the user's word holds"


def test_room_is_lent_for_as_long_as_the_panel_is_looked_at(qtbot, window, services):
    services.host.panels.get(LOG).room = 55
    other = "acme.patrol.photos"
    services.host.panels.get(other).area = "bottom"
    window.docks.show(other)
    place = window.docks.manager.dockWidgetsMap()[other].dockAreaWidget()
    qtbot.waitUntil(lambda: place.height() > 100, timeout=20_000)
    before = place.height()
    window.docks.show(LOG)
    qtbot.waitUntil(lambda: place.height() > before + 50, timeout=20_000)
    window.docks.manager.dockWidgetsMap()[other].setAsCurrentTab()
    qtbot.waitUntil(lambda: place.height() == pytest.approx(before, abs=4), timeout=20_000)
    window.docks.toggle(LOG)
    window.docks.show(LOG)
    qtbot.waitUntil(lambda: place.height() > before + 50, timeout=20_000)
    window.docks.toggle(LOG)
    qtbot.waitUntil(lambda: place.height() == pytest.approx(before, abs=4), timeout=20_000)


def test_a_panel_that_is_wider_than_its_dock_is_scrolled_and_never_cut(qtbot, window):
    window.docks.show(LOG)
    host = window.docks._panels[LOG][1]
    qtbot.waitUntil(lambda: host.body is not None, timeout=20_000)
    frame = host.findChild(PanelFrame)
    qtbot.waitUntil(lambda: host.body.size() == frame.viewport().size(), timeout=20_000)
    assert frame.horizontalScrollBar().maximum() == 0
    host.body.setMinimumWidth(3000)
    qtbot.waitUntil(lambda: frame.horizontalScrollBar().maximum() > 0, timeout=20_000)
    assert host.body.width() == 3000 and host.body.height() == frame.viewport().height()


def test_a_row_of_tabs_that_is_too_long_has_arrows(qtbot, window):
    window.docks.show(PANEL)
    manager, area = window.docks.manager, window.docks.manager.dockWidgetsMap()[PANEL].dockAreaWidget()
    for at in range(8):
        manager.addDockWidgetTabToArea(QtAds.CDockWidget(manager, f"Panel number {at}"), area)
    before, after = area.titleBar().findChildren(QToolButton, "tabArrow")
    area.setCurrentIndex(0)
    qtbot.waitUntil(lambda: after.isVisible() and not before.isVisible(), timeout=20_000)
    row = area.titleBar().tabBar()
    bar = row.horizontalScrollBar()
    while bar.value() < bar.maximum():
        was = bar.value()
        after.click()
        assert bar.value() > was
    qtbot.waitUntil(lambda: before.isVisible() and not after.isVisible(), timeout=20_000)
    area.setCurrentIndex(4)

    def in_view() -> bool:
        tab = row.currentTab()
        return tab.x() >= bar.value() and tab.geometry().right() < bar.value() + row.viewport().width()

    qtbot.waitUntil(lambda: in_view() and before.isVisible() and after.isVisible(), timeout=20_000)
    before.click()
    assert bar.value() in [row.tab(at).x() for at in range(row.count())]


def pulled_out(qtbot, window, panel: str):
    """In a window of its own, in which one works."""
    window.docks.show(panel)
    dock = window.docks.manager.dockWidgetsMap()[panel]
    dock.setFloating()
    qtbot.waitUntil(dock.isInFloatingContainer, timeout=20_000)
    floating = dock.floatingDockContainer()
    QApplication.setActiveWindow(floating)  # nobody manages windows here
    qtbot.waitUntil(lambda: QApplication.activeWindow() is floating, timeout=20_000)
    return dock, floating


def test_over_a_panel_that_was_pulled_out_lie_palette_and_notices(qtbot, window, services):
    dock, floating = pulled_out(qtbot, window, LOG)
    window.palette_box.open()
    assert window.palette_box.window() is floating
    window.palette_box.shut()
    assert window.palette_box.window() is window
    services.notify("求助", Severity.ERROR)
    toast = window.findChild(QFrame, "toast") or floating.findChild(QFrame, "toast")
    assert toast is not None and toast.window() is floating and floating.rect().contains(toast.geometry())
    window.docks.put_back(LOG)
    qtbot.waitUntil(lambda: not dock.isInFloatingContainer(), timeout=20_000)
    services.notify("又一条")


def test_a_double_click_puts_it_back_beside_its_like(qtbot, window):
    dock, _ = pulled_out(qtbot, window, LOG)
    qtbot.mouseDClick(dock.tabWidget(), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not dock.isInFloatingContainer(), timeout=20_000)
    assert window.docks.is_open(LOG)


def test_a_new_panel_does_not_open_in_a_window_of_two_that_were_pulled_out(qtbot, window, services):
    for panel in (LOG, "acme.patrol.photos"):
        services.host.panels.get(panel).area = "bottom"
    dock, _ = pulled_out(qtbot, window, LOG)
    window.docks.manager.addDockWidgetTabToArea(
        QtAds.CDockWidget(window.docks.manager, "beside"), dock.dockAreaWidget()
    )
    window.docks.show("acme.patrol.photos")
    assert window.docks.manager.dockWidgetsMap()["acme.patrol.photos"].window() is window
