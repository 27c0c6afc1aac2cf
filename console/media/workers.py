"""The window's side of the decoding processes: started when first needed, started again when they die."""

from __future__ import annotations

import logging
import os
import time

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from console.media.messages import (
    Begin,
    Clip,
    Close,
    Open,
    Patience,
    Request,
    Saved,
    Take,
    Taken,
    Tune,
    decode_reply,
    encode,
)
from console.tasks.line_process import LineProcess

log = logging.getLogger(__name__)
OPENS = 8
"""Streams that are opened at a time, by all processes together."""
GRACE = 1_000
"""Milliseconds that a process has to end by itself."""
LATELY = 60.0
SHORTEST, LONGEST = 250, 10_000
"""Milliseconds until one that died is started again: so many more with each death in LATELY seconds."""


class MediaWorker(QObject):
    """Knows what it decodes, and tells it to the process that comes after one that died."""

    said = Signal(object)
    """A ``Reply`` about one of its streams."""
    died = Signal(object)
    """The numbers of the streams that it decoded; they are opened again when it is back."""

    def __init__(self, begin: Begin, parent: QObject) -> None:
        super().__init__(parent)
        self.streams: dict[int, Open] = {}
        self._begin = begin
        self._stopping = False
        self._deaths: list[float] = []
        self._process = LineProcess("console.media.worker", self)
        self._process.line.connect(self._on_line)
        self._process.gone.connect(self._on_end)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._start)

    @property
    def process_id(self) -> int:
        """0 while it does not run."""
        return self._process.processId()

    def put(self, request: Open | Tune | Close) -> None:
        """What it is to decode from now on."""
        match request:
            case Open():
                self.streams[request.stream] = request
            case Tune():
                asked = msgspec.structs.asdict(request)
                self.streams[request.stream] = msgspec.structs.replace(self.streams[request.stream], **asked)
            case Close():
                self.streams.pop(request.stream, None)
        if self._process.running:
            self._write(request)
        elif not self._again.isActive():
            self._start()

    def ask(self, request: Take | Clip) -> bool:
        """Have something done once; False: it does not run."""
        if self._process.running:
            self._write(request)
        return self._process.running

    def stop(self) -> None:
        """End it; returns when it has ended."""
        self._stopping = True
        self._again.stop()
        self._process.closeWriteChannel()
        if self._process.running and not self._process.waitForFinished(GRACE):
            self._process.kill()
            self._process.waitForFinished(3000)

    def _start(self) -> None:
        if self._stopping or self._process.running or not self.streams:
            return
        self._process.begin()
        for request in [self._begin, *self.streams.values()]:
            self._write(request)

    def _write(self, request: Request) -> None:
        self._process.write(encode(request))

    def _on_line(self, line: bytes) -> None:
        try:
            said = decode_reply(line)
        except msgspec.DecodeError:
            log.warning("a decoding process said something that was not understood")
            return
        if said.stream in self.streams or isinstance(said, Taken | Saved):
            self.said.emit(said)

    def _on_end(self) -> None:
        if self._stopping:
            return
        now = time.monotonic()
        self._deaths = [death for death in self._deaths if now - death < LATELY] + [now]
        log.warning("a decoding process ended (%s)", self._process.errorString())
        self._again.start(min(SHORTEST * len(self._deaths), LONGEST))
        self.died.emit(list(self.streams))


class Workers(QObject):
    """*count* processes; a stream goes to the one that has the fewest."""

    said = Signal(object)
    died = Signal(object)

    def __init__(self, count: int, patience: Patience, hardware: bool, parent: QObject) -> None:
        super().__init__(parent)
        begin = Begin(max(1, OPENS // count), patience, hardware)
        self._workers = [MediaWorker(begin, self) for _ in range(count)]
        for worker in self._workers:
            worker.said.connect(self.said)
            worker.died.connect(self.died)

    @property
    def process_ids(self) -> list[int]:
        """Of those that run."""
        return [worker.process_id for worker in self._workers if worker.process_id]

    def open(self, request: Open) -> MediaWorker:
        """Have a stream decoded; by whom is for ``put`` of what is asked of it later."""
        worker = min(self._workers, key=lambda worker: len(worker.streams))
        worker.put(request)
        return worker

    def stop(self) -> None:
        """End all; returns when they have ended."""
        for worker in self._workers:
            worker.stop()


def usual_count() -> int:
    """A core is left to the window, but two at least: threads of one process wait for its lock."""
    return max(2, (os.cpu_count() or 2) - 1)
