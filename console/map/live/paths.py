"""Painter paths from numpy, by the stream format of QPainterPath: no call a vertex."""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QByteArray, QDataStream
from PySide6.QtGui import QPainterPath

_ELEMENT = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])
_MOVE, _LINE = 0, 1
PIECE = 160
"""Vertices in one path: the rasteriser's time grows faster than the length of what it is given."""


def path_of(xy: npt.NDArray[np.float64], counts: npt.NDArray[Any]) -> QPainterPath:
    """A path of (m, 2) vertices in parts of *counts* vertices, filled by the winding rule."""
    path = QPainterPath()
    if len(xy) == 0:
        return path
    elements = np.empty(len(xy), _ELEMENT)
    elements["kind"] = _LINE
    full = counts[counts > 0]
    elements["kind"][np.cumsum(full) - full] = _MOVE
    elements["x"], elements["y"] = xy[:, 0], xy[:, 1]
    rule = 1  # Qt.FillRule.WindingFill
    data = struct.pack(">i", len(xy)) + elements.tobytes() + struct.pack(">ii", 0, rule)
    buffer = QByteArray(data)  # the stream only refers to it
    stream = QDataStream(buffer)
    stream.__rshift__(path)
    return path


def paths_of(
    xy: npt.NDArray[np.float64], counts: npt.NDArray[Any], owner: npt.NDArray[Any]
) -> list[QPainterPath]:
    """Like path_of, in pieces that are quick to paint; parts of one owner stay together."""
    if len(xy) == 0:
        return []
    ends = np.concatenate([[0], np.cumsum(counts)])
    first = np.concatenate([[0], np.flatnonzero(np.diff(owner)) + 1])
    piece = ends[first] // PIECE
    cuts = np.concatenate([first[np.concatenate([[True], np.diff(piece) > 0])], [len(counts)]]).tolist()
    return [path_of(xy[ends[a] : ends[b]], counts[a:b]) for a, b in pairwise(cuts)]
