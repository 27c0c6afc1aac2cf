"""The panel of duty: the rota by keyboard, undo, who is on now, hand-over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QTableView

from console.model.records import Duty, Staff
from console.sdk.ui import RecordTable
from console.testing import Console, MemoryBackend

GRID = "320302001001001"
MONDAY = date.today() - timedelta(days=date.today().weekday())
DAYS = [(MONDAY + timedelta(days=n)).isoformat() for n in range(7)]
FREE = {"shift": None, "lead": False, "substitute": "", "standard": False, "leave": False}
SHIFTS = [
    {"id": "day", "name_zh": "白班", "name_en": "Day", "starts": 480, "ends": 1200},
    {"id": "night", "name_zh": "夜班", "name_en": "Night", "starts": 1200, "ends": 480},
]


def line(staff: str, name: str) -> dict[str, Any]:
    cells = [dict(FREE) for _ in DAYS]
    cells[0] |= {"shift": "day", "lead": True}
    return {"staff": staff, "name": name, "area": GRID, "role": "grid_worker", "cells": cells}


@pytest.fixture
def duty(
    activate: Callable[..., Console], backend: MemoryBackend, panel: Callable[[str], Any]
) -> tuple[Any, MemoryBackend]:
    week = {"days": DAYS, "shifts": SHIFTS, "lines": [line("s1", "王建国"), line("s2", "李秀英")], "total": 2}
    entry = {"staff": "s1", "name": "王建国", "area": GRID, "role": "grid_leader"}
    backend.answer("GET", "/staff/duty/week", week)
    backend.answer(
        "GET", "/staff/duty/now", [entry | {"shift": "day", "lead": True, "why": "rota", "until": 1.8e9}]
    )
    backend.answer("GET", "/staff/duty/leave", [])
    note = {"id": "h1", "area": GRID, "shift": "", "note": "路灯未修复", "by_name": "张三", "at": 1.79e9}
    backend.answer("GET", "/staff/duty/handovers", [note | {"taken_by": "", "taken_at": None}])
    console = activate("grids", "staff")
    console.put("staff", Staff(id="s1", handle=1, name="王建国", area=GRID, duty=Duty.ON, version=1))
    console.clock.advance(0.1)
    made = panel("onemap.staff.duty")
    console.clock.advance(0.1)
    return made, backend


def table(panel: Any, heading: str) -> RecordTable:
    """The table that has a column of that title."""
    return next(
        found
        for found in panel.findChildren(RecordTable)
        if heading in [column.title for column in found.view.model().columns]
    )


def grid(panel: Any) -> QTableView:
    return next(v for v in panel.findChildren(QTableView) if v.accessibleName() == "本周排班")


def sent(backend: MemoryBackend, method: str) -> list[Any]:
    return [(request.path, request.body) for request in backend.requests if request.method == method]


def test_who_is_on_and_who_leads_is_said(duty: Any) -> None:
    panel, _ = duty
    assert [entry["staff"] for entry in table(panel, "依据").shown] == ["s1"]
    said = "\n".join(label.text() for label in panel.findChildren(QLabel))
    assert "在岗 1 人，带班：王建国（黄楼街道）" in said


def test_keys_fill_the_rota_and_ctrl_z_takes_it_back(duty: Any, qtbot: Any) -> None:
    panel, backend = duty
    panel.tabs.turn(1)
    before = [{"staff": "s2", "day": DAYS[6], "shift": None}]
    backend.answer("PUT", "/staff/duty/week", {"before": before})
    view = grid(panel)
    assert view.model().index(0, 0).data() == "★ 白班"
    view.setCurrentIndex(view.model().index(1, 6))
    qtbot.keyClick(view, Qt.Key.Key_2)
    path, body = sent(backend, "PUT")[-1]
    assert path == "/staff/duty/week"
    cell = {"staff": "s2", "day": DAYS[6], "shift": "night", "lead": False, "substitute": ""}
    assert body["cells"] == [cell]
    assert (view.currentIndex().row(), view.currentIndex().column()) == (1, 6)
    qtbot.keyClick(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert sent(backend, "PUT")[-1][1] == {"cells": before}


def test_several_cells_at_once_and_no_day_that_is_over(duty: Any, qtbot: Any) -> None:
    panel, backend = duty
    backend.answer("PUT", "/staff/duty/week", {"before": []})
    panel.tabs.turn(1)
    view = grid(panel)
    view.selectAll()
    qtbot.keyClick(view, Qt.Key.Key_0)
    cells = sent(backend, "PUT")[-1][1]["cells"]
    assert {cell["day"] for cell in cells} == {day for day in DAYS if day >= date.today().isoformat()}
    assert {cell["shift"] for cell in cells} == {""}


def test_a_leaders_word_needs_its_reason(duty: Any, qtbot: Any) -> None:
    panel, backend = duty
    table(panel, "依据").select_key("s1")
    off = next(b for b in panel.findChildren(QPushButton) if b.text() == "离岗")
    reason = next(e for e in panel.findChildren(QLineEdit) if "理由" in e.accessibleName())
    off.click()
    assert not sent(backend, "POST")
    reason.setText("身体不适")
    off.click()
    assert sent(backend, "POST") == [("/staff/s1/duty", {"duty": "off", "reason": "身体不适"})]


def test_the_next_shift_takes_over(duty: Any) -> None:
    panel, backend = duty
    panel.tabs.turn(3)
    table(panel, "接班情况").select_key("h1")
    next(b for b in panel.findChildren(QPushButton) if b.text() == "接班确认").click()
    assert sent(backend, "POST") == [("/staff/duty/handovers/h1/take", None)]
