"""Keys of the window and of the built-in plugins do not collide."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QTabWidget

from console.model.manifest import parse_manifest
from console.plugin_host.keys import normal_key
from console.shell.commands import COMMANDS
from console.shell.key_field import KeyField
from console.shell.shortcuts_page import ShortcutsPage

PLUGINS = Path(__file__).parents[2] / "plugins"


def test_no_two_claim_one_key():
    claims: dict[str, list[str]] = defaultdict(list)
    for own in COMMANDS:
        claims[normal_key(own.key)].append(f"shell.{own.name}")
    for file in PLUGINS.glob("*/plugin.toml"):
        contributes = parse_manifest(tomllib.loads(file.read_text("utf-8"))).contributes
        for row in (*contributes.commands, *contributes.panels, *contributes.map_tools):
            claims[normal_key(row.key)].append(row.id)
    assert {key: ids for key, ids in claims.items() if key and len(ids) > 1} == {}


CTRL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
LOCATE, PALETTE = "acme.patrol.locate", "shell.palette"


@pytest.fixture
def page(window) -> ShortcutsPage:
    """The page as it is found in the settings."""
    window.sheets.show_sheet("settings")
    tabs = window.sheets.findChild(QTabWidget)
    tabs.setCurrentIndex(1)
    return tabs.currentWidget()


def test_a_key_is_changed_by_pressing_it_and_given_back(qtbot, window, services, page):
    page.table.select_key(LOCATE)
    page.field.setFocus()
    qtbot.keyClick(page.field, Qt.Key.Key_K, CTRL_ALT)
    assert (page.field.key, page.conflict.isHidden()) == ("Ctrl+Alt+K", True)
    qtbot.keyClick(page.field, Qt.Key.Key_Return)
    assert services.host.keys.key_of(LOCATE) == "Ctrl+Alt+K"
    page._default()
    assert services.host.keys.key_of(LOCATE) == "Ctrl+Alt+P"
    qtbot.keyClick(page.field, Qt.Key.Key_Backspace)
    qtbot.keyClick(page.field, Qt.Key.Key_Return)
    assert services.host.keys.key_of(LOCATE) == ""


def test_who_wants_the_key_as_well_is_named_and_the_users_word_counts(qtbot, services, page):
    taken = services.host.keys.key_of(PALETTE)
    page.table.select_key(LOCATE)
    page.field.setFocus()
    qtbot.keyClick(
        page.field, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert page.field.key == taken
    assert (
        not page.conflict.isHidden()
        and services.host.commands.get(PALETTE).title.zh_CN in page.conflict.text()
    )
    qtbot.keyClick(page.field, Qt.Key.Key_Return)
    assert services.host.keys.key_of(LOCATE) == taken and services.host.keys.key_of(PALETTE) == ""
    rows = {line.id: line.rivals for line in page.table.shown if line.rivals}
    assert set(rows) == {LOCATE, PALETTE} and [line.id for line in page.table.shown][:2] == list(rows)
    page.table.select_key(PALETTE)
    assert page.field.key == taken and not page.conflict.isHidden()  # it lost the key, and may take it back
    page._assign()
    assert services.host.keys.key_of(PALETTE) == taken and services.host.keys.key_of(LOCATE) == ""


def test_the_field_lets_the_keyboard_user_go_on(qtbot, page):
    page.table.select_key(LOCATE)
    page.field.setFocus()
    qtbot.keyClick(page.field, Qt.Key.Key_Tab)
    assert not isinstance(QApplication.focusWidget(), KeyField)
