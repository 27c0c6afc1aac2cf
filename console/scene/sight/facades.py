"""Which places on walls an observer sees: cameras look at fronts more than at the ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.scene.refusal import refused
from console.scene.sight.rays import Rays
from console.scene.sight.sightline import Spot, standing
from console.scene.sight.viewshed import Field, in_field

Points = NDArray[np.float64]
Values = NDArray[np.float64]
MOST_PLACES = 16_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Facades:
    """Places on walls, n."""

    points: Points
    """(n, 3) WGS84 degrees and metres above the ellipsoid."""
    normals: Points
    """(n, 3) unit, of the mesh's frame; of a mesh whose triangles don't know their outside, either way."""
    seen: NDArray[np.bool_]
    """(n,)."""
    area: float
    """Square metres of wall that each stands for, about."""


def facades(
    rays: Rays, corners: NDArray[np.float32], spot: Spot, field: Field, spacing: float = 1.0
) -> Facades:
    """Which places on walls are seen. *corners*: (m, 3, 3) of triangles in the frame, such as a soup's.

    A triangle is a wall when it stands steeper than 60°. Raises SceneRefused: nothing to stand on.
    """
    start = standing(rays, spot)
    up = rays.frame.axes_at(start)
    places, normals = _wall_places(corners.astype(np.float64), up[2], spacing)
    way = (places - start) @ up.T
    inside = in_field(way, field) & (np.hypot(way[:, 0], way[:, 1]) <= field.reach)
    seen = np.zeros(len(places), np.bool_)
    seen[inside] = rays.clear(start, places[inside])
    return Facades(rays.frame.geographic(places), normals, seen, spacing**2)


def _wall_places(corners: Points, up: Values, spacing: float) -> tuple[Points, Points]:
    """Places spread evenly over steep triangles, one for every *spacing* squared; and their normals."""
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    twice = np.linalg.norm(across, axis=1)
    unit = across / np.where(twice > 0, twice, 1.0)[:, None]
    steep = (twice > 0) & (np.abs(unit @ up) < 0.5)
    corners, unit, area = corners[steep], unit[steep], twice[steep] / 2
    ends = np.cumsum(area) / spacing**2
    count = int(ends[-1]) if len(ends) else 0
    if count > MOST_PLACES:
        raise refused("立面采样点过多,请加大间距", "too many places on walls: take a wider spacing")
    at = np.arange(count) + 0.5
    row = np.searchsorted(ends, at)
    u, v = _spread(count)
    over = u + v > 1
    u, v = np.where(over, 1 - u, u), np.where(over, 1 - v, v)
    a, b, c = np.moveaxis(corners[row], 1, 0)
    return a + (b - a) * u[:, None] + (c - a) * v[:, None], unit[row]


def _spread(count: int) -> tuple[Values, Values]:
    """Places in the unit square that keep apart, the same each time (the R2 sequence of M. Roberts)."""
    number = np.arange(1, count + 1, dtype=np.float64)
    return (0.5 + number * 0.7548776662466927) % 1.0, (0.5 + number * 0.5698402909980532) % 1.0
