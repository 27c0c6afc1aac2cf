"""`onemap data convert` as a user types it."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from console.cli import main
from tests.cli.test_data import interrupt_at


def test_what_cannot_be_converted_is_told_in_words(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ("--srs", "EPSG:4547", "--origin", "x")
    for words in ((tmp_path, tmp_path / "out"), (shared_data / "osgb_estate", tmp_path / "out", *place)):
        assert main(["data", "convert", *map(str, words)]) == 1
        assert len(capsys.readouterr().err.splitlines()) == 3, "what happened, in both languages"


def test_ctrl_c_leaves_what_is_done_and_the_report_says_what_is_absent(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tile, target = shared_data / "osgb_estate" / "Data" / "Tile_+000_+013" / "Tile_+000_+013.osgb", tmp_path
    words = ["data", "convert", str(tile), str(target), "--jobs", "1"]
    interrupt_at("L1", signal.SIGINT, [sys.executable, "-m", "console", *words])
    assert not list(target.rglob("*.part"))
    assert main(words) == 0
    assert "引用但不存在的文件 27" in capsys.readouterr().out
    assert (target / "tileset.json").is_file()
