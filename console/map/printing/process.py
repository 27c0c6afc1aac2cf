"""The printing process: ``python -m console.map.printing.process`` reads sheets on stdin, answers on stdout.

A process of its own: the map's workers go on meanwhile, its memory goes when it ends, and
cancelling is ending it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import BinaryIO

from PySide6.QtGui import QGuiApplication

from console.map.engine.arena import Arena
from console.map.engine.data_refs import SourceTile
from console.map.engine.messages import Configure
from console.map.printing.layout import NoRoom
from console.map.printing.messages import PagePrinted, PrintPage, PrintProgress, Reply, decode_page, encode
from console.map.printing.output import print_page
from console.map.render.renderer import Packages, Renderer
from console.processes import end_with_parent

KINDNESS = 5
"""The map on the screen goes first."""


class Printer:
    """Answers one order after the other."""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output
        self._arena = Arena(1)
        packages: Packages = {}
        self._renderer = Renderer(lambda layer, error: None, packages)

    def serve(self, order: PrintPage) -> None:
        """Answer *order* in any case; what was begun of a file goes."""
        try:
            reply = PagePrinted(order.request, lacks=self._print(order))
        except (OSError, NoRoom, MemoryError) as error:
            reply = PagePrinted(order.request, getattr(error, "errno", 0) or errno.EIO, str(error))
        except Exception as error:
            traceback.print_exc()
            reply = PagePrinted(order.request, errno.EIO, repr(error))
        if order.file and reply.fault:
            with contextlib.suppress(OSError):
                Path(order.file).unlink(missing_ok=True)
        self._send(reply)

    def _print(self, order: PrintPage) -> list[SourceTile]:
        setup = Configure(0, self._arena.path, 1, order.layers, order.style, data=order.data)
        self._renderer.configure(setup)
        return print_page(
            order, self._renderer, lambda share: self._send(PrintProgress(order.request, share))
        )

    def _send(self, reply: Reply) -> None:
        self._output.write(encode(reply))
        self._output.flush()


def main() -> None:
    """Serve until stdin ends."""
    end_with_parent(signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the terminal is for the console, who ends us
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if hasattr(os, "nice"):
        os.nice(KINDNESS)
    application = QGuiApplication(sys.argv[:1])
    printer = Printer(sys.stdout.buffer)
    for line in sys.stdin.buffer:
        printer.serve(decode_page(line))
    del application


if __name__ == "__main__":
    main()
