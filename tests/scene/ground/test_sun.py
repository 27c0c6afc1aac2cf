"""The sun stands where an independent ephemeris says, and its light always shows depth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import numpy as np
import pytest

from console.scene.ground.sun import Sun, light_of, sun_at

PYSOLAR = [
    (117.2, 34.26, (2026, 6, 21, 4, 10), 176.431, 79.158),
    (117.2, 34.26, (2026, 12, 21, 0, 30), 129.912, 12.340),
    (113.94, 22.5, (2026, 6, 21, 4, 0), 79.828, 83.951),
    (113.94, 22.5, (2026, 3, 20, 22, 40), 90.691, 2.006),
    (126.6, 45.8, (2026, 11, 23, 8, 0), 241.807, -1.501),
    (87.6, 43.8, (2026, 9, 1, 12, 0), 274.272, 7.363),
    (-9.0, 41.1, (2030, 2, 10, 17, 30), 246.139, 5.137),
    (151.2, -33.9, (2026, 1, 1, 2, 0), 358.227, 79.104),
    (117.2, 34.26, (2026, 6, 21, 16, 0), 356.466, -32.221),
    (0.0, 51.5, (1960, 7, 1, 12, 0), 178.177, 61.582),
]
"""Longitude, latitude, UTC; azimuth, elevation by pysolar 0.13 (another theory), no refraction."""


def toward(sun: Sun) -> np.ndarray:
    azimuth, elevation = np.radians(sun.azimuth), np.radians(sun.elevation)
    flat = np.cos(elevation)
    return np.array([flat * np.sin(azimuth), flat * np.cos(azimuth), np.sin(elevation)])


@pytest.mark.parametrize(("lon", "lat", "when", "azimuth", "elevation"), PYSOLAR)
def test_the_sun_stands_where_another_theory_puts_it(lon, lat, when, azimuth, elevation):
    found = toward(sun_at(lon, lat, datetime(*when, tzinfo=UTC)))
    assert np.degrees(np.arccos(found @ toward(Sun(azimuth, elevation)))) < 0.03


def test_times_of_any_zone_are_understood():
    """The example that NREL gives with its Solar Position Algorithm: zenith 50.128, before refraction."""
    mountain = timezone(timedelta(hours=-7))
    sun = sun_at(-105.1786, 39.742476, datetime(2003, 10, 17, 12, 30, 30, tzinfo=mountain))
    assert sun.azimuth == pytest.approx(194.340, abs=0.02)
    assert sun.elevation == pytest.approx(39.872, abs=0.02)


def test_at_any_hour_roofs_and_walls_are_told_apart():
    lights = [light_of(Sun(200.0, elevation)) for elevation in np.arange(-90.0, 90.1, 0.5)]
    for light in lights:
        assert np.linalg.norm(light.toward) == pytest.approx(1.0)
        assert light.toward[2] > 0.2
        faces = np.array([[0, 0, 1], [0, -1, 0], [0, 1, 0]])  # roof, wall to the south, wall to the north
        seen = np.array(light.sky) + np.clip(faces @ light.toward, 0, None)[:, None] * np.array(light.sun)
        assert seen.max() <= 1.2
        assert seen.min() > 0.2
        assert np.ptp(seen, axis=0).max() > 0.2
    moves = [np.linalg.norm(a.toward - b.toward) for a, b in pairwise(lights)]
    assert max(moves) < 0.05
