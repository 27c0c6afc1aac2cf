"""The live feed: one websocket, kept up, resumed after a break. Runs in the I/O thread."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import random
import time
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit, urlunsplit

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from console.client import problems
from console.client.api import LOOPBACK, PREFIX
from console.client.frames import (
    MAX_FRAME,
    ByeFrame,
    DeltaFrame,
    Frame,
    FrameDecoder,
    FrameError,
    PongFrame,
    PositionsFrame,
    SnapshotFrame,
)
from console.client.inbox import Connection, Inbox
from console.client.session import Session
from console.model.text import Text
from console.sdk.errors import BackendAway, BackendError, NotSignedIn
from console.store.batch import Clock, Snapshot

log = logging.getLogger(__name__)

FIRST_PAUSE, LAST_PAUSE = 0.5, 15.0
PING_SECONDS = 4.0
LATE_SECONDS = 1.0
"""Between two looks at whether an answer is overdue."""
SILENCE_SECONDS = 15.0
"""Nothing heard for so long, pongs included: the line is dead."""
_BROKEN = Text("后台发来的数据无法识别", "The backend sent data that is not understood")
_FAILURES = (OSError, TimeoutError, ConnectionClosed, InvalidHandshake, FrameError, BackendAway)


class _Bye(Exception):
    """The server closed the feed and said why."""

    def __init__(self, frame: ByeFrame) -> None:
        super().__init__(frame.message or frame.code)
        self.code = frame.code


class LiveFeed:
    """Keeps *inbox* up to date until ``run`` is cancelled."""

    def __init__(
        self,
        base_url: str,
        session: Session,
        inbox: Inbox,
        *,
        language: Callable[[], str] = lambda: "zh_CN",
        areas: Sequence[str] | None = None,
        text: bool = False,
    ) -> None:
        """*text* asks for JSON frames, for debugging."""
        parts = urlsplit(base_url)
        scheme = {"http": "ws", "https": "wss"}[parts.scheme]
        self._url = urlunsplit((scheme, parts.netloc, f"{parts.path.rstrip('/')}{PREFIX}/live", "", ""))
        self._local = parts.hostname in LOOPBACK
        self._session, self._inbox, self._language = session, inbox, language
        self._areas, self._text = areas, text
        self._decoder = FrameDecoder()
        self._resume: tuple[str, int] | None = None
        self._token = ""
        self._pings: dict[int, float] = {}
        self._latency: float | None = None
        self._pause = FIRST_PAUSE

    async def run(self) -> None:
        """Connect, and again after each break, until cancelled or signed out."""
        while True:
            try:
                await self._connected()
            except NotSignedIn as error:
                self._down(str(error), signed_out=True)
                return
            except _Bye as bye:
                if await self._said_goodbye(bye):
                    continue
            except _FAILURES as error:
                log.info("live feed: %s", error)
                text = _BROKEN if isinstance(error, FrameError) else problems.CUT_OFF
                self._down(text.get(self._language()))
            except BackendError as error:
                self._down(str(error))
            await asyncio.sleep(random.uniform(0.5, 1.0) * self._pause)
            self._pause = min(LAST_PAUSE, self._pause * 2)

    async def _connected(self) -> None:
        """One connection, until it breaks."""
        self._token = await asyncio.to_thread(self._session.token)
        async with connect(
            self._url,
            max_size=MAX_FRAME,
            compression=None,  # columns of floats hardly shrink, and 100 consoles cost the server
            proxy=None if self._local else True,
            open_timeout=10,
            close_timeout=2,
        ) as socket:
            await socket.send(self._hello())
            self._pings.clear()
            aside = [asyncio.create_task(work) for work in (self._ping(socket), self._watch_pings())]
            try:
                await self._listen(socket)
            finally:
                for task in aside:
                    task.cancel()

    async def _listen(self, socket: ClientConnection) -> None:
        """Raises when the line breaks, falls silent, or the server says good-bye."""
        while True:
            data = await asyncio.wait_for(socket.recv(), SILENCE_SECONDS)
            frame = self._decoder.frame(data)
            if frame is not None:
                self._take(frame, text=isinstance(data, str))

    async def _ping(self, socket: ClientConnection) -> None:
        """Measure the way, and hand on a renewed token; ends with the line, as ``_listen`` will say."""
        with contextlib.suppress(ConnectionClosed):
            for number in itertools.count(1):
                self._pings[number] = time.monotonic()
                await self._send(socket, {"t": "ping", "n": number})
                await asyncio.sleep(PING_SECONDS)
                await self._hand_on_token(socket)

    async def _watch_pings(self) -> None:
        """An answer that is overdue says already how slow the line is: at least that."""
        while True:
            await asyncio.sleep(LATE_SECONDS)
            waited = time.monotonic() - min(self._pings.values(), default=time.monotonic())
            if waited > max(LATE_SECONDS, self._latency or 0.0) and self._inbox.connection.connected:
                self._latency = waited
                self._inbox.set_connection(Connection(connected=True, latency=waited))

    async def _hand_on_token(self, socket: ClientConnection) -> None:
        try:
            token = await asyncio.to_thread(self._session.token)
        except BackendAway:
            return  # the next ping tries again
        except BackendError:
            await socket.close()  # signed out: connecting anew finds the reason
            return
        if token != self._token:
            self._token = token
            await self._send(socket, {"t": "token", "token": token})

    async def _send(self, socket: ClientConnection, message: dict[str, object]) -> None:
        await socket.send(msgspec.json.encode(message).decode())

    def _hello(self) -> str:
        resume = self._resume and {"stream": self._resume[0], "seq": self._resume[1]}
        hello: dict[str, object] = {
            "t": "hello",
            "token": self._token,
            "format": "json" if self._text else "msgpack",
            "areas": None if self._areas is None else list(self._areas),
            "resume": resume,
        }
        return msgspec.json.encode(hello).decode()

    def _take(self, frame: Frame, *, text: bool) -> None:
        """One frame into the inbox. The place to resume from moves only once all of it is there."""
        if isinstance(frame, SnapshotFrame):
            records = {
                name: self._decoder.records(name, raw, text=text) for name, raw in frame.records.items()
            }
            positions = self._decoder.positions(frame.positions)
            self._inbox.put_snapshot(Snapshot(records=records, positions=positions, time=frame.time))
            self._resume = (frame.stream, frame.seq)
            self._up()
        elif isinstance(frame, DeltaFrame):
            self._inbox.put_changes(self._decoder.changes(frame, text=text))
            if self._resume is not None:
                self._resume = (self._resume[0], max(self._resume[1], frame.seq))
            self._up()
        elif isinstance(frame, PositionsFrame):
            self._inbox.put_positions(self._decoder.positions(frame.cols))
            self._up()
        elif isinstance(frame, PongFrame):
            self._pong(frame)
        else:
            raise _Bye(frame)

    def _pong(self, frame: PongFrame) -> None:
        sent = self._pings.pop(frame.n, None)
        if sent is None:
            return
        for older in [number for number in self._pings if number < frame.n]:
            del self._pings[older]  # answers keep their order: these were lost
        heard = time.monotonic()
        self._latency = heard - sent
        # The answer was written half a way ago.
        self._inbox.put_clock(Clock(time=frame.time + self._latency / 2, heard=heard))
        self._inbox.set_connection(Connection(connected=True, latency=self._latency))

    def _up(self) -> None:
        self._pause = FIRST_PAUSE
        if not self._inbox.connection.connected:
            self._inbox.set_connection(Connection(connected=True, latency=self._latency))

    def _down(self, problem: str, *, signed_out: bool = False) -> None:
        self._latency = None
        self._inbox.set_connection(Connection(problem=problem, signed_out=signed_out))

    async def _said_goodbye(self, bye: _Bye) -> bool:
        """Whether to connect again at once: after a new token."""
        self._down(str(bye))
        if bye.code != "not_signed_in" or self._pause > FIRST_PAUSE:
            return False
        self._pause *= 2  # a server that refuses fresh tokens is asked slowly
        try:
            await asyncio.to_thread(self._session.renew, self._token)
        except (BackendAway, BackendError):
            return False
        return True
