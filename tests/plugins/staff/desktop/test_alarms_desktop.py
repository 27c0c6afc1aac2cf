"""Alarms in the window: SOS with everything at once, quiet ones quietly, nothing under typing hands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from console.model.alarms import Alarm, AlarmKind
from console.model.records import Camera, Duty, Staff
from console.sdk import Severity
from console.sdk.ui import RecordTable
from console.testing import Console, MemoryBackend

GRID = "320302001001001"
PEOPLE = [
    Staff(id="s1", handle=1, name="王建国", area=GRID, duty=Duty.ON, phone="138****0001", version=1),
    Staff(id="s2", handle=2, name="李秀英", area=GRID, duty=Duty.ON, version=1),
    Staff(id="s3", handle=3, name="赵敏", area=GRID, duty=Duty.ON, version=1),
]
SOS = Alarm(id="a1", kind=AlarmKind.SOS, staff="s1", area=GRID, where=(117.2, 34.26), since=1.0, version=5)
SILENT = Alarm(id="a2", kind=AlarmKind.SILENT, staff="s2", area=GRID, since=1.0, version=6)


@pytest.fixture
def staff(activate: Callable[..., Console], move: Callable[..., None]) -> Console:
    console = activate("grids", "staff")
    console.put("staff", *PEOPLE)
    near = Camera(id="c1", name="路口球机", area=GRID, where=(117.2005, 34.26))
    console.put("camera", near, replace(near, id="c2", name="坏的", online=False))
    now = console.live.server_time
    move(handle=[1, 2, 3], lon=[117.2, 117.202, 117.3], lat=[34.26] * 3, time=[now - 2] * 3)
    console.map.center_on(110.0, 30.0)
    return console


def call_sos(console: Console) -> None:
    console.put("staff", replace(PEOPLE[0], sos=True, version=5))
    console.put("alarm", SOS)
    console.clock.advance(0.2)


def table(panel: Any, heading: str) -> RecordTable:
    return next(
        found
        for found in panel.findChildren(RecordTable)
        if heading in (found.view.accessibleName(), *(c.title for c in found.view.model().columns))
    )


def test_the_map_goes_to_who_calls(staff: Console) -> None:
    call_sos(staff)
    assert staff.map.center == (117.2, 34.26)


def test_nothing_moves_while_somebody_is_typing(staff: Console, qtbot: Any) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    field.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    call_sos(staff)
    assert staff.map.center == (110.0, 30.0)
    assert field.hasFocus()
    assert [n for n in staff.notifications if n.severity is Severity.ERROR]


def test_everything_about_a_call_stands_at_once(
    staff: Console, backend: MemoryBackend, panel: Callable[[str], Any]
) -> None:
    ranked = {"staff": "s3", "name": "赵敏", "metres": 900.0, "eta_seconds": 240.0, "able": True}
    backend.answer("POST", "/dispatch/rank", [ranked | {"straight_metres": 800.0}])
    backend.answer("POST", "/staff/s1/unmask", {"phone": "13800000001"})
    call_sos(staff)
    made = panel("onemap.staff.alarms")
    staff.clock.advance(0.2)
    assert staff.selection.current is None  # an alarm that comes takes nothing out of the hand
    assert [(near.id, near.seconds) for near in table(made, "附近同事").shown] == [("s3", 240.0)]
    assert [near.id for near in table(made, "附近摄像头").shown] == ["c1"]
    said = "\n".join(label.text() for label in made.findChildren(QLabel))
    assert "王建国 · 紧急求助" in said
    call = next(b for b in made.findChildren(QPushButton) if b.text() == "呼叫")
    assert not call.isEnabled()  # masked until a reason is given
    reason = next(e for e in made.findChildren(QLineEdit) if "电话的理由" in e.accessibleName())
    reason.setText("紧急求助联系本人")
    reason.returnPressed.emit()
    assert call.isEnabled()


def test_without_a_ranking_the_nearest_by_distance_are_named(
    staff: Console, panel: Callable[[str], Any]
) -> None:
    call_sos(staff)
    made = panel("onemap.staff.alarms")
    assert [near.id for near in table(made, "附近同事").shown] == ["s2", "s3"]


def test_quiet_alarms_are_counted_on_their_tab_and_neither_notify_nor_move_anything(
    staff: Console, backend: MemoryBackend, panel: Callable[[str], Any]
) -> None:
    staff.put("alarm", SILENT)
    staff.clock.advance(0.2)
    assert staff.notifications == []
    assert staff.host.panels.get("onemap.staff.alarms").badge == "1"
    assert staff.map.center == (110.0, 30.0)
    made = panel("onemap.staff.alarms")
    next(e for e in made.findChildren(QLineEdit) if e.accessibleName() == "处置情况").setText("手机没电")
    next(b for b in made.findChildren(QPushButton) if b.text() == "已知悉").click()
    assert backend.requests[-1].path == "/staff/alarms/a2/acknowledge"
    assert backend.requests[-1].body == {"note": "手机没电"}
    staff.drop("alarm", "a2")
    assert table(made, "告警").shown == []
