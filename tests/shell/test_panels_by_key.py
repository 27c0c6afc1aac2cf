"""Every panel of the built-in plugins opens by the keyboard alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from console.client.vault import MemoryVault
from console.plugin_host import PluginSource, SourceKind
from console.store.live import LiveStore
from console.testing import MemoryBackend, MemoryMap, MemoryQgis
from console.testing.files import MemoryFiles

PLUGINS = Path(__file__).parents[2] / "plugins"
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def plugin_source() -> PluginSource:
    return PluginSource(PLUGINS, SourceKind.FIRST_PARTY)


@pytest.fixture
def plugin_facets() -> dict[str, Any]:
    services = {"files": MemoryFiles(), "secrets": MemoryVault()}
    backend = MemoryBackend()
    backend.answer("GET", "/areas", [])
    return {
        "map": MemoryMap(),
        "live": LiveStore(),
        "backend": backend,
        "qgis": MemoryQgis(),
        "services": services,
    }


def current(palette: Any) -> str:
    """Id of the line that Enter takes."""
    return palette.list.currentIndex().data(Qt.ItemDataRole.UserRole).id


def test_the_palette_finds_each_by_both_its_titles_and_enter_opens_it(qtbot, window, services):
    panels = services.host.panels.entries()
    assert len(panels) > 30
    for panel in panels:
        qtbot.keyClick(window, Qt.Key.Key_P, CTRL_SHIFT)
        palette = window.palette_box
        qtbot.waitUntil(palette.field.hasFocus, timeout=20_000)
        for title in (panel.title.en, panel.title.zh_CN):
            palette.field.setText(title)
            for _ in range(2):  # a command or a workspace may have the very same name
                if current(palette) != panel.id:
                    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
            assert current(palette) == panel.id, title
        qtbot.keyClick(palette.field, Qt.Key.Key_Return)
        assert window.docks.is_open(panel.id), panel.id
        _dock, host = window.docks._panels[panel.id]
        qtbot.waitUntil(lambda host=host: host.body is not None, timeout=20_000)
        focus = QApplication.focusWidget()
        assert host is focus or host.isAncestorOf(focus), panel.id
