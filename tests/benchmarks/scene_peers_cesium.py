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
from tests.benchmarks.process_cost import PeakMemory
from tests.benchmarks.scene_peers_server import Talk, serving

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

    def open(self, name: str, camera: Camera, start: str = "tileset.json", limit: float = 16.0) -> float:
        """Seconds from the question until set *name* is drawn whole."""
        url = f"/{name}/{start}"
        return self.talk.ask("open", WORK, url=url, limit=limit, camera=spoken(camera))["seconds"]

    def look(self, camera: Camera) -> dict[str, Any]:
        """What is selected once all of the view is there."""
        return self.talk.ask("look", WORK, camera=spoken(camera))

    def orbit(self, cameras: Sequence[Camera]) -> float:
        """Frames a second."""
        return self.talk.ask("orbit", WORK, cameras=[spoken(camera) for camera in cameras])["rate"]

    def picture(self) -> bytes:
        """PNG of what is shown."""
        return base64.b64decode(self.talk.ask("picture", WORK)["png"])


def spoken(camera: Camera) -> dict[str, list[float]]:
    """As the page reads it: unit axes at right angles. The angle of view is always CesiumJS's."""
    ahead = camera.direction / np.linalg.norm(camera.direction)
    above = camera.up - ahead * (ahead @ camera.up)
    above /= np.linalg.norm(above)
    return {"eye": camera.position.tolist(), "ahead": ahead.tolist(), "above": above.tolist()}


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
            yield Cesium(talk, talk.answer(READY), began, memory)
        finally:
            memory.stop()
            end(process)
            talk.end()
