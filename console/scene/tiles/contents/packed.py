"""Vectors of pnts and i3dm (3D Tiles 1.0, 10 and 11): positions in steps, normals on an octahedron."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.scene.refusal import broken
from console.scene.tiles.contents.sections import Section

F4, U1, U2 = np.dtype("<f4"), np.dtype("u1"), np.dtype("<u2")


def positions(section: Section, count: int) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Local positions (count, 3), finite or not, and their origin (3,) in the tile's frame.

    Positions that are far from the origin (ECEF without RTC_CENTER) are made local to their middle.
    Raises SceneRefused.
    """
    center = section.vector("RTC_CENTER")
    origin = np.zeros(3) if center is None else center
    exact = section.array("POSITION", F4, count, 3)
    if exact is not None:
        return local(exact, origin)
    steps = section.array("POSITION_QUANTIZED", U2, count, 3)
    offset, scale = section.vector("QUANTIZED_VOLUME_OFFSET"), section.vector("QUANTIZED_VOLUME_SCALE")
    if steps is None or offset is None or scale is None:
        raise broken("瓦片坐标", "the tile's positions")
    return (steps * (scale / 65_535.0)).astype(np.float32), origin + offset


def local(
    values: NDArray[Any], origin: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """*values* (n, 3) about the middle of what is finite, and the middle added to *origin*."""
    finite = values[np.isfinite(values).all(axis=1)].astype(np.float64)
    if not len(finite):
        return values.astype(np.float32), origin
    middle = (finite.min(axis=0) + finite.max(axis=0)) / 2
    return (values - middle).astype(np.float32), origin + middle


def octahedral(values: NDArray[Any]) -> NDArray[np.float64]:
    """Unit vectors (n, 3) of unsigned pairs (n, 2) (Cigolle et al. 2014)."""
    x, y = (values.astype(np.float64) / np.iinfo(values.dtype).max * 2 - 1).T
    z = 1 - np.abs(x) - np.abs(y)
    under = z < 0
    folded_x = np.where(under, (1 - np.abs(y)) * np.where(x >= 0, 1, -1), x)
    folded_y = np.where(under, (1 - np.abs(x)) * np.where(y >= 0, 1, -1), y)
    vectors = np.stack([folded_x, folded_y, z], axis=1)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def directions(section: Section, exact: str, packed: str, dtype: np.dtype[Any], count: int) -> Any:
    """Directions (count, 3) float64 stored as floats, or as pairs of *dtype*; None if neither is there."""
    values = section.array(exact, F4, count, 3)
    if values is not None:
        return np.nan_to_num(values.astype(np.float64))
    pairs = section.array(packed, dtype, count, 2)
    return None if pairs is None else octahedral(pairs)
