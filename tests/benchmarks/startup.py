"""Start-up: from the command to a map that can be used, against a bare window with docks (the floor).

"Usable" is what the console's log says: the window is shown, its event loop runs
and all tiles of the view are painted, here from the layers and tiles that the
start before has left. Consoles with our plugins, consoles with 100 further
manifests (a command, a panel and a setting each) and bare windows start in turn
on a virtual display. CPU seconds are those of the window's process alone; wall
time tells more about the rest of the machine when that is busy. Bytecode is
kept, as of an installed program. ``--quick`` starts each a few times only.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from console.cli.demo import DemoBackend, end, running_demo  # noqa: E402
from console.cli.display import start_virtual  # noqa: E402
from console.model.records import Ticket  # noqa: E402

MANIFESTS = 100
LONGEST = 60.0
"""Seconds after which a start is given up."""
MANIFEST = """
id = "bench.p{n}"
name = {{ en = "Plugin {n}", zh_CN = "插件 {n}" }}
description = {{ en = "One of many", zh_CN = "众多插件之一" }}
version = "1.0.0"
sdk = ">=1.0,<2"
entry = "bench_p{n}:activate"
[[contributes.commands]]
id = "bench.p{n}.go"
title = {{ en = "Go {n}", zh_CN = "执行 {n}" }}
menu = "tools"
[[contributes.panels]]
id = "bench.p{n}.panel"
title = {{ en = "Panel {n}", zh_CN = "面板 {n}" }}
area = "left"
[[contributes.settings]]
key = "limit"
title = {{ en = "Limit {n}", zh_CN = "上限 {n}" }}
type = "int"
default = {n}
"""


@dataclass(frozen=True, slots=True)
class Start:
    """One start: seconds until the map, or the floor's label, was painted."""

    wall: float
    cpu: float


@dataclass(slots=True)
class Series:
    """Starts of one kind."""

    starts: list[Start] = field(default_factory=list)

    def wall(self) -> float:
        return statistics.median(start.wall for start in self.starts)

    def cpu(self) -> float:
        return statistics.median(start.cpu for start in self.starts)


def main() -> int:
    """Measure in turn, or be one of the windows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--setup", action="store_true", help="nothing to install")
    parser.add_argument("--role", choices=("console", "floor"), help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.setup:
        return 0
    if arguments.role == "console":
        return console(arguments.url, sys.stdin.buffer.readline())
    if arguments.role == "floor":
        return floor()
    return measure(rounds=3 if arguments.quick else 10, demos=1 if arguments.quick else 3)


def console(url: str, ticket: bytes) -> int:
    """The console as ``onemap run`` starts it, signed in."""
    from console.app import ConsoleOptions, run_console

    signed_in = msgspec.json.decode(ticket, type=Ticket)
    return run_console(ConsoleOptions(base_url=url, ticket=signed_in, geometry=(1920, 1080)))


def floor() -> int:
    """The least that a docking desktop program of PySide6 does: says so when its label is painted."""
    import PySide6QtAds as QtAds
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

    app = QApplication(sys.argv[:1])
    window = QMainWindow()
    manager = QtAds.CDockManager(window)
    dock = QtAds.CDockWidget(manager, "label")
    dock.setWidget(QLabel("label"))
    manager.setCentralWidget(dock)
    window.resize(1920, 1080)
    window.show()
    QTimer.singleShot(0, lambda: print("painted", flush=True))
    return app.exec()


def measure(rounds: int, demos: int) -> int:
    """All kinds in turn, after one start of each that fills the caches."""
    with ExitStack() as stack:
        stack.callback(end, start_virtual("1920x1080"))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="onemap-startup-")))
        environment = installed(folder)
        backend = stack.enter_context(running_demo(no_simulate=True))
        plain, many = folder / "plain", folder / "many"
        add_manifests(many / "data" / "onemap" / "plugins" / "installed")
        kinds: dict[str, Callable[[], Start]] = {
            "console": lambda: console_start(backend, plain, environment),
            "many": lambda: console_start(backend, many, environment),
            "floor": lambda: floor_start(environment),
        }
        series = {name: Series() for name in kinds}
        for _ in range(1 + rounds):
            for name, start in kinds.items():
                series[name].starts.append(start())
        demo = Series([demo_start(folder / "demo", environment) for _ in range(1 + demos)])
    for one in (*series.values(), demo):
        del one.starts[0]
    machine = (
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    answer = {"name": "startup", "machine": machine, "claims": claims(demo=demo, **series)}
    print(json.dumps(answer, ensure_ascii=False))
    return 0


def installed(folder: Path) -> dict[str, str]:
    """The environment of a program whose bytecode is kept."""
    environment = dict(os.environ) | {"PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def add_manifests(folder: Path) -> None:
    """Plugins that are there and never used."""
    for number in range(MANIFESTS):
        plugin = folder / f"bench_p{number}"
        plugin.mkdir(parents=True)
        (plugin / "plugin.toml").write_text(MANIFEST.format(n=number), encoding="utf-8")


def console_start(backend: DemoBackend, home: Path, environment: dict[str, str]) -> Start:
    """One start of the console with its folders in *home*."""
    ticket = msgspec.json.encode(backend.sign_in())
    command = [sys.executable, __file__, "--role", "console", "--url", backend.url]
    return logged_start(command, home, environment, ticket + b"\n")


def demo_start(home: Path, environment: dict[str, str]) -> Start:
    """One start of the whole demo: backend, field staff and console."""
    command = [sys.executable, "-m", "console", "demo", "--virtual"]
    return logged_start(command, home, environment, b"", keep=("cache",), linger=2.0)


def logged_start(
    command: list[str],
    home: Path,
    environment: dict[str, str],
    given: bytes,
    keep: Sequence[str] = (),
    linger: float = 0.0,
) -> Start:
    """Until the console's log says that the map is usable; then the program is ended.

    Its folders are in *home*, but for those to *keep*: the demo's district is in the user's cache.
    It may *linger* for seconds, as a user would, so that all of the map is fetched and kept.
    """
    log = home / "state" / "onemap" / "log" / "console.log"
    log.unlink(missing_ok=True)
    names = {"config", "cache", "data", "state"}.difference(keep)
    folders = {f"XDG_{name.upper()}_HOME": str(home / name) for name in names}
    began = time.perf_counter()
    process = subprocess.Popen(
        command, env=environment | folders, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    assert process.stdin is not None
    with process.stdin as pipe:
        pipe.write(given)
    try:
        while not (log.exists() and "map usable" in log.read_text("utf-8")):
            if process.poll() is not None or time.perf_counter() - began > LONGEST:
                said = log.read_text("utf-8")[-2000:] if log.exists() else "no log"
                raise SystemExit(f"no usable map: {' '.join(command)}\n{said}")
            time.sleep(0.01)
        start = Start(time.perf_counter() - began, cpu_of(process))
        time.sleep(linger)
        return start
    finally:
        end(process)


def floor_start(environment: dict[str, str]) -> Start:
    """One start of the bare window."""
    began = time.perf_counter()
    command = [sys.executable, __file__, "--role", "floor"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        if not process.stdout.readline():
            raise SystemExit("the bare window did not open")
        return Start(time.perf_counter() - began, cpu_of(process))
    finally:
        end(process)
        process.stdout.close()


def cpu_of(process: subprocess.Popen[bytes]) -> float:
    """CPU seconds of the process so far, without its children."""
    times = psutil.Process(process.pid).cpu_times()
    return times.user + times.system


def claims(*, console: Series, many: Series, floor: Series, demo: Series) -> list[dict[str, object]]:
    """What is promised, with what was measured."""
    more = 100 * (many.cpu() / console.cpu() - 1)
    return [
        claim("start-up to usable map", console.wall(), floor.wall(), "s", 2.0),
        claim("start-up to usable map, CPU of the window", console.cpu(), floor.cpu(), "s", 2.0),
        claim(f"{MANIFESTS} more manifests, CPU", more, None, "% more", 5.0),
        claim("second start of the demo to usable map", demo.wall(), None, "s", 5.0),
    ]


def claim(text: str, ours: float, peer: float | None, unit: str, aim: float) -> dict[str, object]:
    """One claim; less is better."""
    return {
        "claim": text,
        "ours": round(ours, 2),
        "peer": None if peer is None else round(peer, 2),
        "unit": unit,
        "ratio": None if peer is None else round(ours / peer, 2),
        "aim": f"<= {aim:g} {unit}",
        "holds": ours <= aim,
    }


if __name__ == "__main__":
    sys.exit(main())
