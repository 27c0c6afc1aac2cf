"""Lengths, areas, scales and coordinate systems against known values."""

from __future__ import annotations

import pytest

from plugins.one_map.desktop.layer_tree import before_after_move
from plugins.one_map.desktop.measuring import area_text, as_text, length_text, live_text, measure
from plugins.one_map.desktop.navigation import round_scale, scale_denominator
from plugins.one_map.desktop.readings import dms, gauss_kruger_meridian, readings


def tr(text: str, /, **values: object) -> str:
    return text.format(**values)


def test_length_is_geodesic() -> None:
    # One degree of the meridian at the equator and at 45 degrees on the WGS84 ellipsoid.
    assert measure("line", [(0, 0), (0, 1)]).length == pytest.approx(110_574.4, abs=0.5)
    assert measure("line", [(0, 44.5), (0, 45.5)]).length == pytest.approx(111_131.8, abs=0.5)


def test_area_and_closed_perimeter() -> None:
    square = measure("polygon", [(117.0, 34.0), (117.01, 34.0), (117.01, 34.01), (117.0, 34.01)])
    assert square.area == pytest.approx(1_024_600, rel=1e-3)
    assert len(square.segments) == 4
    turned = measure("polygon", square.points[::-1])
    assert turned.area == pytest.approx(square.area)


def test_few_points_measure_nothing() -> None:
    assert measure("polygon", [(1, 1), (2, 2)]).area == 0
    assert measure("line", [(1, 1)]).length == 0
    assert live_text("line", [(1, 1)], tr) == ""


def test_units_change_with_size() -> None:
    assert length_text(7.25, tr) == "7.2 m"
    assert length_text(999.4, tr) == "999 m"
    assert length_text(1234.5, tr) == "1.23 km"
    assert area_text(9999, tr) == "9,999 m²"
    assert area_text(12_500, tr) == "1.25 ha"
    assert area_text(2_345_678, tr) == "2.35 km²"


def test_copied_text_has_every_segment() -> None:
    text = as_text(measure("line", [(117, 34), (117, 34.01), (117.01, 34.01)]), tr)
    assert "Segment 2: " in text
    assert text.endswith("117.010000, 34.010000")


def test_readings_agree_with_published_values() -> None:
    by_title = {reading.title: reading for reading in readings(117.19, 34.26)}
    grid = by_title["CGCS2000, 3° zone {zone}°E (X north, Y east)"]
    assert grid.zone == 117
    north, east = (float(part) for part in grid.text.split(", "))
    assert 3_792_000 < north < 3_793_000
    assert east == pytest.approx(517_499.5, abs=1)
    assert by_title["UTM zone {zone} (east, north)"].zone == 50
    assert by_title["WGS84, degrees minutes seconds"].text == "34°15′36.00″N 117°11′24.00″E"


def test_systems_without_a_zone_there_are_left_out() -> None:
    titles = [reading.title for reading in readings(-8.6, 41.15)]
    assert not [title for title in titles if title.startswith("CGCS2000")]
    assert not [reading for reading in readings(10, 86) if reading.title.startswith("UTM")]


def test_seconds_never_show_sixty() -> None:
    assert dms(0.9999999999, -0.9999999999) == "1°00′00.00″S 1°00′00.00″E"


@pytest.mark.parametrize(("lon", "meridian"), [(116.4, 117), (121.6, 123), (73.0, None), (140.0, None)])
def test_central_meridians(lon: float, meridian: int | None) -> None:
    assert gauss_kruger_meridian(lon) == meridian


def test_scale() -> None:
    assert scale_denominator(0, 0) == pytest.approx(591_658_710, rel=1e-5)
    assert round_scale(12_345) == 12_000
    assert round_scale(3.2) == 3


@pytest.mark.parametrize(
    ("layer", "by", "moved"),
    [("b", -1, (True, "a")), ("b", 1, (True, None)), ("a", -1, (False, None)), ("c", 1, (False, None))],
)
def test_moving_a_layer_in_its_group(layer: str, by: int, moved: tuple[bool, str | None]) -> None:
    assert before_after_move(["a", "b", "c"], layer, by) == moved
