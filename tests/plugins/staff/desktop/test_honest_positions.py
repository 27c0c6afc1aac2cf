"""What is said of a position: source, floor, remarks; the ghost of who is overdue; late fixes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from console.model.alarms import Alarm, AlarmKind
from console.model.records import Duty, Staff
from console.sdk import PositionFlag, PositionSource
from console.sdk.ui import RecordTable
from console.testing import Console, MemoryBackend
from plugins.staff.desktop.ghosts import reckon
from plugins.staff.desktop.states import STALE_SPRITE
from plugins.staff.desktop.trail import join_trails

GRID = "320302001001001"
WALKER = Staff(id="s1", handle=1, name="王建国", area=GRID, duty=Duty.ON, version=1)
PLACE = (117.2, 34.26)
POSITIONS, REMARKS, GHOSTS = (f"onemap.staff.{name}" for name in ("positions", "remarks", "ghosts"))


@pytest.fixture
def staff(activate: Callable[..., Console], backend: MemoryBackend, monkeypatch: Any) -> Console:
    backend.answer("GET", "/staff/s1/trail", {"points": []})
    console = activate("grids", "staff")
    console.put("staff", WALKER)
    return console


def report(console: Console, move: Callable[..., None], age: float = 2.0, **columns: Any) -> None:
    """A fix of the walker, *age* seconds old."""
    now = console.live.server_time
    given = {"lon": PLACE[0], "lat": PLACE[1], "speed": 1.5, "heading": 90.0} | columns
    move(handle=[1], time=[now - age], **{name: [value] for name, value in given.items()})
    console.clock.advance(0.1)


def text_of(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


@pytest.mark.parametrize(
    ("flag", "short", "whole"),
    [
        (PositionFlag.MOCK, "模拟定位", "非实测位置：手动设置或模拟定位"),
        (PositionFlag.UNVOUCHED, "未证实", "发送方身份未证实"),
        (PositionFlag.LOW_BATTERY, "电量低", "电量低"),
        (PositionFlag.AWAY, "断线", "连接中断"),
        (PositionFlag.FUTURE, "时钟超前", "设备时钟超前"),
    ],
)
def test_map_table_and_details_say_what_is_wrong_with_a_fix(
    staff: Console,
    move: Callable[..., None],
    panel: Callable[[str], Any],
    flag: PositionFlag,
    short: str,
    whole: str,
) -> None:
    report(staff, move, flags=int(flag), source=int(PositionSource.MESH), floor=-2.0)
    assert staff.layer(REMARKS).columns["keys"].tolist() == [1]
    assert list(staff.layer(POSITIONS).labels) == [f"王建国 · {short}"]
    assert whole in staff.layer(POSITIONS).tooltip(0) or short in staff.layer(POSITIONS).tooltip(0)
    widget = panel("onemap.staff.staff")
    staff.selection.select("staff", "s1")
    model = widget.findChild(RecordTable).view.model()
    cells = [model.index(0, column).data() for column in range(model.columnCount())]
    assert (cells[4], cells[-1]) == (short, "TAK 组播")
    said = text_of(widget)
    assert whole in said and "TAK 组播" in said and "地下 2 层" in said


def test_a_place_greys_and_says_its_age_when_nothing_comes_any_more(
    staff: Console, move: Callable[..., None], panel: Callable[[str], Any]
) -> None:
    report(staff, move, age=60)
    layer = staff.layer(POSITIONS)
    assert (layer.columns["sprite"].tolist(), layer.columns["opacity"][0] < 1) == ([STALE_SPRITE], True)
    assert list(layer.labels) == ["王建国 · 1 分钟前"]
    staff_table = panel("onemap.staff.staff").findChild(RecordTable)
    assert staff_table.shown[0].id == "s1"
    report(staff, move, age=1)
    assert staff.layer(POSITIONS).columns["opacity"].tolist() == [1.0]
    assert list(staff.layer(POSITIONS).labels) == ["王建国"]


def test_a_plain_fix_has_no_remark(staff: Console, move: Callable[..., None]) -> None:
    report(staff, move)
    assert not len(staff.layer(REMARKS).lon)
    assert list(staff.layer(POSITIONS).labels) == ["王建国"]


def test_who_left_their_range_is_marked_until_they_are_back(
    staff: Console, move: Callable[..., None]
) -> None:
    report(staff, move)
    alarm = Alarm(id="a1", kind=AlarmKind.LEFT_RANGE, staff="s1", area=GRID, since=1.0, version=1)
    staff.put("alarm", alarm)
    staff.clock.advance(0.1)
    assert list(staff.layer(POSITIONS).labels) == ["王建国 · 超范围"]
    staff.put("alarm", replace(alarm, ended=2.0, version=2))
    staff.clock.advance(0.1)
    assert list(staff.layer(POSITIONS).labels) == ["王建国"]


def test_only_the_ghost_goes_on_and_only_for_half_a_minute(
    staff: Console, move: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    report(staff, move, age=0.0)
    begun = staff.live.server_time
    shown: dict[float, list[float]] = {}
    for later in (5.0, 20.0, 29.0, 31.0):
        monkeypatch.setattr(type(staff.live), "server_time", property(lambda _, at=begun + later: at))
        staff.clock.advance(1.1)
        layer = staff.layer(GHOSTS)
        shown[later] = (layer.lon if layer.lon is not None else np.zeros(0)).tolist()
        assert staff.layer(POSITIONS).lon.tolist() == [PLACE[0]]
    assert shown[5.0] == [] and shown[31.0] == []
    metres = (shown[20.0][0] - PLACE[0]) * 111_195 * np.cos(np.radians(PLACE[1]))
    assert metres == pytest.approx(30.0, abs=0.5)
    assert shown[29.0][0] > shown[20.0][0]
    assert staff.layer(GHOSTS).columns["opacity"].tolist() == []


@pytest.mark.parametrize("fix", [{"speed": 0.1}, {"heading": np.nan}, {"flags": int(PositionFlag.JUMP)}])
def test_who_stands_or_is_in_doubt_has_no_ghost(
    staff: Console, move: Callable[..., None], fix: dict[str, Any]
) -> None:
    report(staff, move, age=15.0, **fix)
    staff.clock.advance(1.1)
    layer = staff.layer(GHOSTS)
    assert layer.lon is None or not len(layer.lon)


def test_reckoning_goes_the_way_of_the_compass() -> None:
    zero = np.zeros(4)
    lon, lat = reckon(zero, zero, 10.0, np.array([0.0, 90.0, 180.0, 270.0]), 11.1195)
    assert np.allclose(lon, [0, 0.001, 0, -0.001], atol=1e-9)
    assert np.allclose(lat, [0.001, 0, -0.001, 0], atol=1e-9)


def test_late_fixes_take_their_place_in_the_trail() -> None:
    live = np.array([[117.1, 34.0, 10.0], [117.3, 34.0, 30.0]])
    history = np.array([[117.0, 34.0, 0.0], [117.1, 34.0, 10.0], [117.2, 34.0, 20.0]])
    assert join_trails(history, live)[:, 0].tolist() == [117.0, 117.1, 117.2, 117.3]


def test_a_late_fix_appears_in_the_trail_that_is_shown(
    staff: Console, move: Callable[..., None], backend: MemoryBackend
) -> None:
    now = staff.live.server_time
    report(staff, move, age=20.0)
    report(staff, move, age=0.0, lon=117.21)
    staff.selection.select("staff", "s1")
    staff.clock.advance(0.1)
    backend.answer("GET", "/staff/s1/trail", {"points": [[117.205, 34.27, now - 10]]})
    staff.clock.advance(21)
    (line,) = staff.layer("onemap.staff.trail").shapes["trail"]
    assert list(line.points) == [PLACE, (117.205, 34.27), (117.21, 34.26)]
