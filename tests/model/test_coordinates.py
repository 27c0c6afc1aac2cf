"""Datums and projections, against pyproj and against themselves."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.model.coordinates import (
    Datum,
    from_mercator,
    from_wgs84,
    haversine,
    to_mercator,
    to_wgs84,
)

anywhere = st.tuples(st.floats(-180, 180), st.floats(-85, 85))
CENTIMETRE = 1e-7
"""In degrees of latitude, roundly."""


@given(anywhere)
def test_mercator_is_pyprojs(place: tuple[float, float]) -> None:
    ours = to_mercator(*map(np.float64, place))
    theirs = pyproj.Transformer.from_crs(4326, 3857, always_xy=True).transform(*place)
    assert ours == pytest.approx(theirs, abs=0.01)
    assert from_mercator(*ours) == pytest.approx(place, abs=CENTIMETRE)


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [((116.3912757, 39.906217), (116.3975168, 39.9076203)), ((121.4998, 31.2397), (121.50430, 31.23775))],
)
def test_known_places_are_shifted_as_published(
    wgs84: tuple[float, float], gcj02: tuple[float, float]
) -> None:
    shifted = from_wgs84(np.float64(wgs84[0]), np.float64(wgs84[1]), Datum.GCJ02)
    assert shifted == pytest.approx(gcj02, abs=3e-4)
    metres = haversine(*wgs84, *shifted)
    assert 300 < metres < 800, "the shift is some hundred metres"


def test_many_points_are_converted_at_once() -> None:
    lon, lat = np.linspace(100, 120, 600_000), np.linspace(22, 40, 600_000)
    back = to_wgs84(*from_wgs84(lon, lat, Datum.BD09), Datum.BD09)
    assert np.abs(back[0] - lon).max() < CENTIMETRE
    assert np.abs(back[1] - lat).max() < CENTIMETRE


@given(anywhere, anywhere)
def test_haversine_is_near_the_geodesic(a: tuple[float, float], b: tuple[float, float]) -> None:
    _, _, exact = pyproj.Geod(ellps="WGS84").inv(*a, *b)
    assert haversine(*a, *b) == pytest.approx(exact, rel=0.006, abs=0.5)
