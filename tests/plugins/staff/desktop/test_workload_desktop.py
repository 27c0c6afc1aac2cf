"""The panel of workload: one figure at a time, by person or grid, with the mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QLabel, QToolButton

from console.sdk.ui import RecordTable
from console.testing import Console, MemoryBackend

GRID, OTHER = "320302001001001", "320302001001002"


def load(staff: str, area: str, jobs: int, metres: float) -> dict[str, Any]:
    sums = {"jobs": jobs, "metres": metres, "job_seconds": 600.0, "duty_seconds": 28_800.0}
    return {"staff": staff, "name": f"员{staff}", "area": area, "role": "grid_worker"} | sums


def test_work_is_shown_as_shares(
    activate: Callable[..., Console], backend: MemoryBackend, panel: Callable[[str], Any]
) -> None:
    rows = [load("1", GRID, 1, 500.0), load("2", GRID, 3, 900.0), load("3", OTHER, 2, 4600.0)]
    backend.answer("GET", "/staff/workload", rows)
    console = activate("grids", "staff")
    made = panel("onemap.staff.workload")
    console.clock.advance(0.1)
    table = made.findChild(RecordTable)
    assert [row["staff"] for row in table.shown] == ["2", "3", "1"]
    assert "平均值：2（图中竖线）" in "\n".join(label.text() for label in made.findChildren(QLabel))
    assert made.bars.mean == 2 / 3
    click(made, "距离")
    assert [row["staff"] for row in table.shown] == ["3", "2", "1"]
    assert table.view.model().index(0, 3).data() == "4.6 公里"
    click(made, "按网格")
    assert [(row["area"], row["metres"]) for row in table.shown] == [(OTHER, 4600.0), (GRID, 1400.0)]
    assert not made.grab().isNull()


def click(panel: Any, title: str) -> None:
    next(chip for chip in panel.findChildren(QToolButton) if chip.text() == title).click()
