"""What tests of listeners share: a quick server, and looks at its board."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from console.server.settings import ServerSettings
from tests.support.server import Server

DEVICE_KEY = "key of the tests, nowhere else"


def quick_settings(folder: Path, **listening: str) -> ServerSettings:
    """SQLite, no plugins, a short tick; *listening*: ``MQTT_URL=…`` for ``ONEMAP_MQTT_URL``."""
    named = {f"ONEMAP_{name}": value for name, value in listening.items()}
    return ServerSettings(
        data_dir=folder, plugin_dirs=(), position_tick=0.1, device_key=DEVICE_KEY, listening=named
    )


def wait_until(condition: Callable[[], object], seconds: float = 15.0) -> None:
    """Wait for *condition*, fail after *seconds*."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


def lon_of(server: Server, handle: int) -> float | None:
    """Longitude on the board, or None."""
    board = server.core.board
    shown = board.columns(board.handles_to_rows([handle]))
    return float(shown.lon[0]) if len(shown) else None


def flags_of(server: Server, handle: int) -> int:
    """Flags on the board."""
    board = server.core.board
    return int(board.columns(board.handles_to_rows([handle])).flags[0])


def refused(server: Server, listener: str, reason: str) -> int:
    """How many messages a listener refused for *reason*."""
    for state, _, reasons in server.core.listeners.states():
        if state.name == listener:
            return reasons.get(reason, 0)
    raise KeyError(listener)


def running(server: Server, listener: str) -> bool:
    """Whether a listener runs."""
    return any(s.name == listener and s.state == "running" for s, _, _ in server.core.listeners.states())
