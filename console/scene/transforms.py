"""Transforms of scenes: float64 (…, 4, 4), column vectors, metres."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

Y_UP_TO_Z_UP: Matrix = np.array([[1, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]], np.float64)
X_UP_TO_Z_UP: Matrix = np.array([[0, 0, -1, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]], np.float64)


def translation(offset: NDArray[np.float64] | tuple[float, float, float]) -> Matrix:
    """(4, 4) that moves by *offset*."""
    matrix = np.identity(4)
    matrix[:3, 3] = offset
    return matrix


def rotations(quaternions: NDArray[np.float64]) -> Matrix:
    """(k, 3, 3) of quaternions (k, 4) x, y, z, w of any length; a zero one turns nothing."""
    length = np.linalg.norm(quaternions, axis=1, keepdims=True)
    unit = np.divide(quaternions, length, out=np.zeros_like(quaternions, np.float64), where=length > 0)
    unit[length[:, 0] == 0, 3] = 1.0
    x, y, z, w = unit.T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.moveaxis(np.array(rows), -1, 0)


def compose(moves: NDArray[np.float64], turns: NDArray[np.float64], scales: NDArray[np.float64]) -> Matrix:
    """(k, 4, 4) from translations (k, 3), quaternions (k, 4) x, y, z, w and scales (k, 3): T R S."""
    return assemble(moves, rotations(turns), scales)


def assemble(moves: NDArray[np.float64], turns: NDArray[np.float64], scales: NDArray[np.float64]) -> Matrix:
    """(k, 4, 4) from translations (k, 3), rotation matrices (k, 3, 3) and scales (k, 3): T R S."""
    matrices = np.zeros((len(moves), 4, 4))
    matrices[:, :3, :3] = turns * scales[:, None, :]
    matrices[:, :3, 3] = moves
    matrices[:, 3, 3] = 1.0
    return matrices


def largest_scale(matrix: Matrix) -> float:
    """By how much *matrix* (4, 4) stretches the axis that it stretches most."""
    return float(np.sqrt((matrix[:3, :3] ** 2).sum(axis=0)).max())
