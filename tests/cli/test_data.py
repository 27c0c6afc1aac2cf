"""`onemap data` as a user types it: real files, broken files, interruptions."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.roads import placed, roads_of

SHANGHAI, PORTO = "shanghai_center.osm.pbf", "porto.osm.pbf"

OLD = """<osm version="0.6">
<node id="1" lat="31.23" lon="121.47"/><node id="2" lat="31.24" lon="121.48"/>
<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/><tag k="name" v="老路"/></way>
</osm>"""


def command(folder: Path, action: str, *words: str) -> list[str]:
    return [sys.executable, "-m", "console", "data", action, *words, "--data-dir", str(folder)]


def onemap(folder: Path, action: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(folder, action, *words), capture_output=True, text=True, timeout=100)


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    """A data folder with the centre of Shanghai, to be copied."""
    folder = tmp_path_factory.mktemp("shanghai")
    done = onemap(folder, "import", str(shared_data / SHANGHAI))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def shanghai(imported: Path, tmp_path: Path) -> Path:
    """A data folder with the centre of Shanghai."""
    return shutil.copytree(imported, tmp_path / "data")


def test_a_city_is_imported_and_covered_with_grids(shanghai: Path) -> None:
    made = onemap(shanghai, "grids", "--district", "310101", "--name", "黄浦区", "--count", "60")
    assert made.returncode == 0, made.stderr
    listed = onemap(shanghai, "list").stdout
    assert "道路" in listed and "网格" in listed and "wgs84 (declared)" in listed


def test_a_declared_datum_is_undone_and_an_unknown_one_refused(tmp_path: Path) -> None:
    there = {"type": "Point", "coordinates": [361_000.0, 3_456_000.0]}
    file = tmp_path / "points.geojson"
    file.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": there}), "utf-8")
    done = onemap(tmp_path, "import", str(file), "--datum", "EPSG:4549", "--layer", "poi")
    assert done.returncode == 0, done.stderr
    assert "EPSG:4549 (declared)" in onemap(tmp_path, "list").stdout
    refused = onemap(tmp_path, "import", str(file), "--datum", "local:mars")
    assert refused.returncode == 1 and "local:mars" in refused.stderr and "Traceback" not in refused.stderr


def test_an_import_that_lies_off_the_roads_is_told_of(shanghai: Path, shared_data: Path) -> None:
    roads = roads_of(shared_data / SHANGHAI)
    ends = placed(roads, "wgs84", "gcj02").degrees[roads.part_start[:600]].tolist()
    file = shanghai / "points.geojson"
    file.write_text(json.dumps({"type": "MultiPoint", "coordinates": ends}), "utf-8")
    done = onemap(shanghai, "import", str(file), "--layer", "other")
    assert done.returncode == 0, done.stderr
    assert "疑似 gcj02 坐标" in done.stdout
    assert "wgs84 (guessed)" in onemap(shanghai, "list").stdout, "told, not changed"


def test_a_broken_file_is_refused_in_words_and_changes_nothing(shanghai: Path, shared_data: Path) -> None:
    before = onemap(shanghai, "list").stdout
    whole = (shared_data / PORTO).read_bytes()
    broken = shanghai / "broken.osm.pbf"
    broken.write_bytes(whole[: len(whole) // 2])
    refused = onemap(shanghai, "import", str(broken))
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert "broken.osm.pbf" in refused.stderr
    assert onemap(shanghai, "list").stdout == before


def test_grids_without_roads_say_what_to_do(tmp_path: Path) -> None:
    made = onemap(tmp_path, "grids", "--district", "310101", "--name", "黄浦区")
    assert made.returncode == 1
    assert "请先导入" in made.stderr


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT])
def test_an_interrupted_import_leaves_the_old_data(
    imported: Path, tmp_path: Path, shared_data: Path, blow: signal.Signals
) -> None:
    old, data, city = tmp_path / "old.osm", tmp_path / "data", str(shared_data / SHANGHAI)
    old.write_text(OLD, "utf-8")
    assert onemap(data, "import", str(old)).returncode == 0
    before, whole = onemap(data, "list").stdout, onemap(imported, "list").stdout
    for sign in (SHANGHAI, "Roads"):
        interrupt_at(sign, blow, command(data, "import", city))
        after = onemap(data, "list")
        assert after.returncode == 0, after.stderr
        assert after.stdout in (before, whole), "neither the old city nor the whole new one"
        if after.stdout != before:
            break
    again = onemap(data, "import", city)
    assert again.returncode == 0, again.stderr
    assert onemap(data, "list").stdout == whole != before


def interrupt_at(sign: str, blow: signal.Signals, words: list[str]) -> None:
    """Start a command and strike when its progress says *sign* (or let it end, if it is quicker)."""
    process = subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert process.stderr
    with process.stderr:
        if any(sign in line for line in process.stderr):
            os.kill(process.pid, blow)
    process.wait(timeout=60)
