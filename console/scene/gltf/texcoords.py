"""Texture coordinates under KHR_texture_transform."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def transformed(texcoords: NDArray[np.float32], matrix: NDArray[np.float64] | None) -> NDArray[np.float32]:
    """(n, 2) by the (2, 3) *matrix*; None leaves them."""
    if matrix is None:
        return texcoords
    return (texcoords.astype(np.float64) @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)
