"""The window's side of the QGIS worker: started on demand, watched, started again. Nothing in here waits."""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from console.map.qgis.messages import (
    Absent,
    Add,
    Answer,
    Asks,
    Cancel,
    Failed,
    Faulty,
    Hello,
    ListAlgorithms,
    Open,
    Ping,
    Progress,
    Run,
    Word,
    decode,
    encode,
)
from console.map.qgis.words import absent_text, broken_text, failure
from console.sdk.errors import QgisError
from console.sdk.qgis import QgisState
from console.sdk.ui.words import word

log = logging.getLogger(__name__)
PYTHON = "/usr/bin/python3"
"""Debian's QGIS is for the system's Python."""
WORKER = Path(__file__).parent / "worker"
LONGEST = 32_000_000
"""Bytes of a line; a worker that says more is none."""
LATELY = 120.0
"""Seconds after which a death is forgotten."""
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 60.0
"""Seconds before it is started again; doubled with each death."""
HEAVY = (Open, Add, Run, ListAlgorithms)
"""What may keep QGIS's main thread for long without a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds; counted in beats, so that a console that slept itself blames nobody."""

    beat: float = 3.0
    answer: float = 15.0
    """To a ping."""
    start: float = 60.0
    work: float = 180.0
    """Without progress, for heavy requests."""
    stop: float = 10.0
    """Until a tool ends that was told to: one that works at a single huge geometry does not hear."""


@dataclass(slots=True)
class _Asked:
    """A request without an answer yet."""

    request: Asks
    future: Future[Answer]
    on_progress: Callable[[float], None] | None
    sent: bool = False


class _Numbered(msgspec.Struct):
    """What can be read of an answer that is no good."""

    request: int = 0


class QgisClient(QObject):
    """One worker at most."""

    changed = Signal()
    """The state is another."""
    ready = Signal()
    """A fresh worker answers; it knows nothing yet."""

    def __init__(
        self,
        parent: QObject,
        language: Callable[[], str],
        program: str = PYTHON,
        patience: Patience | None = None,
    ) -> None:
        super().__init__(parent)
        self.state = QgisState.OFF
        self.version = ""
        self._language = language
        self._program = program
        self._patience = patience or Patience()
        self._numbers = itertools.count(1)
        self._asked: dict[int, _Asked] = {}
        self._buffer = bytearray()
        self._silence = 0.0
        self._stopping: dict[int, float] = {}
        """Tools told to end, and since how many seconds."""
        self._deaths: list[float] = []
        self._pause = 0.0
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        self._process.setProcessEnvironment(_environment())
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._on_end)
        self._process.errorOccurred.connect(self._on_error)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._start)
        self._beat = QTimer(self, interval=round(self._patience.beat * 1000))
        self._beat.timeout.connect(self._on_beat)

    @property
    def process_id(self) -> int:
        """0 while it does not run."""
        return self._process.processId()

    @property
    def state_text(self) -> str:
        """In the user's words."""
        match self.state:
            case QgisState.ABSENT:
                return absent_text()
            case QgisState.STARTING:
                return word("QGIS is starting …")
            case QgisState.BROKEN:
                return broken_text(self._pause)
            case QgisState.READY:
                return word("QGIS {version} is ready").format(version=self.version)
        return word("QGIS has not been started yet")

    # ---- life ----

    def start(self) -> None:
        """Start it unless it runs or will be."""
        if self.state in (QgisState.OFF, QgisState.ABSENT):
            self._start()

    def restart(self) -> None:
        """End it and start it anew, at once and with a clean record."""
        self._deaths.clear()
        self._again.stop()
        if self._process.state() == QProcess.ProcessState.NotRunning:
            self._start()
        else:
            self._process.kill()

    def close(self) -> None:
        """End it; returns when it has ended."""
        self._again.stop()
        self._beat.stop()
        self._process.finished.disconnect(self._on_end)
        self._process.errorOccurred.disconnect(self._on_error)
        self._fail_all(failure("ended"))
        if self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.kill()
            self._process.waitForFinished(3000)

    def _start(self) -> None:
        self._buffer.clear()
        self._stopping.clear()
        self._silence = 0.0
        self._beat.start()
        self._set(QgisState.STARTING)
        self._process.start(self._program, [str(WORKER), self._language()])

    def _set(self, state: QgisState) -> None:
        self.state = state
        self.changed.emit()

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._on_absent(self._process.errorString())

    def _on_absent(self, why: str) -> None:
        log.info("no QGIS: %s", why)
        self._beat.stop()
        self._set(QgisState.ABSENT)
        self._fail_all(QgisError(absent_text(), code="absent"))

    def _on_end(self) -> None:
        self._beat.stop()
        if self.state is QgisState.ABSENT:
            return
        now = time.monotonic()
        self._deaths = [*(t for t in self._deaths if now - t < LATELY), now]
        self._pause = min(SHORTEST_PAUSE * 2 ** (len(self._deaths) - 1), LONGEST_PAUSE)
        log.warning("the QGIS worker ended; again in %.1f s", self._pause)
        self._again.start(round(self._pause * 1000))
        self._set(QgisState.BROKEN)
        self._fail_all(failure("ended"))

    def _on_beat(self) -> None:
        """Ask for a sign of life; end a worker that gave none for too long, or does not stop."""
        self._silence += self._patience.beat
        self._stopping = {number: past + self._patience.beat for number, past in self._stopping.items()}
        deaf = any(past > self._patience.stop for past in self._stopping.values())
        if deaf or self._silence > self._longest_silence():
            log.warning("the QGIS worker does not %s: ended", "stop" if deaf else "answer")
            self._process.kill()
        elif self.state is QgisState.READY:
            self._process.write(encode(Ping()))

    def _longest_silence(self) -> float:
        if self.state is QgisState.STARTING:
            return self._patience.start
        heavy = any(isinstance(asked.request, HEAVY) for asked in self._asked.values())
        return self._patience.work if heavy else self._patience.answer

    # ---- questions and answers ----

    def ask(self, request: Asks, on_progress: Callable[[float], None] | None = None) -> Future[Answer]:
        """The answer, or QgisError. Starts the worker; a cancelled future breaks the work off."""
        request.request = next(self._numbers)
        future: Future[Answer] = Future()
        if self.state is QgisState.BROKEN:
            future.set_exception(QgisError(self.state_text, code="broken"))
            return future
        asked = self._asked[request.request] = _Asked(request, future, on_progress)
        future.add_done_callback(lambda done: self._on_cancelled(asked) if done.cancelled() else None)
        self.start()
        if self.state is QgisState.READY:
            self._send(asked)
        return future

    def _send(self, asked: _Asked) -> None:
        asked.sent = True
        self._process.write(encode(asked.request))

    def _on_cancelled(self, asked: _Asked) -> None:
        number = asked.request.request
        if self._asked.pop(number, None) and asked.sent and self.state is QgisState.READY:
            self._process.write(encode(Cancel(request=number)))
            if isinstance(asked.request, Run):
                self._stopping[number] = 0.0

    def _fail_all(self, error: QgisError) -> None:
        waiting, self._asked = list(self._asked.values()), {}
        for asked in waiting:
            asked.future.set_exception(error)

    def _read(self) -> None:
        self._buffer += self._process.readAllStandardOutput().data()
        while (end := self._buffer.find(b"\n")) >= 0:
            line = bytes(self._buffer[:end])
            del self._buffer[: end + 1]
            self._hear(line)
        if len(self._buffer) > LONGEST:
            log.warning("the QGIS worker says more than %d bytes in a line: ended", LONGEST)
            self._buffer.clear()
            self._process.kill()

    def _hear(self, line: bytes) -> None:
        self._silence = 0.0
        try:
            said = decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            log.warning("the QGIS worker said %.200r", line)
            self._garbled(line)
            return
        self._take(said)

    def _garbled(self, line: bytes) -> None:
        """Nobody waits for ever for an answer that came but cannot be read."""
        try:
            number = msgspec.json.decode(line, type=_Numbered).request
        except (msgspec.DecodeError, UnicodeDecodeError):
            return
        asked = self._asked.pop(number, None)
        if asked is not None:
            asked.future.set_exception(failure("garbled"))

    def _take(self, said: Word) -> None:
        match said:
            case Hello():
                self._on_hello(said)
            case Absent():
                self._on_absent(said.error)
            case Faulty():
                log.warning("the QGIS worker could not read a request: %s", said.error)
            case Progress():
                asked = self._asked.get(said.request)
                if asked is not None and asked.on_progress is not None:
                    asked.on_progress(said.done)
            case _:
                self._settle(said)

    def _on_hello(self, hello: Hello) -> None:
        self.version = hello.version.partition("-")[0]
        self._set(QgisState.READY)
        self.ready.emit()
        for asked in list(self._asked.values()):
            if not asked.sent:
                self._send(asked)

    def _settle(self, answer: Answer) -> None:
        self._stopping.pop(answer.request, None)
        asked = self._asked.pop(answer.request, None)
        if asked is None:
            return  # nobody waits for it any more
        if isinstance(answer, Failed):
            asked.future.set_exception(failure(answer.code, answer.detail))
        else:
            asked.future.set_result(answer)


def _environment() -> QProcessEnvironment:
    """Ours without what is meant for our own Python and Qt."""
    environment = QProcessEnvironment.systemEnvironment()
    for name in environment.keys():  # noqa: SIM118 - not a mapping
        if name.startswith(("PYTHON", "QT_PLUGIN")) or name == "VIRTUAL_ENV":
            environment.remove(name)
    return environment
