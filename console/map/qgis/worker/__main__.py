# SPDX-License-Identifier: GPL-2.0-or-later
"""The QGIS worker: ``/usr/bin/python3 console/map/qgis/worker`` reads requests on stdin, answers on stdout.

One JSON object a line; ``console/map/qgis/messages.py`` describes them. It stands alone, because QGIS is
of another Qt than the console: it runs under the system's Python and imports nothing of ours. All QGIS
objects live on the main thread, whose event loop goes on while QGIS draws and computes on threads of its
own; a thread of ours reads stdin, so that a computation can be broken off at any time. It ends when its
stdin does, that is, when the console closes or dies.
"""

from __future__ import annotations

import ctypes
import importlib.util
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

LONGEST = 16_000_000
"""Bytes of a request; a longer line is skipped."""
ABSENT = 3
"""Exit code where there is no QGIS."""


class Wire:
    """stdin and stdout taken for us alone: what libraries print goes to stderr, and QGIS, which would ask
    for passwords on stdin, finds it empty."""

    def __init__(self) -> None:
        self._input = os.fdopen(os.dup(0), "rb")
        self._output = os.fdopen(os.dup(1), "wb")
        self._lock = threading.Lock()
        empty = os.open(os.devnull, os.O_RDONLY)
        os.dup2(empty, 0)
        os.close(empty)
        os.dup2(2, 1)

    def send(self, kind: str, **values: Any) -> None:
        """Usable on any thread."""
        line = json.dumps({"type": kind, **values}, ensure_ascii=False, default=str).encode()
        with self._lock:
            self._output.write(line + b"\n")
            self._output.flush()

    def lines(self) -> Iterator[dict[str, Any]]:
        """Requests as they come; what is too long or no JSON object is told of and skipped."""
        while True:
            line = self._input.readline(LONGEST)
            if not line:
                return
            if not line.endswith(b"\n"):
                while line and not line.endswith(b"\n"):
                    line = self._input.readline(LONGEST)
                self.send("Faulty", error=f"a request of more than {LONGEST} bytes")
                continue
            request = self._decoded(line)
            if request is not None:
                yield request

    def _decoded(self, line: bytes) -> dict[str, Any] | None:
        try:
            request = json.loads(line)
        except (ValueError, RecursionError) as error:
            self.send("Faulty", error=str(error))
            return None
        if not isinstance(request, dict) or not isinstance(request.get("type"), str):
            self.send("Faulty", error="a request is an object with a type")
            return None
        return request


def cleanse(environment: MutableMapping[str, str]) -> None:
    """Take out what is meant for the console's Python and Qt; draw without a screen."""
    for name in list(environment):
        if name.startswith(("PYTHON", "QT_PLUGIN")) or name == "VIRTUAL_ENV":
            del environment[name]
    environment["QT_QPA_PLATFORM"] = "offscreen"


def end_with_parent() -> None:
    """Have the kernel end us with the console, however that ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def make_application(language: str) -> Any:
    """QGIS without a window, with its own translation where that is installed."""
    from qgis.core import QgsApplication
    from qgis.PyQt.QtCore import QLocale, QTranslator

    QLocale.setDefault(QLocale("zh_CN" if language == "zh_CN" else "en_US"))
    QgsApplication.setPrefixPath(os.environ.get("QGIS_PREFIX_PATH", "/usr"), True)
    application = QgsApplication([b"onemap-qgis"], True)
    translator = QTranslator(application)
    names = {"zh_CN": "qgis_zh-Hans"}
    if translator.load(names.get(language, ""), str(Path(QgsApplication.pkgDataPath(), "i18n"))):
        application.installTranslator(translator)
    application.initQgis()
    return application


def main() -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the terminal is for the console, who ends us
    end_with_parent()
    cleanse(os.environ)
    wire = Wire()
    if importlib.util.find_spec("qgis") is None:
        wire.send("Absent", error="no module qgis in " + sys.executable)
        return ABSENT
    application = make_application(sys.argv[1] if len(sys.argv) > 1 else "en")
    from qgis.core import Qgis
    from qgis_desk import Desk  # beside this file

    desk = Desk(wire.send)
    wire.send("Hello", version=Qgis.QGIS_VERSION)
    threading.Thread(target=read, args=(wire, desk), daemon=True).start()
    application.exec_() if hasattr(application, "exec_") else application.exec()
    return 0


def read(wire: Wire, desk: Any) -> None:
    """Hand requests to the main thread; at the end of them the process ends at once, whatever it is at."""
    try:
        for request in wire.lines():
            desk.hand_in(request)
    except Exception:
        traceback.print_exc()
    os._exit(0)


if __name__ == "__main__":
    os._exit(main())  # QGIS may hang in its own cleaning up
