"""The local frame of a scene: x east, y north, z up in metres at an origin on the Earth.

A rigid turn of Earth-centred coordinates (EPSG:4978), in double: nothing is flattened, so a place ten
kilometres from the origin lies eight metres below the origin's plane, as it does in the world.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.scene.ellipsoid import east_north_up, to_ecef, to_geodetic
from console.scene.transforms import Matrix

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """Origin in WGS84 degrees and metres above the ellipsoid."""

    lon: float
    lat: float
    height: float = 0.0
    _axes: Matrix = field(init=False, repr=False, compare=False)
    _origin: Points = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        lon, lat = np.radians(self.lon), np.radians(self.lat)
        object.__setattr__(self, "_axes", east_north_up(np.asarray(lon), np.asarray(lat)))
        object.__setattr__(self, "_origin", to_ecef(lon, lat, np.asarray(self.height)))

    @cached_property
    def from_ecef(self) -> Matrix:
        """(4, 4): Earth-centred metres to this frame."""
        matrix = np.identity(4)
        matrix[:3, :3] = self._axes
        matrix[:3, 3] = -self._axes @ self._origin
        return matrix

    @cached_property
    def to_ecef(self) -> Matrix:
        """(4, 4): this frame to Earth-centred metres."""
        matrix = np.identity(4)
        matrix[:3, :3] = self._axes.T
        matrix[:3, 3] = self._origin
        return matrix

    def place(self, lon: Any, lat: Any, height: Any = 0.0) -> Points:
        """WGS84 degrees and metres above the ellipsoid, broadcast to one shape: that shape and 3."""
        lon, lat, height = np.broadcast_arrays(*(np.asarray(part, np.float64) for part in (lon, lat, height)))
        return (to_ecef(np.radians(lon), np.radians(lat), height) - self._origin) @ self._axes.T

    def geographic(self, points: Any) -> Points:
        """(…, 3) in this frame to (…, 3): WGS84 degrees east and north, metres above the ellipsoid."""
        points = np.asarray(points, np.float64)
        found = to_geodetic(points.reshape(-1, 3) @ self._axes + self._origin)
        found[:, :2] = np.degrees(found[:, :2])
        return found.reshape(points.shape)

    def axes_at(self, point: Points) -> Matrix:
        """(3, 3): rows are east, north and up at *point* (3,) of this frame, in this frame."""
        lon, lat, _ = np.radians(self.geographic(point))
        return east_north_up(np.asarray(lon), np.asarray(lat)) @ self._axes.T
