"""A tile of quantized-mesh-1.0 (.terrain): a net of triangles between the edges of its tile.

https://github.com/CesiumGS/quantized-mesh. Edges are checked but not kept, and extensions (normals, water,
metadata) are not read: the ground is sampled from these triangles, and its skirts and normals come of that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.scene.limits import Budget
from console.scene.refusal import broken

_HEADER = 88
_HEIGHTS = 24
"""Where the lowest and highest height stand in the header, after the tile's middle."""
_FULL = 32_767
_BYTES_A_VERTEX = 64
_WIDEST_INDEX = 65_536
"""Vertices from which on indices are 32 bits wide."""
_CELLS = 32
"""Along each side, to find triangles by."""
_MOST_MEMBERS = 1 << 22
"""Triangles of all cells together: in a net without overlaps some times the number of triangles."""
_PAIRS = 1 << 19
"""Of places and triangles, looked at together."""


@dataclass(frozen=True, slots=True, eq=False)
class QuantizedMesh:
    """*u* runs from the western to the eastern edge, *v* from the southern to the northern, 0..1."""

    uv: NDArray[np.float64]
    """(n, 2)."""
    heights: NDArray[np.float64]
    """(n,) metres above the ellipsoid."""
    triangles: NDArray[np.int64]
    """(m, 3)."""
    cell_start: NDArray[np.int64]
    """(cells + 1,) where the triangles of each cell begin in *members*; cells from the south, row by row."""
    members: NDArray[np.int64]
    """(k,) triangles."""

    @property
    def nbytes(self) -> int:
        arrays = (self.uv, self.heights, self.triangles, self.cell_start, self.members)
        return sum(array.nbytes for array in arrays)

    def at(self, u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
        """(k,) heights at places (k,) of the tile; nan where no triangle lies."""
        found = np.full(len(u), np.nan)
        together = max(1, _PAIRS // max(int(np.diff(self.cell_start).max()), 1))
        for first in range(0, len(u), together):
            part = slice(first, first + together)
            self._look(u[part], v[part], found[part])
        return found

    def _look(self, u: NDArray[np.float64], v: NDArray[np.float64], found: NDArray[np.float64]) -> None:
        cell = _cell(v) * _CELLS + _cell(u)
        counts = self.cell_start[cell + 1] - self.cell_start[cell]
        spot = np.repeat(np.arange(len(u)), counts)
        skipped = np.cumsum(counts) - counts
        triangle = self.members[np.arange(len(spot)) + np.repeat(self.cell_start[cell] - skipped, counts)]
        shares = self._shares(triangle, np.column_stack([u, v])[spot])
        inside = np.flatnonzero(shares.min(axis=1) > -1e-9)
        corners = self.heights[self.triangles[triangle[inside]]]
        found[spot[inside]] = (corners * shares[inside]).sum(axis=1)

    def _shares(self, triangle: NDArray[np.int64], spot: NDArray[np.float64]) -> NDArray[np.float64]:
        """(k, 3): how much each corner of a triangle counts at a place, all positive within it."""
        a, b, c = (self.uv[self.triangles[triangle, corner]] for corner in range(3))
        turns = np.column_stack([_turn(b, c, spot), _turn(c, a, spot), _turn(a, b, spot)])
        whole = _turn(a, b, c)[:, None]
        return np.divide(turns, whole, out=np.full_like(turns, -1.0), where=whole != 0)


def read_quantized(data: bytes) -> QuantizedMesh:
    """Raises SceneRefused for what does not keep to the format."""
    try:
        return _read(data)
    except ValueError as error:
        raise _broken() from error


def _read(data: bytes) -> QuantizedMesh:
    low, high = np.frombuffer(data, "<f4", 2, _HEIGHTS).astype(np.float64)
    if not (np.isfinite(low) and np.isfinite(high)):
        raise _broken()
    count = _count(data, _HEADER)
    Budget().take(count, _BYTES_A_VERTEX)
    at = _HEADER + 4
    deltas = np.frombuffer(data, "<u2", 3 * count, at).astype(np.int64).reshape(3, count)
    u, v, height = np.cumsum((deltas >> 1) ^ -(deltas & 1), axis=1)
    if count < 3 or min(u.min(), v.min(), height.min()) < 0 or max(u.max(), v.max(), height.max()) > _FULL:
        raise _broken()
    at += 6 * count
    width = 4 if count > _WIDEST_INDEX else 2
    at += -at % width
    size = _count(data, at)
    Budget().take(size, 3 * _BYTES_A_VERTEX)
    codes = np.frombuffer(data, f"<u{width}", 3 * size, at + 4).astype(np.int64)
    _check_edges(data, at + 4 + codes.size * width, width, count)
    triangles = _indices(codes, count).reshape(-1, 3)
    heights = low + height / _FULL * (high - low)
    uv = np.column_stack([u, v]) / _FULL
    return QuantizedMesh(uv, heights, triangles, *_celled(uv[triangles]))


def _indices(codes: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """High-water-mark decoding: a code of 0 is a vertex not used before, others count back from it."""
    new = codes == 0
    found = np.cumsum(new) - new - codes
    if len(found) and not 0 <= found.min() <= found.max() < count:
        raise _broken()
    return found


def _celled(corners: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The triangles whose boxes touch each cell: where those of a cell begin, and all of them."""
    cells = _cell(corners)
    low, high = cells.min(axis=1, initial=_CELLS), cells.max(axis=1, initial=0) + 1
    wide, tall = (high - low).T
    size = wide * tall
    if size.sum() > _MOST_MEMBERS:
        raise _broken()
    triangle = np.repeat(np.arange(len(low)), size)
    number = np.arange(len(triangle)) - np.repeat(np.cumsum(size) - size, size)
    column = low[triangle, 0] + number % wide[triangle]
    row = low[triangle, 1] + number // wide[triangle]
    cell = row * _CELLS + column
    order = np.argsort(cell, kind="stable")
    return np.searchsorted(cell[order], np.arange(_CELLS * _CELLS + 1)), triangle[order]


def _check_edges(data: bytes, at: int, width: int, count: int) -> None:
    """Vertices of the western, southern, eastern and northern edge: a file cut off lacks them."""
    for _ in range(4):
        size = _count(data, at)
        edge = np.frombuffer(data, f"<u{width}", size, at + 4)
        if size and edge.max() >= count:
            raise _broken()
        at += 4 + size * width


def _count(data: bytes, at: int) -> int:
    return int(np.frombuffer(data, "<u4", 1, at)[0])


def _cell(places: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.clip((places * _CELLS).astype(np.int64), 0, _CELLS - 1)


def _turn(a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64]) -> NDArray[np.float64]:
    """Twice the area of each triangle, positive counter-clockwise."""
    return (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])


def _broken() -> Exception:
    return broken("地形瓦片", "the terrain tile")
