"""The staff plugin in a console: map, table, selection, alarms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton

from console.model.records import Duty, Staff
from console.sdk import PositionFlag, Severity
from console.sdk.ui import Chips, RecordTable
from console.testing import Console
from plugins.staff.desktop.states import DOUBTFUL_SPRITE, SPRITE_OF, State
from plugins.staff.desktop.trail import join_trails, trail_lines

GRID = "320302001001001"
PEOPLE = [
    Staff(id="s1", handle=1, name="王建国", area=GRID, duty=Duty.ON, phone="138****0001", version=1),
    Staff(id="s2", handle=2, name="李秀英", area=GRID, duty=Duty.ON, job="o1", version=1),
    Staff(id="s3", handle=3, name="赵敏", area="320302001001002", duty=Duty.OFF, version=1),
]
LAYER = "onemap.staff.positions"


@pytest.fixture
def staff(activate: Callable[..., Console], move: Callable[..., None]) -> Console:
    console = activate("grids", "staff")
    console.put("staff", *PEOPLE)
    now = console.live.server_time
    move(
        handle=[1, 2, 3],
        lon=[117.2, 117.21, 117.22],
        lat=[34.26, 34.26, 34.26],
        time=[now - 2, now - 2, now - 2],
        speed=[1.5, 0.0, 1.0],
        heading=[90.0, 0.0, 0.0],
        accuracy=[8.0, 5.0, 5.0],
        battery=[0.5, 0.9, 0.9],
    )
    return console


def table_of(widget: Any) -> RecordTable:
    return widget.findChild(RecordTable)


def text_of(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def test_those_on_duty_are_drawn_by_state_and_movers_have_an_arrow(staff: Console) -> None:
    layer = staff.layer(LAYER)
    assert layer.columns["keys"].tolist() == [1, 2]
    assert layer.columns["sprite"].tolist() == [SPRITE_OF[State.ON_DUTY], SPRITE_OF[State.ON_JOB]]
    assert list(layer.labels) == ["王建国", "李秀英"]
    arrows = staff.layer("onemap.staff.headings")
    assert arrows.columns["keys"].tolist() == [1]
    assert arrows.columns["heading"].tolist() == [90.0]


def test_a_jump_is_drawn_faded_at_the_last_good_place(staff: Console, move: Callable[..., None]) -> None:
    now = staff.live.server_time
    move(handle=[1], lon=[100.0], lat=[20.0], time=[now], flags=[int(PositionFlag.JUMP)])
    layer = staff.layer(LAYER)
    assert layer.lon[0] == 117.2
    assert layer.columns["sprite"][0] == DOUBTFUL_SPRITE
    assert layer.columns["opacity"][0] < 1
    assert "不可信" in layer.tooltip(0)


def test_silence_is_seen_without_a_single_message(staff: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    later = staff.live.server_time + 121
    monkeypatch.setattr(type(staff.live), "server_time", property(lambda _: later))
    staff.clock.advance(6)
    assert set(staff.layer(LAYER).columns["sprite"].tolist()) == {SPRITE_OF[State.SILENT]}


def test_sos_is_told_once_with_a_way_there_and_drawn_above_all(staff: Console) -> None:
    staff.put("staff", replace(PEOPLE[2], sos=True, version=2))
    staff.clock.advance(0.1)
    alarms = [n for n in staff.notifications if n.severity is Severity.ERROR]
    assert len(alarms) == 1
    assert "赵敏" in alarms[0].text
    assert "民主二网格" in alarms[0].text
    rings = staff.layer("onemap.staff.sos")
    assert rings.lon.tolist() == [117.22, 117.22]
    before = rings.columns["sprite"].tolist()
    staff.clock.advance(0.3)
    assert rings.columns["sprite"].tolist() != before  # it pulses
    alarms[0].action[1]()
    assert staff.selection.current == ("staff", "s3")
    assert staff.map.center == (117.22, 34.26)
    staff.put("staff", replace(PEOPLE[2], version=3))
    staff.clock.advance(0.3)
    assert len(rings.lon) == 0


def test_f9_steps_through_the_calls(staff: Console) -> None:
    staff.put("staff", *(replace(p, sos=True, version=2) for p in PEOPLE[:2]))
    staff.clock.advance(0.1)
    seen = []
    for _ in range(3):
        staff.run("onemap.staff.next_sos")
        seen.append(staff.selection.current[1])
    assert seen == ["s1", "s2", "s1"]


def test_table_and_map_are_in_step(staff: Console, panel: Callable[[str], Any]) -> None:
    widget = panel("onemap.staff.staff")
    table = table_of(widget)
    assert [p.id for p in table.shown] == ["s1", "s2"]
    staff.layer(LAYER).click(1)
    assert table.selected_key == "s2"
    assert staff.layer(LAYER).selected == [1]
    table.view.selectRow(0)
    assert staff.selection.current == ("staff", "s1")
    assert staff.layer(LAYER).selected == [0]
    shown = text_of(widget)
    assert "138****0001" in shown
    assert "民主一网格" in shown
    assert "± 8 米" in shown


def test_chips_count_and_filter(staff: Console, panel: Callable[[str], Any]) -> None:
    widget = panel("onemap.staff.staff")
    chips = widget.findChild(Chips)
    assert "离岗 1" in [b.text() for b in chips._buttons.values()]
    chips._buttons["OFF_DUTY"].click()
    assert [p.id for p in table_of(widget).shown] == ["s1", "s2", "s3"]
    assert staff.layer(LAYER).columns["keys"].tolist() == [1, 2, 3]


def test_only_in_view_follows_the_map(staff: Console, panel: Callable[[str], Any]) -> None:
    staff.map.center_on(117.2, 34.26, 16)
    widget = panel("onemap.staff.staff")
    box = next(b for b in widget.findChildren(QCheckBox) if b.text() == "仅当前视图")
    box.setChecked(True)
    assert [p.id for p in table_of(widget).shown] == ["s1"]
    assert staff.layer(LAYER).columns["keys"].tolist() == [1, 2]  # the map itself isn't cut


def test_unmasking_needs_a_reason_and_ends(
    staff: Console, panel: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    staff.backend.answer("POST", "/staff/s1/unmask", {"phone": "13800000001"})
    staff.selection.select("staff", "s1")
    widget = panel("onemap.staff.staff")
    field = next(f for f in widget.findChildren(QLineEdit) if "审计" in f.placeholderText())
    show = next(b for b in widget.findChildren(QPushButton) if b.text() == "显示电话")
    show.click()
    assert not [r for r in staff.backend.requests if r.method == "POST"]
    field.setText("联系核实火情")
    show.click()
    assert staff.backend.requests[-1].body == {"reason": "联系核实火情", "fields": ["phone"]}
    assert "13800000001" in text_of(widget)
    staff.selection.select("staff", "s2")
    assert "13800000001" not in text_of(widget)


def test_unmasking_is_not_offered_without_the_right(staff: Console, panel: Callable[[str], Any]) -> None:
    staff.backend.rights = {"staff.read"}
    staff.selection.select("staff", "s1")
    widget = panel("onemap.staff.staff")
    show = next(b for b in widget.findChildren(QPushButton) if b.text() == "显示电话")
    assert not show.isVisible()


def test_follow_and_stop(staff: Console) -> None:
    staff.run("onemap.staff.follow")
    assert staff.notifications[-1].text == "请先选择人员"
    staff.selection.select("staff", "s2")
    staff.run("onemap.staff.follow")
    assert staff.map.followed[1] == 2
    staff.run("onemap.staff.stop_following")
    assert staff.map.followed[1] is None


def test_trail_joins_what_the_backend_and_this_console_know(
    staff: Console, move: Callable[..., None]
) -> None:
    now = staff.live.server_time
    history = [[117.18, 34.26, now - 60], [117.19, 34.26, now - 30]]
    staff.backend.answer("GET", "/staff/s1/trail", {"points": history})
    staff.selection.select("staff", "s1")
    move(handle=[1], lon=[117.201], lat=[34.26], time=[now - 1])
    line = staff.layer("onemap.staff.trail").shapes["trail"][0]
    assert [p[0] for p in line.points] == [117.18, 117.19, 117.2, 117.201]
    staff.run("onemap.staff.trail")
    assert not staff.layer("onemap.staff.trail").shapes


def test_trail_is_broken_where_nobody_knows_the_way() -> None:
    points = np.array([[1.0, 1, 0], [2, 1, 10], [3, 1, 400], [4, 1, 410], [9, 1, 2000]])
    assert trail_lines(points, 0) == [[(1.0, 1.0), (2.0, 1.0)], [(3.0, 1.0), (4.0, 1.0)]]
    live = np.array([[4.5, 1, 405.0]])
    assert join_trails(points, live)[:, 2].tolist() == [0, 10, 400, 405, 410, 2000]


def test_export_writes_what_is_shown_without_phones(
    staff: Console, panel: Callable[[str], Any], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "plugins.staff.desktop.panel.QStandardPaths.writableLocation", lambda _: str(tmp_path)
    )
    widget = panel("onemap.staff.staff")
    next(b for b in widget.findChildren(QPushButton) if b.text() == "CSV").click()
    (path,) = tmp_path.glob("*.csv")
    text = path.read_text("utf-8-sig")
    assert "王建国" in text
    assert "赵敏" not in text
    assert "138" not in text
    assert staff.notifications[-1].severity is Severity.SUCCESS


def test_without_the_grids_plugin_areas_are_shown_by_code(
    activate: Callable[..., Console], panel: Callable[[str], Any]
) -> None:
    console = activate("staff")
    console.put("staff", *PEOPLE)
    console.clock.advance(0.1)
    console.selection.select("staff", "s1")
    assert GRID in text_of(panel("onemap.staff.staff"))


def test_switching_off_takes_everything_back(staff: Console) -> None:
    staff.host.deactivate("onemap.staff")
    assert not [layer for layer in staff.map.layers_by_id if layer.startswith("onemap.staff")]
    staff.clock.advance(30)
