"""Where one looks from: what the choice of tiles needs to know of a view."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


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

    def planes(self) -> NDArray[np.float64]:
        """(5, 4): inward unit normals and offsets of left, right, bottom, top and what is behind."""
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
        return np.column_stack([normals, -normals @ self.position])

    @property
    def pixels_a_radian(self) -> float:
        """How many pixels a metre at the distance of a metre takes in the middle of the view."""
        return self.height / (2 * np.tan(self.fovy / 2))


def horizontal_fov(angle: float, width: int, height: int) -> float:
    """The vertical angle of a view whose longer side spans *angle* (radians), as CesiumJS counts."""
    return angle if height >= width else 2 * float(np.arctan(np.tan(angle / 2) * height / width))
