"""Files read by a process of their own: progress, cancel, cache, and processes that die."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

pytest.importorskip("PySide6", reason="install PySide6")

from console.model.layers import decode_package
from console.sdk.files import FileLayers, FileUnreadable
from console.tasks import file_reader
from console.tasks.driver import GuiDriver
from console.tasks.file_reader import FileReader
from console.tasks.io_thread import IoThread

WAIT = 30_000


class Bench:
    """A reader, and what came of what was asked of it."""

    def __init__(self, folder: Path) -> None:
        self.io, self.driver = IoThread(), GuiDriver()
        self.files = FileReader(self.io, folder / "files")
        self.results: list[FileLayers] = []
        self.errors: list[BaseException] = []
        self.progress: list[tuple[float, str]] = []

    def read(self, path: Path) -> Any:
        """Start reading; the answer is how to cancel it."""

        async def reading() -> None:
            try:
                self.results.append(
                    await self.files.read(
                        str(path), None, lambda done, text: self.progress.append((done, text))
                    )
                )
            except (FileUnreadable, asyncio.CancelledError) as error:
                self.errors.append(error)

        return self.driver.start(reading())


@pytest.fixture
def bench(qapp, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.driver.close()
    made.io.close()


def readers() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children(recursive=True):
        try:
            if any("console.formats.reader" in part for part in child.cmdline()):
                found.append(child)
        except psutil.Error:
            continue
    return found


def save(path: Path, count: int, text: str = "") -> Path:
    place = {"type": "Point", "coordinates": [121.4, 31.2]}
    rows = [{"type": "Feature", "geometry": place, "properties": {"n": n, "t": text}} for n in range(count)]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}))
    return path


def test_a_file_comes_as_packages_and_at_once_the_second_time(bench: Bench, qtbot, tmp_path: Path) -> None:
    path = save(tmp_path / "a.geojson", 3)
    bench.read(path)
    qtbot.waitUntil(lambda: bool(bench.results or bench.errors), timeout=WAIT)
    (layers,) = bench.results
    (package,) = layers.packages
    assert len(decode_package(Path(package.path).read_bytes())) == 3
    assert bench.progress and all(0 <= done <= 1 for done, _ in bench.progress)
    stamp = Path(package.path).stat().st_mtime_ns
    bench.read(path)
    qtbot.waitUntil(lambda: len(bench.results) == 2, timeout=WAIT)
    assert bench.results[1] == layers
    assert Path(package.path).stat().st_mtime_ns == stamp
    save(path, 4)
    bench.read(path)
    qtbot.waitUntil(lambda: len(bench.results) == 3, timeout=WAIT)
    assert bench.results[2].version != layers.version
    assert bench.results[2].packages[0].features == 4


def test_a_refusal_says_why_in_both_languages(bench: Bench, qtbot, tmp_path: Path) -> None:
    bench.read(tmp_path / "none.gpkg")
    qtbot.waitUntil(lambda: bool(bench.errors), timeout=WAIT)
    (error,) = bench.errors
    assert isinstance(error, FileUnreadable)
    assert "none.gpkg" in error.trouble.message.zh_CN and "none.gpkg" in error.trouble.message.en


def test_cancelling_ends_the_process_and_leaves_nothing(bench: Bench, qtbot, tmp_path: Path) -> None:
    cancel = bench.read(save(tmp_path / "big.geojson", 100_000, "x" * 100))
    qtbot.waitUntil(lambda: bool(readers()), timeout=WAIT)
    cancel()
    assert isinstance(bench.errors[0], asyncio.CancelledError)
    qtbot.waitUntil(lambda: not readers(), timeout=WAIT)
    qtbot.waitUntil(lambda: not list((tmp_path / "files").glob("*")), timeout=WAIT)


@pytest.mark.skipif(sys.platform != "linux", reason="limits are Linux's")
def test_a_process_that_dies_is_told(
    bench: Bench, qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_reader, "MEMORY", 100 << 20)
    bench.read(save(tmp_path / "a.geojson", 3))
    qtbot.waitUntil(lambda: bool(bench.errors), timeout=WAIT)
    assert isinstance(bench.errors[0], FileUnreadable)
