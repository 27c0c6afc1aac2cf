"""The time of the sun is chosen in a line below the tools of the 3D view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QDate, QDateTime, Qt, QTime
from PySide6.QtTest import QTest

from console.testing import Console
from plugins.scene.desktop.sun_line import SunLine


def test_the_chosen_time_holds_until_one_goes_back_to_now(
    console: Console, activate: Callable[..., Any], panel: Callable[[str], Any]
):
    activate("scene")
    scene = console.scene
    line = panel("onemap.scene.window").findChild(SunLine)
    line.toggle()
    assert scene.sun is None  # to look at the line chooses nothing
    line.day.setDate(QDate(2026, 6, 21))
    line.hour.setValue(9 * 6)
    assert scene.sun == QDateTime(QDate(2026, 6, 21), QTime(9, 0)).toSecsSinceEpoch()
    QTest.keyClick(line.hour, Qt.Key.Key_Right)
    assert scene.sun == QDateTime(QDate(2026, 6, 21), QTime(9, 10)).toSecsSinceEpoch()
    QTest.keyClick(line.hour, Qt.Key.Key_Escape)
    assert line.isHidden() and scene.sun is not None
    line.toggle()
    assert line.day.date() == QDate(2026, 6, 21)
    QTest.mouseClick(line.now, Qt.MouseButton.LeftButton)
    assert scene.sun is None and not line.now.isEnabled()
