"""CesiumJS in Debian's Chromium, for ``scene_peers``: shows what it is asked to, without globe and light."""

from __future__ import annotations

import base64
import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from console.scene.tiles import Camera, Source
from tests.benchmarks.browser import Package, end, started
from tests.benchmarks.process_cost import PeakMemory, cpu_seconds, family
from tests.benchmarks.scene_peers_server import Talk, serving
from tests.benchmarks.scene_peers_views import LIMIT

CESIUM = Package(
    "cesium",
    "1.145.0",
    "6Azix8b5LPpoVSx8XQ6zPztpluJVmq+CEO3W2rOWxtc6bri6Nc9MvCYhKmTW1LAEwfisV7yzNgfulCXw9842+g==",
    "Build/Cesium",
)
PAGE = Path(__file__).with_name("scene_peers_page.html")
READY, WORK = 60.0, 120.0
"""Seconds at most to be ready, and for one question."""


@dataclass(slots=True)
class Cesium:
    """A page that is ready. All methods raise PeerFailed."""

    talk: Talk
    about: dict[str, Any]
    """Version, renderer, size of the canvas."""
    started: float
    """When the browser was, by time.perf_counter."""
    memory: PeakMemory
    process_id: int

    def open(self, name: str, start: str, camera: Camera, limit: float = LIMIT) -> float:
        """Seconds from the question until set *name* is drawn whole, to *limit* pixels of error."""
        url = f"/{name}/{start}"
        return self.talk.ask("open", WORK, url=url, limit=limit, camera=spoken(camera))["seconds"]

    def look(self, camera: Camera) -> dict[str, Any]:
        """What is selected once all of the view is there."""
        return self.talk.ask("look", WORK, camera=spoken(camera))

    def orbit(self, cameras: Sequence[Camera]) -> dict[str, float]:
        """Frames a second, and CPU of all processes a frame in ms; all tiles are there before."""
        way = [spoken(camera) for camera in cameras]
        self.talk.ask("visit", WORK, cameras=way)
        everybody = family(self.process_id)
        before = cpu_seconds(everybody)
        rate = self.talk.ask("orbit", WORK, cameras=way)["rate"]
        return {"rate": rate, "cpu": (cpu_seconds(everybody) - before) * 1e3 / len(way)}

    def picture(self) -> bytes:
        """PNG of what is shown."""
        return base64.b64decode(self.talk.ask("picture", WORK)["png"])


def spoken(camera: Camera) -> dict[str, Any]:
    """As the page reads it: unit axes at right angles, and the angle of the longer side."""
    ahead = camera.direction / np.linalg.norm(camera.direction)
    above = camera.up - ahead * (ahead @ camera.up)
    above /= np.linalg.norm(above)
    longer = max(camera.width, camera.height) / camera.height
    angle = 2 * np.arctan(np.tan(camera.fovy / 2) * longer)
    axes = {"eye": camera.position.tolist(), "ahead": ahead.tolist(), "above": above.tolist()}
    return {**axes, "angle": float(angle)}


@contextmanager
def cesium(
    sets: Mapping[str, Source], size: tuple[int, int], shown: bool = True, graphics: str = "llvmpipe-egl"
) -> Iterator[Cesium]:
    """A browser of its own on the display of DISPLAY. Raises PeerMissing, PeerFailed.

    *shown*: each frame of an orbit waits for the screen, as a window's does.
    """
    folders = {"cesium": CESIUM.folder()}
    files = {"page.html": PAGE.read_bytes(), "plan.json": json.dumps({"size": size, "shown": shown}).encode()}
    talk = Talk()
    with tempfile.TemporaryDirectory() as profile, serving(sets, folders, files, talk) as address:
        began = time.perf_counter()
        process = started(f"{address}/page.html", size, profile, graphics)
        memory = PeakMemory(process.pid)
        try:
            yield Cesium(talk, talk.answer(READY), began, memory, process.pid)
        finally:
            memory.stop()
            end(process)
            talk.end()
