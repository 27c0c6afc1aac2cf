"""Editors of shifts, watch rules and activity ranges in the panel of duty: keyboard, map, undo."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPushButton, QSpinBox

from console.model.records import Duty, Role, Staff, User
from console.sdk.ui import RecordTable
from console.testing import Console, MemoryBackend

STREET, GRID, BESIDE = "320302001", "320302001001001", "320302001001002"
DAY = {"id": "day", "name_zh": "白班", "name_en": "Day", "starts": 480, "ends": 1200}
NIGHT = {"id": "night", "name_zh": "夜班", "name_en": "Night", "starts": 1200, "ends": 480}
RANGE = {"staff": "s1", "name": "王建国", "area": GRID, "role": "grid_worker", "areas": [GRID]}
NEW_ID = uuid.UUID(int=1 << 127)
SQUARE = [[[117.15, 34.25], [117.16, 34.25], [117.16, 34.26], [117.15, 34.25]]]


@pytest.fixture
def limits(
    activate: Callable[..., Console], backend: MemoryBackend, panel: Callable[[str], Any]
) -> tuple[Any, MemoryBackend, Console]:
    for path in ("week", "now", "leave", "handovers"):
        empty = {"days": [], "shifts": [], "lines": [], "total": 0} if path == "week" else []
        backend.answer("GET", f"/staff/duty/{path}", empty)
    backend.answer("GET", "/staff/duty/shifts", [DAY, NIGHT])
    backend.answer("GET", "/staff/alarms/rules", {"*": {"silent_minutes": 10, "range_digits": 9}})
    backend.answer("GET", "/staff/alarms/ranges", [RANGE])
    backend.answer("GET", f"/areas/{GRID}/outline", {"code": GRID, "polygons": [SQUARE]})
    backend.answer("GET", "/staff/s1/trail", {"points": []})
    console = activate("grids", "staff")
    for staff in ("s1", "s2"):
        backend.answer("PUT", f"/staff/{staff}/range", {"areas": []})
    console.put("staff", Staff(id="s1", handle=1, name="王建国", area=GRID, duty=Duty.ON, version=1))
    console.put("staff", Staff(id="s2", handle=2, name="李秀英", area=GRID, duty=Duty.ON, version=1))
    made = panel("onemap.staff.duty")
    console.clock.advance(0.1)
    return made, backend, console


def table(widget: Any, heading: str) -> RecordTable:
    return next(
        found
        for found in widget.findChildren(RecordTable)
        if heading in [column.title for column in found.view.model().columns]
    )


def tab(panel: Any, title: str) -> None:
    next(chip for chip in panel.tabs.chips.findChildren(QAbstractButton) if chip.text() == title).click()


def sent(backend: MemoryBackend) -> list[tuple[str, str, Any]]:
    return [(r.method, r.path, r.body) for r in backend.requests if r.method != "GET"]


def press(widget: Any, text: str) -> None:
    next(b for b in widget.findChildren(QPushButton) if b.text() == text and b.isVisible()).click()


def field(widget: Any, kind: type, name: str) -> Any:
    return next(f for f in widget.findChildren(kind) if f.accessibleName() == name and f.isVisible())


def test_a_shift_is_renamed_by_keyboard_and_ctrl_z_takes_it_back(limits: Any, qtbot: Any) -> None:
    panel, backend, console = limits
    tab(panel, "班次")
    shifts = table(panel, "英文名称")
    cells = [shifts.view.model().index(1, column).data() for column in range(5)]
    assert cells == ["夜班", "Night", "20:00", "08:00 次日", "12 小时 0 分"]
    shifts.select_key("day")
    name = field(panel, QLineEdit, "中文名称")
    assert name.text() == "白班"
    name.selectAll()
    qtbot.keyClicks(name, "Day2")
    backend.answer("PUT", "/staff/duty/shifts/day", {"before": DAY})
    qtbot.keyClick(name, Qt.Key.Key_Return)
    body = {"name_zh": "Day2", "name_en": "Day", "starts": 480, "ends": 1200}
    assert sent(backend) == [("PUT", "/staff/duty/shifts/day", body)]
    console.clock.advance(0.1)
    qtbot.keyClick(shifts.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert sent(backend)[-1] == ("PUT", "/staff/duty/shifts/day", {k: v for k, v in DAY.items() if k != "id"})


def test_a_new_shift_gets_an_id_and_its_undo_takes_it_away(
    limits: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, backend, console = limits
    tab(panel, "班次")
    backend.answer("PUT", f"/staff/duty/shifts/{NEW_ID.hex[:16]}", {"before": None})
    monkeypatch.setattr("plugins.staff.desktop.limits.shifts.uuid.uuid4", lambda: NEW_ID)
    press(panel, "新建班次")
    qtbot.keyClicks(field(panel, QLineEdit, "中文名称"), "A")
    press(panel, "保存")
    (method, path, body) = sent(backend)[0]
    assert (method, body["name_zh"], body["name_en"]) == ("PUT", "A", "A")
    console.clock.advance(0.1)
    press(panel, "撤销")
    assert sent(backend)[-1][:2] == ("DELETE", path)


def test_a_role_gets_its_own_rule_and_delete_takes_it_away(limits: Any, qtbot: Any) -> None:
    panel, backend, console = limits
    tab(panel, "值守规则")
    rules = table(panel, "无定位告警时限")
    rules.select_key("patrol")
    field(panel, QSpinBox, "无定位告警时限").setValue(5)
    reach = field(panel, QComboBox, "活动范围")
    assert reach.currentText() == "本街道"
    reach.setCurrentIndex(reach.findText("全区"))
    own = {"silent_minutes": 5, "range_digits": 6}
    backend.answer("PUT", "/staff/alarms/rules/patrol", own)
    backend.answer("GET", "/staff/alarms/rules", {"patrol": own})
    press(panel, "保存")
    console.clock.advance(0.1)
    assert sent(backend)[-1] == ("PUT", "/staff/alarms/rules/patrol", own)
    row = [line.role for line in rules.shown].index("patrol")
    assert [rules.view.model().index(row, c).data() for c in range(4)] == [
        "巡防队员",
        "5 分钟",
        "全区",
        "单独规则",
    ]
    qtbot.keyClick(rules.view, Qt.Key.Key_Delete)
    assert sent(backend)[-1][:2] == ("DELETE", "/staff/alarms/rules/patrol")


def test_a_range_is_shown_on_the_map_and_given_by_click_and_by_drawing(limits: Any) -> None:
    panel, backend, console = limits
    tab(panel, "活动范围")
    console.selection.select("staff", "s1")
    console.clock.advance(0.1)
    assert list(console.layer("onemap.staff.ranges").shapes) == [GRID]
    console.map.answer, console.map.area = (117.165, 34.255), BESIDE
    press(panel, "点选网格")
    console.clock.advance(0.1)
    assert sent(backend)[-1] == ("PUT", "/staff/s1/range", {"areas": [GRID, BESIDE]})
    console.selection.select("staff", "s2")
    assert not console.layer("onemap.staff.ranges").shapes
    console.map.answer = [(117.15, 34.25), (117.17, 34.25), (117.17, 34.26)]
    backend.answer("POST", "/staff/alarms/ranges/within", {"areas": [BESIDE, GRID]})
    press(panel, "绘制")
    console.clock.advance(0.1)
    assert sent(backend)[-1] == ("PUT", "/staff/s2/range", {"areas": [GRID, BESIDE]})
    press(panel, "撤销")
    assert sent(backend)[-1] == ("PUT", "/staff/s2/range", {"areas": []})


def test_ranges_go_by_keyboard_alone(limits: Any, qtbot: Any) -> None:
    panel, backend, console = limits
    tab(panel, "活动范围")
    ranges = next(t for t in panel.findChildren(RecordTable) if t.shown and t.isVisible())
    ranges.select_key("s1")
    console.selection.select("staff", "s1")
    qtbot.keyClick(ranges.view, Qt.Key.Key_Delete)
    console.clock.advance(0.1)
    assert sent(backend)[-1] == ("PUT", "/staff/s1/range", {"areas": []})
    qtbot.keyClick(ranges.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert sent(backend)[-1] == ("PUT", "/staff/s1/range", {"areas": [GRID]})


def test_a_streets_leader_sees_what_holds_for_all_and_cannot_change_it(limits: Any) -> None:
    panel, backend, _ = limits
    backend.user = User(id="u", username="u", name="u", role=Role.DISPATCHER, areas=(STREET,))
    tab(panel, "班次")
    panel.hide()
    panel.show()
    save = next(b for b in panel.findChildren(QPushButton) if b.text() == "保存" and b.isVisible())
    assert not save.isEnabled()
