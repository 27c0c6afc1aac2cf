"""The drawing process tells when a picture is as it will stay."""

from __future__ import annotations

import time
from collections.abc import Iterator
from queue import Empty, SimpleQueue

import numpy as np
import pytest

from console.scene.ellipsoid import to_geodetic
from console.scene.frame import Frame
from console.scene.pose import Pose
from console.scene.process.desk import Desk
from console.scene.process.memory import Memory
from console.scene.process.messages import AddTileset, Begin, Drawn, Look, News, Reply, vector
from console.scene.tiles import FolderSource, open_tileset
from tests.support.tilesets import SAMPLES

LONGEST = 10.0
LOD = SAMPLES / "1.0/TilesetWithDiscreteLOD"


class Office:
    """A desk with somebody who asks again whenever there is news."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self._woken, self._said = SimpleQueue[None](), SimpleQueue[Reply]()
        self.said: list[Reply] = []
        """All that was said."""
        self._memory = Memory(1 << 22)
        self.desk = Desk(self._hear, lambda: self._woken.put(None))
        self.desk.serve(Begin(frame.lon, frame.lat, frame.height, self._memory.path, 1 << 22))

    def _hear(self, reply: Reply) -> None:
        self.said.append(reply)
        self._said.put(reply)

    def close(self) -> None:
        self.desk.close()
        self._memory.close()

    def settled(self, pose: Pose) -> Drawn:
        """The picture after which nothing more is to come."""
        end, last = time.monotonic() + LONGEST, self.look(pose)
        while last.waiting:
            assert time.monotonic() < end, "it never says that nothing more is to come"
            try:
                self._woken.get(timeout=0.1)
            except Empty:
                continue
            self.desk.work()
            while not self._said.empty():
                if isinstance(self._said.get(), News):
                    last = self.look(pose)
        return last

    def look(self, pose: Pose) -> Drawn:
        """A picture of what is there by now."""
        lens = pose.lens(self.frame, 640, 360)
        eye, ahead, above = vector(lens.eye), vector(lens.ahead), vector(lens.above)
        self.desk.serve(Look(1, 0, eye, ahead, above, lens.fovy, 640, 360, 1.0))
        while True:
            reply = self._said.get(timeout=LONGEST)
            if isinstance(reply, Drawn):
                return reply


@pytest.fixture
def office() -> Iterator[Office]:
    root = open_tileset(FolderSource(LOD)).tiles[0]
    lon, lat, height = to_geodetic(root["center"][None])[0]
    office = Office(Frame(float(np.degrees(lon)), float(np.degrees(lat)), float(height)))
    yield office
    office.close()


def test_a_tile_that_is_missing_ends_the_waiting(office: Office):
    frame = office.frame
    office.desk.serve(AddTileset("dragon", str(LOD)))
    assert office.settled(Pose(frame.lon, frame.lat, frame.height, 0.0, 60.0, 30.0)).tiles == 1


def test_a_tileset_that_is_missing_ends_the_waiting(office: Office):
    frame = office.frame
    office.desk.serve(AddTileset("nothing", str(LOD / "nothing")))
    assert office.settled(Pose(frame.lon, frame.lat, frame.height)).tiles == 0
