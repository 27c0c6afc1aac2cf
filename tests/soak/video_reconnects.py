"""A thousand reconnections of twenty cameras, then what is left behind; some minutes.

    .venv/bin/python tests/soak/video_reconnects.py [--rounds 50]

The last line is a JSON object. Exit 1 when threads, files or memory grew.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from console.media.engine import MediaEngine
from console.media.view.grid import CameraGrid
from tests.support import reconnects
from tests.support.rtsp import RtspServer

CAMERAS = 20
MOST_GROWTH = 30.0
"""Megabytes."""


def main() -> int:
    """Run, compare, say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    rounds = parser.parse_args().rounds
    app = QApplication([])
    with RtspServer({"tiny": reconnects.tiny_clip()}).running() as server:
        engine = MediaEngine(workers=1, patience=reconnects.QUICK)
        grid = CameraGrid(engine)
        grid.resize(1280, 720)
        grid.show_sources(reconnects.sources(server, CAMERAS))
        grid.show()
        reconnects.break_off(grid, server, 5)
        before = reconnects.holding(engine)
        count = reconnects.break_off(grid, server, rounds)
        after = reconnects.holding(engine)
        grid.let_go()
        engine.close()
    app.processEvents()
    grew = [
        now.threads > was.threads or now.files > was.files + 2 or now.megabytes > was.megabytes + MOST_GROWTH
        for was, now in zip(before, after, strict=True)
    ]
    names = ("window", "decoding")
    print(
        json.dumps(
            {
                "reconnections": count,
                "before": dict(zip(names, map(asdict, before), strict=True)),
                "after": dict(zip(names, map(asdict, after), strict=True)),
                "holds": not any(grew),
            }
        )
    )
    return int(any(grew))


if __name__ == "__main__":
    sys.exit(main())
