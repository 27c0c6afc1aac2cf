"""Pixels of a picture where a ``Look`` has them: by a table of places, made once for a size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from console.model.looks import Bend, Look

Size = tuple[int, int]
"""Width and height, pixels."""
PANORAMA = 3.0
"""Width by height of a fisheye that is unrolled."""


class Turner:
    """Of one stream: keeps the table from picture to picture."""

    def __init__(self) -> None:
        self._made_for: tuple[Look, Size, Size] | None = None
        self._table = np.zeros((0, 0), np.int64)

    def turned(self, pixels: NDArray[np.uint32], look: Look, size: Size) -> NDArray[np.uint32]:
        """*pixels* (height, width) as *look* shows them, of *size*; black where there is nothing."""
        high, wide = pixels.shape
        if self._made_for != (look, (wide, high), size):
            self._table = _table(look, (wide, high), size)
            self._made_for = (look, (wide, high), size)
        padded = np.empty(high * wide + 1, np.uint32)
        padded[:-1] = pixels.ravel()
        padded[-1] = 0
        return padded.take(self._table)


def _table(look: Look, source: Size, size: Size) -> NDArray[np.int64]:
    """Indices of pixels by pixel; the one behind the last: none."""
    (wide, high), (width, height) = source, size
    x = (np.arange(width) + 0.5) / width
    y = (np.arange(height) + 0.5) / height
    share_x, share_y = look.to_camera(*np.meshgrid(x, y))
    if look.bend is Bend.ROUND:  # round in a picture that is not square
        least = min(wide, high)
        share_x = 0.5 + (share_x - 0.5) * least / wide
        share_y = 0.5 + (share_y - 0.5) * least / high
    inside = (share_x >= 0) & (share_x < 1) & (share_y >= 0) & (share_y < 1)
    columns = np.where(inside, share_x * wide, 0).astype(np.int64)
    rows = np.where(inside, share_y * high, 0).astype(np.int64)
    return np.where(inside, rows * wide + columns, wide * high)


def shape_of(look: Look, shape: float, tile: float) -> float:
    """Width by height as it is shown, of a picture that was sent in *shape*, in a tile of shape *tile*."""
    if look.shape:
        return tile if look.shape < 0 else look.shape
    if look.bend is Bend.ROUND:
        shape = PANORAMA
    return 1.0 / shape if look.turns % 2 else shape
