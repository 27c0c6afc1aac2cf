"""Features as plugins have them, with the real drawing process."""

from __future__ import annotations

import os
import signal
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from console.map.views.view import MapView
from console.model.text import Text
from console.scene.facet import SceneFacet
from console.sdk.scene import ScenePlace, ScenePose
from console.sdk.scene_features import FeatureRule, SceneFeature
from console.sdk.scene_shape import CutPlane
from tests.scene.view.test_one_map import SLOW, beside, color, settle, view_of
from tests.support.feature_tileset import HOUSES, write_houses
from tests.support.tileset_writer import PLACE

__all__ = ["beside"]
SCHOOL = 1
LAYER = "test.houses"


@pytest.fixture
def scene(beside: MapView, tmp_path: Path, qtbot: QtBot) -> Iterator[SceneFacet]:
    """The school fills the middle of the view."""
    facet = SceneFacet(beside)
    facet.link(False)
    facet.show(ScenePose(lon=PLACE[0], lat=PLACE[1], height=8.0))
    window = facet.open_window().widget
    lon, lat, _ = window.frame.geographic(np.array([-20.0, 0.0, 0.0]))
    facet.show(ScenePose(lon=float(lon), lat=float(lat), height=8.0, tilt=70.0, distance=60.0))
    qtbot.addWidget(window)
    window.resize(480, 360)
    window.show()
    facet.add_model(LAYER, str(write_houses(tmp_path / "houses")), title=Text("镇", "Town"))
    settle(facet, qtbot)
    qtbot.waitUntil(lambda: facet.features.tally(LAYER).features == len(HOUSES), timeout=SLOW)
    yield facet
    facet.close()


def picked(scene: SceneFacet, qtbot: QtBot) -> SceneFeature | None:
    """The feature in the middle of the view."""
    place = view_of(scene).hit(240, 180)
    assert place is not None
    lon, lat, height = (float(value) for value in view_of(scene).frame.geographic(place))
    return answered(scene.features.pick(ScenePlace(lon=lon, lat=lat, height=height)), qtbot)


def answered(question: Coroutine[Any, Any, SceneFeature | None], qtbot: QtBot) -> SceneFeature | None:
    """What the drawing process says."""
    waiting = question.send(None)
    qtbot.waitUntil(waiting.done, timeout=SLOW)
    with pytest.raises(StopIteration) as answer:
        question.send(None)
    return answer.value.value


def test_what_is_picked_is_highlighted_also_by_a_drawing_process_that_comes_later(
    scene: SceneFacet, qtbot: QtBot
) -> None:
    feature = picked(scene, qtbot)
    assert feature is not None and feature.properties == HOUSES[SCHOOL]
    assert feature.layer_id == LAYER and round(feature.top - feature.bottom) == 16
    plain = color(scene)
    scene.features.highlight(feature, "#0000ff")
    qtbot.waitUntil(lambda: color(scene)[2] > plain[2] + 30, timeout=SLOW)
    process = view_of(scene).process
    before = process.process_id
    os.kill(before, signal.SIGKILL)
    qtbot.waitUntil(lambda: process.process_id not in (0, before) and process.ready is not None, timeout=SLOW)
    settle(scene, qtbot)
    qtbot.waitUntil(lambda: color(scene)[2] > plain[2] + 30, timeout=SLOW)
    scene.features.highlight(None)
    qtbot.waitUntil(lambda: (color(scene) == plain).all(), timeout=SLOW)


def test_a_click_through_a_cut_finds_what_is_behind_it(scene: SceneFacet, qtbot: QtBot) -> None:
    front = view_of(scene).hit(240, 180)
    assert front is not None
    pose = scene.pose
    place = ScenePlace(lon=pose.lon, lat=pose.lat, height=pose.height)
    scene.shape.cut = CutPlane(place=place, heading=180.0)  # its south is gone
    qtbot.waitUntil(lambda: (at := view_of(scene).hit(240, 180)) is not None and at[1] > 0.1, timeout=SLOW)
    settle(scene, qtbot)
    behind = picked(scene, qtbot)
    assert front[1] < -5 and behind is not None and behind.properties == HOUSES[SCHOOL]


def test_a_feature_is_found_by_the_ring_that_it_stands_in(scene: SceneFacet, qtbot: QtBot) -> None:
    seen = picked(scene, qtbot)
    assert seen is not None
    assert answered(scene.features.within(seen.ring), qtbot) == seen
    aside = [(lon + 0.01, lat) for lon, lat in seen.ring]
    assert answered(scene.features.within(aside), qtbot) is None


def test_rules_count_what_they_hold_for(scene: SceneFacet, qtbot: QtBot) -> None:
    features = scene.features
    assert {field.name for field in features.tally(LAYER).fields} == set(HOUSES[0])
    rules = [FeatureRule(line="层数 < 5", color="#ff0000"), FeatureRule(line="storeys > 3", color="#00ff00")]
    features.color(LAYER, rules)
    qtbot.waitUntil(lambda: list(features.tally(LAYER).counts) == [2, 0], timeout=SLOW)
    assert list(features.tally(LAYER).faults) == ["", "storeys"]
    qtbot.waitUntil(lambda: color(scene)[0] > color(scene)[1] + 60, timeout=SLOW)


def test_nobody_answers_without_a_window(beside: MapView) -> None:
    facet = SceneFacet(beside)
    question = facet.features.pick(ScenePlace(lon=0.0, lat=0.0, height=0.0))
    with pytest.raises(StopIteration) as answer:
        question.send(None)
    assert answer.value.value is None
    facet.close()
