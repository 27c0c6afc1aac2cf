"""What both sides of ``scene_peers`` show, and from where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from console.scene.ellipsoid import to_geodetic
from console.scene.frame import Frame
from console.scene.pose import Pose
from console.scene.stream.cameras import camera_of
from console.scene.tiles import Camera, ContentRef, FolderSource, Fragment, Source, load, open_tileset, select
from console.scene.tiles.tree import TileTree
from tests.conftest import SHARED_DATA
from tests.support.tileset_writer import PLACE, Blocks, Quadtree

SIZE = (1920, 1080)
LIMIT = 16.0
"""Pixels of error."""
TILT = 65.0
PAGODA, HUGE = "pagoda", "town-349525"
TOWNS = {"town-85": (1, 1), "town-1020": (4, 3), "town-11050": (13, 10)}
"""By their numbers of tiles; blocks east and north."""
SMALL, LARGE = "town-85", "town-11050"
QUICK = [PAGODA, SMALL, LARGE]
WORDS = {PAGODA: "the pagoda", HUGE: "an implicit town of 349,525 tiles"}
WORDS |= {name: f"a town of {int(name[5:]):,} tiles" for name in TOWNS}
SETS: dict[str, Callable[[], Source]] = {
    PAGODA: lambda: Kept(FolderSource(SHARED_DATA / "tileset_dayanta")),
    **{name: lambda blocks=blocks: Kept(Blocks(*blocks)) for name, blocks in TOWNS.items()},
    HUGE: lambda: Kept(Quadtree()),
}
_TOWN = (*PLACE, 20.0, 400.0, 15.0)
"""Degrees and metres of the place looked at, metres to it and degrees round it, in towns of all sizes."""


class Kept:
    """Files of another source, in memory once read: what a server does costs both sides alike."""

    def __init__(self, source: Source) -> None:
        self.start = source.start
        self._source = source
        self._files: dict[str, bytes] = {}

    def resolve(self, base: str, uri: str) -> str:
        return self._source.resolve(base, uri)

    def read(self, key: str) -> bytes:
        if key not in self._files:
            self._files[key] = self._source.read(key)
        return self._files[key]


@dataclass(frozen=True, slots=True)
class Orbit:
    """Round one place, or a part of the way round."""

    lon: float
    lat: float
    height: float
    distance: float

    @property
    def frame(self) -> Frame:
        return Frame(self.lon, self.lat, self.height)

    sweep: float
    """Degrees."""

    def poses(self, frames: int) -> list[Pose]:
        """Evenly along the way, the first one looking north."""
        headings = np.arange(frames) * (self.sweep / frames)
        return [
            Pose(self.lon, self.lat, self.height, float(heading), TILT, self.distance) for heading in headings
        ]

    def camera(self, pose: Pose) -> Camera:
        return camera_of(pose.lens(self.frame, *SIZE), self.frame)


def orbit_of(name: str, source: Source) -> Orbit:
    """The pagoda's from 1.2 of its radii."""
    if name != PAGODA:
        return Orbit(*_TOWN)
    root = open_tileset(source).tiles[0]
    lon, lat, height = to_geodetic(root["center"][None])[0]
    radius = float(np.linalg.norm(root["axes"]))
    return Orbit(float(np.degrees(lon)), float(np.degrees(lat)), float(height), 1.2 * radius, 360.0)


def grow(tree: TileTree, source: Source, camera: Camera) -> list[str]:
    """Read what *camera* needs to choose: the files chosen, sorted."""
    while len(pending := select(tree, camera, LIMIT).expand):
        for tile in pending.tolist():
            for ref in tree.requests(tile):
                fragment = load(source, ref)
                assert isinstance(fragment, Fragment)
                tree.attach(tile, fragment)
    refs = [ref for tile in select(tree, camera, LIMIT).draw.tolist() for ref in tree.requests(tile)]
    return sorted(source.resolve(ref.document.key, ref.uri) for ref in refs if isinstance(ref, ContentRef))


def warm(source: Source, cameras: Sequence[Camera]) -> None:
    """Have what will be asked for in memory."""
    tree = open_tileset(source)
    for camera in cameras:
        for key in grow(tree, source, camera):
            source.read(key)
