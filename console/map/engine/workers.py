"""The window's side of the tile workers: starting, feeding, restarting them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from console.map.engine.messages import (
    Configure,
    Configured,
    Dismiss,
    JobFailed,
    LayerFault,
    PlaceLabels,
    RenderTile,
    Reply,
    Request,
    decode_reply,
    encode,
)
from console.tasks.line_process import LineProcess

log = logging.getLogger(__name__)
AHEAD = 2
"""Jobs given to a worker at a time: it never waits, and little is drawn in vain."""
LATER = 1_500
"""Milliseconds after the first worker that the others start: the program itself comes up meanwhile."""
Ranks = tuple[int, ...]
"""Which work is asked for first: tiles of the view (0), its labels (1); around it tiles (2), labels (3)."""
ALONE: Ranks = (0, 1, 3, 2)
FIRST: Ranks = (1, 0, 3, 2)
"""Labels go to the first worker alone, which remembers them; the others draw the tiles meanwhile."""
OTHERS: Ranks = (0, 2)
GRACE = 1_000
"""Milliseconds that a worker has to end by itself: it writes the tiles that it has drawn."""
PATIENCE = 3
"""Deaths in LATELY seconds after which the user is told."""
LATELY = 60.0


class WorkerProcess(QObject):
    """One worker, started again by itself when it dies."""

    replied = Signal(object)
    failed = Signal(object)
    """Jobs that it leaves undone."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.jobs: list[Request] = []
        self.setups: dict[int, Configure] = {}
        """The setup of each view."""
        self._stopping = self._answered = False
        """``_answered``: whether it has come up so far that it could have drawn something."""
        self._deaths: list[float] = []
        self._process = LineProcess("console.map.engine.worker", self)
        self._process.line.connect(self._on_line)
        self._process.gone.connect(self._on_end)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self.start)

    @property
    def process_id(self) -> int:
        """0 while it does not run."""
        return self._process.processId()

    @property
    def room(self) -> int:
        """How many jobs more it can be given; none behind labels, which take as long as many tiles."""
        if not self.process_id or not self.setups or any(isinstance(j, PlaceLabels) for j in self.jobs):
            return 0
        return max(AHEAD - len(self.jobs), 0)

    @property
    def failing(self) -> bool:
        """Whether it died too often lately to be trusted."""
        return len([t for t in self._deaths if time.monotonic() - t < LATELY]) >= PATIENCE

    def start(self) -> None:
        if self._stopping:
            return
        self._answered = False
        self._process.begin()
        for request in [*self.setups.values(), *self.jobs]:  # jobs: given while it was away
            self._write(request)

    def configure(self, setup: Configure) -> None:
        """Its setup for a view from now on, also after a restart."""
        self.setups[setup.view] = setup
        self._write(setup)

    def dismiss(self, view: int) -> None:
        """Forget a view."""
        if self.setups.pop(view, None) is not None:
            self._write(Dismiss(view))

    def give(self, job: Request) -> None:
        self.jobs.append(job)
        self._write(job)

    def let_go(self) -> None:
        """Have it end when it has done what it has begun; at once when it is still coming up."""
        self._stopping = True
        self._again.stop()
        if self._answered:
            self._process.closeWriteChannel()
        else:
            self._process.kill()

    def stop(self) -> None:
        """End it; returns when it has ended."""
        self.let_go()
        if self._process.running and not self._process.waitForFinished(GRACE):
            self._process.kill()
            self._process.waitForFinished(3000)

    def _write(self, request: Request) -> None:
        if self._process.running:
            self._process.write(encode(request))

    def _on_line(self, line: bytes) -> None:
        try:
            reply = decode_reply(line)
        except msgspec.DecodeError:
            log.warning("a tile worker said %.200r", line)
            return
        self._answered = True
        about_job = not isinstance(reply, LayerFault | Configured)
        job = self.jobs.pop(0) if about_job and self.jobs else None
        if isinstance(reply, JobFailed):
            log.warning("a tile worker failed: %s", reply.error)
            self.failed.emit([job] if job is not None else [])
        else:
            self.replied.emit(reply)

    def _on_end(self) -> None:
        if self._stopping:
            return
        self._deaths.append(time.monotonic())
        jobs, self.jobs = self.jobs, []
        log.warning("a tile worker ended (%s)", self._process.errorString())
        self._again.start(10_000 if self.failing else 250 * len(self._deaths))
        self.failed.emit(jobs)


class WorkerPool(QObject):
    """*count* workers. ``pull`` is asked for the next job of some ranks whenever one has room."""

    replied = Signal(object)
    lost = Signal(object)
    """A job that a worker died of or with."""

    def __init__(self, count: int, parent: QObject) -> None:
        super().__init__(parent)
        self.pull: Callable[[Ranks], RenderTile | PlaceLabels | None] = lambda _ranks: None
        self._workers = [WorkerProcess(self) for _ in range(count)]
        for number, worker in enumerate(self._workers):
            worker.replied.connect(self._on_reply)
            worker.failed.connect(self._on_failure)
            if number:
                QTimer.singleShot(LATER, worker, worker.start)
            else:
                worker.start()

    @property
    def failing(self) -> bool:
        """Whether no worker can be trusted any more."""
        return all(worker.failing for worker in self._workers)

    @property
    def process_ids(self) -> list[int]:
        return [worker.process_id for worker in self._workers]

    def configure(self, setup: Configure) -> None:
        for worker in self._workers:
            worker.configure(setup)

    def dismiss(self, view: int) -> None:
        for worker in self._workers:
            worker.dismiss(view)

    def send(self, request: Request) -> None:
        """Give a job to the least busy worker, behind what it has."""
        workers = reversed(self._workers)
        min(workers, key=lambda worker: (not worker.process_id, len(worker.jobs))).give(request)

    def pump(self) -> None:
        """Fill up all workers from ``pull``."""
        several = any(worker.process_id for worker in self._workers[1:])
        for number, worker in enumerate(self._workers):
            ranks = OTHERS if number else FIRST if several else ALONE
            while worker.room:
                job = self.pull(ranks)
                if job is None:
                    break
                worker.give(job)

    def close(self) -> None:
        for worker in self._workers:
            worker.let_go()
        for worker in self._workers:
            worker.stop()

    def _on_reply(self, reply: Reply) -> None:
        self.replied.emit(reply)
        self.pump()

    def _on_failure(self, jobs: list[Request]) -> None:
        for job in jobs:
            self.lost.emit(job)
        self.pump()
