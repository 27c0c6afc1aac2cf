"""The embedded backend of the demo: a fresh district each start, on a free loopback port.

The district is generated once and kept as a template database; each start copies
it, draws a new secret for the demo account and for every device, and tells them
to the demo through a pipe. Secrets are in no file (only hashes), argument or log.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import secrets
import shutil
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TextIO

import msgspec

import console
from console.cli.demo_video import LiveCameras, live_cameras
from console.model.records import Role
from console.paths import cache_dir
from console.processes import allow_many_files, exit_on_term
from console.server.admin import create_account
from console.server.app import create_app
from console.server.core import Core
from console.server.run import serve
from console.server.settings import LOOPBACK, PRIVATE, ServerSettings

log = logging.getLogger(__name__)
USERNAME = "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOrder:
    """What the demo asks its backend for; comes as JSON on standard input."""

    size: str = "demo"
    seed: int = 1
    city: str = ""
    """An OSM file instead of the generated district."""
    grids: int = 200
    staff: int = 800
    video: bool = True
    """Whether some cameras have live pictures."""
    handshake: int = 1
    """File descriptor for the answers, one JSON object a line."""


def main() -> int:
    """Read the order, make or copy the district, serve until the parent ends."""
    order = msgspec.json.decode(sys.stdin.readline(), type=DemoOrder)
    logging.basicConfig(level=logging.WARNING, format="backend: %(levelname)s %(name)s: %(message)s")
    exit_on_term()  # so that the copy is removed
    allow_many_files()
    with os.fdopen(order.handshake, "w", encoding="utf-8") as pipe:
        tell = _Teller(pipe)
        with (
            LiveCameras(order.video) as cameras,
            tempfile.TemporaryDirectory(prefix="onemap-demo-") as folder,
        ):
            serve_copy(ensure_template(order, tell.progress), Path(folder), tell, cameras)
    return 0


class _Teller:
    """Writes answers to the demo; a demo that is gone is no error."""

    def __init__(self, pipe: TextIO) -> None:
        self._pipe = pipe

    def __call__(self, **answer: Any) -> None:
        try:
            self._pipe.write(json.dumps(answer) + "\n")
            self._pipe.flush()
        except (BrokenPipeError, ValueError):
            log.info("nobody listens to the backend's answers")

    def close(self) -> None:
        """Nothing more will be told."""
        with contextlib.suppress(BrokenPipeError):
            self._pipe.close()

    def progress(self, done: float, text: str) -> None:
        """Progress of making the district, 0..1."""
        self(progress=done, text=text)


def ensure_template(order: DemoOrder, progress: Callable[[float, str], None]) -> Path:
    """The folder with the template of this order; made when there is none for this code."""
    key = hashlib.sha256(msgspec.json.encode(replace(order, handshake=0, video=True)))
    if order.city:
        key.update(Path(order.city).read_bytes())
    code, templates = _fingerprint(), cache_dir() / "demo"
    folder = templates / f"{code}-{key.hexdigest()[:12]}"
    if (folder / "district.json").exists():
        return folder
    for old in templates.glob("*"):
        if not old.name.startswith(code):  # of older code
            shutil.rmtree(old, ignore_errors=True)
    templates.mkdir(exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=f"{code}-making-", dir=templates))
    make_template(order, making, progress)
    try:
        making.rename(folder)
    except OSError:  # another demo was quicker
        shutil.rmtree(making)
    return folder


def _fingerprint() -> str:
    """Changes whenever code changes that a template depends on."""
    root = Path(console.__file__).resolve().parent
    folders = [root / "model", root / "server", *sorted((root.parent / "plugins").glob("*/server"))]
    digest = hashlib.sha256()
    for path in sorted(path for folder in folders for path in folder.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def make_template(order: DemoOrder, folder: Path, progress: Callable[[float, str], None]) -> None:
    """Generate or import the district and store it in ``onemap.db`` of *folder*."""
    from console.server.demo import city_district, make_district, preset_size, seed_district

    if order.city:
        district = city_district(
            Path(order.city), order.grids, order.staff, order.seed, lambda d, t: progress(d * 0.8, t)
        )
    else:
        size = preset_size(order.size)
        district = make_district(order.seed, size, lambda d, t: progress(d * 0.8, t))
    progress(0.85, "storing the district")
    core: Core = create_app(ServerSettings(data_dir=folder)).state.core
    devices = seed_district(core, district)
    core.database.close()
    with sqlite3.connect(folder / "onemap.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    notes = {"area": district.code, "devices": devices, "live": live_cameras(district.cameras)}
    (folder / "district.json").write_bytes(msgspec.json.encode(notes))
    progress(1.0, "district ready")


def serve_copy(template: Path, folder: Path, tell: _Teller, cameras: LiveCameras) -> None:
    """Serve a copy of *template* in *folder* until SIGTERM."""
    shutil.copyfile(template / "onemap.db", folder / "onemap.db")
    notes = json.loads((template / "district.json").read_bytes())
    password = secrets.token_urlsafe(18)
    cores: list[Core] = []

    def prepare(core: Core) -> None:
        cores.append(core)
        with core.database.write() as session:
            create_account(session, USERNAME, password, "演示值班员", Role.DISPATCHER, [notes["area"]])

    def ready(url: str) -> None:
        core = cores[0]
        info = core.layers.info("road")
        roads = str(core.layers.file(info)) if info else ""
        tell(url=url, username=USERNAME, password=password, roads=roads)
        threading.Thread(target=give_devices, args=(core, notes["devices"], tell), daemon=True).start()
        threading.Thread(target=cameras.give, args=(core, notes["live"]), daemon=True).start()

    settings = ServerSettings(data_dir=folder, camera_networks=f"{LOOPBACK}, {PRIVATE}")
    serve(settings, "127.0.0.1", 0, ready, prepare)


def give_devices(core: Core, devices: list[dict[str, Any]], tell: _Teller) -> None:
    """A new secret for every device, told with where it lives; nothing more is told."""
    given: list[dict[str, Any]] = []
    with core.database.write() as session:
        for device in devices:
            _, secret = core.devices.add(session, device["device"], device["staff"], device["area"])
            given.append({key: device[key] for key in ("device", "home", "means")} | {"secret": secret})
    tell(devices=given)
    tell.close()


if __name__ == "__main__":
    sys.exit(main())
