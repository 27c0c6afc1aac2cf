"""Terrain that the user gives becomes the ground of the scene, or it is said why not."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Event

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from console.scene.frame import Frame
from console.scene.pose import Pose
from console.scene.process.messages import GROUND, SetSurroundings
from console.scene.process.surroundings import Surroundings
from console.scene.render.stage import Stage
from console.scene.stream.cameras import camera_of
from console.scene.stream.streamer import Streamer

FRAME = Frame(117.2, 34.26)
LENS = Pose(117.2, 34.26, 0.0, 0.0, 0.0, 3_000.0).lens(FRAME, 320, 200)


class Scene:
    """A stage with its surroundings, looked at from 3,000 m straight down."""

    def __init__(self) -> None:
        self._woken = Event()
        self.stage = Stage(FRAME)
        self.streamer = Streamer(self._woken.set)
        self.around = Surroundings(self.stage, self.streamer, self._woken.set)

    def ask(self, terrain: str, sea_level: float = 0.0) -> None:
        self._woken.clear()
        self.around.ask(SetSurroundings([], [], "light", [], time.time(), terrain, sea_level))
        if terrain:
            assert self._woken.wait(10)
            self.around.take()

    def height(self) -> float:
        """Metres of the ground in the middle of the view."""
        until = time.monotonic() + 10
        self.streamer.frame(camera_of(LENS, FRAME))
        while self.streamer.busy or any(layer.missing() for layer in self.streamer.layers.values()):
            assert time.monotonic() < until
            self.streamer.take(0.03)
            self.streamer.frame(camera_of(LENS, FRAME))
            time.sleep(0.002)
        self.stage.render(LENS, 1_000.0)
        depth = float(self.stage.depths()[100, 160])
        near, far = self.stage.range
        return 3_000.0 - near * far / (far - depth * (far - near))

    def close(self) -> None:
        self.around.close()
        self.streamer.close()
        self.stage.close()


@pytest.fixture
def scene():
    scene = Scene()
    yield scene
    scene.close()


@pytest.fixture
def plateau(tmp_path: Path) -> str:
    """500 m high, some kilometres wide."""
    path = tmp_path / "heights.tif"
    place = {"crs": "EPSG:4490", "transform": from_origin(117.1, 34.36, 0.002, 0.002)}
    with rasterio.open(
        path, "w", driver="GTiff", width=100, height=100, count=1, dtype="float32", **place
    ) as file:
        file.write(np.full((100, 100), 500.0, np.float32), 1)
    return str(path)


def test_the_ground_is_as_high_as_the_terrain_and_flat_again_without(scene: Scene, plateau: str):
    scene.ask("")
    assert scene.height() == pytest.approx(0.0, abs=2.0)
    scene.ask(plateau)
    assert scene.height() == pytest.approx(500.0, abs=2.0)
    scene.ask(plateau, -20.0)
    assert scene.height() == pytest.approx(480.0, abs=2.0)
    scene.ask("")
    assert scene.height() == pytest.approx(0.0, abs=2.0)


def test_terrain_that_cannot_be_read_is_told_and_the_ground_stays_flat(scene: Scene, tmp_path: Path):
    scene.ask(str(tmp_path / "none.tif"))
    assert scene.height() == pytest.approx(0.0, abs=2.0)
    (fault,) = scene.streamer.layers[GROUND].faults.values()
    assert "none.tif" in fault.message.zh_CN
    scene.ask("")
    assert scene.streamer.layers[GROUND].faults == {}
