"""Our view in ``scene_peers``: does what each line of its input asks for, and answers with a line of JSON.

scene_peers_window.py WIDTH HEIGHT LON LAT HEIGHT     the frame's origin; on the display of DISPLAY
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QEventLoop, QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from console.scene.frame import Frame  # noqa: E402
from console.scene.pose import Pose  # noqa: E402
from console.scene.process.client import SceneProcess  # noqa: E402
from console.scene.process.messages import AddTileset  # noqa: E402

LONGEST = 60.0
"""Seconds for a view to be complete."""
LAYER = "bench"


class Ours:
    """A view of a size, whose process is ready."""

    def __init__(self, application: QApplication, size: tuple[int, int], frame: Frame) -> None:
        self.process = SceneProcess(frame, application)
        self.process.start()
        from console.scene.view.view import SceneView  # after it, as in the program

        self.view = SceneView(frame, Pose(frame.lon, frame.lat, frame.height), self.process)
        self.view.resize(*size)
        self.view.set_sky("#141a22", "#141a22")
        self.view.show()
        self._until(lambda: self.process.ready is not None)
        self._full()

    def about(self) -> dict[str, Any]:
        ready = self.process.ready
        return {"renderer": "" if ready is None else ready.renderer}

    def open(self, source: str, pose: Sequence[float]) -> dict[str, Any]:
        """Seconds until the set is drawn whole."""
        began = time.perf_counter()
        self.view.show_pose(Pose(*pose))
        self.process.put(AddTileset(LAYER, source))
        self._full()
        self._until(lambda: self._tiles > 0 and self.view.feed.settled)
        seconds, picture = time.perf_counter() - began, self.view.picture
        assert picture is not None
        return {"seconds": seconds, "selected": picture.about.tiles, "triangles": picture.about.triangles}

    def visit(self, poses: Sequence[Sequence[float]]) -> dict[str, Any]:
        """So that all tiles of a way are there."""
        for pose in poses:
            self.view.show_pose(Pose(*pose))
            self._full()
        return {}

    def orbit(self, poses: Sequence[Sequence[float]]) -> dict[str, Any]:
        """With all pixels."""
        began = time.perf_counter()
        for pose in poses:
            self._frame(pose)
        return {"rate": len(poses) / (time.perf_counter() - began)}

    def picture(self, path: str) -> dict[str, Any]:
        self.view.grab().save(path)
        return {}

    def close(self) -> None:
        self.view.close()
        self.process.stop()

    @property
    def _tiles(self) -> int:
        return 0 if self.view.picture is None else self.view.picture.about.tiles

    def _frame(self, pose: Sequence[float]) -> None:
        """Have it drawn, and painted."""
        before = self.view.picture
        self.view.show_pose(Pose(*pose))
        self._until(lambda: self.view.picture is not before)
        self.view.repaint()

    def _full(self) -> None:
        """All tiles and pixels are there, and painted."""
        self._until(lambda: self.view.feed.settled)
        self.view.repaint()

    def _until(self, done: Callable[[], bool]) -> None:
        """Let the window live, as in the program; each new picture is looked at at once."""
        if done():
            return
        loop, limit = QEventLoop(), QTimer(singleShot=True)

        def look() -> None:
            if done():
                loop.quit()

        limit.timeout.connect(loop.quit)
        limit.start(int(LONGEST * 1e3))
        undo = self.view.painted.add(look)
        self.process.replied.connect(look)
        loop.exec()
        self.process.replied.disconnect(look)
        undo()
        if not done():
            raise SystemExit("the view did not become complete")


def main() -> None:
    """Answer until the input ends."""
    width, height, *origin = sys.argv[1:]
    application = QApplication([])
    ours = Ours(application, (int(width), int(height)), Frame(*map(float, origin)))
    does = {"open": ours.open, "visit": ours.visit, "orbit": ours.orbit, "picture": ours.picture}
    print(json.dumps(ours.about()), flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        print(json.dumps(does[question.pop("what")](**question)), flush=True)
    ours.close()
    application.quit()


if __name__ == "__main__":
    main()
