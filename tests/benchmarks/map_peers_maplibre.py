"""MapLibre GL JS in Debian's Chromium, for ``map_peers``: a page of its own does the work and tells.

MapLibre comes from the npm registry, pinned, into the cache folder. It reads vector tiles cut
beforehand and draws points as circles, the form that costs it least; fading is switched off.
"""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.benchmarks import map_peers_views as views
from tests.benchmarks.browser import KINDS, Package, PeerFailed, end, started
from tests.benchmarks.city import City
from tests.benchmarks.map_peers_data import LEVELS, geojson, vector_tiles
from tests.benchmarks.map_peers_style import maplibre_style
from tests.benchmarks.process_cost import cpu_seconds, family, megabytes

MAPLIBRE = Package(
    "maplibre-gl",
    "6.17.0",
    "2chIZwpLGenoUQOcnm9Pk4SLbA8ppNFq8jlpXiq9vcYm3Y1wJ3fc82FL0GLwBaPYJCLzPv/mC46KEupVov75rQ==",
    "dist",
)
PAGE = Path(__file__).with_name("map_peers_page.html")
LONGEST = 420.0
"""Seconds for all turns of one size."""


@dataclass(slots=True)
class Turn:
    """What the server gives to the page, and what it hears from it."""

    size: str
    seconds: float
    files: dict[str, bytes]
    folders: dict[str, Path]
    browser: int = 0
    costs: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])
    memory: float = 0.0
    found: dict[str, Any] = field(default_factory=dict[str, Any])
    fault: str = ""
    pictures: dict[str, bytes] = field(default_factory=dict[str, bytes])
    over: threading.Event = field(default_factory=threading.Event)

    def hear(self, path: str, body: bytes) -> None:
        what, _, name = path.strip("/").partition("/")
        if what == "mark" and name == "memory":
            self.memory = megabytes(family(self.browser))
        elif what == "mark":
            self.costs.append((name, cpu_seconds(family(self.browser))))
        elif what == "picture":
            self.pictures[name] = body
        elif what == "fault":
            self.fault = body.decode("utf-8", "replace")
            self.over.set()
        elif what == "found":
            self.found = json.loads(body)
            self.over.set()

    def read(self, path: str) -> bytes | None:
        """A file that the page asks for."""
        name = path.split("?")[0].strip("/")
        if name in self.files:
            return self.files[name]
        folder, _, rest = name.partition("/")
        file = self.folders[folder] / rest if folder in self.folders and ".." not in rest else None
        return file.read_bytes() if file is not None and file.is_file() else None


def measure(city: City, size: str, seconds: float, graphics: str = "llvmpipe") -> tuple[dict[str, Any], Turn]:
    """All views at one size. Raises PeerMissing, PeerFailed."""
    folders = {"maplibre": MAPLIBRE.folder(), "tiles": vector_tiles(city)}
    turn = Turn(size, seconds, {}, folders)
    with tempfile.TemporaryDirectory() as profile:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(turn))
        address = f"http://127.0.0.1:{server.server_address[1]}"
        turn.files |= _files(city, size, seconds, address)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        process = started(f"{address}/page.html", views.SIZES[size], profile, graphics)
        turn.browser = process.pid
        try:
            if not turn.over.wait(LONGEST) or turn.fault:
                raise PeerFailed(turn.fault or "MapLibre did not come to an end")
        finally:
            end(process)
            server.shutdown()
            server.server_close()
    return _with_costs(turn), turn


def _files(city: City, size: str, seconds: float, address: str) -> dict[str, bytes]:
    plan = {
        "size": views.SIZES[size], "seconds": seconds,
        "speed": views.SPEED, "reach": views.REACH, "renewed": views.RENEWED,
        "views": [
            {"name": v, "center": views.center_of(v, city.bounds), "zoom": views.zoom_of(v, size) - 1}
            for v in views.VIEWS
        ],
    }  # fmt: skip
    return {
        "page.html": PAGE.read_bytes(),
        "plan.json": json.dumps(plan).encode(),
        "style.json": json.dumps(maplibre_style(address, LEVELS)).encode(),
        "cameras.json": geojson(city.cameras).encode(),
        "staff.json": geojson(city.staff).encode(),
    }


def _with_costs(turn: Turn) -> dict[str, Any]:
    """What the page found, with CPU ms a frame of all processes of the browser."""
    marks = [cost for _, cost in turn.costs]
    for number, view in enumerate(views.VIEWS):
        spent = marks[2 * number + 1] - marks[2 * number]
        turn.found[view]["cpu"] = spent * 1e3 / turn.found[view]["frames"]
    return turn.found | {"memory": turn.memory}


def _handler(turn: Turn) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Loopback only; quiet."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = turn.read(self.path)
            self._answer(404 if body is None else 200, body or b"")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            turn.hear(self.path, body)
            self._answer(200, b"{}")

        def _answer(self, code: int, body: bytes) -> None:
            self.send_response(code)
            kind = KINDS.get(Path(self.path.split("?")[0]).suffix, "application/octet-stream")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    return Handler
