"""The panel of patrols: a plan is drawn, a day's report shown and written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from console.model.records import Duty, Staff
from console.sdk.ui import RecordTable
from console.testing import Console, MemoryBackend

GRID = "320302001001001"
PLAN = {
    "id": "p1",
    "name": "黄楼夜巡",
    "area": "320302001",
    "path": [[117.2, 34.26], [117.21, 34.26]],
    "checkpoints": [
        {"name": "点位 1", "where": [117.2, 34.26], "radius": 30.0},
        {"name": "点位 2", "where": [117.21, 34.26], "radius": 30.0},
    ],
    "staff": ["s1"],
    "days": ["mon"],
    "starts": 1200,
    "ends": 1320,
}
DONE = {"patrol": "p1", "walked_share": 0.456, "by_road": True, "reached": [1.79e9, None]}


@pytest.fixture
def patrols(
    activate: Callable[..., Console], backend: MemoryBackend, panel: Callable[[str], Any]
) -> tuple[Console, Any]:
    backend.answer("GET", "/staff/patrols", [PLAN])
    backend.answer("POST", "/staff/patrols/report/.*", [DONE])
    backend.answer("POST", "/staff/patrols$", PLAN)
    console = activate("grids", "staff")
    console.put("staff", Staff(id="s1", handle=1, name="王建国", area=GRID, duty=Duty.ON, version=1))
    console.clock.advance(0.1)
    return console, panel("onemap.staff.patrols")


def button(panel: Any, title: str) -> QPushButton:
    return next(b for b in panel.findChildren(QPushButton) if b.text() == title)


def plans(panel: Any) -> RecordTable:
    return next(
        t for t in panel.findChildren(RecordTable) if "必到点" in [c.title for c in t.view.model().columns]
    )


def cells(panel: Any) -> list[str]:
    model = plans(panel).view.model()
    return [str(model.index(0, n).data()) for n in range(model.columnCount())]


def test_planned_against_walked(patrols: Any) -> None:
    console, panel = patrols
    assert cells(panel) == ["黄楼夜巡", "黄楼街道", "王建国", "20:00–22:00", "", "2"]
    plans(panel).select_key("p1")
    button(panel, "计划与实际对比").click()
    assert cells(panel)[4] == "46%"
    assert cells(panel)[5].startswith("1 / 2")
    assert len(console.layer("onemap.staff.patrols").shapes["p1"]) == 3


def test_a_share_that_was_not_measured_by_road_says_so(patrols: Any, backend: MemoryBackend) -> None:
    _, panel = patrols
    notes = [label for label in panel.findChildren(QLabel) if "25 米" in label.text()]
    button(panel, "计划与实际对比").click()
    assert not notes[0].isVisible()
    backend.answer("POST", "/staff/patrols/report/.*", [DONE | {"by_road": False}])
    button(panel, "计划与实际对比").click()
    assert cells(panel)[4] == "≈ 46%"
    assert notes[0].isVisible()


def test_a_plan_is_drawn_for_the_selected_person(patrols: Any, backend: MemoryBackend) -> None:
    console, panel = patrols
    console.selection.select("staff", "s1")
    console.map.answer = [(117.2, 34.26), (117.21, 34.27)]
    name = next(e for e in panel.findChildren(QLineEdit) if e.accessibleName() == "巡查名称")
    name.setText("早高峰")
    button(panel, "绘制计划").click()
    body = next(r.body for r in backend.requests if (r.method, r.path) == ("POST", "/staff/patrols"))
    assert (body["name"], body["area"], body["staff"]) == ("早高峰", "320302001", ["s1"])
    assert [c["name"] for c in body["checkpoints"]] == ["点位 1", "点位 2"]


def test_the_report_is_written(patrols: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, panel = patrols
    folder = tmp_path / "documents"
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _kind: str(folder))
    button(panel, "PDF").click()
    (file,) = folder.iterdir()
    assert file.read_bytes().startswith(b"%PDF")
