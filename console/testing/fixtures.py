"""The fixtures themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.plugin_host import PluginInfo, PluginState
from console.plugin_host.discover import MANIFEST
from console.testing.backend import MemoryBackend
from console.testing.clock import Clock
from console.testing.console import Console


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--plugin DIR``: the folder of the plugin under test, if it isn't above the tests."""
    parser.addoption("--plugin", type=Path, default=None, help="folder with the plugin.toml under test")


@pytest.fixture
def clock() -> Clock:
    """Time that the test turns: ``clock.advance(5)``."""
    return Clock()


@pytest.fixture
def backend() -> MemoryBackend:
    """Answers the plugin's requests: ``backend.answer("GET", "/patrols", [...])``."""
    return MemoryBackend()


@pytest.fixture
def plugin_folder(request: pytest.FixtureRequest) -> Path:
    """The folder with ``plugin.toml``: ``--plugin``, or the nearest one above the test."""
    given: Path | None = request.config.getoption("--plugin")
    if given is not None:
        return given.resolve()
    for folder in request.path.parents:
        if (folder / MANIFEST).exists():
            return folder
    pytest.fail(f"no {MANIFEST} above {request.path}; use --plugin DIR", pytrace=False)


@pytest.fixture
def console(tmp_path: Path, clock: Clock, backend: MemoryBackend) -> Iterator[Console]:
    """The console around the plugin; ``plugin`` opens it, or the test by ``console.open(folder)``."""
    console = Console(tmp_path / "console", clock, backend)
    yield console
    console.close()


@pytest.fixture
def plugin(console: Console, plugin_folder: Path) -> PluginInfo:
    """The plugin under test, active; the test fails with its reason and traceback when it is not."""
    host = console.open(plugin_folder)
    plugin = host.plugins()[0]
    host.activate(plugin.id)
    plugin = console.info(plugin.id)
    if plugin.state is not PluginState.ACTIVE:
        pytest.fail(f"{plugin.id} is {plugin.state}: {plugin.reason.en}\n{plugin.traceback}", pytrace=False)
    return plugin
