"""Moving a model to where it belongs: by hand, or by places that are the same in the model and in the world.

Transforms are (4, 4) of Earth-centred metres (EPSG:4978) and stay rigid: a model is moved and turned, never
stretched.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.scene.frame import Frame
from console.scene.lens import Points
from console.scene.transforms import Matrix, translation

LEVEL_PAIRS, TILTED_PAIRS = 1, 3
"""Pairs that an upright move needs at least (with two it is turned, too), and one that may tilt."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """What brings places nearest to where they should be, and by how much they miss it."""

    matrix: Matrix
    residuals: Points
    """(n, 3) metres east, north, up that are left of each pair."""

    @property
    def rms(self) -> float:
        """Metres: root of the mean square of the distances left."""
        return float(np.sqrt((self.residuals**2).sum(axis=1).mean()))


def moved(about: Frame, east: float, north: float, up: float, heading: float) -> Matrix:
    """Metres, and degrees clockwise seen from above, about the origin of *about*."""
    turn = np.radians(heading)
    local = translation((east, north, up))
    local[:2, :2] = [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]
    return about.to_ecef @ local @ about.from_ecef


def fit(about: Frame, places: Points, goals: Points, *, tilt: bool = False) -> Fit:
    """Least squares (Kabsch 1976; for an upright move its plane case) of *places* to *goals*, (n, 3) each in
    WGS84 degrees and metres above the ellipsoid. Raises ValueError for too few pairs, or, with *tilt*, for
    places in one line.
    """
    start, end = about.place(*places.T), about.place(*goals.T)
    if len(start) < (TILTED_PAIRS if tilt else LEVEL_PAIRS):
        raise ValueError("too few pairs")
    middle, goal = start.mean(axis=0), end.mean(axis=0)
    turn = _tilted(start - middle, end - goal) if tilt else _upright(start - middle, end - goal)
    local = np.identity(4)
    local[:3, :3] = turn
    local[:3, 3] = goal - turn @ middle
    residuals = end - (start @ turn.T + local[:3, 3])
    return Fit(about.to_ecef @ local @ about.from_ecef, residuals)


def _upright(start: Points, end: Points) -> NDArray[np.float64]:
    """(3, 3): the turn about the vertical; none for a single pair."""
    cos = float((start[:, :2] * end[:, :2]).sum())
    sin = float((start[:, 0] * end[:, 1] - start[:, 1] * end[:, 0]).sum())
    angle = np.arctan2(sin, cos) if np.hypot(sin, cos) > 1e-9 else 0.0
    turn = np.identity(3)
    turn[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    return turn


def _tilted(start: Points, end: Points) -> NDArray[np.float64]:
    """(3, 3): any turn."""
    left, sizes, right = np.linalg.svd(start.T @ end)
    if sizes[1] < 1e-6 * max(sizes[0], 1e-12):
        raise ValueError("the places lie in one line")
    sign = np.sign(np.linalg.det(right.T @ left.T))
    return right.T @ np.diag([1.0, 1.0, sign]) @ left.T
