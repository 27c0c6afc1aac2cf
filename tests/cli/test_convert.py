"""`onemap data convert` as a user types it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from tests.cli.test_data import interrupt_at


def onemap(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "console", "data", "convert", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=100)


def test_what_cannot_be_converted_is_told_in_words(shared_data: Path, tmp_path: Path) -> None:
    place = ("--srs", "EPSG:4547", "--origin", "x")
    for words in ((tmp_path, tmp_path / "out"), (shared_data / "osgb_estate", tmp_path / "out", *place)):
        done = onemap(*words)
        assert done.returncode == 1 and "Traceback" not in done.stderr
        assert len(done.stderr.splitlines()) == 3, "what happened, in both languages"


def test_ctrl_c_leaves_what_is_done_and_the_report_says_what_is_absent(
    shared_data: Path, tmp_path: Path
) -> None:
    tile, target = shared_data / "osgb_estate" / "Data" / "Tile_+000_+013" / "Tile_+000_+013.osgb", tmp_path
    command = [sys.executable, "-m", "console", "data", "convert", str(tile), str(target)]
    interrupt_at("L1", signal.SIGINT, command)
    assert not list(target.rglob("*.part"))
    done = onemap(tile, target)
    assert done.returncode == 0, done.stderr
    assert "引用但不存在的文件 27" in done.stdout
    assert (target / "tileset.json").is_file()
