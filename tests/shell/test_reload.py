"""A plugin under development is loaded anew while its panel is open."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from console.cli.plugin_new import create_plugin
from console.plugin_host import PluginState
from console.plugin_host.code import purge
from console.shell.services import Services
from console.shell.window import MainWindow
from console.testing import MemoryMap

PLUGIN = "acme.patrol-reload"
PANEL = f"{PLUGIN}.posts"


@pytest.fixture
def plugin_dir(tmp_path: Path) -> Iterator[Path]:
    """With the untouched template, and a panel for the window to begin with."""
    folder, path = tmp_path / "plugins", list(sys.path)
    folder.mkdir()
    home = create_plugin("Patrol Reload", "acme", folder)
    manifest = home / "plugin.toml"
    manifest.write_text(manifest.read_text("utf-8").replace('area = "right"', 'area = "right"\nopen = true'))
    yield folder
    purge(home)
    sys.path[:] = path


@pytest.fixture
def plugin_map() -> MemoryMap:
    return MemoryMap()


def state(services: Services) -> PluginState:
    return next(info.state for info in services.host.plugins() if info.id == PLUGIN)


def body(window: MainWindow) -> Any:
    return next(iter(window.docks.visible_hosts())).body


def test_an_open_panel_comes_back_and_the_layer_is_there_once(
    qtbot: Any, services: Services, window: MainWindow, plugin_map: MemoryMap
) -> None:
    before = body(window)
    assert state(services) is PluginState.ACTIVE
    for _ in range(2):
        assert services.host.reload(PLUGIN)
        assert window.docks.is_open(PANEL)
        qtbot.waitUntil(lambda: body(window) is not None)
        assert type(body(window)).__name__ == "PostsPanel"
        assert body(window) is not before
        assert list(plugin_map.layers_by_id) == [f"{PLUGIN}.points"]
        assert state(services) is PluginState.ACTIVE


def test_a_fault_is_told_in_the_open_panel_until_it_is_mended(
    qtbot: Any, services: Services, window: MainWindow, plugin_dir: Path, plugin_map: MemoryMap
) -> None:
    code = plugin_dir / PLUGIN / "acme_patrol_reload" / "posts.py"
    good = code.read_text("utf-8")
    code.write_text(good.replace("class Posts:", "class Posts(:"))
    assert not services.host.reload(PLUGIN)
    qtbot.waitUntil(lambda: type(body(window)).__name__ == "EmptyState")
    assert plugin_map.layers_by_id == {}
    code.write_text(good)
    assert services.host.reload(PLUGIN)
    qtbot.waitUntil(lambda: type(body(window)).__name__ == "PostsPanel")
