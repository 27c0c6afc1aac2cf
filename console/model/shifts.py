"""The shifts of Chinese web maps: WGS84 to GCJ-02, and GCJ-02 to BD-09, in degrees.

They follow the published reverse-engineered formulas (the "eviltransform" derivation on the
Krasovsky 1940 ellipsoid). Outside of a box around China GCJ-02 is WGS84. The inverse is found
by iteration.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Shift = Callable[[Floats, Floats], tuple[Floats, Floats]]

BOX = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north of where GCJ-02 is shifted."""
CLOSE = 1e-8
"""Degrees: once a round found no more than this (1 mm) to correct, it was the last; what it leaves
is some 50 (BD-09) to 500 times (GCJ-02) smaller."""
MOST_ROUNDS = 12
BLOCK = 1 << 13
"""Points worked on at a time: all that is needed of them stays in the processor's cache."""

_A = 6378245.0  # Krasovsky 1940 semi-major axis, metres
_EE = 0.00669342162296594323
_BD = np.pi * 3000.0 / 180.0


def in_blocks(shift: Shift, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """*shift* of arrays of any length and shape, block by block."""
    lon, lat = np.broadcast_arrays(np.asarray(lon, float), np.asarray(lat, float))
    if lon.size <= BLOCK:
        return shift(lon, lat)
    flat = lon.ravel(), lat.ravel()
    out = np.empty(lon.size), np.empty(lon.size)
    for start in range(0, lon.size, BLOCK):
        piece = slice(start, start + BLOCK)
        out[0][piece], out[1][piece] = shift(flat[0][piece], flat[1][piece])
    return out[0].reshape(lon.shape), out[1].reshape(lat.shape)


def wgs84_to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """One block, forward."""
    dlon, dlat = _offset(lon - 105.0, lat - 35.0)
    phi = np.radians(lat)
    magic = 1 - _EE * np.sin(phi) ** 2
    root = np.sqrt(magic)
    dlat = np.degrees(dlat * (magic * root) / (_A * (1 - _EE)))
    dlon = np.degrees(dlon * root / (_A * np.cos(phi)))
    west, south, east, north = BOX
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return lon + np.where(inside, dlon, 0.0), lat + np.where(inside, dlat, 0.0)


def wgs84_to_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """One block, forward, by way of GCJ-02."""
    lon, lat = wgs84_to_gcj02(lon, lat)
    z = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD)
    theta = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD)
    return z * np.cos(theta) + 0.0065, z * np.sin(theta) + 0.006


def undone(shift: Shift) -> Shift:
    """The inverse of *shift*, of one block, to far below a millimetre."""

    def undo(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        at = lon, lat
        for _ in range(MOST_ROUNDS):
            shifted = shift(*at)
            error = shifted[0] - lon, shifted[1] - lat
            at = at[0] - error[0], at[1] - error[1]
            if not (np.abs(error[0]) > CLOSE).any() and not (np.abs(error[1]) > CLOSE).any():
                break  # written so that places that are no numbers end it, too
        return at

    return undo


def _offset(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The two distortion polynomials, metres-like units, of (lon-105, lat-35)."""
    root = np.sqrt(np.abs(x))
    s2x = np.sin(2.0 * np.pi * x)
    common = 20.0 * (s2x * (3.0 - 4.0 * s2x * s2x) + s2x)  # 20 sin 6 pi x + 20 sin 2 pi x
    sx, sy = np.sin(x * (np.pi / 3.0)), np.sin(y * (np.pi / 3.0))
    dlat = common + 20.0 * sy * (3.0 - 4.0 * sy * sy) + 40.0 * sy  # sin pi y from sin pi y/3
    dlat += 160.0 * np.sin(y * (np.pi / 12.0)) + 320.0 * np.sin(y * (np.pi / 30.0))
    dlat *= 2.0 / 3.0
    dlat += -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    dlon = common + 20.0 * sx * (3.0 - 4.0 * sx * sx) + 40.0 * sx
    dlon += 150.0 * np.sin(x * (np.pi / 12.0)) + 300.0 * np.sin(x * (np.pi / 30.0))
    dlon *= 2.0 / 3.0
    dlon += 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    return dlon, dlat
