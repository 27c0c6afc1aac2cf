"""A view comes to an end, however little time there is to build what was read."""

from __future__ import annotations

import threading
import time

import numpy as np

from console.scene.frame import Frame
from console.scene.pose import Pose
from console.scene.stream.cameras import camera_of
from console.scene.stream.drawable import Drawable
from console.scene.stream.streamer import Streamer
from console.scene.stream.tiled import Tileset
from console.scene.tiles import open_tileset
from tests.support.tileset_writer import PLACE, Blocks


class Nowhere:
    """A stage on which nothing is seen."""

    kept = np.zeros((0, 4))

    def build(self, drawable: Drawable) -> Drawable:
        return drawable

    def show(self, built: object, shown: bool) -> None: ...
    def drop(self, built: object) -> None: ...


def test_what_was_read_at_once_is_taken_one_by_one():
    woken, town = threading.Event(), Blocks(1, 1)
    streamer = Streamer(woken.set)
    try:
        layer = streamer.add("town", Tileset(open_tileset(town), town), Nowhere())
        frame = Frame(*PLACE)
        camera = camera_of(Pose(*PLACE, 20.0, 0.0, 60.0, 400.0).lens(frame, 1920, 1080), frame)
        streamer.frame(camera)
        while streamer.busy:
            assert woken.wait(5.0), "tiles that were read are left lying"
            woken.clear()
            time.sleep(0.02)
            streamer.take(0.0)
            streamer.frame(camera)
        assert len(layer.shown) == 16
    finally:
        streamer.close()
