"""The horizon around a place: how high what stands there reaches, and how far away it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.scene.sight.rays import Rays
from console.scene.sight.sightline import Spot, standing

Values = NDArray[np.float64]
LOWEST = -60.0
"""Degrees under the horizontal, under which nothing is looked for."""
_COARSE = 0.5
"""Degrees between the rays of the first look: what is thinner and free above may be missed."""
_HALVINGS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Skyline:
    """One row an azimuth."""

    azimuth: Values
    """(n,) degrees clockwise from north."""
    elevation: Values
    """(n,) degrees above the horizontal up to which the sky is hidden; NaN: nothing stands there."""
    distance: Values
    """(n,) metres to what forms it; inf with nothing."""
    points: NDArray[np.float64]
    """(n, 3) WGS84 degrees and metres above the ellipsoid of it; NaN with nothing."""


def skyline(rays: Rays, spot: Spot, step: float = 1.0, reach: float = 20_000.0) -> Skyline:
    """Around *spot*, a row every *step* degrees. Raises SceneRefused: no surface to stand on."""
    eye = standing(rays, spot)
    azimuth = np.arange(0.0, 360.0, step)
    elevations = np.arange(LOWEST, 90.0 + _COARSE / 2, _COARSE)
    hit = _looked(rays, eye, azimuth[:, None], elevations[None, :], reach)
    found = np.isfinite(hit)
    top = len(elevations) - 1 - np.argmax(found[:, ::-1], axis=1)
    low = elevations[top]
    away = hit[np.arange(len(azimuth)), top]
    width = np.where(low < 90.0, _COARSE, 0.0)
    for _ in range(_HALVINGS):
        width = width / 2
        again = _looked(rays, eye, azimuth, low + width, reach)
        higher = np.isfinite(again)
        low, away = np.where(higher, low + width, low), np.where(higher, again, away)
    there = found.any(axis=1)
    low, away = np.where(there, low, np.nan), np.where(there, away, np.inf)
    points = np.full((len(azimuth), 3), np.nan)
    places = eye + directions(rays, eye, azimuth[there], low[there]) * away[there, None]
    points[there] = rays.frame.geographic(places)
    return Skyline(azimuth, low, away, points)


def directions(rays: Rays, eye: Values, azimuth: Values, elevation: Values) -> Values:
    """(…, 3) unit, of the frame, in degrees as they are at *eye* (3,)."""
    turn, rise = np.radians(np.broadcast_arrays(azimuth, elevation))
    flat = np.cos(rise)
    local = np.stack([flat * np.sin(turn), flat * np.cos(turn), np.sin(rise)], axis=-1)
    return local @ rays.frame.axes_at(eye)


def _looked(rays: Rays, eye: Values, azimuth: Values, elevation: Values, reach: float) -> Values:
    """Metres to what is seen there; inf: the sky."""
    ways = directions(rays, eye, azimuth, elevation)
    flat = ways.reshape(-1, 3)
    return rays.distances(np.broadcast_to(eye, flat.shape), flat, reach).reshape(ways.shape[:-1])
