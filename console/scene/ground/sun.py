"""Where the sun stands, and how a scene is lit by it.

The sun's place is computed by NOAA's equations (J. Meeus, Astronomical Algorithms, chapters 25 and 28, low
accuracy): within 0.02 degrees from 1950 to 2050, without refraction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

Rgb = tuple[float, float, float]

_J2000 = 946_728_000.0
"""Seconds from 1970 to noon of 2000-01-01."""
_CENTURY = 36_525 * 86_400.0


@dataclass(frozen=True, slots=True)
class Sun:
    """Degrees: azimuth clockwise from north, elevation above the horizon."""

    azimuth: float
    elevation: float


@dataclass(frozen=True, slots=True, eq=False)
class Light:
    """How the scene is lit. Colours are 0..1."""

    toward: NDArray[np.float64]
    """(3,) unit, east, north, up: from the ground to what lights it."""
    sun: Rgb
    """What faces the light gets that much more."""
    sky: Rgb
    """What everything gets."""


def sun_at(lon: float, lat: float, when: datetime) -> Sun:
    """The sun as seen from a place (WGS84 degrees) at a time; one without a zone is the local clock's."""
    seconds = when.timestamp()
    right_ascension, declination = _equatorial((seconds - _J2000) / _CENTURY)
    hour = np.radians(_sidereal(seconds) + lon) - right_ascension
    phi = np.radians(lat)
    up = np.sin(phi) * np.sin(declination) + np.cos(phi) * np.cos(declination) * np.cos(hour)
    east = -np.cos(declination) * np.sin(hour)
    north = np.cos(phi) * np.sin(declination) - np.sin(phi) * np.cos(declination) * np.cos(hour)
    elevation = np.degrees(np.arctan2(up, np.hypot(east, north)))
    return Sun(float(np.degrees(np.arctan2(east, north)) % 360.0), float(elevation))


def _equatorial(century: float) -> tuple[float, float]:
    """Apparent right ascension and declination in radians; *century*: Julian, since 2000."""
    mean = 280.46646 + century * (36000.76983 + century * 0.0003032)
    anomaly = np.radians(357.52911 + century * (35999.05029 - century * 0.0001537))
    centre = (
        (1.914602 - century * 0.004817) * np.sin(anomaly)
        + 0.019993 * np.sin(2 * anomaly)
        + 0.000289 * np.sin(3 * anomaly)
    )
    node = np.radians(125.04 - 1934.136 * century)
    longitude = np.radians(mean + centre - 0.00569 - 0.00478 * np.sin(node))
    tilt = np.radians(23.439291 - 0.0130042 * century + 0.00256 * np.cos(node))
    right_ascension = np.arctan2(np.cos(tilt) * np.sin(longitude), np.cos(longitude))
    return float(right_ascension), float(np.arcsin(np.sin(tilt) * np.sin(longitude)))


def _sidereal(seconds: float) -> float:
    """Mean sidereal time at Greenwich, degrees."""
    return 280.46061837 + 360.98564736629 * (seconds - _J2000) / 86_400.0


# elevation of the sun; that of the light; colour of the light; colour of the sky
_MOODS = np.array(
    [
        [-12.0, 45.0, 0.34, 0.40, 0.52, 0.28, 0.32, 0.42],
        [-6.0, 30.0, 0.42, 0.42, 0.50, 0.34, 0.36, 0.46],
        [0.0, 14.0, 0.70, 0.50, 0.36, 0.48, 0.46, 0.50],
        [12.0, 22.0, 0.60, 0.56, 0.48, 0.58, 0.58, 0.60],
        [30.0, 38.0, 0.52, 0.51, 0.48, 0.61, 0.62, 0.63],
        [90.0, 72.0, 0.46, 0.45, 0.44, 0.61, 0.62, 0.63],
    ]
)


def light_of(sun: Sun) -> Light:
    """The light of day, dusk or night, changing without a leap.

    It never stands so low, so high or so dim that roofs and walls could not be told apart: below the
    horizon the light rises again as a moon of its own on the sun's side.
    """
    height, *colors = (np.interp(sun.elevation, _MOODS[:, 0], column) for column in _MOODS[:, 1:].T)
    azimuth, elevation = np.radians(sun.azimuth), np.radians(height)
    flat = np.cos(elevation)
    toward = np.array([flat * np.sin(azimuth), flat * np.cos(azimuth), np.sin(elevation)])
    red, green, blue, *sky = (float(color) for color in colors)
    return Light(toward, (red, green, blue), (sky[0], sky[1], sky[2]))
