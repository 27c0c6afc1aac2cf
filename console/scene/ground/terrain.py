"""The ground of one tile of the map as a net that can be drawn: on the round Earth, with skirts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from console.scene.ellipsoid import A
from console.scene.frame import Frame
from console.scene.gltf import Mode
from console.scene.ground.heights import Heights, Values
from console.scene.stream.drawable import Batch, Surface

CELLS = 16
"""Squares along the side of the finest net: as many tiles are in view as the screen has room for."""
_FEWEST = 2
_ENOUGH = 0.01
"""Metres that a net may be off where the finest is not."""
_UNSEEN = 1 / 4096
"""Likewise, of the tile's width: a sixteenth of a pixel of its picture."""
_SKIRT = 0.01
"""Depth of skirts, of the tile's width, and at least so many times the net's error: a neighbour that is some
levels coarser has no gaps either."""
_SKIRT_ERRORS = 8.0
_LIGHT = np.array([-0.5, 0.5, 0.5**0.5])
"""From the north-west, 45 degrees high, as maps show relief: whatever the hour, the map can be read."""
_SHADE = 0.8
_LEVEL = 254
"""How much darker ground is that this light does not reach."""

Array = NDArray[np.float64]


def ground_tile(ground: Heights, z: int, x: int, y: int, surface: Surface) -> Batch:
    """The tile of Web Mercator at column *x* from the west and row *y* from the north of level *z*.

    ``texcoords`` are those of the picture of that tile of the map. Neighbours of one level meet at their
    edges; where the ground is smooth the net is coarse. For a worker thread: 1 ms. Raises SceneRefused when
    heights cannot be read.
    """
    lon, lat, heights = _sampled(ground, z, x, y)
    frame = Frame(float(lon[CELLS + 2]), float(lat[CELLS + 2]), float(heights.mean()))
    around = frame.place(lon[::2], lat[::2, None], heights[::2, ::2])
    width = float(np.linalg.norm(around[CELLS // 2, 1] - around[CELLS // 2, -2]))
    cells, error = _fitting(heights[2:-2, 2:-2], width)
    net = _net(cells)
    step = CELLS // cells
    upper = around[1:-1:step, 1:-1:step].reshape(-1, 3)
    row, column = 2 + 2 * step * np.stack(np.divmod(net.border, cells + 1))
    low = heights[row, column] - max(_SKIRT_ERRORS * error, _SKIRT * width)
    skirt = frame.place(lon[column], lat[row], low)
    normals = _normals(around)[::step, ::step].reshape(-1, 3)[net.sources]
    return Batch(
        Mode.TRIANGLES,
        np.concatenate([upper, skirt]).astype(np.float32),
        net.indices,
        frame.to_ecef,
        surface,
        normals=normals,
        texcoords=net.texcoords,
        colors=None if surface.lit else _relief(normals),
    )


def _sampled(ground: Heights, z: int, x: int, y: int) -> tuple[Values, Values, Values]:
    """(n,), (n,) and (n, n) longitudes, latitudes, heights: every half square of the net, and one square
    around it. From whole numbers, so that neighbours reckon the same.
    """
    half = np.arange(-2, 2 * CELLS + 3)
    side = 2 * CELLS << z
    lon = (x * 2 * CELLS + half) / side * 360.0 - 180.0
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1.0 - 2.0 * (y * 2 * CELLS + half) / side))))
    every_lon, every_lat = np.meshgrid(lon, lat)
    return lon, lat, ground.at(every_lon, every_lat, 360.0 / side)


def _fitting(fine: Values, width: float) -> tuple[int, float]:
    """Of how many squares a side the net need be, and the metres that it may be off."""
    cells, off = CELLS, _off(fine)
    error = off + _sag(width / cells)
    while cells > _FEWEST:
        off += _off(fine[:: CELLS // cells * 2, :: CELLS // cells * 2])
        coarser = off + _sag(width / cells * 2)
        if coarser > max(_ENOUGH, width * _UNSEEN):
            break
        cells, error = cells // 2, coarser
    return cells, error


def _off(fine: Values) -> float:
    """How far *fine* (odd sizes) leaves the triangles over every second of its samples."""
    net = fine[::2, ::2]
    across = fine[::2, 1::2] - (net[:, :-1] + net[:, 1:]) / 2
    down = fine[1::2, ::2] - (net[:-1] + net[1:]) / 2
    middle = fine[1::2, 1::2] - (net[1:, :-1] + net[:-1, 1:]) / 2
    return float(max(abs(across).max(), abs(down).max(), abs(middle).max()))


def _sag(side: float) -> float:
    """How far the round Earth rises above the diagonal of a square."""
    return side * side / (4 * A)


def _normals(around: Array) -> NDArray[np.float32]:
    """(n, n, 3) by the neighbours of each vertex, also those of the next tile: no seams in the light."""
    east = around[1:-1, 2:] - around[1:-1, :-2]
    north = around[:-2, 1:-1] - around[2:, 1:-1]
    up = np.cross(east, north)
    return np.asarray(up / np.linalg.norm(up, axis=-1, keepdims=True), np.float32)


def _relief(normals: NDArray[np.float32]) -> NDArray[np.uint8] | None:
    """(v, 4): level ground keeps its brightness, what falls away from the light darker. None: level."""
    bright = 1.0 - _SHADE * (1.0 - normals @ _LIGHT / _LIGHT[2])
    shades = np.round(np.clip(bright, 0.0, 1.0) * 255).astype(np.uint8)
    if shades.min() >= _LEVEL:
        return None
    return np.column_stack([shades, shades, shades, np.full_like(shades, 255)])


@dataclass(frozen=True, slots=True, eq=False)
class _Net:
    """What all nets of as many squares share. Rows from the north, then the skirt's feet."""

    indices: NDArray[np.uint32]
    texcoords: NDArray[np.float32]
    border: NDArray[np.int64]
    """Vertices along the edges, counter-clockwise from the south-western corner."""
    sources: NDArray[np.int64]
    """For each vertex the one of the net that it is, or hangs from."""


@cache
def _net(cells: int) -> _Net:
    number = np.arange((cells + 1) ** 2).reshape(cells + 1, cells + 1)
    border = np.concatenate([number[-1, :-1], number[:0:-1, -1], number[0, :0:-1], number[:-1, 0]])
    nw, ne, sw, se = number[:-1, :-1], number[:-1, 1:], number[1:, :-1], number[1:, 1:]
    squares = np.stack([sw, se, ne, sw, ne, nw], axis=-1)
    foot = np.arange(len(border)) + number.size
    skirt = np.stack([foot, np.roll(foot, -1), np.roll(border, -1), foot, np.roll(border, -1), border], -1)
    share = np.arange(cells + 1, dtype=np.float32) / cells
    sources = np.concatenate([number.ravel(), border])
    return _Net(
        np.concatenate([squares.ravel(), skirt.ravel()]).astype(np.uint32),
        np.asarray(np.stack(np.meshgrid(share, share), axis=-1).reshape(-1, 2)[sources], np.float32),
        border,
        sources,
    )
