"""Triangles without an order: vertices in a frame, parted into squares of the ground."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

FAR = 500_000.0
"""Metres from the frame's origin beyond which nothing is that anybody sees."""
Square = tuple[int, int]
"""Column east and row north of a square of the frame's plane."""


@dataclass(frozen=True, slots=True, eq=False)
class Soup:
    """Triangles. float32 holds a millimetre up to 16 km from the frame's origin: enough for a city."""

    points: NDArray[np.float32]
    """(n, 3) metres in a frame, finite."""
    triangles: NDArray[np.int32]
    """(m, 3) rows of *points*."""

    @property
    def size(self) -> int:
        """Bytes."""
        return self.points.nbytes + self.triangles.nbytes

    @property
    def fingerprint(self) -> str:
        """Of what it holds: the same bytes, the same text."""
        digest = hashlib.blake2b(self.points.tobytes(), digest_size=16)
        digest.update(self.triangles.tobytes())
        return digest.hexdigest()

    def corners(self) -> NDArray[np.float32]:
        """(m, 3, 3): the corners of each triangle."""
        return self.points[self.triangles]

    def is_sound(self) -> bool:
        """Whether rays can be cast at it: rows that are there, places that are finite."""
        if self.points.shape[1:] != (3,) or self.triangles.shape[1:] != (3,):
            return False
        within = not self.triangles.size or (
            int(self.triangles.min()) >= 0 and int(self.triangles.max()) < len(self.points)
        )
        return within and bool(np.isfinite(self.points).all())


def soup_of(points: NDArray[np.float64], triangles: NDArray[np.integer]) -> Soup:
    """*points* (n, 3) in the frame; triangles without area, or off in space, are left out."""
    with np.errstate(invalid="ignore", over="ignore"):
        near = points.astype(np.float32)
    rows = triangles.reshape(-1, 3).astype(np.int32)
    a, b, c = rows.T
    sound = np.asarray((np.abs(near) < FAR).all(axis=1))
    kept = (a != b) & (b != c) & (c != a) & sound[rows].all(axis=1)
    return _used(near, rows[kept])


def merged(soups: Sequence[Soup]) -> Soup:
    """All of them as one."""
    counts = np.cumsum([0, *(len(soup.points) for soup in soups)])
    rows = [soup.triangles + np.int32(first) for soup, first in zip(soups, counts[:-1].tolist(), strict=True)]
    return Soup(
        np.concatenate([np.empty((0, 3), np.float32), *(soup.points for soup in soups)]),
        np.concatenate([np.empty((0, 3), np.int32), *rows]),
    )


def parted(soup: Soup, side: float) -> dict[Square, Soup]:
    """By the squares of *side* metres in which the middles of triangles lie; none is cut."""
    if not len(soup.triangles):
        return {}
    middle = soup.points[:, :2].astype(np.float64)[soup.triangles].mean(axis=1)
    squares, of = np.unique(np.floor(middle / side).astype(np.int64), axis=0, return_inverse=True)
    if len(squares) == 1:
        return {(int(squares[0, 0]), int(squares[0, 1])): soup}
    order = np.argsort(of, kind="stable")
    ends = np.searchsorted(of[order], np.arange(len(squares) + 1))
    return {
        (int(column), int(row)): _used(soup.points, soup.triangles[order[a:b]])
        for (column, row), (a, b) in zip(squares.tolist(), pairwise(ends.tolist()), strict=True)
    }


def _used(points: NDArray[np.float32], triangles: NDArray[np.int32]) -> Soup:
    """Only the points that *triangles* have."""
    used, number = np.unique(triangles, return_inverse=True)
    return Soup(np.ascontiguousarray(points[used]), number.reshape(-1, 3).astype(np.int32))
