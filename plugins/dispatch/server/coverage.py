"""Coverage: places along the roads, how soon somebody is there, and where one more would help most."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from console.sdk.server import LayerPackage
from plugins.dispatch.server.ground import to_plane

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

FINEST_METRES = 60.0
_COARSER = 1.25
_ON_FOOT = 1
"""Bit of the column ``access``."""


def road_places(layer: LayerPackage, metres: float = FINEST_METRES) -> Floats:
    """(n, 2) degrees along all roads that one may walk, at most *metres* apart."""
    first = layer.part_start[layer.feature_start].astype(np.int64)
    piece = np.repeat(np.arange(len(layer)), np.diff(first))
    begins = np.flatnonzero(piece[:-1] == piece[1:])
    begins = begins[(layer.columns["access"][piece[begins]] & _ON_FOOT) > 0]
    a, b = layer.degrees[begins], layer.degrees[begins + 1]
    if not len(a):
        return np.zeros((0, 2))
    long = np.linalg.norm(to_plane(b - a, float(a[:, 1].mean())), axis=1)
    parts = np.maximum(np.ceil(long / metres), 1).astype(np.int64)
    at = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    share = (at / np.repeat(parts, parts))[:, None]
    return np.repeat(a, parts, axis=0) * (1 - share) + np.repeat(b, parts, axis=0) * share


def thin(places: Floats, most: int) -> tuple[Floats, float]:
    """At most *most* of *places*, one a square cell, and the side of the cells in metres."""
    metres = FINEST_METRES
    if not len(places):
        return places, metres
    xy = to_plane(places, float(places[:, 1].mean()))
    kept = _one_a_cell(xy, metres)
    while len(kept) > most:
        metres *= _COARSER
        kept = kept[_one_a_cell(xy[kept], metres)]
    return places[np.sort(kept)], metres


def _one_a_cell(xy: Floats, metres: float) -> Ints:
    """Rows of *xy* (metres): in each square cell the one nearest to its middle."""
    cell = np.floor(xy / metres).astype(np.int64)
    off = np.linalg.norm(xy - (cell + 0.5) * metres, axis=1)
    order = np.lexsort((off, cell[:, 1], cell[:, 0]))
    return order[np.any(np.diff(cell[order], axis=0, prepend=cell[order][:1] - 1) != 0, axis=1)]


def most_helpful(reach: Mask, count: int) -> list[tuple[int, Ints]]:
    """Greedy maximal coverage: sites in turn, each with the places that it adds.

    *reach* (s, p): site s reaches place p in time. Greedy is within 1 - 1/e (63 %) of the best
    choice of *count* sites, and exact for one.
    """
    left = reach.copy()
    found: list[tuple[int, Ints]] = []
    for _ in range(count):
        gains = left.sum(axis=1)
        site = int(gains.argmax()) if len(gains) else 0
        if not len(gains) or gains[site] == 0:
            break
        added = np.flatnonzero(left[site])
        found.append((site, added))
        left[:, added] = False
    return found
