"""Models are aligned by hand and by pairs of places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QLineEdit, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from console.sdk import Text
from console.sdk.scene import ScenePlace
from console.testing import Console
from plugins.scene.desktop.align import AlignDesk
from plugins.scene.desktop.align_panel import AlignPanel

HERE = ScenePlace(lon=117.2, lat=34.26, height=40.0)
PAIRS = [(0.0, 0.0, 40.0), (0.001, 0.0, 40.0), (0.0, 0.001, 46.0)]
"""Degrees from HERE, and heights."""


class Kept:
    """The list of models, as far as it is asked."""

    def __init__(self, console: Console) -> None:
        self._scene = console.scene

    @property
    def models(self) -> Any:
        return self._scene.models

    def place(self, model: Any, matrix: Any) -> None:
        model.place(matrix)


@pytest.fixture
def opened(console: Console, activate: Callable[..., Any], panel: Callable[..., Any]) -> AlignPanel:
    activate("scene")
    console.scene.add_model("m", "/m", title=Text("塔", "Tower"))
    shown = panel("onemap.scene.align")
    shown._desk = AlignDesk(shown._ctx, Kept(console))  # type: ignore[arg-type]  # nothing is read from a disk
    shown._fill()
    return shown


def press(panel: AlignPanel, at: int) -> None:
    panel.findChildren(QPushButton)[at].click()


def test_fields_move_it_and_one_presses_back(opened: AlignPanel, console: Console):
    model: Any = console.scene.models[0]
    assert opened.findChild(QComboBox).count() == 1
    east, north, up, heading = opened.findChildren(QDoubleSpinBox)
    up.setValue(12.5)
    heading.setValue(90.0)
    wanted = console.scene.moved(HERE, 0.0, 0.0, 12.5, 90.0)
    assert np.array(model.matrix) == pytest.approx(np.array(wanted), abs=1e-6)
    press(opened, 3)
    assert np.array(model.matrix) == pytest.approx(np.identity(4))
    assert (east.value(), north.value(), up.value(), heading.value()) == (0, 0, 0, 0)


def test_pairs_fit_it_and_tell_what_is_left(opened: AlignPanel, console: Console, qtbot: QtBot):
    goal, said = opened.findChild(QLineEdit), opened.findChildren(QLabel)[-1]
    press(opened, 2)
    assert console.scene.models[0].matrix is None  # there are no pairs
    for number, (lon, lat, height) in enumerate(PAIRS, 1):
        console.scene.answer = [ScenePlace(lon=HERE.lon + lon, lat=HERE.lat + lat, height=40.0)]
        goal.clear()
        press(opened, 0)
        qtbot.waitUntil(lambda: bool(goal.text()))
        goal.setText(f"{HERE.lon + lon:.7f}, {HERE.lat + lat:.7f} {height:.2f}")
        QTest.keyClick(goal, Qt.Key.Key_Return)
        assert opened.findChild(QListWidget).count() == number
    press(opened, 2)
    lift = np.array(console.scene.moved(HERE, 0.0, 0.0, 2.0, 0.0))
    assert np.array(console.scene.models[0].matrix)[:3, 3] == pytest.approx(lift[:3, 3], abs=0.05)
    assert "+4.000" in said.text()
    goal.setText("34.26, 117.2 4")
    QTest.keyClick(goal, Qt.Key.Key_Return)
    assert opened.findChild(QListWidget).count() == 0
