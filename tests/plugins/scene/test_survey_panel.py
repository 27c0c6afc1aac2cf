"""Profiles, sections and volumes asked in the panel and shown in the scene and on the map."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QStandardPaths, Qt
from PySide6.QtGui import QAction, QGuiApplication, QImage
from PySide6.QtWidgets import (
    QApplication,
    QDoubleSpinBox,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QToolButton,
)

from console.sdk.scene import ScenePlace
from console.sdk.ui.theming import TOKENS_PROPERTY
from console.tasks.pending import Pending
from console.testing import Console
from plugins.scene.desktop.survey_chart import SurveyChart
from plugins.scene.desktop.survey_panel import SurveyPanel
from plugins.scene.desktop.survey_scale import scale_of, thinned, ticks

LAYER = "onemap.scene.surveyed"
HERE = [
    ScenePlace(lon=lon, lat=lat, height=40.0)
    for lon, lat in ((117.2, 34.26), (117.201, 34.26), (117.201, 34.261))
]
PROFILE, SECTION, VOLUME = range(3)


@pytest.fixture
def opened(console: Console, activate: Callable[..., Any], panel: Callable[..., Any]) -> SurveyPanel:
    """The user draws HERE."""
    activate("scene")
    console.scene.answer = HERE
    shown = panel("onemap.scene.survey")
    assert shown.findChild(QStackedWidget).currentIndex() == 0
    return shown


def press(panel: SurveyPanel, console: Console, at: int) -> None:
    panel.findChildren(QPushButton)[at].click()
    console.clock.advance(0.1)


def texts(panel: SurveyPanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel)]


def test_a_profile_is_a_chart_with_numbers_and_lies_on_map_and_scene(opened: SurveyPanel, console: Console):
    press(opened, console, PROFILE)
    assert console.scene.survey.asked == [("profile", HERE)]
    assert {"100.0 m", "40.00 – 62.00 m", "22.00 m", "21.50 m"} <= set(texts(opened))
    (drawn,) = console.map.layers_by_id[LAYER].shapes["drawn"]  # it lies on the models, too
    assert (drawn.kind, list(drawn.points)) == ("line", [(place.lon, place.lat) for place in HERE])
    chart: Any = opened.findChild(SurveyChart)
    assert chart.isVisible()


def test_the_place_under_the_pointer_is_shown_in_the_scene_and_on_the_map(
    opened: SurveyPanel, console: Console, qtbot: Any
):
    press(opened, console, SECTION)
    chart: Any = opened.findChild(SurveyChart)
    qtbot.keyClick(chart, Qt.Key.Key_End)
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    for _ in range(50):
        qtbot.keyClick(chart, Qt.Key.Key_Right)
    marks, shapes = console.scene.marks[LAYER], console.map.layers_by_id[LAYER].shapes
    assert (marks.shown["point"][0].lon, marks.shown["point"][0].height) == (117.2005, 62.0)
    assert "50.0 m" in marks.texts["point"]
    assert "62.00 m" in marks.texts["point"]
    assert shapes["point"][0].points == [(117.2005, 34.26)]
    chart.clearFocus()
    chart.pointed.emit(None)
    assert "point" not in marks.shown
    assert "point" not in shapes


@pytest.fixture
def inks(qapp: QApplication) -> Iterator[None]:
    """Colours that differ, as themes have them."""
    before = qapp.property(TOKENS_PROPERTY)
    qapp.setProperty(TOKENS_PROPERTY, {"surface.input": "#000000"})
    yield
    qapp.setProperty(TOKENS_PROPERTY, before)


@pytest.mark.usefixtures("inks")
def test_a_section_is_drawn_where_its_pieces_are(opened: SurveyPanel, console: Console):
    """Without its wall and roof only their columns of the picture are others."""
    press(opened, console, SECTION)
    chart: Any = opened.findChild(SurveyChart)
    with_wall: QImage = chart.picture()
    console.scene.survey.found_pieces = np.empty((0, 2, 2))
    press(opened, console, SECTION)
    without: QImage = chart.picture()
    changed = [
        x
        for x in range(with_wall.width())
        if any(with_wall.pixel(x, y) != without.pixel(x, y) for y in range(with_wall.height()))
    ]
    share = np.array([changed[0], changed[-1]]) / with_wall.width()
    assert share == pytest.approx([0.47, 0.564], abs=0.005)


def test_a_volume_is_counted_again_for_another_base(opened: SurveyPanel, console: Console, qtbot: Any):
    press(opened, console, VOLUME)
    shown = " ".join(texts(opened))
    assert "1.23 万m³（12,346 m³）" in shown
    assert "78.9 m³" in shown
    assert console.map.layers_by_id[LAYER].shapes["drawn"][0].kind == "polygon"
    level = next(chip for chip in opened.findChildren(QToolButton) if chip.text() == "固定标高")
    level.click()
    console.clock.advance(0.1)
    assert console.scene.survey.asked[-1] == ("volume", HERE, 40.5)
    (height,) = opened.findChildren(QDoubleSpinBox)
    height.setValue(45.25)
    qtbot.waitUntil(lambda: console.scene.survey.asked[-1] == ("volume", HERE, 45.25), timeout=20_000)
    assert "45.25 m" in texts(opened)


def test_numbers_are_copied_and_exported(
    opened: SurveyPanel, console: Console, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _where: str(tmp_path / "documents"))
    press(opened, console, PROFILE)
    by_text = {action.text(): action for action in opened.findChildren(QAction)}
    by_text["复制数值"].trigger()
    assert "水平长度\t100.0 m" in QGuiApplication.clipboard().text()
    by_text["导出 CSV"].trigger()
    by_text["导出图片（PNG）"].trigger()

    def lines() -> list[str]:
        """What is written so far."""
        found = list((tmp_path / "documents").glob("*.csv"))
        return found[0].read_text("utf-8-sig").splitlines() if found else []

    qtbot.waitUntil(lambda: len(lines()) > 2, timeout=20_000)
    qtbot.waitUntil(lambda: len(list((tmp_path / "documents").glob("*.png"))) == 1, timeout=20_000)
    (picture,) = (tmp_path / "documents").glob("*.png")
    assert lines()[2] == "50.000,117.20050000,34.26000000,62.000,40.500"
    qtbot.waitUntil(lambda: QImage(str(picture)).width() >= 2000, timeout=20_000)


def test_what_is_refused_is_said_and_the_result_before_stays_until_it_is_removed(
    opened: SurveyPanel, console: Console
):
    press(opened, console, PROFILE)
    console.scene.survey.fault = "剖面线上没有模型、建筑或地形"
    press(opened, console, SECTION)
    assert {console.scene.survey.fault, "100.0 m"} <= set(texts(opened))
    console.scene.answer = None
    press(opened, console, VOLUME)  # Escape
    assert len(console.scene.survey.asked) == 2
    by_text = {action.text(): action for action in opened.findChildren(QAction)}
    by_text["清除结果"].trigger()
    stack: Any = opened.findChild(QStackedWidget)
    assert stack.currentIndex() == 0
    assert not console.scene.marks[LAYER].shown
    assert not console.map.layers_by_id[LAYER].shapes


def test_what_takes_long_shows_how_far_it_is_and_can_be_given_up(
    opened: SurveyPanel, console: Console, monkeypatch: pytest.MonkeyPatch
):
    press(opened, console, VOLUME)
    asked: Future[Any] = Future()

    async def slow(_line: object, *, on_progress: Callable[[float], object]) -> Any:
        on_progress(0.4)
        return await Pending(asked)

    monkeypatch.setattr(console.scene.survey, "profile", slow)
    press(opened, console, PROFILE)
    bar: Any = opened.findChild(QProgressBar)
    assert (bar.isVisible(), bar.value() / bar.maximum()) == (True, 0.4)
    next(each for each in opened.findChildren(QPushButton) if each.text() == "取消").click()
    console.clock.advance(0.1)
    assert asked.cancelled()
    assert not bar.isVisible()
    assert "78.9 m³" in " ".join(texts(opened))  # the result before


def test_what_is_missing_is_told(opened: SurveyPanel, console: Console):
    survey = console.scene.survey
    survey.found_volume = replace(survey.found_volume, covered=800.0, unread=3)
    press(opened, console, VOLUME)
    said = " ".join(texts(opened))
    assert "20 %" in said
    assert "有 3 个模型文件无法读取" in said


def test_a_line_with_holes_and_a_flat_one_are_drawn(opened: SurveyPanel, console: Console):
    survey = console.scene.survey
    hole = np.array([40.0, np.nan, 40.0])
    survey.found_profile = replace(survey.found_profile, surface=hole, ground=np.full(3, np.nan))
    press(opened, console, PROFILE)
    chart: Any = opened.findChild(SurveyChart)
    assert not chart.picture().isNull()
    chart.pointed.emit(50.0)
    assert "point" not in console.scene.marks[LAYER].shown  # it has no height
    assert "33 %" in texts(opened)


def test_one_to_one_is_one_to_one_and_ticks_are_round():
    heights = np.array([10.0, 30.0, np.nan])
    wide = scale_of((0, 0, 400, 100), 200.0, heights, False)
    even = scale_of((0, 0, 400, 100), 200.0, heights, True)
    assert even.exaggeration == pytest.approx(1.0)
    assert wide.exaggeration == pytest.approx((100 / 22.4) / 2)
    assert even.y(np.array(20.0)) == pytest.approx(50)
    middle = QPointF(float(even.x(np.array(100.0))), 0)
    assert middle.x() == pytest.approx(200)
    assert even.along(middle.x()) == pytest.approx(100)
    assert ticks(0, 97.3, 5).tolist() == [0, 20, 40, 60, 80]
    assert ticks(425.2, 489.7, 4).tolist() == [440, 460, 480]


def test_a_line_that_is_thinned_for_the_screen_keeps_its_peaks():
    x = np.linspace(0, 50, 5_001)
    y = np.sin(x * 3.0)
    y[2_345], y[4_000] = 9.0, -9.0
    rows = thinned(x, y)
    assert {0, 2_345, 4_000, 5_000} <= set(rows.tolist())
    assert len(rows) <= 4 * 51
    assert (np.diff(rows) > 0).all()
