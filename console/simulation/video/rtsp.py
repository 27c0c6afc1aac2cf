"""A small RTSP server: frame i of a clip leaves at ``began`` + i / fps, for everybody who watches.

RTP over the connection itself (interleaved), H.264, Digest sign-in. Packets are made once for all who
watch, and none while nobody does.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Self

from console.simulation.video.clip import Clip
from console.simulation.video.packing import Packer, description

REALM = "onemap"
MOST_WAITING = 4 << 20
"""Bytes that may wait for a client that does not read."""
_LONGEST = 65_536


class VideoServer:
    """Runs in a thread of its own, on a free port of loopback."""

    def __init__(self, clips: dict[str, Clip], sign_in: tuple[str, str] | None = None) -> None:
        """*clips* by path, without the slash."""
        self.clips = clips
        self.asked: Counter[str] = Counter()
        """Requests by method; and ``connections``, and ``401`` of sign-ins that were wrong."""
        self.began = time.monotonic()
        self.port = 0
        self._sign_in, self._nonce = sign_in, secrets.token_hex(8)
        self._watchers: dict[str, set[asyncio.StreamWriter]] = {path: set() for path in clips}
        self._connections: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, name="rtsp server")

    @contextmanager
    def running(self) -> Iterator[Self]:
        """Serve."""
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

    def _call(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", self.port, backlog=1000, limit=_LONGEST
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
        await self._drop()

    async def _drop(self) -> None:
        for writer in list(self._connections):
            writer.transport.abort()

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
            if self._watchers[path] and self._sends():
                data = packer.packets(clip.frames[number % len(clip.frames)], number * 90_000 // clip.fps)
                for writer in list(self._watchers[path]):
                    if writer.transport.get_write_buffer_size() < MOST_WAITING:
                        writer.write(data)
            number += 1

    def _sends(self) -> bool:
        """Whether pictures leave just now."""
        return True

    def _answers(self) -> bool:
        """Whether requests are answered."""
        return True

    @property
    def _challenge(self) -> str:
        return f'Digest realm="{REALM}", nonce="{self._nonce}"'

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked["connections"] += 1
        self._connections.add(writer)
        with suppress(OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while request := await self._read(reader):
                if self._answers():
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
        clip = self._clip(path)
        status, more, body = "200 OK", {}, ""
        if method != "OPTIONS" and not self._allowed(method, headers):
            status, more = "401 Unauthorized", {"WWW-Authenticate": self._challenge}
        elif method == "OPTIONS":
            more = {"Public": "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER"}
        elif clip is None:
            status = "404 Not Found"
        elif method == "DESCRIBE":
            body = description(clip)
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
            self._play(writer, path)

    def _clip(self, path: str) -> Clip | None:
        """What is to be had there."""
        return self.clips.get(path)

    def _play(self, writer: asyncio.StreamWriter, path: str) -> None:
        """Send it, to an end that is not ours."""
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
        wanted = _md5(f"{secret}:{self._nonce}:{request}")
        if fields.get("username") == user and hmac.compare_digest(fields.get("response", ""), wanted):
            return True
        self.asked["401"] += 1
        return False


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()  # what cameras speak (RFC 2069)
