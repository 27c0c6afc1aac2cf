"""The window by keys and clicks: workspaces, language, theme, notifications, settings, keyboard."""

from __future__ import annotations

import base64
import time
import tomllib
import zlib
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLineEdit, QMenuBar, QPushButton, QWidget

from console.model.manifest import parse_manifest
from console.plugin_host import PluginState
from console.sdk.context import Severity, Waiting
from console.shell.connection import Link
from console.shell.focus import is_stop
from console.shell.workspaces import BUILTIN

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
PANEL, LOG = "acme.patrol.list", "acme.patrol.log"


def texts(widget: QWidget) -> str:
    labels = [w.text() for w in widget.findChildren(QLabel) if w.isVisible()]
    return "\n".join(labels + [w.text() for w in widget.findChildren(QPushButton) if w.isVisible()])


def cards(widget: QWidget) -> list[str]:
    """What the notification centre tells, from above."""
    shown = [w for w in widget.findChildren(QFrame) if w.objectName() == "card" and w.isVisible()]
    return [card.accessibleName() for card in sorted(shown, key=lambda card: card.y())]


class Moves(QObject):
    """Hears of widgets that get another parent."""

    def __init__(self, widgets: list[QWidget]) -> None:
        super().__init__()
        self.heard: list[QObject] = []
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ParentChange:
            self.heard.append(watched)
        return False


def test_panels_open_as_manifests_say_and_their_code_runs_at_first_show(window, services):
    assert window.docks.is_open(PANEL) and not window.docks.is_open(LOG)
    assert [info.state for info in services.host.plugins()] == [PluginState.ACTIVE]


def test_builtin_workspaces_open_panels_that_there_are():
    plugins = (Path(__file__).parents[2] / "plugins").glob("*/plugin.toml")
    manifests = [parse_manifest(tomllib.loads(file.read_text("utf-8"))) for file in plugins]
    known = {panel.id for manifest in manifests for panel in manifest.contributes.panels}
    assert {panel for each in BUILTIN for panel in each.panels or ()} <= known


def test_a_panel_has_one_body(window):
    host = window.docks.visible_hosts()[0]
    assert host.layout().count() == 1


def test_workspace_is_saved_restored_renamed_and_deleted(qtbot, window):
    window.docks.show(LOG)
    qtbot.keyClick(window, Qt.Key.Key_W, CTRL | SHIFT)
    page = window.sheets.findChild(QLineEdit)
    qtbot.keyClicks(page, "Night")
    qtbot.keyClick(page, Qt.Key.Key_Return)
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert window.workspaces.current == "Night"
    qtbot.keyClick(window, Qt.Key.Key_4, ALT)
    assert not window.docks.is_open(PANEL) and not window.docks.is_open(LOG)
    window.workspaces.use("command")
    window._services.host.commands.run("shell.workspace_5")
    assert window.workspaces.current == "Night", "the first of one's own has a key"
    assert window.docks.is_open(PANEL) and window.docks.is_open(LOG)
    window.workspaces.rename("Night", "Day")
    window.workspaces.delete("Day")
    assert window.workspaces.names() == [] and window.workspaces.current == "command"


def test_a_builtin_workspace_remembers_changes_until_reset(window):
    window.docks.show(LOG)
    window.workspaces.use("map")
    window.workspaces.use("command")
    assert window.docks.is_open(LOG)
    window.workspaces.reset()
    assert window.docks.is_open(PANEL) and not window.docks.is_open(LOG)


def centres(window, *names: str) -> list[int]:
    """Where docks lie: x of their middles in the window, in pixels."""
    docks = window.docks.manager.dockWidgetsMap()
    return [docks[name].mapTo(window, docks[name].rect().center()).x() for name in names]


def test_a_panel_of_the_centre_lies_beside_the_map_and_shares_its_room(qtbot, window):
    window.docks.show("acme.patrol.photos")
    window.docks.show("acme.patrol.sketch")
    docks = window.docks.manager.dockWidgetsMap()

    def lie_side_by_side() -> None:
        left, sketch, photos = centres(window, "map", "acme.patrol.sketch", "acme.patrol.photos")
        assert left < sketch < photos
        assert docks["map"].width() > window.width() * 0.2
        assert docks["acme.patrol.sketch"].width() > window.width() * 0.15

    qtbot.waitUntil(lie_side_by_side, timeout=20_000)
    window.workspaces.save_as("Two")
    window.workspaces.use("map")
    assert not window.docks.is_open("acme.patrol.sketch")
    window.workspaces.use("Two")
    assert window.docks.is_open("acme.patrol.sketch")


def test_the_right_side_stays_at_the_right_of_the_centre(qtbot, window):
    window.docks.show("acme.patrol.sketch")
    window.docks.show("acme.patrol.photos")

    def lie_in_order() -> None:
        sketch, photos = centres(window, "acme.patrol.sketch", "acme.patrol.photos")
        assert sketch < photos

    qtbot.waitUntil(lie_in_order, timeout=20_000)


def test_docks_that_lie_as_wanted_are_not_moved(window):
    """Each move dresses all of a panel anew, which holds the window up for seconds."""
    window.docks.show(LOG)
    docks = window.docks.manager.dockWidgetsMap()
    moves = Moves([docks[PANEL], docks[LOG]])
    for name in ("map", "command", "watch", "command"):
        window.workspaces.use(name)
    window.workspaces.reset()
    assert moves.heard == []
    assert window.docks.is_open(PANEL) and not window.docks.is_open(LOG)


def test_sizes_and_tabs_come_back_with_their_workspace(qtbot, window):
    window.docks.show(LOG)
    place = window.docks.manager.dockWidgetsMap()[LOG].dockAreaWidget()
    qtbot.waitUntil(place.isVisible)
    sizes = window.docks.manager.splitterSizes(place)
    window.docks.manager.setSplitterSizes(place, [sum(sizes) - 333, 333])
    window.workspaces.use("map")
    assert not place.isVisible()
    window.workspaces.use("command")
    assert place.isVisible()
    assert window.docks.manager.splitterSizes(place)[1] == pytest.approx(333, abs=4)


def test_a_panel_that_came_after_an_arrangement_was_saved_opens_as_its_manifest_says(window):
    raw = base64.b64decode(window.docks.save())
    xml = zlib.decompress(raw[4:]).replace(PANEL.encode(), b"acme.gone")
    xml = xml.replace(b'Name="acme.gone" Closed="0"', b'Name="acme.gone" Closed="1"')
    older = len(xml).to_bytes(4, "big") + zlib.compress(xml)
    window.docks.show(LOG)
    window.docks.toggle(PANEL)
    assert window.docks.restore(base64.b64encode(older).decode())
    assert window.docks.is_open(PANEL) and not window.docks.is_open(LOG)


def test_a_dock_that_was_taken_elsewhere_comes_back(qtbot, window):
    window.docks.show(LOG)
    docks = window.docks.manager.dockWidgetsMap()
    window.workspaces.use("map")
    window.docks.show(PANEL)
    window.docks.manager.addDockWidgetTabToArea(docks[PANEL], docks[LOG].dockAreaWidget())
    window.workspaces.use("command")
    assert docks[PANEL].dockAreaWidget() is not docks[LOG].dockAreaWidget()
    window.docks.manager.addDockWidgetTabToArea(docks[PANEL], docks[LOG].dockAreaWidget())
    window.workspaces.reset()
    assert docks[PANEL].dockAreaWidget() is not docks[LOG].dockAreaWidget()


def test_language_changes_at_once_everywhere(qtbot, window, services):
    services.host.commands.run("shell.toggle_language")
    assert services.language.current == "en"
    assert services.host.settings.get("shell", "language") == "en"
    assert window.windowTitle() == "OneMap Console"
    qtbot.waitUntil(lambda: "OneMap Console" in texts(window))
    services.host.commands.run("shell.toggle_language")
    assert window.windowTitle() == "一张图指挥台"


def test_titles_of_tabs_are_never_cut(qtbot, window, services):
    services.host.commands.run("shell.toggle_language")
    window.docks.show("acme.patrol.log")
    for dock in window.docks.manager.dockWidgetsMap().values():
        tab = dock.tabWidget()
        tab.resize(40, tab.height())
        assert not tab.isTitleElided()
        assert dock is window.docks.manager.centralWidget() or tab.toolTip() == dock.windowTitle()


def test_nothing_stands_above_the_map(qtbot, window):
    for name in ("command", "map", "dispatch", "command"):
        window.workspaces.use(name)
        bar = window._map.parentWidget().dockAreaWidget().titleBar()
        assert bar.height() == 0


def test_theme_changes_at_once(qtbot, window, services, qapp):
    def brightness() -> int:
        return window.grab().toImage().pixelColor(window.width() // 2, 4).lightness()

    dark = brightness()
    qtbot.keyClick(window, Qt.Key.Key_L, CTRL | ALT)
    assert services.theme.name == "light"
    assert brightness() > dark + 100


def test_a_notification_never_takes_the_focus(qtbot, window, services):
    line = window.docks.visible_hosts()[0].findChild(QLineEdit)
    line.setFocus()
    qtbot.keyClicks(line, "ab")
    services.notify("后台错误", Severity.ERROR, action=("重试", lambda: None))
    qtbot.keyClicks(QApplication.focusWidget(), "c")
    assert line.text() == "abc"
    assert len(window._toasts.shown()) == 1


def test_the_same_key_replaces_and_the_history_keeps(qtbot, window, services):
    for text in ("一", "二"):
        services.notify(text, key="k")
    services.notify("三")
    assert [toast.notice.text for toast in window._toasts.shown()] == ["二", "三"]
    assert services.notify.unread == 2, "as many as the list has"
    qtbot.keyClick(window, Qt.Key.Key_N, CTRL | ALT)
    assert not isinstance(QApplication.focusWidget(), QPushButton), "Enter must not clear them all"
    assert "二" in texts(window.sheets) and "一" not in texts(window.sheets).split("\n")
    assert services.notify.unread == 0


def test_an_action_of_a_notification_runs_by_keyboard_from_the_history(qtbot, window, services):
    ran = []
    services.notify("失败", Severity.ERROR, action=("再来", lambda: ran.append(1)))
    qtbot.keyClick(window, Qt.Key.Key_N, CTRL | ALT)
    again = next(b for b in window.sheets.findChildren(QPushButton) if b.text() == "再来")
    again.setFocus()
    qtbot.keyClick(again, Qt.Key.Key_Space)
    assert ran == [1]


def test_the_notification_centre_leaves_the_window_to_be_worked_in(qtbot, window, services):
    line = window.docks.visible_hosts()[0].findChild(QLineEdit)
    services.notify("一")
    qtbot.keyClick(window, Qt.Key.Key_N, CTRL | ALT)
    qtbot.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=line.mapTo(window, QPoint(20, 8)))
    qtbot.keyClicks(QApplication.focusWidget(), "ab")
    assert line.text() == "ab"
    assert window.sheets.isVisible()
    services.notify("二")
    services.notify("三", key="k")
    services.notify("四", key="k")
    qtbot.waitUntil(lambda: cards(window.sheets) == ["四", "二", "一"], timeout=20_000)
    assert services.notify.unread == 0, "they are in sight"
    qtbot.keyClick(line, Qt.Key.Key_N, CTRL | ALT)
    assert not window.sheets.isVisible()
    assert line.hasFocus(), "who works on elsewhere is left there"


def test_escape_closes_the_notification_centre_and_gives_the_focus_back(qtbot, window, services):
    line = window.docks.visible_hosts()[0].findChild(QLineEdit)
    line.setFocus()
    services.notify("一")
    qtbot.keyClick(line, Qt.Key.Key_N, CTRL | ALT)
    assert window.sheets.isAncestorOf(QApplication.focusWidget())
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not window.sheets.isVisible()
    assert line.hasFocus()


def test_all_notifications_are_cleared_in_place(qtbot, window, services):
    services.notify("一")
    qtbot.keyClick(window, Qt.Key.Key_N, CTRL | ALT)
    clear = next(b for b in window.sheets.findChildren(QPushButton) if b.isVisible())
    qtbot.mouseClick(clear, Qt.MouseButton.LeftButton)
    assert services.notify.history() == []
    assert "暂无通知" in texts(window.sheets)


def test_the_settings_follow_a_key_that_changes_one(qtbot, window, services):
    qtbot.keyClick(window, Qt.Key.Key_Comma, CTRL)
    from console.shell.settings_page import SettingsView

    line = window.sheets.findChild(SettingsView).lines["shell", "theme"]
    assert line.editor.currentData() == "dark"
    qtbot.keyClick(window, Qt.Key.Key_L, CTRL | ALT)
    assert line.editor.currentData() == "light"


def test_settings_are_found_applied_and_reset(qtbot, window, services):
    qtbot.keyClick(window, Qt.Key.Key_Comma, CTRL)
    from console.shell.settings_page import SettingsView

    view = window.sheets.findChild(SettingsView)
    view.search.setText("sousuobanjing")
    qtbot.keyClick(view.search, Qt.Key.Key_Return)
    shown = [key for key, line in view.lines.items() if not line.isHidden()]
    assert shown == [("acme.patrol", "radius")]
    line = view.lines["acme.patrol", "radius"]
    line.editor.setValue(800)
    assert services.host.settings.get("acme.patrol", "radius") == 800
    line._reset.click()
    assert services.host.settings.get("acme.patrol", "radius") == 500


def test_the_window_is_walked_by_keyboard_alone(qtbot, window):
    """F6 reaches every part; Tab goes round in each; what has the focus is always visible."""
    seen: set[str] = set()
    for _ in range(8):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
        focus = QApplication.focusWidget()
        assert is_stop(focus)
        part = focus
        while part is not None and part.objectName() not in ("topBar", "statusBar", "mapFrame", "page"):
            part = part.parentWidget()
        seen.add(part.objectName() if part else "")
    assert seen >= {"topBar", "statusBar", "mapFrame", "page"}


@pytest.mark.parametrize("name", ["settings", "plugins", "about", "shortcuts", "workspaces", "outbox"])
def test_every_sheet_keeps_tab_inside_and_escape_closes_it(qtbot, window, name):
    before = window.focusWidget()
    window.sheets.show_sheet(name)
    for _ in range(12):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert window.sheets.isAncestorOf(QApplication.focusWidget())
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not window.sheets.isVisible() and window.focusWidget() is before


def test_cut_off_is_said_with_waiting_orders_and_a_way_out(qtbot, window, services, gate):
    services.connection.set(link=Link.AWAY, away_since=time.time())
    waiting = Waiting(id="w1", title="派单", method="POST", path="/orders", body=None, since=time.time())
    services.connection.set_waiting((waiting,))
    assert "与后台的连接已断开" in texts(window._banner)
    assert "1 条待发送" in window._status._waiting.text()
    again = next(b for b in window._banner.findChildren(QPushButton) if b.isVisible())
    qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    assert gate.calls == ["reconnect"]
    services.connection.set(link=Link.ONLINE)
    assert not window._banner.isVisible()


def test_coordinates_follow_the_pointer_in_the_datum_chosen(window, services):
    window._status.show_pointer((117.183, 34.2655))
    assert window._status._place.text() == "WGS 84  117.183000, 34.265500"
    window._status._place.click()
    window._status._place.click()
    assert window._status._place.text().startswith("GCJ-02  117.18")
    assert "117.183000" not in window._status._place.text()


def test_plugin_items_stand_in_the_status_bar(window):
    assert window._status._items["acme.patrol.count"].text() == "3"


def test_the_menu_of_panels_is_by_plugin(window, services) -> None:
    bar = window.findChild(QMenuBar)
    view = next(
        action.menu() for action in bar.actions() if "视图" in action.text() or "View" in action.text()
    )
    view.aboutToShow.emit()
    panels = view.actions()[0].menu()
    entries = services.host.panels.entries()
    several = {e.plugin_id for e in entries if sum(o.plugin_id == e.plugin_id for o in entries) > 1}
    parts = [action.menu() for action in panels.actions() if action.menu() is not None]
    assert len(parts) == len(several) >= 1
    titles = {entry.title.get(services.language.current) for entry in entries}
    below = [action.text() for part in parts for action in part.actions()]
    beside = [a.text() for a in panels.actions() if a.menu() is None and not a.isSeparator()]
    assert len(below) + len(beside) == len(entries)
    assert {text.split("\t")[0] for text in (*below, *beside)} == titles
