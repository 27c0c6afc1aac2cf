"""The panel of tracks: a reason first, then lines, the slider, play, files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QSlider

from console.model.records import Duty, Staff
from console.sdk.ui import RecordTable
from console.testing import Console, MemoryBackend

GRID = "320302001001001"
T0 = 1_790_000_000.0
PEOPLE = [
    Staff(id="s1", handle=1, name="王建国", area=GRID, duty=Duty.ON, version=1),
    Staff(id="s2", handle=2, name="李秀英", area=GRID, duty=Duty.ON, version=1),
]


def track(staff: str, name: str, lat: float) -> dict[str, Any]:
    points = [[117.2 + n * 0.001, lat, T0 + n * 60] for n in range(11)]
    stop = {"where": [117.205, lat], "since": T0, "until": T0 + 240}
    figures = {"metres": 1234.0, "foot_seconds": 600.0, "stops": [stop], "fixes": 11}
    return {"staff": staff, "name": name, "area": GRID, "points": points} | figures


@pytest.fixture
def tracks(
    activate: Callable[..., Console], backend: MemoryBackend, panel: Callable[[str], Any]
) -> tuple[Console, Any]:
    console = activate("grids", "staff")
    console.put("staff", *PEOPLE)
    backend.answer("POST", "/staff/tracks", [track("s1", "王建国", 34.26), track("s2", "李秀英", 34.27)])
    made = panel("onemap.staff.tracks")
    for person in PEOPLE:
        console.selection.select("staff", person.id)
        button(made, "添加所选人员").click()
    return console, made


def button(panel: Any, title: str) -> QPushButton:
    return next(b for b in panel.findChildren(QPushButton) if b.text() == title)


def look(panel: Any, reason: str) -> None:
    next(e for e in panel.findChildren(QLineEdit) if "轨迹的理由" in e.accessibleName()).setText(reason)
    button(panel, "查看轨迹").click()


def test_without_a_reason_nothing_is_read(tracks: Any, backend: MemoryBackend) -> None:
    _, panel = tracks
    look(panel, "  ")
    assert not [r for r in backend.requests if r.path == "/staff/tracks"]
    assert "请填写查看轨迹的理由" in "\n".join(label.text() for label in panel.findChildren(QLabel))


def test_several_people_over_time(tracks: Any, backend: MemoryBackend, qtbot: Any) -> None:
    console, panel = tracks
    look(panel, "复盘处置过程")
    (asked,) = [r for r in backend.requests if r.path == "/staff/tracks"]
    assert asked.body["staff"] == ["s1", "s2"]
    assert asked.body["reason"] == "复盘处置过程"
    table = panel.findChild(RecordTable)
    model = table.view.model()
    assert [model.index(0, n).data() for n in range(5)] == ["王建国", "1.2 公里", "10 分钟", "4 分钟", "1"]
    heads = console.layer("onemap.staff.track_heads")
    assert heads.lon.tolist() == [117.2, 117.2]
    slider = panel.findChild(QSlider)
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_End)
    assert heads.lon.tolist() == pytest.approx([117.21, 117.21])
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert heads.lon.tolist() == pytest.approx([117.2005, 117.2005])
    panel.player.toggle()
    qtbot.waitUntil(lambda: slider.value() > 60)
    panel.player.toggle()


def test_files_hold_what_is_shown(tracks: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    console, panel = tracks
    folder = tmp_path / "documents"
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _kind: str(folder))
    look(panel, "复盘处置过程")
    menu = button(panel, "导出").menu()
    for action in menu.actions():
        action.trigger()
    console.clock.advance(0.1)
    files = {path.suffix: path for path in folder.iterdir()}
    assert set(files) == {".gpx", ".geojson", ".csv", ".pdf"}
    _, _, points, fields = pyogrio.raw.read(files[".gpx"], layer="track_points", columns=["time"])
    assert len(points) == 22
    assert fields[0].astype("datetime64[s]").astype(np.int64)[0] == T0
    assert "王建国" in files[".gpx"].read_text("utf-8")
    features = json.loads(files[".geojson"].read_text("utf-8"))["features"]
    assert [f["properties"]["name"] for f in features] == ["王建国", "李秀英"]
    assert len(files[".csv"].read_text("utf-8-sig").splitlines()) == 23
    assert files[".pdf"].read_bytes().startswith(b"%PDF")
