"""Docks by what is seen of them: room, scroll bars, rows of tabs."""

from __future__ import annotations

import PySide6QtAds as QtAds
import pytest
from PySide6.QtWidgets import QToolButton

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
