"""Which files CesiumJS chooses, and which we do, at the same places: for ``scene_peers``."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import numpy as np

from console.scene.ellipsoid import east_north_up, to_geodetic
from console.scene.tiles import Camera, FolderSource, Source, horizontal_fov, open_tileset
from tests.benchmarks.scene_peers_cesium import Cesium, cesium
from tests.benchmarks.scene_peers_views import LIMIT, SIZE, grow
from tests.support.tileset_writer import Blocks, Quadtree
from tests.support.tilesets import DAYANTA, SAMPLES

PLACES = ((0.3, -30, 10), (0.7, -10, 200), (1.2, -25, 0), (1.2, -89, 45), (3, -40, 300), (10, -30, 90))
"""Radii from the middle, degrees up, degrees from north."""
TOWN = 320.0
"""Metres that are taken for the radius of a town."""
NAMES = (
    "1.0/TilesetWithRequestVolume",
    "1.0/TilesetWithTreeBillboards",
    "1.1/MetadataGranularities",
    "1.1/MultipleContents",
    "1.1/SparseImplicitOctree",
    "1.1/SparseImplicitQuadtree",
)
SMALLER = 4
"""The page is so much smaller than the view, with as much less error: the same choice, quickly drawn."""
AGREED = (2, 45, 49_167)
"""Place, tiles and triangles that CesiumJS must give for the pagoda: else it is another CesiumJS."""


def compared() -> Iterator[tuple[str, int, int, list[str], list[str]]]:
    """Name, place, CesiumJS's triangles, its files and ours. Raises PeerMissing, PeerFailed."""
    sets: dict[str, Source] = {"pagoda": FolderSource(DAYANTA)}
    sets |= {name.replace("/", "-"): FolderSource(SAMPLES / name) for name in NAMES}
    sets |= {"blocks": Blocks(4, 3), "quadtree": Quadtree()}
    with cesium(sets, (SIZE[0] // SMALLER, SIZE[1] // SMALLER)) as peer:
        for name, source in sets.items():
            yield from _places(peer, name, source)


def _places(peer: Cesium, name: str, source: Source) -> Iterator[tuple[str, int, int, list[str], list[str]]]:
    tree = open_tileset(source)
    root = tree.tiles[0]
    radius = TOWN if name in ("blocks", "quadtree") else float(np.linalg.norm(root["axes"]))
    for number, place in enumerate(PLACES):
        camera = _camera(root["center"], radius, *place)
        if number == 0:
            peer.open(name, source.start, camera, LIMIT / SMALLER)
        found = peer.look(camera)
        theirs = sorted(urlsplit(url).path.removeprefix(f"/{name}/") for url in found["tiles"])
        yield name, number, found["triangles"], theirs, grow(tree, source, camera)


def _camera(center: np.ndarray, radius: float, times: float, pitch: float, heading: float) -> Camera:
    """At *center* from *times* the radius away, with CesiumJS's angle of view; degrees."""
    lon, lat, _ = to_geodetic(center[None])[0]
    east, north, up = east_north_up(np.array(lon), np.array(lat))
    turn, dip = np.radians([heading, pitch])
    ahead = np.cos(dip) * (north * np.cos(turn) + east * np.sin(turn)) + np.sin(dip) * up
    return Camera(center - ahead * times * radius, ahead, up, horizontal_fov(np.pi / 3, *SIZE), *SIZE)
