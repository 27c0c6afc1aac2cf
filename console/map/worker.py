"""The tile worker: ``python -m console.map.worker`` reads requests on stdin, answers on stdout.

A process of its own because QPainter holds the GIL. It ends when its stdin does,
that is, when the window closes or dies.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from typing import BinaryIO

from PySide6.QtGui import QGuiApplication

from console.map.messages import (
    Configure,
    Configured,
    Exported,
    ExportView,
    FeaturesFound,
    IdentifyAt,
    JobFailed,
    LabelsDone,
    LayerFault,
    PlaceLabels,
    RenderTile,
    Reply,
    Request,
    TileDone,
    decode_request,
    encode,
)
from console.map.render.export import export
from console.map.render.identify import identify
from console.map.render.renderer import Renderer
from console.processes import end_with_parent


class Worker:
    """Answers one request after the other."""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output
        self._renderer = Renderer(lambda layer, error: self._send(LayerFault(layer, error)))

    def _send(self, reply: Reply) -> None:
        self._output.write(encode(reply))
        self._output.flush()

    def serve(self, request: Request) -> None:
        """Answer *request* in any case: a fault in one job is no reason to lose what is known."""
        try:
            self.handle(request)
        except Exception as error:
            traceback.print_exc()
            if isinstance(request, Configure):
                raise
            self._send(JobFailed(repr(error)))

    def handle(self, request: Request) -> None:
        match request:
            case Configure():
                self._renderer.configure(request)
                self._send(Configured(request.generation))
            case RenderTile():
                lacks = self._renderer.tile(request.slot, request.key)
                self._send(TileDone(request.generation, request.slot, request.key, lacks))
            case PlaceLabels():
                blocks = self._renderer.label_blocks(request.level, request.blocks)
                self._send(LabelsDone(request.generation, request.level, blocks))
            case IdentifyAt():
                found = identify(self._renderer.identified, request.lon, request.lat, request.metres)
                self._send(FeaturesFound(request.request, found))
            case ExportView():
                self._send(Exported(request.request, self._export(request)))

    def _export(self, request: ExportView) -> str:
        """What went wrong, or nothing."""
        try:
            export(request, self._renderer)
        except OSError as error:
            return str(error)
        return ""


def main() -> None:
    """Serve until stdin ends."""
    end_with_parent(signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the terminal is for the console, who ends us
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QGuiApplication(sys.argv[:1])
    worker = Worker(sys.stdout.buffer)
    for line in sys.stdin.buffer:
        worker.serve(decode_request(line))
    del application


if __name__ == "__main__":
    main()
