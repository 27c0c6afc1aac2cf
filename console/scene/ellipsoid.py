"""The WGS 84 ellipsoid: geodetic and Earth-centred coordinates (EPSG:4979 and EPSG:4978), vectorised."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

A = 6_378_137.0
B = 6_356_752.314245179
E2 = 1.0 - (B / A) ** 2


def to_ecef(
    longitude: NDArray[np.float64], latitude: NDArray[np.float64], height: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Radians and metres above the ellipsoid, of one shape, to metres: that shape and 3."""
    cos, sin = np.cos(latitude), np.sin(latitude)
    radius = A / np.sqrt(1.0 - E2 * sin * sin)
    return np.stack(
        [
            (radius + height) * cos * np.cos(longitude),
            (radius + height) * cos * np.sin(longitude),
            (radius * (1.0 - E2) + height) * sin,
        ],
        axis=-1,
    )


def east_north_up(longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """The local axes at radians of one shape: that shape and (3, 3), rows east, north, up."""
    cos, sin = np.cos(latitude), np.sin(latitude)
    cos_l, sin_l = np.cos(longitude), np.sin(longitude)
    zero = np.zeros_like(cos)
    rows = [
        np.stack([-sin_l, cos_l, zero], axis=-1),
        np.stack([-sin * cos_l, -sin * sin_l, cos], axis=-1),
        np.stack([cos * cos_l, cos * sin_l, sin], axis=-1),
    ]
    return np.stack(rows, axis=-2)


def to_geodetic(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 3) metres Earth-centred to (n, 3) longitude, latitude (radians) and height (metres).

    Bowring's formula, applied twice: better than a tenth of a millimetre up to 1,000 km.
    """
    x, y, z = np.asarray(points, np.float64).T
    flat = np.hypot(x, y)
    angle = np.arctan2(z * A, flat * B)
    second = (A * A - B * B) / (B * B)
    latitude = np.zeros_like(angle)
    for _ in range(2):
        latitude = np.arctan2(z + second * B * np.sin(angle) ** 3, flat - E2 * A * np.cos(angle) ** 3)
        angle = np.arctan2(B * np.sin(latitude), A * np.cos(latitude))
    sin, cos = np.sin(latitude), np.cos(latitude)
    height = flat * cos + z * sin - A * np.sqrt(1.0 - E2 * sin * sin)
    return np.stack([np.arctan2(y, x), latitude, height], axis=1)
