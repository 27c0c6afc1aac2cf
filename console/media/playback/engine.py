"""Recordings as the window sees them: one process shows all that are open, and writes files."""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Callable

import msgspec
from PySide6.QtCore import QObject, Qt, QTimer

from console.media.memory import FrameMemory, Picture
from console.media.playback.messages import (
    Drop,
    Follow,
    Replay,
    Request,
    Resize,
    Write,
    decode_reply,
    encode,
)
from console.model.looks import Look
from console.model.replays import Pace, Progress, Recorded, Told
from console.model.streams import Reason, Source, State, Status
from console.tasks.line_process import LineProcess

log = logging.getLogger(__name__)
POLL = 33
"""Milliseconds between looks for new pictures."""
GRACE = 1_000
"""Milliseconds that the process has to end by itself."""
_numbers = itertools.count(1)


class Replaying:
    """A recording that is shown in a tile; what a tile asks of it is what it asks of a live ``Viewing``."""

    def __init__(
        self,
        desk: PlaybackEngine,
        source: Recorded,
        pace: Pace,
        on_change: Callable[[], None],
        on_told: Callable[[], None],
    ) -> None:
        self.number = next(_numbers)
        self.told = Told(self.number, State.CONNECTING)
        self.size = (0, 0)
        self.keep = self.focused_at = 0.0
        self.metadata = None
        self.on_change, self._on_told = on_change, on_told
        self._desk = desk
        self._memory = FrameMemory(self.number)
        self._seen, self._put = 0, False
        self._source, self._pace = source, pace

    @property
    def status(self) -> Status:
        """For the words in a tile: a picture of the past is not old."""
        seen = time.monotonic() if self._memory.number else 0.0
        return Status(self.told.state, self.told.reason, picture_at=seen)

    def look_so(self, look: Look) -> None:
        """Recordings are shown as they are."""

    def show_at(self, width: int, height: int) -> None:
        """In so many device pixels; 0: it is hidden, which changes nothing."""
        if (width, height) == self.size or not width or not height:
            return
        self.size = (width, height)
        if self._put:
            self._desk.write(Resize(self.number, width, height))
        else:
            self._put = True
            self._desk.write(
                Replay(self.number, self._source.main, self._memory.path, width, height,
                       self._source.begin, self._pace)
            )  # fmt: skip

    def newest(self) -> Picture | None:
        return self._memory.newest()

    def holds(self, picture: Picture) -> bool:
        return self._memory.holds(picture)

    def retry(self) -> None:
        """Whoever shows it asks for another address."""

    def follow(self, pace: Pace) -> None:
        """Go by this clock from now on."""
        self._pace = pace
        if self._put:
            self._desk.write(Follow(self.number, pace))

    def hear(self, told: Told) -> None:
        """What the process said."""
        changed = (told.state, told.reason) != (self.told.state, self.told.reason)
        self.told = told
        self._on_told()
        if changed:
            self.on_change()

    def look(self) -> None:
        """Is there another picture?"""
        if self._memory.number != self._seen:
            self._seen = self._memory.number
            self.on_change()

    def close(self) -> None:
        """Not looked at any more."""
        if self._desk.forget(self):
            self._memory.close()


class Writing:
    """A file that is being written."""

    def __init__(self, desk: PlaybackEngine, on_progress: Callable[[Progress], None]) -> None:
        self.number = next(_numbers)
        self.on_progress = on_progress
        self._desk = desk

    def cancel(self) -> None:
        """Nothing is left behind."""
        self._desk.end(self)


class PlaybackEngine(QObject):
    """One for the program. ``close`` it before the application ends."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._replays: dict[int, Replaying] = {}
        self._writings: dict[int, Writing] = {}
        self._process = LineProcess("console.media.playback.worker", self)
        self._process.line.connect(self._on_line)
        self._process.gone.connect(self._on_end)
        self._stopping = False
        self._poll = QTimer(self, interval=POLL, timerType=Qt.TimerType.PreciseTimer)
        self._poll.timeout.connect(self._tick)

    @property
    def process_id(self) -> int:
        """0 while it does not run."""
        return self._process.processId()

    def show(
        self, source: Source, pace: Pace, on_change: Callable[[], None], on_told: Callable[[], None]
    ) -> Replaying:
        """Show a recording; *on_change*: its picture or state is another; *on_told*: ``told`` is."""
        recorded = source if isinstance(source, Recorded) else Recorded(source.id, source.title, source.main)
        replaying = Replaying(self, recorded, pace, on_change, on_told)
        self._replays[replaying.number] = replaying
        self._poll.start()
        return replaying

    def save(
        self,
        source: Recorded,
        path: str,
        stretch: tuple[float, float],
        about: dict[str, str],
        on_progress: Callable[[Progress], None],
    ) -> Writing:
        """Write a stretch (s since 1970) of a recording to *path*."""
        writing = Writing(self, on_progress)
        self._writings[writing.number] = writing
        self.write(Write(writing.number, source.main, path, source.begin, *stretch, about))
        return writing

    def write(self, request: Request) -> None:
        """Tell the process; it is started when it does not run."""
        if self._stopping:
            return
        if not self._process.running:
            self._process.begin()
        self._process.write(encode(request))

    def forget(self, replaying: Replaying) -> bool:
        """Whether it was one of ours."""
        if self._replays.pop(replaying.number, None) is None:
            return False
        self._drop(replaying.number)
        if not self._replays:
            self._poll.stop()
        return True

    def end(self, writing: Writing) -> None:
        """Stop writing it."""
        if self._writings.pop(writing.number, None) is not None:
            self._drop(writing.number)

    def close(self) -> None:
        """End all; returns when the process has ended."""
        self._poll.stop()
        for replaying in list(self._replays.values()):
            replaying.close()
        self._writings.clear()
        self._stopping = True
        self._process.closeWriteChannel()
        if self._process.running and not self._process.waitForFinished(GRACE):
            self._process.kill()
            self._process.waitForFinished(3000)

    def _drop(self, number: int) -> None:
        if self._process.running:
            self.write(Drop(number))

    def _tick(self) -> None:
        for replaying in list(self._replays.values()):
            replaying.look()

    def _on_line(self, line: bytes) -> None:
        try:
            said = decode_reply(line)
        except msgspec.DecodeError:
            log.warning("the replaying process said something that was not understood")
            return
        if isinstance(said, Told):
            if replaying := self._replays.get(said.stream):
                replaying.hear(said)
        elif writing := self._writings.get(said.stream):
            if said.done >= 1.0 or said.reason or said.disk:
                del self._writings[said.stream]
                self._drop(said.stream)
            writing.on_progress(said)

    def _on_end(self) -> None:
        """It died: who shows a recording asks for it anew."""
        if self._stopping:
            return
        log.warning("the replaying process ended (%s)", self._process.errorString())
        for replaying in list(self._replays.values()):
            replaying.hear(Told(replaying.number, State.WAITING, Reason.CRASHED, over=True))
        for number in list(self._writings):
            self._writings.pop(number).on_progress(Progress(number, 0.0, reason=Reason.CRASHED))
