"""Coordinates as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.model.coordinates import Datum
from plugins.one_map.desktop.place_text import parse_place


@pytest.mark.parametrize(
    "text",
    [
        "117.19, 34.26",
        "117.19 34.26",
        "34.26，117.19",
        "34°15′36″N, 117°11′24″E",
        "34°15'36\"N 117°11'24\"E",
        "N34.26 E117.19",
        "34.26N 117.19E",
        "北纬34度15分36秒，东经117度11分24秒",
        "东经117.19 北纬34.26",
        "(117.19; 34.26) wgs84",
    ],
)
def test_one_place_in_many_forms(text: str) -> None:
    found = parse_place(text)
    assert found is not None
    assert found.where == pytest.approx((117.19, 34.26), abs=1e-9)


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("GCJ-02 117.195765, 34.258768", Datum.GCJ02),
        ("117.195765,34.258768 高德", Datum.GCJ02),
        ("bd09: 117.202335, 34.264530", Datum.BD09),
        ("百度 117.202335 34.264530", Datum.BD09),
    ],
)
def test_shifted_coordinates_are_marked_and_converted(text: str, datum: Datum) -> None:
    found = parse_place(text)
    assert found is not None
    assert found.datum is datum
    assert found.where == pytest.approx((117.19, 34.26), abs=2e-6)


@pytest.mark.parametrize(
    "text",
    ["中山路100号", "100", "200, 100", "117.19,34.26,5", "34.26N 34.27N", "34°75′N 117°E", "", "1" * 500],
)
def test_what_is_no_place_is_left_to_the_search(text: str) -> None:
    assert parse_place(text) is None


def test_southern_and_western_hemispheres() -> None:
    found = parse_place("41°9′S 8°36′W")
    assert found is not None
    assert found.where == pytest.approx((-8.6, -41.15))


@given(st.text(max_size=240))
def test_no_text_breaks_the_parser(text: str) -> None:
    found = parse_place(text)
    assert found is None or (abs(found.where[0]) <= 181 and abs(found.where[1]) <= 91)


@given(st.floats(-180, 180), st.floats(-89, 89))
def test_what_is_written_is_read(lon: float, lat: float) -> None:
    found = parse_place(f"{lat:.6f}N {lon:.6f}E".replace("-", "−"))
    assert found is not None
    assert found.where == pytest.approx((lon, lat), abs=1e-6)
