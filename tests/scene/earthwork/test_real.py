"""Profiles, sections and volumes of real models, asked as plugins ask."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from multiprocessing import active_children
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from console.scene.earthwork.question import ModelAt, Surroundings
from console.scene.survey_desk import SurveyDesk
from console.sdk.errors import OneMapError
from console.sdk.scene_place import ScenePlace
from console.sdk.ui.words import WORDS_PROPERTY

T = TypeVar("T")
PAGODA, SQUARE_LEVEL = (108.959426, 34.219772), 427.0
"""WGS84 degrees; metres above the ellipsoid of what it stands on."""
DEGREE = 111_320.0
TALL = 64.5
"""Metres: the Giant Wild Goose Pagoda, as encyclopedias have it."""


@pytest.fixture
def desk(qapp: QApplication, shared_data: Path) -> Iterator[SurveyDesk]:
    """Of the pagoda, in English."""
    words = qapp.property(WORDS_PROPERTY)
    qapp.setProperty(WORDS_PROPERTY, None)
    around = Surroundings((ModelAt(str(shared_data / "tileset_dayanta")),))
    desk = SurveyDesk(lambda: around)
    yield desk
    desk.close()
    qapp.setProperty(WORDS_PROPERTY, words)


def ask(coroutine: Coroutine[Any, Any, T]) -> T:
    """Drive it as the GUI thread does, waiting."""
    try:
        while True:
            coroutine.send(None).exception(60)
    except StopIteration as end:
        return end.value


def until(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + 30
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return holds()


def places(*metres: tuple[float, float]) -> list[ScenePlace]:
    """East and north of the pagoda."""
    lon, lat = PAGODA
    across = DEGREE * np.cos(np.radians(lat))
    return [ScenePlace(lon=lon + x / across, lat=lat + y / DEGREE, height=431.0) for x, y in metres]


def test_the_pagoda_is_as_tall_as_it_is(desk: SurveyDesk):
    area = places((-40, -40), (40, -40), (40, 40), (-40, 40))
    found = ask(desk.volume(area))
    assert found.highest - SQUARE_LEVEL == pytest.approx(TALL, abs=4)
    assert found.area == pytest.approx(80 * 80, rel=0.003)
    assert found.covered == pytest.approx(found.area, rel=0.01)
    assert found.unread == 0
    assert 0 < found.cut_error < 0.01 * found.cut
    below = ask(desk.volume(area, base=found.lowest - 1.0))
    assert below.fill == 0.0
    assert below.cut == pytest.approx(below.covered * (found.mean - found.lowest + 1.0), rel=1e-6)


def test_a_section_of_the_pagoda_has_its_walls_and_a_profile_only_its_top(desk: SurveyDesk):
    east = places((-60, 0), (60, 0))
    cut = ask(desk.section(east))
    top = ask(desk.profile(east))
    assert top.length == pytest.approx(120, rel=0.003)
    assert np.isnan(top.ground).all()  # no terrain is given
    assert cut.height.max() == pytest.approx(np.nanmax(top.surface), abs=0.6)
    rise, run = (np.abs(np.diff(ends, axis=1))[:, 0] for ends in (cut.height, cut.along))
    walls = rise > 5 * run
    assert rise[walls].sum() > TALL  # two fronts, which rays from above hardly meet


def test_nothing_there_and_too_large_are_said(desk: SurveyDesk):
    with pytest.raises(OneMapError, match="no model"):
        ask(desk.profile(places((20_000, 0), (20_100, 0))))
    with pytest.raises(OneMapError, match="5,000 m"):
        ask(desk.profile(places((0, 0), (9_000, 0))))
    with pytest.raises(OneMapError, match="1 km²"):
        ask(desk.volume(places((0, 0), (2_000, 0), (2_000, 2_000), (0, 2_000))))
    with pytest.raises(OneMapError, match="no places"):
        ask(desk.profile([]))


def test_what_nobody_waits_for_any_more_is_given_up_and_the_next_is_answered(desk: SurveyDesk):
    first = desk.volume(places((-400, -400), (400, -400), (400, 400), (-400, 400)))
    future = first.send(None)
    assert until(lambda: len(active_children()) == 1)
    assert future.cancel()
    assert until(lambda: not active_children())
    with pytest.raises(asyncio.CancelledError):
        first.send(None)
    assert ask(desk.profile(places((-60, 0), (60, 0)))).length > 100


def test_who_waits_for_their_turn_when_it_closes_is_told(desk: SurveyDesk):
    square = places((-400, -400), (400, -400), (400, 400), (-400, 400))
    asked = [desk.volume(square), desk.profile(square[:2])]
    futures = [each.send(None) for each in asked]
    assert until(lambda: len(active_children()) == 1)
    desk.close()
    assert all(future.cancelled() for future in futures)
    assert until(lambda: not active_children())
    for each in asked:
        with pytest.raises(asyncio.CancelledError):
            each.send(None)
