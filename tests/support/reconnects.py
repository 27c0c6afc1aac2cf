"""Cameras whose connections end again and again: for the test, and for the long run of tests/soak."""

from __future__ import annotations

import os
import time

from PySide6.QtTest import QTest

from console.media.engine import MediaEngine
from console.media.messages import Patience
from console.media.view.grid import CameraGrid
from console.model.streams import Source
from tests.support.clips import Clip, encode
from tests.support.holding import Holding, held_by
from tests.support.rtsp import RtspServer

QUICK = Patience(shortest=0.01, longest=0.02)
"""Or a thousand reconnections would take hours."""


def tiny_clip() -> Clip:
    """A tenth of a second from one key frame to the next."""
    return encode(96, 80, 50, seconds=0.5, key_every=5)


def sources(server: RtspServer, count: int) -> list[Source]:
    """Cameras that have one stream each, all of them alike."""
    return [Source(str(number), f"摄像头 {number}", server.url("tiny")) for number in range(count)]


def break_off(grid: CameraGrid, server: RtspServer, rounds: int) -> int:
    """End all connections so many times, each time when all are painted anew; how many came back."""
    before = server.asked["PLAY"]
    for _ in range(rounds):
        seen = [tile.painted for tile in grid.tiles]
        plays = server.asked["PLAY"]
        server.hang_up()
        _wait(lambda plays=plays: server.asked["PLAY"] >= plays + len(grid.tiles))
        _wait(lambda seen=seen: all(t.painted > n for t, n in zip(grid.tiles, seen, strict=True)))
    return server.asked["PLAY"] - before


def look_and_leave(grid: CameraGrid, all_sources: list[Source], rounds: int) -> None:
    """Open all and close all so many times."""
    for _ in range(rounds):
        grid.show_sources(all_sources)
        _wait(lambda: all(tile.painted for tile in grid.tiles))
        grid.let_go()


def holding(engine: MediaEngine) -> tuple[Holding, Holding]:
    """The window's process, those that decode; after a rest, in which what ended has ended."""
    QTest.qWait(500)
    return held_by([os.getpid()]), held_by(engine.process_ids)


def _wait(condition) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "cameras did not come back"
        QTest.qWait(10)
