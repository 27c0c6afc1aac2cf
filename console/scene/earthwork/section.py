"""What an upright plane cuts out of triangles: façades and overhangs too, which no ray from above meets.

A triangle and a plane meet in a line between the two of its edges whose ends lie on different sides
(Möller 1997, A fast triangle-triangle intersection test, gives the same interval).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from console.scene.earthwork.line import Line
from console.scene.sight.soup import Soup

Values = NDArray[np.float64]
_PIECE = 1 << 20
"""Triangles at a time."""


def section(soups: Iterable[Soup], line: Line) -> Values:
    """(n, 2, 2): ends of pieces, each metres along *line* and metres above the ellipsoid.

    *soups* are in the line's frame. What lies within the plane itself, as a wall along the line does, gives
    nothing but its edges' crossings.
    """
    found = [np.empty((0, 2, 2))]
    for soup in soups:
        low, high = soup.points[:, :2].min(axis=0), soup.points[:, :2].max(axis=0)
        legs = [
            (start, end, along)
            for (start, end), along in zip(pairwise(line.corners), line.starts[:-1].tolist(), strict=True)
            if (np.minimum(start, end) <= high).all() and (np.maximum(start, end) >= low).all()
        ]
        for first in range(0, len(soup.triangles), _PIECE):
            corners = soup.points[soup.triangles[first : first + _PIECE]].astype(np.float64)
            found += [_leg(corners, *leg, line) for leg in legs]
    return np.concatenate(found)


def _leg(corners: Values, start: Values, end: Values, along: float, line: Line) -> Values:
    """*corners* (m, 3, 3) cut by the plane over one leg."""
    length = float(np.hypot(*(end - start)))
    ahead = (end - start) / length
    flat = corners[..., :2] - start
    off = flat[..., 0] * -ahead[1] + flat[..., 1] * ahead[0]
    left = off >= 0.0
    crossed = left.any(axis=1) & ~left.all(axis=1)
    pieces = _crossings(corners[crossed], off[crossed])
    ends = _clipped(pieces, (pieces[..., :2] - start) @ ahead, length)
    height = line.frame.geographic(ends)[..., 2]
    return np.stack([along + (ends[..., :2] - start) @ ahead, height], axis=-1)


def _crossings(corners: Values, off: Values) -> Values:
    """(m, 2, 3): where the plane enters and leaves triangles. *off* (m, 3): metres to its left."""
    left = off >= 0.0
    alone = np.argmax(left == (left.sum(axis=1) == 1)[:, None], axis=1)
    rows = np.arange(len(corners))
    tip, above = corners[rows, alone], off[rows, alone]
    ends = []
    for turn in (1, 2):
        other = (alone + turn) % 3
        share = above / (above - off[rows, other])
        ends.append(tip + share[:, None] * (corners[rows, other] - tip))
    return np.stack(ends, axis=1) if ends else np.empty((0, 2, 3))


def _clipped(pieces: Values, along: Values, length: float) -> Values:
    """Only what lies 0 to *length* metres *along* (m, 2) the leg."""
    meets = (along.max(axis=1) >= 0.0) & (along.min(axis=1) <= length)
    pieces, along = pieces[meets], along[meets]
    span = along[:, 1] - along[:, 0]
    still = np.abs(span) < 1e-12
    span = np.where(still, 1.0, span)
    shares = (np.clip(along, 0.0, length) - along[:, :1]) / span[:, None]
    shares[still] = 0.0, 1.0
    return pieces[:, :1] + shares[..., None] * (pieces[:, 1:] - pieces[:, :1])
