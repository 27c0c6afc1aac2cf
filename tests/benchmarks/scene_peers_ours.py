"""Our view for ``scene_peers``: a window in a process of its own, asked line by line."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from console.scene.pose import Pose
from console.scene.tiles import Source
from tests.benchmarks.process_cost import PeakMemory, cpu_seconds, family
from tests.benchmarks.scene_peers_server import serving
from tests.benchmarks.scene_peers_views import SIZE, Orbit

WINDOW = Path(__file__).with_name("scene_peers_window.py")
LONGEST = 120.0


@dataclass(slots=True)
class Ours:
    """A window that is ready. All methods raise SubprocessError when it ends before it answers."""

    process: subprocess.Popen[str]
    address: str
    started: float
    """When the program was, by time.perf_counter."""
    memory: PeakMemory

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise subprocess.CalledProcessError(self.process.wait(), str(WINDOW))
        return json.loads(line)

    def _ask(self, what: str, **given: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"what": what, **given}) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def open(self, name: str, start: str, pose: Pose) -> dict[str, Any]:
        """Until set *name* is drawn whole."""
        return self._ask("open", source=f"{self.address}/{name}/{start}", pose=astuple(pose))

    def orbit(self, poses: Sequence[Pose]) -> dict[str, float]:
        """Frames a second, and CPU of all processes a frame in ms; all tiles are there before."""
        way = [astuple(pose) for pose in poses]
        self._ask("visit", poses=way)
        everybody = family(self.process.pid)
        before = cpu_seconds(everybody)
        rate = self._ask("orbit", poses=way)["rate"]
        return {"rate": rate, "cpu": (cpu_seconds(everybody) - before) * 1e3 / len(way)}

    def picture(self, path: Path) -> None:
        self._ask("picture", path=str(path))


@contextmanager
def ours(sets: Mapping[str, Source], orbit: Orbit) -> Iterator[Ours]:
    """On the display of DISPLAY. Raises SubprocessError."""
    origin = [str(number) for number in (orbit.lon, orbit.lat, orbit.height)]
    command = [sys.executable, str(WINDOW), *map(str, SIZE), *origin]
    with serving(sets, {}, {}) as address:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        memory = PeakMemory(process.pid)
        window = Ours(process, address, began, memory)
        try:
            window.answer()
            yield window
        finally:
            memory.stop()
            process.communicate(timeout=LONGEST)
