"""A module of ours in a process of its own, which answers in lines. Nothing in here waits."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

ROOT = Path(__file__).parents[2]


class LineProcess(QProcess):
    """What it writes to stderr is ours, too."""

    line = Signal(object)
    """One that it said: bytes, without the end."""
    gone = Signal()
    """It has ended, or could not be started."""

    def __init__(self, module: str, parent: QObject) -> None:
        super().__init__(parent)
        self._module = module
        self._buffer = b""
        self.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        self.setProcessEnvironment(child_environment())
        self.readyReadStandardOutput.connect(self._read)
        self.finished.connect(self.gone)
        self.errorOccurred.connect(self._on_error)

    @property
    def running(self) -> bool:
        """Whether it runs or is about to."""
        return self.state() != QProcess.ProcessState.NotRunning

    def begin(self) -> None:
        """Start it, or start it again."""
        self._buffer = b""
        self.start(sys.executable, ["-m", self._module])

    def _read(self) -> None:
        lines = (self._buffer + self.readAllStandardOutput().data()).split(b"\n")
        self._buffer = lines.pop()
        for line in lines:
            self.line.emit(line)

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self.gone.emit()


def child_environment() -> QProcessEnvironment:
    """Ours, with the program's own folder to import from whatever the working folder is."""
    environment = QProcessEnvironment.systemEnvironment()
    paths = [str(ROOT), environment.value("PYTHONPATH", "")]
    environment.insert("PYTHONPATH", os.pathsep.join(p for p in paths if p))
    environment.insert("OMP_NUM_THREADS", "1")
    environment.insert("OPENBLAS_NUM_THREADS", "1")
    return environment
