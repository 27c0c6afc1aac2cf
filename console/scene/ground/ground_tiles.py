"""The ground as something that is streamed: the map's own tiles, laid over the heights."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from console.scene.ellipsoid import A
from console.scene.ground.heights import Heights
from console.scene.ground.terrain import ground_tile
from console.scene.stream.drawable import Drawable, Surface
from console.scene.stream.loader import Gate
from console.scene.stream.tiled import Loaded
from console.scene.tiles.tree import REPLACE, SUBTREE, Fragment, TileTree, no_tiles
from console.scene.tiles.volumes import region_boxes

Picture = Callable[[int, int, int], NDArray[np.uint8] | None]
"""Level, column from the west, row from the north, to the map's tile: (height, width, 3 or 4), or None."""
DEEPEST = 18
BARE = (0.80, 0.79, 0.76, 1.0)
"""Of ground without a picture."""
_LEVELS = 4
"""Of the quadtree that are added at a time."""
_SHARP = 12.0
"""Pixels of error, of 16 allowed, where a pixel of the picture is one of the screen: none is ever larger than
a third more."""
_PARTS = 4
"""Samples of the height along the side of the smallest tiles that are added."""


class GroundTiles:
    """Implements ``console.scene.stream.tiled.Tiled``, for the whole Earth."""

    def __init__(
        self, ground: Heights, picture: Picture, *, deepest: int = DEEPEST, pixels: int = 256
    ) -> None:
        """*picture* is called by loading threads. *pixels*: the side of its pictures."""
        self._ground, self._picture = ground, picture
        self._deepest, self._pixels = deepest, pixels
        self.tree = TileTree(Fragment(self._rows(0, 0, 0, 0), np.identity(4)[None]))

    def job(self, tile: int, gate: Gate) -> Callable[[], Loaded]:
        """See Tiled."""
        row = self.tree.tiles[tile]
        z, x, y = int(row["level"]), int(row["x"]), int(row["y"])
        if row["flags"] & SUBTREE:
            return lambda: Loaded(fragments=(self._subtree(z, x, y),))
        return lambda: Loaded(Drawable((ground_tile(self._ground, z, x, y, self._surface(z, x, y)),)))

    def _subtree(self, z: int, x: int, y: int) -> Fragment:
        rows = self._rows(z, x, y, min(_LEVELS, self._deepest - z))
        return Fragment(rows, np.identity(4)[None], grafted=True)

    def _surface(self, z: int, x: int, y: int) -> Surface:
        pixels = self._picture(z, x, y)
        if pixels is None:
            return Surface(color=BARE, lit=True, double_sided=True)
        return Surface(pixels=pixels, repeat=False, double_sided=True)

    def _rows(self, z: int, x: int, y: int, levels: int) -> NDArray[np.void]:
        """A tile and *levels* under it, of which the last is to be followed up."""
        tiles = _shape(levels).copy()
        under = tiles["level"].astype(np.int64)
        tiles["x"] = (x << under) + tiles["x"].astype(np.int64)
        tiles["y"] = (y << under) + tiles["y"].astype(np.int64)
        tiles["level"] += z
        if z + levels < self._deepest:
            tiles["flags"][under == levels] = SUBTREE
        side = 2.0 ** -tiles["level"].astype(np.float64)
        west, north = tiles["x"] * side, tiles["y"] * side
        lat_north, lat_south = _latitude(north), _latitude(north + side)
        low, high = self._range(z, x, y, levels)
        regions = [
            west * 2 * np.pi - np.pi,
            lat_south,
            (west + side) * 2 * np.pi - np.pi,
            lat_north,
            low,
            high,
        ]
        tiles["center"], tiles["axes"] = region_boxes(np.stack(regions, axis=1))
        width = 2 * np.pi * A * side * np.cos((lat_north + lat_south) / 2)
        tiles["error"] = np.where(tiles["level"] < self._deepest, width / self._pixels * _SHARP, 0.0)
        return tiles

    def _range(self, z: int, x: int, y: int, levels: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(n,) about the lowest and highest ground of each tile, by samples."""
        count = _PARTS << levels
        side = count << z
        lon = (x * count + np.arange(count + 1)) / side * 360.0 - 180.0
        lat = np.degrees(_latitude((y * count + np.arange(count + 1)) / side))
        every_lon, every_lat = np.meshgrid(lon, lat)
        height = self._ground.at(every_lon, every_lat, 360.0 / side)
        low, high = _squares(height, np.minimum), _squares(height, np.maximum)
        lows, highs = [], []
        for level in range(levels, -1, -1):
            while len(low) > 1 << level:
                low, high = _halved(low, np.minimum), _halved(high, np.maximum)
            order = _order(level)
            lows.append(low.ravel()[order])
            highs.append(high.ravel()[order])
        low, high = np.concatenate(lows[::-1]), np.concatenate(highs[::-1])
        margin = (high - low) / 2 + 1.0  # what lies between the samples
        return low - margin, high + margin


def _latitude(down: NDArray[np.float64]) -> NDArray[np.float64]:
    """Radians; *down*: 0 at the northern edge of the map of the world, 1 at the southern."""
    return np.arctan(np.sinh(np.pi * (1.0 - 2.0 * down)))


def _squares(values: NDArray[np.float64], least: np.ufunc) -> NDArray[np.float64]:
    """(n, n) of the corners (n + 1, n + 1) of squares."""
    along = least(values[:, :-1], values[:, 1:])
    return least(along[:-1], along[1:])


def _halved(values: NDArray[np.float64], least: np.ufunc) -> NDArray[np.float64]:
    """(n, n) to (n / 2, n / 2)."""
    return least(least(values[::2, ::2], values[1::2, ::2]), least(values[::2, 1::2], values[1::2, 1::2]))


def _order(level: int) -> NDArray[np.int64]:
    """(4 ** level,): places in a raster of 2 ** level a side, so that siblings follow one another."""
    column, row = _split(level)
    return row * (1 << level) + column


def _split(level: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Columns and rows of the tiles of a level, four siblings after four siblings."""
    number = np.arange(4**level)
    column, row = np.zeros_like(number), np.zeros_like(number)
    for bit in range(level):
        column |= (number >> 2 * bit & 1) << bit
        row |= (number >> (2 * bit + 1) & 1) << bit
    return column, row


@cache
def _shape(levels: int) -> NDArray[np.void]:
    """The rows of a full quadtree of *levels* under its root, all at the corner of the world."""
    first = [(4**level - 1) // 3 for level in range(levels + 2)]
    tiles = no_tiles(first[-1])
    tiles["refine"], tiles["contents"], tiles["radius"] = REPLACE, 1, -1.0
    for level in range(levels + 1):
        rows = tiles[first[level] : first[level + 1]]
        rows["level"] = rows["depth"] = level
        rows["x"], rows["y"] = _split(level)
        number = np.arange(len(rows))
        if level:
            rows["parent"] = first[level - 1] + number // 4
        if level < levels:
            rows["first_child"], rows["child_count"] = first[level + 1] + 4 * number, 4
            rows["nested"] = True
    return tiles
