"""Live fan-out: 1,200 positions a second to 100 consoles, ours against a broadcast of JSON per message.

Server and consoles are processes of their own; the server judges, shows, stores
and fans out the positions, which a thread inside it makes (devices' HTTP is not
part of this). Both servers get the same positions at the same rate, and every
console wants the whole district. One console of ours has a window beside them
(``hub_window.py``). ``--quick`` measures for a shorter time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import psutil
import uvicorn
import websockets
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from console.model.positions import Positions  # noqa: E402
from console.model.records import Role  # noqa: E402
from console.sdk.server import Device, PositionFix  # noqa: E402
from console.server.admin import create_account  # noqa: E402
from console.server.app import create_app  # noqa: E402
from console.server.settings import ServerSettings  # noqa: E402

STAFF, RATE, CONSOLES = 6000, 1200, 100
PASSWORD = "benchmark only, loopback"
STEP = 0.05
"""Seconds between bursts of positions."""


def make_positions(take: Callable[[int, float, float, float], None]) -> None:
    """Call *take* with (staff number, lon, lat, time), RATE times a second, for ever."""
    chance, number, due = random.Random(7), 0, time.monotonic()
    while True:
        for _ in range(int(RATE * STEP)):
            lon, lat = 117.2 + chance.uniform(-1e-3, 1e-3), 34.2 + chance.uniform(-1e-3, 1e-3)
            take(number % STAFF, lon, lat, time.time())
            number += 1
        due += STEP
        time.sleep(max(0.0, due - time.monotonic()))


def serve_ours() -> None:
    """Our server with one account; says where it is and the token."""
    folder = Path(tempfile.mkdtemp(prefix="onemap-hub-"))
    settings = ServerSettings(data_dir=folder, plugin_dirs=(), consoles_per_user=CONSOLES + 2)
    app = create_app(settings)
    core = app.state.core
    with core.database.write() as session:
        create_account(session, "bench", PASSWORD, "bench", Role.OPERATOR, ["320302"])
    ticket = core.sign_in.sign_in("bench", PASSWORD, "")
    devices = [Device(id=str(n), subject=str(n), handle=n + 1, area="320302001") for n in range(STAFF)]

    def take(number: int, lon: float, lat: float, at: float) -> None:
        core.intake.take(devices[number], [PositionFix(lon=lon, lat=lat, time=at, speed=1.0)])

    about = {"path": "/api/v1/live", "token": ticket.access_token}
    run_server(app, take, about | {"ticket": msgspec.json.encode(ticket).decode()})


def serve_peer() -> None:
    """The naive way: one JSON message a position, to every console in turn."""
    consoles: set[WebSocket] = set()
    queue: list[str] = []

    async def live(socket: WebSocket) -> None:
        await socket.accept()
        consoles.add(socket)
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            consoles.discard(socket)

    async def broadcast() -> None:
        while True:
            waiting, queue[:] = queue[:], []
            for message in waiting:
                for console in list(consoles):
                    await console.send_text(message)
            await asyncio.sleep(0.01)

    async def lifespan(_app: Starlette):
        task = asyncio.create_task(broadcast())
        yield
        task.cancel()

    def take(number: int, lon: float, lat: float, at: float) -> None:
        position = {"handle": number, "lon": lon, "lat": lat, "time": at, "speed": 1.0}
        queue.append(json.dumps(position))

    app = Starlette(routes=[WebSocketRoute("/live", live)], lifespan=asynccontextmanager(lifespan))
    run_server(app, take, {"path": "/live", "token": ""})


def run_server(app: Any, take: Callable[[int, float, float, float], None], about: dict[str, str]) -> None:
    """Serve with the settings of console.server.run, and let positions come."""

    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    threading.Thread(target=make_positions, args=(take,), daemon=True).start()
    print(json.dumps(about | {"port": listener.getsockname()[1]}), flush=True)
    config = uvicorn.Config(
        app, log_config=None, access_log=False, ws="websockets-sansio", ws_per_message_deflate=False
    )
    uvicorn.Server(config).run(sockets=[listener])


async def consoles(url: str, token: str, seconds: float) -> None:
    """Connect CONSOLES consoles, then measure for *seconds*; prints what came and how late."""
    ages: list[float] = []
    counts = {"frames": 0, "positions": 0}
    measuring = asyncio.Event()

    async def one() -> None:
        async with websockets.connect(url, max_size=None, compression=None, max_queue=64) as feed:
            await feed.send(json.dumps({"t": "hello", "token": token}))
            async for frame in feed:
                times = _times(frame)
                if measuring.is_set() and len(times):
                    counts["frames"] += 1
                    counts["positions"] += len(times)
                    ages.append(time.time() - float(times.min()))

    tasks = [asyncio.create_task(one()) for _ in range(CONSOLES)]
    await asyncio.sleep(4)
    print("ready", flush=True)
    measuring.set()
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    p99 = float(np.percentile(ages, 99)) if ages else float("nan")
    print(json.dumps(counts | {"p99": p99}), flush=True)


def _times(frame: bytes | str) -> np.ndarray:
    if isinstance(frame, str):
        return np.array([json.loads(frame)["time"]])
    message = msgspec.msgpack.decode(frame)
    return Positions.from_wire(message["cols"]).time if message["t"] == "pos" else np.empty(0)


@contextmanager
def child(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """This script in another role."""
    command = [sys.executable, __file__, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def measure(role: str, seconds: float) -> dict[str, float]:
    """One run: CPU of the server in % of a core, positions delivered a second, p99 of their age."""
    with child("--role", role) as server:
        assert server.stdout is not None
        about = json.loads(server.stdout.readline())
        url = f"ws://127.0.0.1:{about['port']}{about['path']}"
        time.sleep(2)
        with child("--role", "consoles", "--url", url, "--seconds", str(seconds)) as clients:
            assert clients.stdout is not None
            tell(clients, about["token"])
            process = psutil.Process(server.pid)
            before, begun = process.cpu_times(), time.monotonic()
            result = json.loads(clients.stdout.readline())
            after, took = process.cpu_times(), time.monotonic() - begun
        pixel = measure_window(about, seconds) if "ticket" in about else result["p99"]
    cpu = (after.user + after.system - before.user - before.system) / took * 100
    delivered = result["positions"] / took
    cost = cpu * 10 / max(delivered, 1) * 1000  # one per cent of a core is 10 ms a second
    return {"cpu": cpu, "cost": cost, "delivered": delivered, "p99": result["p99"], "pixel": pixel}


def measure_window(about: dict[str, Any], seconds: float) -> float:
    """99th percentile of the age of a position when it is painted, with as many consoles connected."""
    url = f"http://127.0.0.1:{about['port']}"
    live = f"ws://127.0.0.1:{about['port']}{about['path']}"
    with child("--role", "consoles", "--url", live, "--seconds", str(seconds + 20)) as others:
        tell(others, about["token"])
        with child("--role", "window", "--url", url, "--seconds", str(seconds)) as window:
            tell(window, about["ticket"])
            assert window.stdout is not None
            return float(json.loads(window.stdout.readline())["p99"])


def tell(process: subprocess.Popen[str], line: str) -> None:
    """Hand a secret over by standard input, and wait until the process is ready."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()
    process.stdout.readline()


def claims(ours: list[dict[str, float]], peer: list[dict[str, float]]) -> list[dict[str, Any]]:
    """The medians of all runs against the aims."""

    def middle(runs: list[dict[str, float]], key: str) -> float:
        return float(np.median([run[key] for run in runs]))

    wanted = RATE * CONSOLES
    rows = [
        (
            "server CPU for 1,200 positions/s to 100 consoles",
            "cpu",
            "% of a core",
            "<= 10",
            lambda v: v <= 10,
        ),
        ("server CPU for 1,000 positions delivered", "cost", "ms", "<= 1", lambda v: v <= 1),
        ("position to client, p99", "p99", "s", "<= 1.5", lambda v: v <= 1.5),
        ("position to pixel (peer: to client), p99", "pixel", "s", "<= 1.5", lambda v: v <= 1.5),
        ("positions delivered", "delivered", "1/s", f">= {wanted * 0.95:.0f}", lambda v: v >= wanted * 0.95),
    ]
    result = []
    for claim, key, unit, aim, holds in rows:
        mine, theirs = middle(ours, key), middle(peer, key)
        ratio = theirs / mine if key != "delivered" else mine / theirs
        result.append(
            {
                "claim": claim,
                "ours": round(mine, 3),
                "peer": round(theirs, 3),
                "unit": unit,
                "ratio": round(ratio, 2),
                "aim": aim,
                "holds": bool(holds(mine)),
            }
        )
    return result


def main() -> int:
    """Measure in turn, ours and the peer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--setup", action="store_true", help="nothing to install")
    parser.add_argument("--role", choices=("ours", "peer", "consoles", "window"), help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.setup:
        return 0
    if arguments.role == "consoles":
        asyncio.run(consoles(arguments.url, sys.stdin.readline().strip(), arguments.seconds))
    elif arguments.role == "window":
        from tests.benchmarks.hub_window import watch  # Qt is loaded in this role alone

        watch(arguments.url, arguments.seconds)
    elif arguments.role:
        {"ours": serve_ours, "peer": serve_peer}[arguments.role]()
    else:
        rounds, seconds = (1, 6.0) if arguments.quick else (3, 20.0)
        ours, peer = [], []
        for _ in range(rounds):
            ours.append(measure("ours", seconds))
            peer.append(measure("peer", seconds))
        machine = f"{platform.system()} {platform.machine()}, {psutil.cpu_count()} cores"
        print(
            json.dumps({"name": "hub", "machine": machine, "claims": claims(ours, peer)}, ensure_ascii=False)
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
