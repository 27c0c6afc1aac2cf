"""Nothing is left behind by connections that end; tests/soak does the same for an hour's worth."""

from __future__ import annotations

import pytest

from console.media import session
from console.media.engine import MediaEngine
from console.media.view.grid import CameraGrid
from tests.media.conftest import Serve, until
from tests.support import reconnects
from tests.support.holding import Holding

CAMERAS = 10
MOST_GROWTH = 15.0
"""Megabytes: a hundred connections that kept their buffers would be far more."""


def grown(engine: MediaEngine, before: tuple[Holding, Holding]) -> bool:
    """Whether there are more threads, files, memory; a connection may be ending just now."""
    return any(
        now.threads > was.threads or now.files > was.files + 1 or now.megabytes > was.megabytes + MOST_GROWTH
        for was, now in zip(before, reconnects.holding(engine), strict=True)
    )


def test_a_hundred_reconnections_leave_nothing_behind(serve: Serve, qtbot):
    server = serve(tiny=reconnects.tiny_clip())
    engine = MediaEngine(workers=1, patience=reconnects.QUICK)
    grid = CameraGrid(engine)
    qtbot.addWidget(grid)
    grid.resize(960, 600)
    grid.show_sources(reconnects.sources(server, CAMERAS))
    grid.show()
    reconnects.break_off(grid, server, 2)
    before = reconnects.holding(engine)
    assert reconnects.break_off(grid, server, 10) >= 10 * CAMERAS
    until(lambda: not grown(engine, before), 10)
    grid.let_go()
    engine.close()


def test_tiles_that_come_and_go_leave_nothing_behind(serve: Serve, qtbot, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(session, "GRACE", 0.0)
    server = serve(tiny=reconnects.tiny_clip())
    engine = MediaEngine(workers=1)
    grid = CameraGrid(engine)
    qtbot.addWidget(grid)
    grid.resize(960, 600)
    grid.show()
    cameras = reconnects.sources(server, 5)
    reconnects.look_and_leave(grid, cameras, 1)
    before = reconnects.holding(engine)
    reconnects.look_and_leave(grid, cameras, 4)
    until(lambda: not grown(engine, before), 10)
    engine.close()
