"""Live cameras painted in one window, beside ffmpeg that decodes to nothing (the limit) and mpv.

N streams from one loopback server, the same for all, in turn: ours in one window of 1920x1080; one
``ffmpeg -f null -`` a stream; one ``mpv --vo=x11`` a stream, in the size of a tile. CPU is of all
processes of a side, the server's not counted. Latency is from a frame's sending to the end of its
painting, by the number burnt into it.

    .venv/bin/python tests/benchmarks/video_peers.py [--setup] [--quick] [--pictures FOLDER]

A peer that is not installed is left out, and said so.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from console.cli.display import NoDisplay, start_virtual  # noqa: E402
from tests.benchmarks.process_cost import cpu_seconds, load, megabytes  # noqa: E402
from tests.benchmarks.video_peers_server import KINDS  # noqa: E402

CANNOT_MEASURE = 2
AIM_LIMIT, AIM_MPV = {"sub": 1.4, "main": 1.2}, 0.8
AIM_RATE, AIM_LATE, AIM_BEAT = 0.9, 150.0, 60.0
FULL, QUICK = {"sub": 16, "main": 8}, {"sub": 16, "main": 6}
"""Streams at a time."""
MOST = {"sub": 64, "main": 20}
Found = dict[str, Any]
Pace = tuple[float, float]
"""Seconds before and of the measuring."""


def main() -> int:
    """Measure and print one JSON object as the last line; 2 when ours could not be measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer streams, shorter, not the most at once")
    parser.add_argument("--setup", action="store_true", help="install ffmpeg and mpv (Debian, as root)")
    parser.add_argument("--pictures", default="", metavar="FOLDER", help="keep what ours painted")
    options = parser.parse_args()
    if options.setup:
        packages = ["ffmpeg", "mpv", "opencv-doc"]
        return subprocess.run(
            ["apt-get", "-qq", "-y", "--no-install-recommends", "install", *packages]
        ).returncode
    try:
        display = start_virtual()
    except NoDisplay as error:
        print(f"cannot measure: {error}", file=sys.stderr)
        return CANNOT_MEASURE
    before, claims = load(), []
    try:
        for name in KINDS:
            claims += beside(name, options.quick, options.pictures)
        if not options.quick:
            for name in KINDS:
                claims += most(name, options.pictures)
    except (subprocess.SubprocessError, ValueError) as error:
        print(f"cannot measure: {error}", file=sys.stderr)
        return CANNOT_MEASURE
    finally:
        display.terminate()
        display.wait()
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, raster"
    machine += f", load {before} before and {load()} after"
    print(json.dumps({"name": "video_peers", "machine": machine, "claims": claims}, ensure_ascii=False))
    return 0


def beside(name: str, quick: bool, pictures: str) -> list[Found]:
    """One kind of stream on all sides in turn; twice in a full run, of which the mean counts."""
    count, pace = (QUICK if quick else FULL)[name], (3.0, 4.0) if quick else (5.0, 15.0)
    sides: dict[str, Callable[[str], Found | None]] = {
        "ours": lambda port: ours(name, port, count, pace, pictures),
        "ffmpeg": lambda port: many(count, pace, lambda each: ffmpeg(port)),
        "mpv": lambda port: many(count, pace, lambda each: mpv(port, each, count)),
    }
    rounds: list[dict[str, Found]] = []
    with cameras(name) as port:
        for _ in range(1 if quick else 2):
            found = {side: measured for side, run in sides.items() if (measured := run(port))}
            print(f"{name}: {json.dumps(found)}", file=sys.stderr, flush=True)
            rounds.append(found)
    return claims_of(name, count, {side: mean([each[side] for each in rounds]) for side in rounds[0]})


def most(name: str, pictures: str) -> list[Found]:
    """So many at once as two cores shall bear."""
    kind, count = KINDS[name], MOST[name]
    with cameras(name) as port:
        found = ours(name, port, count, (12.0, 15.0), pictures)
    print(f"{name}: {json.dumps(found)}", file=sys.stderr, flush=True)
    rate, words = found["fps"] / kind.fps, f"of {count} {kind.words}s"
    return [
        row(f"share of the rate painted {words}", rate, None, "x", f">= {AIM_RATE:g}", rate >= AIM_RATE),
        row(f"memory {words}", found["memory"], None, "MB", "", True),
    ]


def mean(rounds: list[Found]) -> Found:
    return {key: sum(each[key] for each in rounds) / len(rounds) for key in rounds[0]}


def claims_of(name: str, count: int, found: dict[str, Found]) -> list[Found]:
    """All that was found of one kind."""
    kind, mine = KINDS[name], found["ours"]
    words = f"{count} {kind.words}s"
    claims = []
    for peer, aim in (("ffmpeg", AIM_LIMIT[name]), ("mpv", AIM_MPV)):
        if peer in found:
            ratio = mine["cpu"] / found[peer]["cpu"]
            text = f"CPU a stream of {words}, beside {peer}"
            held = ratio <= aim
            claims.append(
                row(text, mine["cpu"], found[peer]["cpu"], "% of a core", f"<= {aim:g} x", held, ratio)
            )
    rate, late, beat = mine["fps"] / kind.fps, mine["p95"], mine["beat95"]
    memory, most_late = found.get("mpv", {}).get("memory"), f"<= {AIM_LATE:g}"
    return [
        *claims,
        row(f"share of the rate painted of {words}", rate, None, "x", f">= {AIM_RATE:g}", rate >= AIM_RATE),
        row(f"latency of {words}, median", mine["p50"], None, "ms", "", True),
        row(f"latency of {words}, 95 %", late, None, "ms", most_late, late <= AIM_LATE),
        row(f"50 ms timer, {words}, 95 %", beat, None, "ms", f"<= {AIM_BEAT:g}", beat <= AIM_BEAT),
        row(f"memory of {words}, beside mpv", mine["memory"], memory, "MB", "", True),
    ]


def row(
    text: str, mine: float, peer: float | None, unit: str, aim: str, holds: bool, ratio: float | None = None
) -> Found:
    shown = [None if value is None else round(value, 2) for value in (mine, peer, ratio)]
    return {
        "claim": text, "ours": shown[0], "peer": shown[1], "unit": unit, "ratio": shown[2], "aim": aim,
        "holds": holds,
    }  # fmt: skip


@contextmanager
def cameras(name: str) -> Iterator[str]:
    """Port and begin of a server."""
    command = [sys.executable, str(HERE / "video_peers_server.py"), name]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()


def ours(name: str, server: str, count: int, pace: Pace, pictures: str) -> Found:
    """Raises SubprocessError."""
    command = [sys.executable, str(HERE / "video_peers_window.py"), name, *server.split(), str(count)]
    command += [str(seconds) for seconds in pace]
    if pictures:
        Path(pictures).mkdir(parents=True, exist_ok=True)
        command.append(str(Path(pictures) / f"{name}_{count}.png"))
    run = subprocess.run(command, capture_output=True, text=True, timeout=sum(pace) + 60, check=True)
    return json.loads(run.stdout.strip().splitlines()[-1])


def url(server: str) -> str:
    return f"rtsp://127.0.0.1:{server.split()[0]}/camera"


def ffmpeg(server: str) -> list[str]:
    """The limit: decoded, not shown."""
    quiet = ["ffmpeg", "-nostdin", "-loglevel", "quiet", "-rtsp_transport", "tcp", "-threads", "1"]
    return [*quiet, "-i", url(server), "-f", "null", "-"]


def mpv(server: str, number: int, count: int) -> list[str]:
    """In a window of the size of our tile."""
    columns = next(n for n in range(1, count + 1) if n * n >= count)
    width, height = 1920 // columns, 1080 // columns
    place = f"{width}x{height}+{number % columns * width}+{number // columns * height}"
    quiet = ["mpv", "--no-config", "--really-quiet", "--vo=x11", "--no-audio", "--osc=no", "--no-border"]
    decoding = ["--rtsp-transport=tcp", "--profile=low-latency", "--vd-lavc-threads=1", "--hwdec=no"]
    return [*quiet, *decoding, f"--geometry={place}", "--no-keepaspect-window", url(server)]


def many(count: int, pace: Pace, command: Callable[[int], list[str]]) -> Found | None:
    """CPU a stream of one process each; None: it is not here."""
    if not shutil.which(command(0)[0]):
        print(f"{command(0)[0]} is left out: see --setup", file=sys.stderr)
        return None
    quiet = subprocess.DEVNULL
    started = [subprocess.Popen(command(each), stdout=quiet, stderr=quiet) for each in range(count)]
    try:
        time.sleep(pace[0])
        pids, start = [process.pid for process in started], time.monotonic()
        cost = cpu_seconds(pids)
        time.sleep(pace[1])
        spent, cost = time.monotonic() - start, cpu_seconds(pids) - cost
        if any(process.poll() is not None for process in started):
            raise subprocess.SubprocessError(f"{command(0)[0]} ended")
        return {"cpu": 100 * cost / spent / count, "memory": megabytes(pids)}
    finally:
        for process in started:
            process.kill()
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
