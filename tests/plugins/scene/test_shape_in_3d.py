"""The commands cut the pagoda where the user clicks; a window that is opened anew shows the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.map.views.view import MapView
from console.scene.facet import SceneFacet
from console.sdk import Text
from console.sdk.scene import ScenePose
from console.sdk.scene_shape import CutPlane
from console.testing import Console

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
TOWER = ScenePose(lon=108.95940, lat=34.21960, height=455.0, heading=20.0, tilt=75.0, distance=220.0)
SHAFT, SPIRE = QPoint(240, 180), QPoint(240, 120)
SLOW = 60_000


@pytest.fixture
def pagoda(console: Console, shared_data: Path, qtbot: QtBot) -> Iterator[SceneFacet]:
    """Seen from the side; its shaft is in the middle, the sky above it."""
    beside = MapView(workers=1)
    qtbot.addWidget(beside)
    scene: Any = SceneFacet(beside)
    scene.link(False)
    scene.show(TOWER)
    console.scene = scene
    scene.add_model("test.pagoda", str(shared_data / "tileset_dayanta"), title=Text("塔", "Pagoda"))
    yield scene
    scene.close()


def open_window(scene: SceneFacet, qtbot: QtBot) -> None:
    window = scene.open_window().widget
    qtbot.addWidget(window)
    window.resize(480, 360)
    window.show()
    qtbot.waitUntil(lambda: window.feed.settled and window.hit(240, 180) is not None, timeout=SLOW)


def height(scene: SceneFacet, at: QPoint) -> float:
    """Metres above the ellipsoid of what is seen there; NaN: the sky."""
    view = scene.view
    assert view is not None
    point = view.hit(at.x(), at.y())
    return np.nan if point is None else float(view.frame.geographic(point)[2])


def test_a_level_cut_takes_the_spire_and_stays_when_the_window_goes(
    pagoda: SceneFacet, console: Console, activate: Callable[..., Console], qtbot: QtBot
):
    activate("scene")
    open_window(pagoda, qtbot)
    whole, shaft = height(pagoda, SPIRE), height(pagoda, SHAFT)
    assert whole > shaft > 440
    console.run("onemap.scene.cut_level")
    assert pagoda.view is not None
    QTest.mouseClick(pagoda.view, LEFT, NONE, SHAFT)
    cut = pagoda.shape.cut
    assert isinstance(cut, CutPlane) and cut.pitch == 90
    assert cut.place.height == pytest.approx(shaft, abs=0.5)
    qtbot.waitUntil(lambda: not height(pagoda, SPIRE) > shaft, timeout=SLOW)
    open_window(pagoda, qtbot)
    assert not height(pagoda, SPIRE) > shaft
    console.run("onemap.scene.uncut")
    qtbot.waitUntil(lambda: height(pagoda, SPIRE) == pytest.approx(whole, abs=0.5), timeout=SLOW)
