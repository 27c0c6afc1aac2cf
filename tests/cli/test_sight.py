"""`onemap data sight` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from console.cli import main
from console.scene.sight.kept import SightFile
from console.scene.sight.ranking import cameras_seeing

LON, LAT = 113.93, 22.52
CAMERAS = """编号,经度,纬度,朝向,安装高度,视场角
东向,113.9298,22.52,90,5,
墙后,113.9306,22.52,270,5,
球机,113.93,22.5203,,8,50
"""


def square(west: float, south: float, east: float, north: float, height: float) -> dict[str, object]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    corners = [[LON + x * 1e-5, LAT + y * 1e-5] for x, y in ring]
    shape = {"type": "Polygon", "coordinates": [corners]}
    return {"type": "Feature", "properties": {"height": height}, "geometry": shape}


def layer(path: Path, *features: dict[str, object]) -> str:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return str(path)


def seeing(target: Path) -> list[str]:
    with SightFile(target / "cameras.sight") as file:
        return [each.camera for each in cameras_seeing(file, LON, LAT)]


def test_who_sees_what_is_worked_out_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cameras = tmp_path / "摄像头.csv"
    cameras.write_text(CAMERAS, "gb18030")
    buildings = layer(tmp_path / "buildings.geojson", square(20, -60, 30, 60, 25))
    words = ["data", "sight", str(tmp_path / "out"), "--cameras", str(cameras), "--buildings", buildings]
    words += ["--jobs", "1", "--ground", "12.5"]
    assert main(words) == 0
    assert "3 cameras worked out, 0 as they were" in capsys.readouterr().err
    assert seeing(tmp_path / "out") == ["东向", "球机"]
    assert main(words) == 0
    assert "0 cameras worked out, 3 as they were" in capsys.readouterr().err
    scaffold = layer(tmp_path / "scaffold.geojson", square(-12, -20, -10, 20, 15))
    assert main([*words, "--obstacles", scaffold]) == 0
    assert seeing(tmp_path / "out") == ["球机"]


def test_what_cannot_be_worked_out_is_told_in_words(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text("id,lon,lat\na,east,22\n", "utf-8")
    good.write_text("id,lon,lat\na,113,22\n", "utf-8")
    model = str(shared_data / "3d-tiles-samples" / "1.1" / "nothing-here")
    far = tmp_path / "far.csv"
    far.write_text("id,lon,lat,range\na,113,22,inf\n", "utf-8")
    for cameras, more in (
        (bad, []),
        (far, []),
        (tmp_path / "none.csv", []),
        (good, []),
        (good, ["--model", model]),
    ):
        assert main(["data", "sight", str(tmp_path / "out"), "--cameras", str(cameras), *more]) == 1
        assert len(capsys.readouterr().err.splitlines()) == 3, "what happened, in both languages"
