"""Ranges of a pyramid as geometric errors."""

from __future__ import annotations

import math

import pytest

from console.scene.osgb import Level, Piece, RangeMode, geometric_error


def piece(mode: RangeMode, radius: float) -> Piece:
    return Piece((Level(0.0),), radius=radius, mode=mode)


def test_a_sphere_that_takes_so_many_pixels_has_an_error_of_sixteen() -> None:
    """Twice 74.87 m seen as 37.435 pixels: a quarter of a pixel a metre, and 64 m are sixteen."""
    error = geometric_error(piece(RangeMode.PIXELS, 74.87), Level(37.435))
    assert error == pytest.approx(64.0)


def test_a_range_by_distance_refines_at_that_distance() -> None:
    error = geometric_error(piece(RangeMode.DISTANCE, 1.0), Level(500.0))
    pixels_a_metre = 1080 / (2 * math.tan(math.radians(30))) / 500.0
    assert error * pixels_a_metre == pytest.approx(16.0)


@pytest.mark.parametrize(("radius", "start"), [(1e300, 1e-300), (0.0, 0.0), (1.0, math.inf), (1e300, 1e38)])
@pytest.mark.parametrize("mode", RangeMode)
def test_numbers_out_of_all_reason_give_a_finite_error(mode: RangeMode, radius: float, start: float) -> None:
    assert 0.0 <= geometric_error(piece(mode, radius), Level(start)) <= 1e6
