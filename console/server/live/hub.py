"""The hub: reads the change log and the board, once a tick, for all consoles of this process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import Counter as Tally
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from console.server.changes import LoggedChange, changes_after, last_seq, stream_name, trimmed_to
from console.server.db import Database
from console.server.live.console import Console, TooSlow
from console.server.live.feed import FeedSources, View
from console.server.live.wire import Format, Frame, Resume, delta_frame, positions_frame, snapshot_frame
from console.server.positions.board import PositionBoard
from console.server.settings import ServerSettings

log = logging.getLogger(__name__)

_IDLE_LOOK = 2.0
"""Seconds until an unshared database is looked at: the command line may have imported a layer."""
_READ = 2000
"""Lines of the log read at once."""


class LiveHub:
    """All consoles of one process. Its methods belong to the event loop, but ``wake``."""

    def __init__(
        self, database: Database, sources: FeedSources, board: PositionBoard, settings: ServerSettings
    ) -> None:
        self._database, self._sources, self._board, self._settings = database, sources, board, settings
        self._consoles: set[Console] = set()
        self._by_user: Tally[str] = Tally()
        self._seq = 0
        self._stream = ""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._listeners: list[Callable[[LoggedChange], None]] = []

    async def start(self) -> None:
        """Begin to follow the log from its present end."""
        self._loop = asyncio.get_running_loop()
        self._stream = await asyncio.to_thread(self._open_log)
        self._tasks = [
            asyncio.create_task(self._follow_records()),
            asyncio.create_task(self._follow_positions()),
        ]

    async def stop(self) -> None:
        """End the ticks; consoles were closed by the server before."""
        self._loop = None
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def wake(self) -> None:
        """A transaction of this process was committed; from any thread."""
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._woken.set)

    def on_change(self, listener: Callable[[LoggedChange], None]) -> None:
        """*listener* gets each line of the log, whichever process wrote it, on a worker thread."""
        self._listeners.append(listener)

    @property
    def stream(self) -> str:
        """Name of the database's log, empty before the start."""
        return self._stream

    @property
    def count(self) -> int:
        """How many consoles are connected."""
        return len(self._consoles)

    def admits(self, user_id: str) -> bool:
        """Whether the user may open one console more."""
        return self._by_user[user_id] < self._settings.consoles_per_user

    def join(self, console: Console) -> None:
        """Count the console in; it gets nothing before ``show``."""
        self._consoles.add(console)
        self._by_user[console.caller.user_id] += 1

    def leave(self, console: Console) -> None:
        """Count the console out."""
        if console in self._consoles:
            self._consoles.remove(console)
            self._by_user[console.caller.user_id] -= 1

    async def show(self, console: Console, view: View, resume: Resume | None) -> None:
        """Go on where the console broke off, or begin with a snapshot."""
        stream = view.stream(self._stream)
        console.seq = -1
        console.view = view
        console.start_anew()
        if resume and resume.stream == stream and await asyncio.to_thread(self._still_kept, resume.seq):
            console.seq = resume.seq
            self._woken.set()
            rows = self._board.within(self._board.rows(), view.areas if view.positions else ())
            console.queue(positions_frame(time.time(), self._board.columns(rows), console.form))
            return
        seq, records = await asyncio.to_thread(self._sources.snapshot, console.caller, view)
        rows = self._board.within(self._board.rows(), view.areas if view.positions else ())
        positions = self._board.columns(rows)
        console.queue(snapshot_frame(stream, seq, time.time(), records, positions, console.form))
        console.seq = seq
        self._woken.set()

    def _open_log(self) -> str:
        with self._database.write() as session:
            self._seq = last_seq(session)
            return stream_name(session)

    def _still_kept(self, seq: int) -> bool:
        with self._database.read() as session:
            return trimmed_to(session) <= seq <= last_seq(session)

    def _read_after(self, seq: int) -> list[LoggedChange]:
        with self._database.read() as session:
            return changes_after(session, seq, _READ)

    async def _follow_records(self) -> None:
        """Wait for commits of this process, or a tick for those of others."""
        patience = self._settings.record_tick if self._settings.is_shared else _IDLE_LOOK
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), patience)
            self._woken.clear()
            try:
                await self._turn()
            except SQLAlchemyError as error:
                log.error("the change log cannot be read: %s", getattr(error, "orig", error))
                await asyncio.sleep(1.0)
                self._woken.set()
            except Exception:
                log.exception("live feed")

    async def _turn(self) -> None:
        while changes := await asyncio.to_thread(self._read_after, self._seq):
            before, self._seq = self._seq, changes[-1].seq
            self._send_changes([c for c in self._consoles if c.seq == before], changes)
            await asyncio.to_thread(self._tell_listeners, changes)
        for console in [c for c in self._consoles if 0 <= c.seq < self._seq]:
            await self._catch_up(console)

    async def _catch_up(self, console: Console) -> None:
        """Bring a console that came in between, or resumes, to the present."""
        while 0 <= console.seq < self._seq:
            if not (changes := await asyncio.to_thread(self._read_after, console.seq)):
                return
            if console.seq >= 0:
                self._send_changes([console], [c for c in changes if c.seq > console.seq])

    def _send_changes(self, consoles: list[Console], changes: list[LoggedChange]) -> None:
        """Queue *changes*, encoded once for each distinct view."""
        if not changes:
            return
        frames: dict[tuple[View, Format], Frame | None] = {}
        for console in consoles:
            key = (console.view, console.form)
            if key not in frames:
                frames[key] = _cut(changes, *key)
            console.seq = changes[-1].seq
            frame = frames[key]
            if frame is not None:
                self._queue(console, frame)

    def _queue(self, console: Console, frame: Frame) -> None:
        try:
            console.queue(frame)
        except TooSlow:
            log.warning("console of %s is too slow; it may resume", console.caller.username)
            console.seq = -1
            console.end("too_slow", "The console reads too slowly")

    def _tell_listeners(self, changes: list[LoggedChange]) -> None:
        for change in changes:
            for listener in self._listeners:
                try:
                    listener(change)
                except Exception:
                    log.exception("a listener of the change log failed")

    async def _follow_positions(self) -> None:
        """Once a tick: what moved, encoded once for each distinct set of areas."""
        due = time.monotonic()
        while True:
            due = max(due + self._settings.position_tick, time.monotonic())
            await asyncio.sleep(due - time.monotonic())
            try:
                self._send_positions()
            except Exception:
                log.exception("live positions")

    def _send_positions(self) -> None:
        dirty, now = self._board.take_dirty(), time.time()
        shown = [c for c in self._consoles if c.seq >= 0 and c.view.positions]
        by_areas: dict[tuple[str, ...], list[Console]] = {}
        for console in shown:
            by_areas.setdefault(console.view.areas, []).append(console)
        for areas, consoles in by_areas.items():
            rows = self._board.within(dirty, areas)
            if len(rows):
                positions = self._board.columns(rows)
                forms: set[Format] = {c.form for c in consoles}
                frames = {form: positions_frame(now, positions, form) for form in forms}
                for console in consoles:
                    console.offer_positions(frames[console.form], rows)
        for console in shown:
            missed = console.take_missed()
            if len(missed):
                frame = positions_frame(now, self._board.columns(missed), console.form)
                console.offer_positions(frame, missed)


def _cut(changes: list[LoggedChange], view: View, form: Format) -> Frame | None:
    """The part of *changes* that *view* shows, or None when it shows none of it."""
    kept = [(c, op) for c in changes if c.type in view.types and (op := c.seen_from(view.areas))]
    if not kept:
        return None
    return delta_frame([c for c, _ in kept], [op for _, op in kept], changes[-1].seq, form)
