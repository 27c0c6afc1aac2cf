"""Where one looks from: what the choice of tiles needs to know of a view."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from console.scene.ellipsoid import A, B

Vector = NDArray[np.float64]
_HIGHEST = 9_000.0
"""Metres above the ellipsoid: what is lower than that is hidden behind the horizon."""


@dataclass(frozen=True, slots=True)
class Camera:
    """A perspective view of the tileset's world (metres, ECEF)."""

    position: Vector
    """(3,)."""
    direction: Vector
    """(3,), of any length."""
    up: Vector
    """(3,), not along the direction."""
    fovy: float
    """Radians, the whole vertical angle."""
    width: int
    height: int
    """Pixels."""
    kept: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 4)))
    """(n, 4): inward unit normals and offsets of planes behind which nothing is wanted, as beyond a cut."""

    def planes(self) -> NDArray[np.float64]:
        """(5 and more, 4): inward unit normals and offsets of left, right, bottom, top, what is behind, as
        seen from above the ground the other side of the Earth, and what is *kept*."""
        ahead = self.direction / np.linalg.norm(self.direction)
        right = np.cross(ahead, self.up)
        right /= np.linalg.norm(right)
        above = np.cross(right, ahead)
        high = np.tan(self.fovy / 2)
        wide = high * self.width / self.height
        normals = np.array(
            [right + ahead * wide, ahead * wide - right, above + ahead * high, ahead * high - above, ahead]
        )
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
        sides = np.column_stack([normals, -normals @ self.position])
        return np.concatenate([sides, _horizon(self.position), self.kept])

    @property
    def pixels_a_radian(self) -> float:
        """How many pixels a metre at the distance of a metre takes in the middle of the view."""
        return self.height / (2 * np.tan(self.fovy / 2))


def _horizon(eye: Vector) -> NDArray[np.float64]:
    """(0 or 1, 4): the plane beyond which even the highest mountains are hidden by the ellipsoid."""
    squeeze = np.array([1 / A, 1 / A, 1 / B])
    height = float(np.linalg.norm(eye * squeeze))
    if height <= 1.0:
        return np.zeros((0, 4))
    reach = np.arccos(1 / height) + np.arccos(1 / (1 + _HIGHEST / B))
    normal = eye * squeeze**2 / height
    length = np.linalg.norm(normal)
    return np.append(normal, -np.cos(reach))[None] / length


def horizontal_fov(angle: float, width: int, height: int) -> float:
    """The vertical angle of a view whose longer side spans *angle* (radians), as CesiumJS counts."""
    return angle if height >= width else 2 * float(np.arctan(np.tan(angle / 2) * height / width))
