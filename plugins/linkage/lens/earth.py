"""Metres around a camera: x east, y north, z up at an origin on the Earth.

A rigid turn of Earth-centred coordinates (EPSG:4978): a place three kilometres away lies 0.7 m below the
origin's level, as it does in the world.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_A, _F = 6_378_137.0, 1 / 298.257_223_563
_E2 = _F * (2 - _F)


class Around:
    """Origin in WGS84 degrees and metres above the ellipsoid."""

    def __init__(self, lon: float, lat: float, height: float) -> None:
        east, north = np.radians(lon), np.radians(lat)
        sin_e, cos_e, sin_n, cos_n = np.sin(east), np.cos(east), np.sin(north), np.cos(north)
        self._axes = np.array(
            [
                [-sin_e, cos_e, 0.0],
                [-sin_n * cos_e, -sin_n * sin_e, cos_n],
                [cos_n * cos_e, cos_n * sin_e, sin_n],
            ]
        )
        self._origin = _to_ecef(lon, lat, height)

    def metres(self, lon: Any, lat: Any, height: Any) -> Floats:
        """(…, 3) of WGS84 degrees and metres above the ellipsoid."""
        return (_to_ecef(lon, lat, height) - self._origin) @ self._axes.T

    def places(self, metres: Any) -> Floats:
        """(…, 3): degrees east and north and metres above the ellipsoid of (…, 3) metres."""
        x, y, z = np.moveaxis(np.asarray(metres, np.float64) @ self._axes + self._origin, -1, 0)
        across = np.hypot(x, y)
        lat = np.arctan2(z, across * (1 - _E2))
        for _ in range(5):  # near the ground 0.1 mm after three
            bulge = _A / np.sqrt(1 - _E2 * np.sin(lat) ** 2)
            lat = np.arctan2(z + _E2 * bulge * np.sin(lat), across)
        bulge = _A / np.sqrt(1 - _E2 * np.sin(lat) ** 2)
        height = across * np.cos(lat) + z * np.sin(lat) - bulge * (1 - _E2 * np.sin(lat) ** 2)
        return np.stack([np.degrees(np.arctan2(y, x)), np.degrees(lat), height], axis=-1)


def _to_ecef(lon: Any, lat: Any, height: Any) -> Floats:
    east, north, height = np.broadcast_arrays(np.radians(lon), np.radians(lat), np.asarray(height, float))
    bulge = _A / np.sqrt(1 - _E2 * np.sin(north) ** 2)
    level = (bulge + height) * np.cos(north)
    up = (bulge * (1 - _E2) + height) * np.sin(north)
    return np.stack([level * np.cos(east), level * np.sin(east), up], axis=-1)
