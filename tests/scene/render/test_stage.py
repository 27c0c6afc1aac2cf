"""What a stage shows of a town: its outside alone, and what lies over it while something does."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from console.model.coordinates import MERCATOR_LIMIT, to_mercator
from console.scene.frame import Frame
from console.scene.pose import Pose
from console.scene.render.actors import TileActors
from console.scene.render.stage import LayerStage, Stage
from console.scene.stream.cameras import camera_of
from console.scene.stream.streamer import Streamer
from console.scene.stream.tiled import Tileset
from console.scene.tiles import open_tileset
from tests.support.tileset_writer import PLACE, Blocks

SKY = (1.0, 0.0, 1.0)
FRAME = Frame(*PLACE)


class Town:
    def __init__(self) -> None:
        source, woken = Blocks(1, 1), threading.Event()
        self.stage, self.streamer = Stage(FRAME), Streamer(woken.set)
        self.stage.set_sky(SKY, SKY)
        self.layer: LayerStage = self.stage.for_layer(FRAME.from_ecef)
        self.streamer.add("town", Tileset(open_tileset(source), source), self.layer)
        camera = camera_of(self._lens(50.0), FRAME)
        self.streamer.frame(camera)
        while self.streamer.busy:
            assert woken.wait(10.0)
            woken.clear()
            self.streamer.take(1.0)
            self.streamer.frame(camera)

    def _lens(self, tilt: float):
        return Pose(*PLACE, 10.0, 0.0, tilt, 300.0).lens(FRAME, 320, 180)

    def tiles(self) -> list[TileActors]:
        """What is drawn of it."""
        return self.streamer.layers["town"].built()

    def picture(self, tilt: float = 50.0) -> np.ndarray:
        """(180, 320, 3) from so many degrees off the vertical."""
        return self.stage.render(self._lens(tilt), 100.0)[..., :3].astype(int)

    def seen(self, tilt: float = 50.0) -> float:
        """How much of the picture is not sky."""
        return float((np.abs(self.picture(tilt) - np.array(SKY) * 255).max(axis=2) > 8).mean())


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    town = Town()
    yield town
    town.streamer.close()
    town.stage.close()


def test_faces_of_one_side_are_seen_from_there(town: Town):
    assert town.seen() > 0.1
    assert town.seen(150.0) < 0.01
    town.layer.place(np.diag([-1.0, 1.0, 1.0, 1.0]) @ FRAME.from_ecef)
    assert town.seen() > 0.1
    assert town.seen(150.0) < 0.01
    town.layer.place(FRAME.from_ecef)


def test_what_lies_over_the_town_is_seen_until_it_is_taken_away(town: Town):
    before = town.picture()
    x, y = (float(part) / (2 * MERCATOR_LIMIT) for part in to_mercator(*np.array(PLACE)))
    bounds = (x + 0.4999, 0.4999 - y, x + 0.5001, 0.5001 - y)
    green = np.zeros((8, 8, 4), np.uint8)
    green[..., 1::2] = 255
    town.stage.lay(0, bounds, green)
    laid = town.picture()
    ground = (before - np.array(SKY) * 255).any(axis=2)
    assert (laid[ground] == (0, 255, 0)).all(axis=1).mean() > 0.95
    town.stage.lay(0, None, None)
    assert (town.picture() == before).all()
