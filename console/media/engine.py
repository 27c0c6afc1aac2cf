"""The media engine: cameras that are looked at, decoded by processes, polled thirty times a second."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

from console.media.budget import PERIOD, Budget
from console.media.keeping import Jobs
from console.media.messages import Heard, Patience, Reply
from console.media.session import Barred, Session, Viewing
from console.media.speaker import Speaker
from console.media.workers import Workers, usual_count
from console.model.streams import Sound, Source

POLL = 33
"""Milliseconds between looks for new pictures."""


class MediaEngine(QObject):
    """One for the program. ``close`` it before the application ends."""

    def __init__(
        self,
        parent: QObject | None = None,
        workers: int = 0,
        patience: Patience | None = None,
        hardware: bool = True,
    ) -> None:
        """*workers*: how many processes decode; 0: see ``usual_count``. *hardware*: whether a device that
        decodes is used where there is one."""
        super().__init__(parent)
        self._patience = patience or Patience()
        self._workers = Workers(workers or usual_count(), self._patience, hardware, self)
        self._workers.said.connect(self._on_said)
        self._workers.died.connect(self._on_death)
        self._sessions: dict[Source, Session] = {}
        self._barred: dict[str, Barred] = {}
        self.budget, self.jobs = Budget(), Jobs()
        self._weighed_at = 0.0
        self.speaker: Speaker | None = None
        """Looked for when something is to be heard."""
        self._heard: Viewing | None = None
        self._poll = QTimer(self, interval=POLL, timerType=Qt.TimerType.PreciseTimer)
        self._poll.timeout.connect(self._tick)

    @property
    def process_ids(self) -> list[int]:
        """Of the processes that decode."""
        return self._workers.process_ids

    def watch(self, source: Source, on_change: Callable[[], None]) -> Viewing:
        """Look at a camera; *on_change* is called on this thread when its picture or state is another."""
        session = self._sessions.get(source)
        if session is None:
            session = Session(source, self._workers, self._patience, self._barred)
            self._sessions[source] = session
        if not self._poll.isActive():
            self._poll.start()
        return session.join(on_change)

    def hear(self, viewing: Viewing | None) -> None:
        """The sound of this one, and of no other; None: of none."""
        if self._heard is not None:
            self._heard.sound = Sound.OFF
        self._heard = viewing
        if viewing is not None:
            self.speaker = self.speaker or Speaker(self)
            viewing.sound = Sound.ON if self.speaker.present else Sound.NO_DEVICE

    def close(self) -> None:
        """End all; returns when the processes have ended."""
        self._poll.stop()
        for session in self._sessions.values():
            session.close()
        self._sessions.clear()
        self._workers.stop()

    def _tick(self) -> None:
        now = time.monotonic()
        for url in [url for url, barred in self._barred.items() if barred.until < now]:
            del self._barred[url]
        if now - self._weighed_at >= PERIOD:
            self._weigh(now)
        for source, session in list(self._sessions.items()):
            session.tick()
            if session.over:
                del self._sessions[source]
        if not self._sessions:
            self._poll.stop()

    def _weigh(self, now: float) -> None:
        """Who has to do with less, and who has all again."""
        self._weighed_at = now
        loads = [load for session in self._sessions.values() for load in session.loads(now)]
        savings = self.budget.weigh(loads, now)
        for session in self._sessions.values():
            session.save(savings)

    def _on_said(self, said: Reply) -> None:
        self.jobs.hear(said)
        for session in self._sessions.values():
            if feed := session.feed(said.stream):
                feed.hear(said)
                if isinstance(said, Heard) and session.sound == Sound.ON and self.speaker:
                    self.speaker.play(said.sound)

    def _on_death(self, streams: list[int]) -> None:
        self.jobs.fell(streams)
        for session in self._sessions.values():
            for number in streams:
                if feed := session.feed(number):
                    feed.fell()
