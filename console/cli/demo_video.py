"""The demo's live cameras: some of the district's get pictures of made-up streets."""

from __future__ import annotations

import json
import logging
import secrets
import subprocess
import sys
from collections.abc import Sequence
from typing import Self

from console.cli.demo_heads import give_heads
from console.cli.demo_recordings import give_recordings
from console.model.records import Camera, CameraKind
from console.processes import start_child
from console.server.core import Core

log = logging.getLogger(__name__)
COUNT, HIGH, TURNED, RECORDED = 16, 2, 2, 6
"""Live cameras, how many stand high, how many others can be turned, of how many others one can look back."""
USER = "demo"


def live_cameras(cameras: Sequence[Camera]) -> list[str]:
    """Ids of those nearest to the middle of all."""
    if not cameras:
        return []
    lon = sum(camera.where[0] for camera in cameras) / len(cameras)
    lat = sum(camera.where[1] for camera in cameras) / len(cameras)
    near = sorted(
        (each for each in cameras if each.online),
        key=lambda each: ((each.where[0] - lon) ** 2 + (each.where[1] - lat) ** 2, each.id),
    )
    high = [each.id for each in near if each.high][:HIGH]
    turned = [each.id for each in near if each.kind is CameraKind.PTZ][:TURNED]
    fixed = [each.id for each in near if not each.high and each.id not in turned]
    return high + turned + fixed[: COUNT - len(high) - len(turned)]


class LiveCameras:
    """The process that streams; it makes its clips while the district is made. Ends with the block."""

    def __init__(self, wanted: bool) -> None:
        self._wanted = wanted
        self._password = secrets.token_urlsafe(18)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if self._wanted:
            command = [sys.executable, "-m", "console.simulation.video"]
            self._process = start_child(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            order = {"user": USER, "password": self._password, "count": COUNT}
            assert self._process.stdin
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                assert pipe
                pipe.close()

    def give(self, core: Core, ids: Sequence[str]) -> None:
        """Give the cameras *ids* their streams. Waits until they are served: on a thread of its own."""
        if self._process is None or not ids:
            return
        from plugins.cameras.server.streams import Streams

        assert self._process.stdout
        port = self._process.stdout.readline().strip().decode()
        if not port.isdigit():
            log.warning("there are no live cameras: the process that streams them has ended")
            return
        book = core.services.get("cameras.streams")
        with core.database.write() as session:
            for number, camera in enumerate(ids):
                main, sub = (f"rtsp://127.0.0.1:{port}/{number}-{name}" for name in ("main", "sub"))
                book.put(session, camera, Streams(main=main, sub=sub, user=USER, password=self._password))
        give_heads(core, ids)
        channels = {camera: f"{number}-main" for number, camera in enumerate(ids)}
        recorded = ids[HIGH + TURNED :][:RECORDED]
        give_recordings(core, {each: channels[each] for each in recorded}, port, (USER, self._password))
