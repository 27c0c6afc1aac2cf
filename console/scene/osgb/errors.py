"""How coarse a look of a pyramid is, in the measure of 3D Tiles: metres of geometric error.

Source: OpenSceneGraph 3.6, include/osg/CullingSet (pixelSize: the diameter of a sphere on the screen);
OGC 3D Tiles 1.1 (22-025r4), 6.5 (geometric error).
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from console.scene.osgb.model import Level, Piece, RangeMode

SCREEN_ERROR = 16.0
"""Pixels of error at which viewers of 3D Tiles refine (CesiumJS's default)."""
_VIEW = 1080 / (2 * math.tan(math.radians(30)))
"""Pixels that a metre at one metre's distance takes: 1080 rows, 60 degrees (ranges by distance mean such)."""


MOST = 1e6
"""Metres: no error is larger, whatever a file says."""


def geometric_error(piece: Piece, finer: Level) -> float:
    """Metres of geometric error with which a viewer refines to *finer* where OpenSceneGraph would have.

    PIXELS: 2 r pixels-a-metre = start, and error times pixels-a-metre = SCREEN_ERROR. At most MOST.
    """
    if piece.mode is RangeMode.PIXELS:
        radius = piece.radius or _radius(piece)
        error = SCREEN_ERROR * 2 * radius / finer.start if finer.start > 0 else 0.0
    else:
        error = SCREEN_ERROR * finer.start / _VIEW if math.isfinite(finer.start) else 0.0
    return min(error, MOST)


def joined_error(below: Iterable[float], size: float) -> float:
    """Metres: of a tile that shows nothing itself, *size* metres across, above tiles of errors *below*.

    It is opened where it is eight pixels large: far away a model becomes small, it does not vanish.
    """
    return min(2.0 * max(size, *below), MOST)


def _radius(piece: Piece) -> float:
    """Half the diagonal of the box around what a piece first shows, metres."""
    found = [mesh.placed()[np.unique(mesh.indices)] for mesh in piece.levels[0].meshes if len(mesh.indices)]
    if not found:
        return 0.0
    points = np.concatenate(found)
    return float(np.linalg.norm(points.max(axis=0) - points.min(axis=0))) / 2
