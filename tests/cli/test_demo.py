"""``onemap demo`` ends whole: no process and no temporary folder outlives it, however it is ended."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

START = 90.0
"""Seconds that the demo may take to get somewhere on a busy machine."""
PATIENCE = 30.0
"""Seconds that everything may take to end."""


class Demo:
    """A demo of a small real city in a process of its own, with folders of its own."""

    def __init__(self, city: Path, cache: Path, folder: Path) -> None:
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        self._state = folder / "state"
        self._said = folder / "said.txt"
        names = {"TMPDIR": self.temporary, "XDG_STATE_HOME": self._state, "XDG_CACHE_HOME": cache}
        environment = os.environ | {name: str(path) for name, path in names.items()}
        command = [sys.executable, "-m", "console", "demo", "--virtual", "--city", str(city)]
        with self._said.open("wb") as output:
            self.process = subprocess.Popen(
                [*command, "--grids", "4", "--staff", "8"],
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a signal must reach this one process alone
            )
        self.family: dict[psutil.Process, str] = {}

    def wait_for(self, reached: Callable[[], bool]) -> None:
        """Until *reached*, noting who belongs to the demo."""
        end = time.monotonic() + START
        while not reached():
            self.meet()
            if self.process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"the demo did not get there:\n{self.words}")
            time.sleep(0.05)
        self.meet()

    def meet(self) -> None:
        """Note all present descendants, with what they run."""
        with suppress(psutil.NoSuchProcess):
            for process in psutil.Process(self.process.pid).children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    self.family[process] = " ".join(process.cmdline())

    def has(self, *parts: str) -> bool:
        """Whether each of *parts* was seen in the command of a descendant."""
        return all(any(part in command for command in self.family.values()) for part in parts)

    @property
    def words(self) -> str:
        """What it printed."""
        return self._said.read_text("utf-8", "replace")

    @property
    def log(self) -> str:
        """The console's log, empty before there is one."""
        path = self._state / "onemap" / "log" / "console.log"
        return path.read_text("utf-8") if path.exists() else ""

    def left(self) -> list[str]:
        """Who still lives after PATIENCE, by name and command."""
        self.process.wait(PATIENCE)
        _, alive = psutil.wait_procs(self.family, PATIENCE)
        return [self.family[process] for process in alive]

    def kill(self) -> None:
        """For the end of a test that failed."""
        for process in {self.process, *self.family}:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The imported city, made once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def demo(shared_data: Path, cache: Path, tmp_path: Path) -> Iterator[Demo]:
    if shutil.which("Xvfb") is None:
        if os.environ.get("CI"):
            pytest.fail("Xvfb is missing: apt-get install xvfb")
        pytest.skip("needs Xvfb: apt-get install xvfb")
    running = Demo(shared_data / "shanghai_center.osm.pbf", cache, tmp_path)
    yield running
    running.kill()


@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda s: s.name)
def test_a_signal_ends_the_demo_and_all_that_it_started(demo: Demo, blow: signal.Signals) -> None:
    demo.wait_for(lambda: "window shown" in demo.log and demo.has("console simulate"))
    assert demo.has("Xvfb", "console.cli.demo_backend", "console.map.engine.worker")
    demo.process.send_signal(blow)
    assert demo.left() == []
    assert list(demo.temporary.glob("onemap-demo-*")) == []
    if blow is not signal.SIGKILL:
        assert list(demo.temporary.glob("onemap-*")) == []
        assert demo.process.returncode == 0
        assert "Traceback" not in demo.words


@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda s: s.name)
def test_a_signal_before_the_backend_answers_leaves_nothing_either(demo: Demo, blow: signal.Signals) -> None:
    demo.wait_for(lambda: demo.has("console.cli.demo_backend"))
    demo.process.send_signal(blow)
    assert demo.left() == []
    assert list(demo.temporary.glob("onemap-*")) == []
    assert "Traceback" not in demo.words


def test_without_a_display_it_says_what_to_do() -> None:
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in screens}
    ended = subprocess.run(
        [sys.executable, "-m", "console", "demo"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=START,
    )
    assert ended.returncode == 2
    assert "--virtual" in ended.stderr
    assert ended.stdout == ""
