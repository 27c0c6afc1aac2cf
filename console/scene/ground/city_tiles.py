"""Buildings as something that is streamed: blocks, far ones coarse."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from console.scene.ground.buildings import City
from console.scene.ground.solids import Look
from console.scene.stream.drawable import Drawable
from console.scene.stream.loader import Gate
from console.scene.stream.tiled import Loaded
from console.scene.tiles.tree import REPLACE, Fragment, TileTree, no_tiles

FAR_ERROR = 16.0
"""Metres that a block from afar is off by: the buildings left out are about as high."""
_ALWAYS = 1e9


class CityTiles:
    """Implements ``console.scene.stream.tiled.Tiled``: a root, the far blocks, the near ones under those.

    ``features`` of what is drawn are rows of the city's footprints.
    """

    def __init__(self, city: City, look: Look) -> None:
        self._city, self._look = city, look
        self.tree = TileTree(Fragment(_rows(city), np.identity(4)[None]))

    def job(self, tile: int, gate: Gate) -> Callable[[], Loaded]:
        """See Tiled."""
        count = len(self._city.blocks)
        block, far = self._city.blocks[(tile - 1) % count], tile <= count
        return lambda: Loaded(Drawable((block.batch(self._look, far),)))


def _rows(city: City) -> NDArray[np.void]:
    count = len(city.blocks)
    tiles = no_tiles(1 + 2 * count)
    tiles["refine"] = REPLACE
    root, far, near = tiles[:1], tiles[1 : 1 + count], tiles[1 + count :]
    for blocks in (far, near):
        for row, block in zip(blocks, city.blocks, strict=True):
            row["center"] = block.frame.to_ecef[:3, 3]
            row["axes"] = block.frame.to_ecef[:3, :3].T * block.half[:, None]
    tiles["radius"] = -1.0
    far["parent"], far["depth"], far["error"] = 0, 1, FAR_ERROR
    far["first_child"], far["child_count"] = np.arange(count) + 1 + count, 1
    far["contents"] = [len(block.far) > 0 for block in city.blocks]
    near["parent"], near["depth"], near["contents"] = np.arange(count) + 1, 2, 1
    root["error"], root["first_child"], root["child_count"] = _ALWAYS, 1, count
    _surround(root[0], far)
    return tiles


def _surround(root: np.void, blocks: NDArray[np.void]) -> None:
    """A ball around all *blocks*."""
    center = blocks["center"].mean(axis=0) if len(blocks) else np.zeros(3)
    reach = np.sqrt((blocks["axes"] ** 2).sum(axis=(1, 2)))
    root["center"] = center
    root["radius"] = float((np.linalg.norm(blocks["center"] - center, axis=1) + reach).max(initial=0.0))
    root["axes"] = np.identity(3) * root["radius"]
