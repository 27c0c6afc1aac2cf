"""A simulated video recorder: the cameras' server, which also plays what was, from any moment on.

``rtsp://host/recorded-<path>?starttime=<s since 1970>&endtime=<…>&speed=<…>``: frame number i of a clip that
repeats was at i / fps s since 1970. It begins with the key frame before *starttime*, says by RTCP what time
that was, and sends *speed* times as fast as it was; what a client does not read waits.
"""

from __future__ import annotations

import asyncio
import math
import struct
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

from console.simulation.video.clip import Clip
from console.simulation.video.packing import Packer
from console.simulation.video.rtsp import VideoServer

PREFIX = "recorded-"
AHEAD = 1.0
"""Seconds that are sent at once."""
_NTP = 2_208_988_800
"""Seconds from 1900, where RTCP counts from, to 1970."""


class RecordedServer(VideoServer):
    """All its clips are recorded, too, since ever."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._replays: set[asyncio.Task[None]] = set()

    def _clip(self, path: str) -> Clip | None:
        name, _ = _parted(path)
        return self.clips.get(name.removeprefix(PREFIX))

    def _play(self, writer: asyncio.StreamWriter, path: str) -> None:
        name, query = _parted(path)
        if not name.startswith(PREFIX):
            super()._play(writer, path)
            return
        task = asyncio.ensure_future(self._replay(writer, self.clips[name.removeprefix(PREFIX)], query))
        self._replays.add(task)
        task.add_done_callback(self._replays.discard)

    async def _replay(self, writer: asyncio.StreamWriter, clip: Clip, query: Mapping[str, float]) -> None:
        since, until = query.get("starttime", 0.0), query.get("endtime", math.inf)
        speed = min(max(query.get("speed", 1.0), 0.1), 64.0)
        first = math.floor(since * clip.fps + 1e-6)
        number = first - first % clip.key_every
        packer, began, from_ = Packer(), self._loop.time(), number
        writer.write(_report(number / clip.fps, 0))
        with suppress(ConnectionError):  # seen enough
            while number / clip.fps < until:
                due = began + (number - from_) / clip.fps / speed - AHEAD
                await asyncio.sleep(max(0.0, due - self._loop.time()))
                stamp = (number - from_) * 90_000 // clip.fps
                writer.write(packer.packets(clip.frames[number % len(clip.frames)], stamp))
                await writer.drain()
                number += 1
        writer.close()


def _parted(path: str) -> tuple[str, dict[str, float]]:
    name, _, query = path.partition("?")
    found: dict[str, float] = {}
    for key, value in parse_qsl(query):
        found[key] = float(value)
    return name, found


def _report(when: float, stamp: int) -> bytes:
    """An RTCP sender report: the RTP time *stamp* was *when*, s since 1970."""
    whole = math.floor(when)
    ntp = (whole + _NTP) << 32 | round((when - whole) * 2**32) & 0xFFFFFFFF
    body = struct.pack(">BBHIQIII", 0x80, 200, 6, 0x1234, ntp, stamp, 0, 0)
    return struct.pack(">cBH", b"$", 1, len(body)) + body
