"""One connected console: what it is shown, what waits to be sent."""

from __future__ import annotations

import asyncio
from collections import deque

import numpy as np
from starlette.websockets import WebSocket

from console.sdk.server import Caller
from console.server.live.feed import View
from console.server.live.wire import Format, Frame, encode_message
from console.server.positions.board import Rows
from console.server.tokens import AccessClaims

MAX_WAITING = 16 << 20
"""Bytes of records that may wait for a slow console; beyond, it is closed and resumes."""


class TooSlow(Exception):
    """More records wait than may."""


class Console:
    """A websocket with its queue: records in order, positions latest-wins.

    Only the event loop touches it. While a position frame waits, the rows of
    later ticks are only noted, so a slow console costs no memory and no time.
    """

    def __init__(
        self, socket: WebSocket, caller: Caller, claims: AccessClaims, view: View, form: Format
    ) -> None:
        self.socket, self.caller, self.claims = socket, caller, claims
        self.form: Format = form
        self.view = view
        self.seq = -1
        """Last line of the log that was queued; -1 before the snapshot."""
        self._frames: deque[Frame] = deque()
        self._waiting_bytes = 0
        self._position: Frame | None = None
        self._missed: set[int] = set()
        self._ready = asyncio.Event()
        self.ended: asyncio.Future[tuple[str, str]] = asyncio.get_running_loop().create_future()
        """Done with (code, message) when the server wants to close."""

    def end(self, code: str, message: str) -> None:
        """Say goodbye and close."""
        if not self.ended.done():
            self.ended.set_result((code, message))

    def queue(self, frame: Frame) -> None:
        """Queue a frame that must not be lost. Raises TooSlow."""
        self._waiting_bytes += len(frame)
        if self._waiting_bytes > MAX_WAITING and self._frames:
            raise TooSlow
        self._frames.append(frame)
        self._ready.set()

    def queue_message(self, **content: object) -> None:
        """Queue a small message."""
        self.queue(encode_message(content, self.form))

    def offer_positions(self, frame: Frame, rows: Rows) -> None:
        """Send this tick's shared frame, or note its rows when the last one still waits."""
        if self._position is not None or self._missed or self._frames:
            self._missed.update(rows.tolist())
        else:
            self._position = frame
            self._ready.set()

    def take_missed(self) -> Rows:
        """Rows that were noted, when the console can take them now."""
        if not self._missed or self._position is not None or self._frames:
            return np.empty(0, np.int64)
        rows = np.fromiter(self._missed, np.int64, len(self._missed))
        self._missed.clear()
        return rows

    def start_anew(self) -> None:
        """Forget what waits before a new snapshot."""
        self._position = None
        self._missed.clear()

    async def send_all(self) -> None:
        """Send for ever what is queued; ends with the socket."""
        while True:
            await self._ready.wait()
            self._ready.clear()
            while self._frames or self._position is not None:
                frame = self._next()
                if isinstance(frame, bytes):
                    await self.socket.send_bytes(frame)
                else:
                    await self.socket.send_text(frame)

    def _next(self) -> Frame:
        if self._frames:
            frame = self._frames.popleft()
            self._waiting_bytes -= len(frame)
            return frame
        frame, self._position = self._position, None
        assert frame is not None
        return frame
