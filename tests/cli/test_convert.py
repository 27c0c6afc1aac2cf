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


def test_a_delivery_is_converted_and_the_report_says_what_is_absent(
    shared_data: Path, tmp_path: Path
) -> None:
    done = onemap(shared_data / "osgb_estate", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "319,8" in done.stdout and "引用但不存在的文件 89" in done.stdout
    assert (tmp_path / "tileset.json").is_file()
    again = onemap(shared_data / "osgb_estate", tmp_path)
    assert "沿用 35 个文件" in again.stdout


def test_what_cannot_be_converted_is_told_in_words(shared_data: Path, tmp_path: Path) -> None:
    for words in (
        (tmp_path, tmp_path / "out"),
        (tmp_path / "nowhere", tmp_path / "out"),
        (shared_data / "osgb_estate", tmp_path / "out", "--srs", "EPSG:1"),
        (shared_data / "osgb_estate", tmp_path / "out", "--srs", "EPSG:4547", "--origin", "x"),
    ):
        done = onemap(*words)
        assert done.returncode == 1 and "Traceback" not in done.stderr
        assert len(done.stderr.splitlines()) == 3, "what happened, in both languages"


def test_ctrl_c_leaves_what_is_done(shared_data: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "console",
        "data",
        "convert",
        str(shared_data / "osgb_estate"),
        str(tmp_path),
    ]
    interrupt_at("L1", signal.SIGINT, command)
    assert not list(tmp_path.rglob("*.part"))
    assert onemap(shared_data / "osgb_estate", tmp_path).returncode == 0
