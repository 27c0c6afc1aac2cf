"""A small RTSP server with faults to order: frame i of a clip leaves at ``began`` + i / fps, for everybody.

RTP over the connection itself (interleaved), H.264, Digest sign-in. Packets are made once for all who watch.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from tests.support.clips import Clip, units

REALM, NONCE = "tests", "d41d8cd98f00b204"
CHALLENGE = f'Digest realm="{REALM}", nonce="{NONCE}"'
PAYLOAD = 1400
MOST_WAITING = 4 << 20
"""Bytes that may wait for a client that does not read."""


class RtspServer:
    """Runs in a thread of its own. Attributes may be set from any thread."""

    def __init__(self, clips: dict[str, Clip], sign_in: tuple[str, str] | None = None) -> None:
        """*clips* by path, without the slash."""
        self.clips = clips
        self.asked: Counter[str] = Counter()
        """Requests by method; and ``connections``, and ``401`` of sign-ins that were wrong."""
        self.stalled = self.deaf = False
        """``stalled``: nothing is sent; ``deaf``: nothing is answered."""
        self.began = time.monotonic()
        self.port = 0
        self._sign_in = sign_in
        self._watchers: dict[str, set[asyncio.StreamWriter]] = {path: set() for path in clips}
        self._connections: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, name="rtsp server")

    @contextmanager
    def running(self) -> Iterator[RtspServer]:
        """Serve on a free port."""
        self._thread.start()
        self._call(self._listen())
        pumps = [self._call(self._pump_task(path)) for path in self.clips]
        try:
            yield self
        finally:
            self._call(self._close(pumps))
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def url(self, path: str, sign_in: str = "") -> str:
        """*sign_in*: ``user:password``."""
        return f"rtsp://{sign_in + '@' if sign_in else ''}127.0.0.1:{self.port}/{path}"

    @property
    def watching(self) -> int:
        """How many streams are played."""
        return sum(len(watchers) for watchers in self._watchers.values())

    def kill(self) -> None:
        """All connections end, and nobody answers."""
        self._call(self._stop())

    def revive(self) -> None:
        """On the same port again."""
        self._call(self._listen())

    def hang_up(self) -> None:
        """All connections end; new ones are served."""
        self._call(self._drop())

    def babble(self, count: int = 200_000) -> None:
        """Send bytes that mean nothing to all who watch."""
        self._call(self._babble(count))

    def _call(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=1000)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
        await self._drop()

    async def _drop(self) -> None:
        for writer in list(self._connections):
            writer.transport.abort()

    async def _babble(self, count: int) -> None:
        for writer in {writer for watchers in self._watchers.values() for writer in watchers}:
            writer.write(os.urandom(count))

    async def _pump_task(self, path: str) -> asyncio.Task[None]:
        return asyncio.create_task(self._pump(path))

    async def _close(self, pumps: list[asyncio.Task[None]]) -> None:
        await self._stop()
        for pump in pumps:
            pump.cancel()
        await asyncio.sleep(0.02)  # what serves connections notices that they are gone
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _pump(self, path: str) -> None:
        packer = Packer()
        number = 0
        while True:
            clip = self.clips[path]
            due = self.began + number / clip.fps
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if self._watchers[path] and not self.stalled:
                data = packer.packets(clip.frames[number % len(clip.frames)], number * 90_000 // clip.fps)
                for writer in list(self._watchers[path]):
                    if writer.transport.get_write_buffer_size() < MOST_WAITING:
                        writer.write(data)
            number += 1

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked["connections"] += 1
        self._connections.add(writer)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while request := await self._read(reader):
                if self.deaf:
                    continue
                self._answer(writer, *request)
        self._connections.discard(writer)
        for watchers in self._watchers.values():
            watchers.discard(writer)
        writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str]] | None:
        """Method, address and headers; what a player reports in between is skipped."""
        while (first := await reader.readexactly(1)) == b"$":
            _, size = struct.unpack(">BH", await reader.readexactly(3))
            await reader.readexactly(size)
        lines = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, url, _ = lines[0].split(" ")
        pairs = (line.partition(":") for line in lines[1:] if line)
        return method, url, {name.lower(): value.strip() for name, _, value in pairs}

    def _answer(self, writer: asyncio.StreamWriter, method: str, url: str, headers: dict[str, str]) -> None:
        self.asked[method] += 1
        path = url.split("/", 3)[3].split("/")[0] if url.count("/") > 2 else ""
        status, more, body = "200 OK", {}, ""
        if method != "OPTIONS" and not self._allowed(method, headers):
            status, more = "401 Unauthorized", {"WWW-Authenticate": CHALLENGE}
        elif method == "OPTIONS":
            more = {"Public": "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER"}
        elif path not in self.clips:
            status = "404 Not Found"
        elif method == "DESCRIBE":
            body = description(self.clips[path])
            more = {"Content-Type": "application/sdp", "Content-Base": f"{url}/"}
        elif method == "SETUP" and "interleaved" not in headers.get("transport", ""):
            status = "461 Unsupported Transport"
        elif method == "SETUP":
            more = {"Transport": "RTP/AVP/TCP;unicast;interleaved=0-1"}
        lines = [f"RTSP/1.0 {status}", f"CSeq: {headers.get('cseq', '0')}", "Session: 1;timeout=60"]
        lines += [f"{name}: {value}" for name, value in more.items()]
        lines += [f"Content-Length: {len(body)}", "", body]
        writer.write("\r\n".join(lines).encode())
        if method == "PLAY" and status.startswith("200"):
            self._watchers[path].add(writer)

    def _allowed(self, method: str, headers: dict[str, str]) -> bool:
        if self._sign_in is None:
            return True
        given = headers.get("authorization", "")
        if not given:
            return False
        fields = {
            name.strip(): value.strip('" ')
            for name, _, value in (part.partition("=") for part in given.removeprefix("Digest ").split(","))
        }
        user, password = self._sign_in
        secret, request = _md5(f"{user}:{REALM}:{password}"), _md5(f"{method}:{fields.get('uri')}")
        if fields.get("username") == user and fields.get("response") == _md5(f"{secret}:{NONCE}:{request}"):
            return True
        self.asked["401"] += 1
        return False


class Packer:
    """RTP packets of H.264 frames (RFC 6184), each behind its head in the connection."""

    def __init__(self) -> None:
        self._number = 0

    def packets(self, frame: bytes, timestamp: int) -> bytes:
        """Of one frame."""
        payloads = [part for unit in units(frame) for part in _parts(unit)]
        return b"".join(
            self._packet(part, timestamp, last=place == len(payloads) - 1)
            for place, part in enumerate(payloads)
        )

    def _packet(self, payload: bytes, timestamp: int, last: bool) -> bytes:
        self._number = (self._number + 1) & 0xFFFF
        head = struct.pack(">BBHII", 0x80, 96 | last << 7, self._number, timestamp & 0xFFFFFFFF, 0x1234)
        return struct.pack(">cBH", b"$", 0, len(head) + len(payload)) + head + payload


def _parts(unit: bytes) -> list[bytes]:
    """A unit as it is, or in fragments (FU-A)."""
    if len(unit) <= PAYLOAD:
        return [unit]
    pieces = [unit[at : at + PAYLOAD] for at in range(1, len(unit), PAYLOAD)]
    last = len(pieces) - 1
    indicator, kind = unit[0] & 0xE0 | 28, unit[0] & 31
    return [
        bytes([indicator, (place == 0) << 7 | (place == last) << 6 | kind]) + piece
        for place, piece in enumerate(pieces)
    ]


def description(clip: Clip) -> str:
    """SDP."""
    sets = ",".join(base64.b64encode(unit).decode() for unit in clip.parameter_sets)
    lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=tests", "t=0 0", "m=video 0 RTP/AVP 96"]
    lines += ["c=IN IP4 0.0.0.0", "a=rtpmap:96 H264/90000", "a=control:track1"]
    lines.append(f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={sets}")
    return "\r\n".join([*lines, ""])


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()
