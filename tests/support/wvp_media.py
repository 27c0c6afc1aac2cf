"""The media server beside a WVP platform: RTSP pictures that are there while the platform calls a device."""

from __future__ import annotations

import asyncio
from typing import Any

from console.simulation.video.clip import Clip
from tests.support.rtsp import RtspServer


class MediaServer(RtspServer):
    """``rtsp://…/rtp/<stream>?callId=…``. Streams come and go from any thread."""

    def __init__(self, clip: Clip) -> None:
        super().__init__({})
        self._picture = clip
        self._pumps: dict[str, asyncio.Task[None]] = {}

    def begin(self, stream: str) -> None:
        """There is a picture of this name now."""
        self._call(self._begin(stream))

    def end(self, stream: str) -> None:
        """There is none any more; who watches is hung up."""
        self._call(self._end(stream))

    def readers(self, stream: str) -> int:
        """How many watch it."""
        return len(self._watchers.get(stream, ()))

    async def _begin(self, stream: str) -> None:
        self.clips[stream], self._watchers[stream] = self._picture, set()
        self._pumps[stream] = asyncio.create_task(self._pump(stream))

    async def _end(self, stream: str) -> None:
        if stream not in self.clips:
            return
        self._pumps.pop(stream).cancel()
        del self.clips[stream]
        for writer in self._watchers.pop(stream):
            writer.transport.abort()

    def _answer(self, writer: asyncio.StreamWriter, method: str, url: str, headers: dict[str, Any]) -> None:
        super()._answer(writer, method, url.replace("/rtp/", "/", 1).partition("?")[0], headers)
