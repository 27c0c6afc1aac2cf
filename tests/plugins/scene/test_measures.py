"""Measuring and writing in the scene."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from console.sdk.scene import ScenePlace
from console.testing import Console
from plugins.scene.desktop.measuring import area_of, geod, length_of

LON, LAT = 117.2, 34.26
_, _, EAST = geod().inv(LON, LAT, LON + 0.001, LAT)


def place(east: float, north: float, height: float) -> ScenePlace:
    """Thousandths of degrees from a corner, metres up."""
    return ScenePlace(lon=LON + east / 1000, lat=LAT + north / 1000, height=height)


@given(st.floats(-300, 300))
def test_a_line_is_as_long_as_pythagoras_says(rise: float):
    length = length_of([place(0, 0, 50.0), place(1, 0, 50.0 + rise)])
    assert length.level == pytest.approx(EAST, abs=1e-6)
    assert length.slope == pytest.approx((EAST**2 + rise**2) ** 0.5)
    assert length.rise == pytest.approx(rise, abs=1e-9)


def test_an_area_is_measured_from_above_whichever_way_it_is_drawn():
    corners = [place(0, 0, 10), place(1, 0, 30), place(1, 1, 10), place(0, 1, 10)]
    north = geod().inv(LON, LAT, LON, LAT + 0.001)[2]
    area = area_of(corners)
    assert area.plan == pytest.approx(EAST * north, rel=1e-4)
    assert area_of(corners[::-1]).plan == pytest.approx(area.plan)
    assert (area.lowest, area.highest) == (10, 30)


def test_what_was_measured_stays_until_it_is_cleared(
    console: Console, activate: Callable[..., Any], qtbot: QtBot
):
    activate("scene")
    scene = console.scene
    marks = scene.marks["onemap.scene.measured"]
    scene.answer = [place(0, 0, 0.0), place(1, 0, 40.0)]
    console.run("onemap.scene.measure_line")
    qtbot.waitUntil(lambda: len(marks.texts) == 1)
    assert f"{EAST:,.2f}" in marks.texts["1"]
    assert "+40.00" in marks.texts["1"]
    scene.answer = [place(0, 0, 0.0), place(1, 0, 40.0), place(1, 1, 0.0)]
    console.run("onemap.scene.measure_area")
    qtbot.waitUntil(lambda: len(marks.texts) == 2)
    scene.answer = None
    console.run("onemap.scene.measure_line")
    console.run("onemap.scene.clear_marks")
    assert not marks.shown
