"""Coordinates and datums. Everything inside is WGS84 degrees, longitude first;
conversion happens once, at the edge.

GCJ-02 and BD-09 follow the published reverse-engineered formulas (the
"eviltransform" derivation on the Krasovsky 1940 ellipsoid); the inverse is
iterated to below one centimetre.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt

LonLat = tuple[float, float]
"""WGS84 degrees: longitude, latitude."""
Floats = npt.NDArray[np.float64]

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
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    if datum in (Datum.GCJ02, Datum.BD09):
        return _invert(datum, lon, lat)
    return lon, lat


def from_wgs84(lon: Floats, lat: Floats, datum: Datum) -> tuple[Floats, Floats]:
    """Convert WGS84 degrees to *datum*."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    if datum is Datum.GCJ02:
        return _wgs84_to_gcj02(lon, lat)
    if datum is Datum.BD09:
        return _gcj02_to_bd09(*_wgs84_to_gcj02(lon, lat))
    return lon, lat


_A = 6378245.0  # Krasovsky 1940 semi-major axis, metres
_EE = 0.00669342162296594323
_BD = np.pi * 3000.0 / 180.0


def _in_china(lon: Floats, lat: Floats) -> npt.NDArray[np.bool_]:
    return (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)


def _offset(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The two distortion polynomials, metres-like units, of (lon-105, lat-35)."""
    root = np.sqrt(np.abs(x))
    common = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    dlat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    dlat += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    dlat += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    dlon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    dlon += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    dlon += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    return dlon, dlat


def _wgs84_to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    dlon, dlat = _offset(lon - 105.0, lat - 35.0)
    phi = np.radians(lat)
    magic = 1 - _EE * np.sin(phi) ** 2
    dlat = np.degrees(dlat / ((_A * (1 - _EE)) / (magic * np.sqrt(magic))))
    dlon = np.degrees(dlon / (_A / np.sqrt(magic) * np.cos(phi)))
    inside = _in_china(lon, lat)
    return lon + np.where(inside, dlon, 0.0), lat + np.where(inside, dlat, 0.0)


def _invert(datum: Datum, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Undo ``from_wgs84`` by iteration; each round shrinks the error some 100-fold."""
    wlon, wlat = lon, lat
    for _ in range(7):
        shifted_lon, shifted_lat = from_wgs84(wlon, wlat, datum)
        wlon, wlat = wlon - (shifted_lon - lon), wlat - (shifted_lat - lat)
    return wlon, wlat


def _gcj02_to_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    z = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD)
    theta = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD)
    return z * np.cos(theta) + 0.0065, z * np.sin(theta) + 0.006
