"""Positions a second a core, by protocol: ours against the usual tracker's handler.

The server is a process of its own with 1,500 devices; it checks who each device is, judges,
shows and stores every fix. The peer does what simple trackers do: it trusts the id in the
request and writes each position to its database before it answers. Both answer the same
requests of the same client. By MQTT and Cursor-on-Target there is no peer: the aim is that
one core takes a city's 6,000 staff (1,200 positions a second). MQTT needs mosquitto
(``--setup`` installs it). ``--quick`` sends less.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import psutil
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from console.model.records import Role  # noqa: E402
from console.server.admin import create_account  # noqa: E402
from console.server.app import create_app  # noqa: E402
from console.server.core import Core  # noqa: E402
from console.server.settings import ServerSettings  # noqa: E402
from console.server.tables import DeviceRow  # noqa: E402
from console.server.tokens import new_secret, secret_hash  # noqa: E402
from tests.benchmarks.ingest_load import (  # noqa: E402
    DEVICES,
    PASSWORD,
    cot_events,
    name,
    owntracks_message,
    send_cot,
    send_http,
    send_mqtt,
    taken_by,
)
from tests.support.brokers import Broker, free_port, mosquitto  # noqa: E402

AIM = 1200
"""Positions a second of 6,000 staff who report every 5 s."""


def serve_ours(folder: Path, mqtt: int) -> None:
    """Our server; says its ports, the devices' secrets and a token."""
    cot = free_port()
    listening = {"ONEMAP_COT_TCP": f"127.0.0.1:{cot}"}
    if mqtt:
        listening |= {
            "ONEMAP_MQTT_URL": f"mqtt://127.0.0.1:{mqtt}",
            "ONEMAP_MQTT_USER": "onemap",
            "ONEMAP_MQTT_PASSWORD": PASSWORD,
            "ONEMAP_MQTT_TRUST": "broker",
        }
    app = create_app(ServerSettings(data_dir=folder, plugin_dirs=(), listening=listening))
    core: Core = app.state.core
    with core.database.write() as session:
        create_account(session, "bench", PASSWORD, "bench", Role.ADMINISTRATOR, ["320302"])
        secrets = [new_secret() for _ in range(DEVICES)]
        session.add_all(device_row(n, secret) for n, secret in enumerate(secrets))
    token = core.sign_in.sign_in("bench", PASSWORD, "").access_token
    run_server(app, {"cot": cot, "secrets": secrets, "token": token, "prefix": "/api/v1/ingest/"})


def device_row(number: int, secret: str) -> DeviceRow:
    """A device as ``onemap device add`` makes it, but by the thousand."""
    kept = {"area": "320302001", "secret_hash": secret_hash(secret), "created_at": 0.0}
    return DeviceRow(id=name(number), subject=name(number), handle=number + 1, disabled=False, **kept)


def serve_peer(folder: Path) -> None:
    """One transaction a position, no questions asked."""
    database = sqlite3.connect(folder / "peer.db", check_same_thread=False, isolation_level=None)
    database.execute("pragma journal_mode=wal")
    database.execute("pragma synchronous=normal")
    database.execute("create table position (id text, lon real, lat real, time real, attributes text)")
    last: dict[str, dict[str, Any]] = {}
    lock = threading.Lock()

    def store(device: str, fix: dict[str, Any]) -> None:
        with lock:
            last[device] = fix
            row = (device, float(fix["lon"]), float(fix["lat"]), float(fix["time"]), json.dumps(fix))
            database.execute("insert into position values (?, ?, ?, ?, ?)", row)

    async def osmand(request: Request) -> PlainTextResponse:
        query = dict(request.query_params)
        store(query["id"], query | {"time": query["timestamp"]})
        return PlainTextResponse("")

    async def owntracks(request: Request) -> PlainTextResponse:
        message = await request.json()
        store(message["topic"].split("/")[1], message | {"time": message["tst"]})
        return PlainTextResponse("[]")

    @asynccontextmanager
    async def lifespan(_app: Starlette):
        yield
        database.close()

    routes = [Route("/osmand", osmand), Route("/owntracks", owntracks, methods=["POST"])]
    run_server(Starlette(routes=routes, lifespan=lifespan), {"secrets": [""] * DEVICES, "prefix": "/"})


def run_server(app: Any, about: dict[str, Any]) -> None:
    """Serve with the settings of console.server.run."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    print(json.dumps(about | {"port": listener.getsockname()[1]}), flush=True)
    uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).run(sockets=[listener])


class Meter:
    """CPU seconds of a process while a block runs, and its memory."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)

    def spent(self) -> float:
        times = self._process.cpu_times()
        return times.user + times.system

    def megabytes(self) -> float:
        return self._process.memory_info().rss / 2**20


@contextmanager
def child(*arguments: str) -> Iterator[tuple[Meter, dict[str, Any]]]:
    """This script as a server."""
    command = [sys.executable, __file__, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            about = json.loads(process.stdout.readline())
            until = time.monotonic() + 20
            while time.monotonic() < until:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", about["port"])) == 0:
                        break
                time.sleep(0.05)
            yield Meter(process.pid), about
        finally:
            process.kill()


def rate(meter: Meter, count: int, work: Any) -> float:
    """Positions a second of CPU, what is written late included."""
    before = meter.spent()
    work()
    time.sleep(1.5)
    return count / (meter.spent() - before)


def measure_http(meter: Meter, about: dict[str, Any], count: int) -> dict[str, float]:
    """Both HTTP protocols, after a warm-up in which the devices become known."""
    found: dict[str, float] = {}
    for protocol in ("osmand", "owntracks"):
        asyncio.run(send_http(protocol, about, DEVICES))
        taken = 0

        def work(protocol: str = protocol) -> None:
            nonlocal taken
            taken = asyncio.run(send_http(protocol, about, count))

        found[protocol] = rate(meter, count, work)
        if taken < count:
            raise SystemExit(f"{protocol}: only {taken} of {count} were taken")
    found["memory"] = meter.megabytes()
    return found


def measure_listeners(
    meter: Meter, about: dict[str, Any], broker: Broker | None, each: int
) -> dict[str, float]:
    """Cursor-on-Target in both forms, and MQTT."""
    found: dict[str, float] = {}
    for turn, form in enumerate(("xml", "protobuf")):
        first = 100 * turn
        streams = [cot_events(first + n, each, form == "protobuf") for n in range(40)]
        found[f"cot {form}"] = rate(
            meter, 40 * each, lambda s=streams, f=first: asyncio.run(send_cot(s, about, f))
        )
    if broker:
        now = time.time() - each
        reports = [owntracks_message(300 + n, turn, now + turn) for turn in range(each) for n in range(40)]
        messages = [(report["topic"], json.dumps(report).encode()) for report in reports]
        while taken_by(about, "mqtt") < 0:
            time.sleep(0.1)
        found["mqtt"] = rate(meter, len(messages), lambda: send_mqtt(messages, about, broker.port))
    return found


def claims(ours: dict[str, float], peer: dict[str, float]) -> list[dict[str, Any]]:
    """Every figure against what a city needs."""
    rows = [
        {
            "claim": f"positions a second a core, {protocol}",
            "ours": round(value),
            "peer": round(peer[protocol]) if protocol in peer else None,
            "unit": "1/s",
            "ratio": round(value / peer[protocol], 2) if protocol in peer else None,
            "aim": f">= {AIM}",
            "holds": value >= AIM,
        }
        for protocol, value in ours.items()
        if protocol != "memory"
    ]
    memory = {
        "claim": "memory of the server after the HTTP requests",
        "ours": round(ours["memory"], 1),
        "peer": round(peer["memory"], 1),
        "unit": "MB",
        "ratio": None,
        "aim": "<= 300",
        "holds": ours["memory"] <= 300,
    }
    return [*rows, memory]


def make_broker(folder: Path) -> Broker | None:
    """mosquitto, if it is here; ``phones`` may publish under all names."""
    if not (shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")):
        return None
    broker = mosquitto(folder, {"onemap": PASSWORD, "phones": PASSWORD})
    acl = folder / "bench.acl"
    acl.write_text("user onemap\ntopic readwrite owntracks/#\nuser phones\ntopic write owntracks/#\n")
    conf = folder / "mosquitto.conf"
    lines = [line for line in conf.read_text().splitlines() if not line.startswith("acl_file")]
    conf.write_text("\n".join([*lines, f"acl_file {acl}", "max_queued_messages 0"]) + "\n")
    broker.start()
    return broker


def measure(quick: bool) -> tuple[dict[str, float], dict[str, float]]:
    """Ours and the peer, each on a fresh database."""
    count, each = (2 * DEVICES, 60) if quick else (6 * DEVICES, 800)
    with tempfile.TemporaryDirectory(prefix="onemap-ingest-") as place:
        folder = Path(place)
        for part in ("broker", "ours", "peer"):
            (folder / part).mkdir()
        broker = make_broker(folder / "broker")
        try:
            port = str(broker.port if broker else 0)
            with child("--role", "ours", "--folder", str(folder / "ours"), "--mqtt", port) as (meter, about):
                ours = measure_http(meter, about, count) | measure_listeners(meter, about, broker, each)
            with child("--role", "peer", "--folder", str(folder / "peer")) as (meter, about):
                peer = measure_http(meter, about, count)
        finally:
            if broker:
                broker.stop()
    return ours, peer


def main() -> int:
    """Measure, or be one of the servers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--setup", action="store_true", help="install mosquitto (Debian, as root)")
    parser.add_argument("--role", choices=("ours", "peer"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--mqtt", type=int, default=0, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.setup:
        command = ["apt-get", "install", "-y", "--no-install-recommends", "mosquitto"]
        return subprocess.run(command, check=False).returncode
    if arguments.role == "ours":
        serve_ours(arguments.folder, arguments.mqtt)
    elif arguments.role == "peer":
        serve_peer(arguments.folder)
    else:
        ours, peer = measure(arguments.quick)
        machine = f"{platform.system()} {platform.machine()}, {psutil.cpu_count()} cores"
        print(json.dumps({"name": "ingest", "machine": machine, "claims": claims(ours, peer)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
