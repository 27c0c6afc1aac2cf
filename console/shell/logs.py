"""The log file: rotating, without secrets."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtCore import QtMsgType, qInstallMessageHandler

from console.shell.diagnostics import redact

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class _Redacting(logging.Formatter):
    """Formats, traceback included, then takes secrets out."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def start_log(folder: Path) -> Path:
    """Log to ``console.log`` in *folder*, 2 MB and three before it; returns the file."""
    file = folder / "console.log"
    handler = RotatingFileHandler(file, maxBytes=2 << 20, backupCount=3, encoding="utf-8", delay=True)
    handler.setFormatter(_Redacting("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    qt = logging.getLogger("qt")
    qInstallMessageHandler(lambda kind, _where, text: qt.log(_LEVELS[kind], text))
    return file


def stop_log() -> None:
    """Flush and close; Qt's messages go to stderr again."""
    qInstallMessageHandler(None)
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler, RotatingFileHandler):
            root.removeHandler(handler)
            handler.close()
