"""The tile worker: ``python -m console.map.engine.worker`` reads requests on stdin, answers on stdout.

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

from console.map.engine.messages import (
    Configure,
    Configured,
    Dismiss,
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
from console.map.render.identify import identify
from console.map.render.renderer import Packages, Renderer
from console.map.render.tile_files import TileWriter
from console.processes import end_with_parent


class Worker:
    """Answers one request after the other."""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output
        self._writer = TileWriter()
        self._renderers: dict[int, Renderer] = {}
        self._packages: Packages = {}

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
                self._renderer(request.view).configure(request)
                self._send(Configured(request.generation))
            case Dismiss():
                self._renderers.pop(request.view, None)
            case RenderTile():
                lacks = self._renderer(request.view).tile(request.slot, request.key)
                self._send(TileDone(request.generation, request.slot, request.key, lacks, request.view))
            case PlaceLabels():
                blocks = self._renderer(request.view).label_blocks(request.level, request.blocks)
                self._send(LabelsDone(request.generation, request.level, blocks, request.view))
            case IdentifyAt():
                layers = self._renderer(request.view).identified
                found = identify(layers, request.lon, request.lat, request.metres)
                self._send(FeaturesFound(request.request, found))

    def _renderer(self, view: int) -> Renderer:
        """What draws a view; all share the packages that they read."""
        if view not in self._renderers:
            self._renderers[view] = Renderer(self._on_fault, self._packages, self._writer.put)
        return self._renderers[view]

    def finish(self) -> None:
        """Leave nothing undone."""
        self._writer.finish()

    def _on_fault(self, layer: str, error: str) -> None:
        self._send(LayerFault(layer, error))


def main() -> None:
    """Serve until stdin ends."""
    end_with_parent(signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the terminal is for the console, who ends us
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QGuiApplication(sys.argv[:1])
    worker = Worker(sys.stdout.buffer)
    for line in sys.stdin.buffer:
        worker.serve(decode_request(line))
    worker.finish()
    del application


if __name__ == "__main__":
    main()
