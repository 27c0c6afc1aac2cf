"""Our side of video_peers: ``python video_peers_window.py KIND PORT BEGAN COUNT WARM SECONDS [PICTURE]``.

One window of 1920x1080 with COUNT tiles. Prints one JSON object: what was painted, how late, at what cost.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.media.engine import MediaEngine
from console.media.view.grid import CameraGrid
from console.media.view.tile import CameraTile
from console.model.streams import Source
from tests.benchmarks.process_cost import cpu_seconds, family, megabytes
from tests.benchmarks.video_peers_server import KINDS
from tests.support.clips import Clip, age_of, read_number

SAMPLED = 8
"""One in so many paintings has its number read."""
HEARTBEAT = 50
"""Milliseconds of the timer that says how free the window's thread is."""


class Watched:
    """Notes how old pictures are when they have been painted."""

    def __init__(self, clip: Clip, began: float) -> None:
        self.ages: list[float] = []
        self._clip, self._began = clip, began
        self._count = 0
        paint = CameraTile.paintEvent

        def painted(tile: CameraTile, event: QPaintEvent) -> None:
            before = tile.painted
            paint(tile, event)
            self._count += tile.painted - before
            if tile.painted > before and self._count % SAMPLED == 0:
                self._note(tile)

        CameraTile.paintEvent = painted  # type: ignore[method-assign]

    def _note(self, tile: CameraTile) -> None:
        picture = tile._viewing.newest() if tile._viewing else None
        if picture is None:
            return
        lines = np.frombuffer(picture.pixels, np.uint8).reshape(picture.height, picture.stride)
        shown = lines[:, : picture.width * 4].reshape(picture.height, picture.width, 4)[..., :3]
        number = read_number(shown)
        if number is not None:
            self.ages.append(age_of(number, self._clip, self._began, time.monotonic()))


def main() -> None:
    """Show, wait, measure, say."""
    name, port, began, count, warm, seconds = sys.argv[1], *map(float, sys.argv[2:7])
    watched = Watched(KINDS[name].clip(), began)
    app = QApplication([])
    engine = MediaEngine()
    grid = CameraGrid(engine)
    grid.resize(1920, 1080)
    url = f"rtsp://127.0.0.1:{int(port)}/camera"
    grid.show_sources([Source(str(each), f"摄像头 {each + 1}", url) for each in range(int(count))])
    grid.show()
    QTest.qWait(round(warm * 1000))
    watched.ages.clear()
    beats: list[float] = []
    heart = QTimer(grid, interval=HEARTBEAT, timerType=Qt.TimerType.PreciseTimer)
    heart.timeout.connect(lambda: beats.append(time.monotonic()))
    heart.start()
    pids, painted, start = family(os.getpid()), [tile.painted for tile in grid.tiles], time.monotonic()
    cost = cpu_seconds(pids)
    QTest.qWait(round(seconds * 1000))
    spent, cost = time.monotonic() - start, cpu_seconds(pids) - cost
    shown = sum(tile.painted - was for tile, was in zip(grid.tiles, painted, strict=True))
    memory = megabytes(pids)
    if len(sys.argv) > 7:
        grid.grab().save(sys.argv[7])
    gaps = np.diff(beats) * 1000
    found = {
        "cpu": 100 * cost / spent / count,
        "fps": shown / spent / count,
        "p50": float(np.percentile(watched.ages, 50)) * 1000 if watched.ages else None,
        "p95": float(np.percentile(watched.ages, 95)) * 1000 if watched.ages else None,
        "beat95": float(np.percentile(gaps, 95)) if len(gaps) else None,
        "memory": memory,
    }
    grid.let_go()
    engine.close()
    del app
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
