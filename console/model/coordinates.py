"""Coordinates and datums. Everything inside is WGS84 degrees, longitude first;
conversion happens once, at the edge.

Plane coordinates, local datums and EPSG codes: ``console.model.datums``.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from console.model import shifts
from console.model.shifts import Floats

LonLat = tuple[float, float]
"""WGS84 degrees: longitude, latitude."""

EARTH_RADIUS = 6378137.0
"""Radius of the Web Mercator sphere, metres (EPSG:3857)."""
MERCATOR_LIMIT = np.pi * EARTH_RADIUS
"""Half the side of the Web Mercator square, metres."""
MAX_LATITUDE = 85.05112877980659


class Datum(StrEnum):
    """Datum of a layer or feed."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def to_mercator(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """WGS84 degrees to Web Mercator metres (EPSG:3857), vectorised."""
    x = np.asarray(lon, float) * (MERCATOR_LIMIT / 180.0)
    phi = np.radians(np.clip(np.asarray(lat, float), -MAX_LATITUDE, MAX_LATITUDE))
    return x, EARTH_RADIUS * np.arcsinh(np.tan(phi))


def from_mercator(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Web Mercator metres (EPSG:3857) to WGS84 degrees, vectorised."""
    lon = np.asarray(x, float) * (180.0 / MERCATOR_LIMIT)
    lat = np.degrees(np.arctan(np.sinh(np.asarray(y, float) / EARTH_RADIUS)))
    return lon, lat


def haversine(
    lon1: Floats | float, lat1: Floats | float, lon2: Floats | float, lat2: Floats | float
) -> Floats:
    """Great-circle distance in metres on a sphere of 6,371,008.8 m (0.5 % of geodesic)."""
    p1, p2 = np.radians(lat1), np.radians(lat2)
    d = (
        np.sin((p2 - p1) / 2) ** 2
        + np.cos(p1) * np.cos(p2) * np.sin(np.radians(np.subtract(lon2, lon1)) / 2) ** 2
    )
    return 2 * 6371008.8 * np.arcsin(np.sqrt(d))


def to_wgs84(lon: Floats, lat: Floats, datum: Datum) -> tuple[Floats, Floats]:
    """Convert degrees in *datum* to WGS84. CGCS2000 equals WGS84 to some centimetres."""
    if datum in _SHIFTS:
        return shifts.in_blocks(_UNSHIFTS[datum], lon, lat)
    return np.asarray(lon, float), np.asarray(lat, float)


def from_wgs84(lon: Floats, lat: Floats, datum: Datum) -> tuple[Floats, Floats]:
    """Convert WGS84 degrees to *datum*."""
    if datum in _SHIFTS:
        return shifts.in_blocks(_SHIFTS[datum], lon, lat)
    return np.asarray(lon, float), np.asarray(lat, float)


_SHIFTS = {Datum.GCJ02: shifts.wgs84_to_gcj02, Datum.BD09: shifts.wgs84_to_bd09}
_UNSHIFTS = {datum: shifts.undone(shift) for datum, shift in _SHIFTS.items()}
