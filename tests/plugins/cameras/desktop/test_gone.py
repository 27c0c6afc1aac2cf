"""Cameras that are gone: the list by unit with its faults, the shares online, when the backend is away."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from console.model.records import Camera
from console.sdk.ui import Chips, RecordTable, SearchField, Toolbar
from console.sdk.ui.theming import TOKENS_PROPERTY
from console.testing import Console, MemoryBackend
from plugins.cameras.desktop.gone.report import reported

GRID = "320302001001001"
PLACE = (117.2, 34.26)
CAMERAS = [
    Camera(id="c1", name="彭城广场东", area=GRID, where=PLACE, owner="公安", live=True, version=1),
    Camera(id="c2", name="彭城广场西", area=GRID, where=(117.21, 34.26), owner="公安", live=True, version=1),
    Camera(id="c3", name="学校门口", area=GRID, where=(117.22, 34.26), owner="学校", version=1),
    Camera(id="c4", name="工地塔吊", area=GRID, where=(117.23, 34.26), owner="工地", online=False, version=1),
]
DAYS = 3 * 86_400


def row(camera: Camera, state: str, fault: str, since: float) -> dict[str, Any]:
    told = {"name": camera.name, "owner": camera.owner, "area": camera.area, "checked": time.time()}
    return {"camera": camera.id, "state": state, "fault": fault, "since": since, **told}


def unit(owner: str, cameras: int, watched: int, online: int) -> dict[str, Any]:
    return {"owner": owner, "cameras": cameras, "watched": watched, "online": online, "share": None}


class Health:
    """What the backend answers; a test changes it."""

    def __init__(self, backend: MemoryBackend) -> None:
        now = time.time()
        self.gone = [
            row(CAMERAS[0], "blind", "black", now - DAYS - 60),
            row(CAMERAS[1], "refused", "sign-in", 0.0),
        ]
        self.units = [unit("公安", 2, 2, 0), unit("学校", 1, 1, 1), unit("工地", 1, 0, 0)]
        self.asked = 0
        backend.answer("GET", "/cameras/health/gone", self._gone)
        backend.answer("GET", "/cameras/health/units", lambda _: self.units)

    def _gone(self, _request: Any) -> list[dict[str, Any]]:
        self.asked += 1
        return self.gone


@pytest.fixture
def health(backend: MemoryBackend) -> Health:
    return Health(backend)


@pytest.fixture
def cameras(activate: Callable[..., Console], health: Health) -> Console:
    console = activate("grids", "cameras")
    blind = replace(CAMERAS[0], online=False, blind="black")
    console.put("camera", blind, replace(CAMERAS[1], online=False), *CAMERAS[2:])
    console.clock.advance(0.2)
    return console


@pytest.fixture
def widget(cameras: Console, panel: Callable[[str], Any]) -> Any:
    shown = panel("onemap.cameras.gone")
    cameras.clock.advance(0.2)
    return shown


def tables(widget: Any) -> tuple[RecordTable, RecordTable]:
    """Units, and the cameras that are gone."""
    units, gone = sorted(widget.findChildren(RecordTable), key=lambda each: each.view.model().columnCount())
    return units, gone


def ids(table: RecordTable) -> list[str]:
    return [each.camera for each in table.shown]


def line(table: RecordTable, key: str) -> str:
    table.select_key(key)
    return table.copy()


def labels(widget: Any) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel))


def act(widget: Any, icon_title: str) -> QAction:
    actions = [action for bar in widget.findChildren(Toolbar) for action in bar.actions()]
    return next(action for action in actions if action.text() == icon_title)


def test_each_camera_says_since_when_why_and_where(widget: Any) -> None:
    _, gone = tables(widget)
    assert ids(gone) == ["c1", "c2", "c4"]  # by unit; of unknown time last
    assert "画面异常：黑屏" in line(gone, "c1") and "3 天" in line(gone, "c1")
    assert "黄楼街道 民主社区 民主一网格" in line(gone, "c1")
    refused = line(gone, "c2")
    assert "账号或密码被拒" in refused and "未知" in refused and "1970" not in refused
    assert "登记为离线" in line(gone, "c4")  # nobody asks it


def test_units_say_how_many_are_gone_and_what_share_is_online(widget: Any) -> None:
    units, gone = tables(widget)
    assert [unit.key for unit in units.shown] == ["", "unit 公安", "unit 学校", "unit 工地"]
    assert line(units, "").split("\t") == ["全部单位", "4", "3", "33.3 % · 1/3"]
    assert line(units, "unit 工地").split("\t") == ["工地", "1", "1", "均未接入检测"]
    units.select_key("unit 公安")
    assert ids(gone) == ["c1", "c2"]
    chips = widget.findChild(Chips)
    assert [chip.text() for chip in chips._buttons.values()] == [
        "全部 2",
        "离线 0",
        "画面异常 1",
        "登录被拒 1",
    ]
    chips._buttons["blind"].click()
    assert ids(gone) == ["c1"]


@pytest.fixture
def colors(qapp: QApplication) -> Iterator[None]:
    """Tones that can be told apart."""
    before = qapp.property(TOKENS_PROPERTY)
    qapp.setProperty(TOKENS_PROPERTY, {"success": "#00ff00", "error": "#ff0000", "border": "#0000ff"})
    yield
    qapp.setProperty(TOKENS_PROPERTY, before)


def test_bars_are_as_long_as_the_shares(widget: Any, colors: None) -> None:
    units, _ = tables(widget)
    units.resize(500, 200)

    def long(at: int, tone: str) -> float:
        """Part of the width of a cell that has a colour."""
        view = units.view
        image = view.viewport().grab(view.visualRect(view.model().index(at, 3))).toImage()
        rows = range(image.height() // 2, image.height())
        return max(
            sum(image.pixelColor(x, y).name() == tone for x in range(image.width())) / image.width()
            for y in rows
        )

    assert 0.2 < long(0, "#ff0000") < 0.4 < long(0, "#0000ff")
    assert long(1, "#ff0000") == 0.0 and long(1, "#0000ff") > 0.7
    assert long(2, "#00ff00") > 0.7
    assert long(3, "#0000ff") == 0.0  # none is watched


def test_choosing_one_goes_there_and_enter_opens_its_picture(
    cameras: Console, widget: Any, panel: Callable[[str], Any], backend: MemoryBackend, qtbot: Any
) -> None:
    panel("onemap.cameras.live")
    _, gone = tables(widget)
    gone.view.selectRow(2)
    assert cameras.selection.current == ("camera", "c4")
    assert cameras.map.center[0] == pytest.approx(117.23)
    assert not act(widget, "实时画面").isEnabled()
    gone.view.selectRow(0)
    assert act(widget, "实时画面").isEnabled()
    qtbot.keyClick(gone.view, Qt.Key.Key_Return)
    assert [each.path for each in backend.requests if each.method == "POST"] == ["/cameras/c1/ticket"]


def test_it_asks_again_by_itself_while_it_is_seen(cameras: Console, widget: Any, health: Health) -> None:
    _, gone = tables(widget)
    health.gone = health.gone[:1]
    cameras.put("camera", replace(CAMERAS[1], version=2))  # it is back
    cameras.clock.advance(3.0)
    assert ids(gone) == ["c1", "c4"]
    before = health.asked
    cameras.clock.advance(65.0)
    assert health.asked == before + 2
    widget.hide()
    cameras.clock.advance(65.0)
    assert health.asked == before + 2


def test_what_was_known_stays_with_its_age_while_the_backend_is_away(
    cameras: Console, widget: Any, backend: MemoryBackend, health: Health
) -> None:
    _, gone = tables(widget)
    assert "更新于" in labels(widget)
    backend.set_connected(False)
    cameras.clock.advance(0.2)
    assert "前的情况" in labels(widget) and ids(gone) == ["c1", "c2", "c4"]
    health.gone = []
    backend.set_connected(True)
    cameras.clock.advance(0.2)
    assert "前的情况" not in labels(widget)
    assert ids(gone) == ["c1", "c2", "c4"]  # the feed says so still
    assert "离线" in line(gone, "c2")


def test_the_list_goes_out_as_text_and_as_a_table(
    widget: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    act(widget, "复制清单文字").trigger()
    text = QGuiApplication.clipboard().text()
    assert text.startswith("公安：失联 2 个\n  彭城广场东 · 画面异常：黑屏 · 自 ")
    assert "\n\n工地：失联 1 个" in text
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(tmp_path))
    act(widget, "导出 CSV").trigger()
    written = lambda: [file.read_text("utf-8-sig") for file in tmp_path.glob("*.csv")]  # noqa: E731
    qtbot.waitUntil(lambda: len("".join(written()).splitlines()) == 4, timeout=10_000)
    lines = written()[0].splitlines()
    assert len(lines) == 4 and "c1" in lines[1] and "画面异常：黑屏" in lines[1]


def test_words_find_a_camera_and_nothing_found_says_why(widget: Any, cameras: Console, qtbot: Any) -> None:
    _, gone = tables(widget)
    field = widget.findChild(SearchField)
    field.insert("黑屏")
    field.returnPressed.emit()
    assert ids(gone) == ["c1"]
    field.insert("无")
    field.returnPressed.emit()
    assert ids(gone) == [] and "请放宽筛选条件" in labels(widget)


def test_rows_of_another_release_are_left_out() -> None:
    rows = [{"camera": "x", "state": "melted"}, {"name": "no id"}, {"camera": "c3", "since": "noon"}]
    assert reported(CAMERAS[:3], rows, [{}]).gone == ()
    many = reported(CAMERAS, [row(each, "offline", "silent", 5.0) for each in CAMERAS], [])
    assert [each.owner for each in many.gone] == ["公安", "公安", "学校", "工地"]
    assert many.units[0].cameras == 4 and many.units[0].share is None
