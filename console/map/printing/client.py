"""The window's side of the printing process: started when there is something to print, ended when idle."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

import msgspec
from PySide6.QtCore import QObject, QTimer

from console.map.printing.messages import PagePrinted, PrintPage, PrintProgress, decode_reply, encode
from console.sdk.printing import PrintFailed
from console.sdk.ui.words import word
from console.tasks.line_process import LineProcess

log = logging.getLogger(__name__)
IDLE = 60_000
"""Milliseconds after which a process that nobody needs gives its memory back."""


@dataclass(slots=True)
class _Job:
    page: PrintPage
    future: Future[PagePrinted]
    on_progress: Callable[[float], None]


class PrintProcess(QObject):
    """One process at most, one job after the other."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs: list[_Job] = []
        self._process: LineProcess | None = None
        self._idle = QTimer(self, singleShot=True, interval=IDLE)
        self._idle.timeout.connect(self.stop)

    @property
    def process_id(self) -> int:
        """0 while it does not run."""
        return self._process.processId() if self._process is not None else 0

    def give(self, page: PrintPage, on_progress: Callable[[float], None]) -> Future[PagePrinted]:
        """The answer, or PrintFailed when the process ends; a cancelled future ends the work on it."""
        job = _Job(page, Future(), on_progress)
        job.future.add_done_callback(lambda future: self._drop(job) if future.cancelled() else None)
        self._jobs.append(job)
        self._idle.stop()
        if self._process is None:
            self._start()
        if len(self._jobs) == 1:
            self._write(job)
        return job.future

    def stop(self) -> None:
        """End it at once; it is started again when there is something to do."""
        process, self._process = self._process, None
        if process is not None:
            process.blockSignals(True)
            process.kill()
            process.waitForFinished(3000)
            process.deleteLater()

    def close(self) -> None:
        """End it for good; who waits is cancelled."""
        self._idle.stop()
        jobs, self._jobs = self._jobs, []
        self.stop()
        for job in jobs:
            job.future.cancel()

    def _start(self) -> None:
        process = self._process = LineProcess("console.map.printing.process", self)
        process.line.connect(self._on_line)
        process.gone.connect(self._on_end)
        process.begin()

    def _write(self, job: _Job) -> None:
        if self._process is not None:
            self._process.write(encode(job.page))

    def _drop(self, job: _Job) -> None:
        """Nobody waits for it any more: what is under way ends with its process."""
        if job not in self._jobs:
            return
        under_way = self._jobs[0] is job
        self._jobs.remove(job)
        if under_way:
            self.stop()
            self._next()

    def _next(self) -> None:
        if not self._jobs:
            self._idle.start()
            return
        if self._process is None:
            self._start()
        self._write(self._jobs[0])

    def _on_line(self, line: bytes) -> None:
        try:
            reply = decode_reply(line)
        except msgspec.DecodeError:
            log.warning("the printing process said %.200r", line)
            return
        job = self._jobs[0] if self._jobs else None
        if job is None or job.page.request != reply.request:
            return
        if isinstance(reply, PrintProgress):
            job.on_progress(reply.share)
        else:
            self._jobs.pop(0)
            self._next()
            if job.future.set_running_or_notify_cancel():
                job.future.set_result(reply)

    def _on_end(self) -> None:
        """It died: who waits is told, and the next one gets a fresh process."""
        log.warning("the printing process ended")
        self.stop()
        jobs, self._jobs = self._jobs, []
        for job in jobs:
            if job.future.set_running_or_notify_cancel():
                error = PrintFailed(word("The process that prints has ended; please try a smaller sheet."))
                job.future.set_exception(error)
