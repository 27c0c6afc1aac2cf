"""The window's side of the drawing process: started when first looked at, started again when it dies."""

from __future__ import annotations

import logging
import time

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from console.scene.frame import Frame
from console.scene.process.memory import BYTES_A_PIXEL, Memory
from console.scene.process.messages import (
    AddTileset,
    Ask,
    AskWithin,
    Begin,
    ChooseFeature,
    ColorFeatures,
    Lay,
    Look,
    LookPart,
    PlaceLayer,
    Ready,
    RemoveLayer,
    Request,
    SetShape,
    SetSurroundings,
    ShowLayer,
    Sky,
    decode_reply,
    encode,
)
from console.tasks.line_process import LineProcess

log = logging.getLogger(__name__)
MOST_PIXELS = 5120 * 2880
"""Of a picture: memory is taken as it is used."""
GRACE = 1_000
"""Milliseconds that the process has to end by itself."""
LATELY, PATIENCE = 60.0, 3
"""Deaths in so many seconds after which the user is told, and it is started again but rarely."""


class SceneProcess(QObject):
    """Says what there is to be drawn, also to a process that comes after one that died."""

    replied = Signal(object)
    died = Signal(bool)
    """Whether it dies again and again."""
    left = Signal()
    """It was let go of: nothing more is said."""

    def __init__(self, frame: Frame, parent: QObject) -> None:
        super().__init__(parent)
        self.memory = Memory(MOST_PIXELS * BYTES_A_PIXEL)
        self.ready: Ready | None = None
        """What it draws with, once it runs."""
        self._frame = frame
        self._sky: Sky | None = None
        self.around: SetSurroundings | None = None
        """What it was told last to show around the models."""
        self._shape = SetShape()
        self._layers: dict[str, AddTileset] = {}
        self._hidden: set[str] = set()
        self._features: dict[str, ColorFeatures | ChooseFeature] = {}
        """By layer, and the one that is highlighted."""
        self._deaths: list[float] = []
        self._stopping = False
        self._process = LineProcess("console.scene.process.worker", self)
        self._process.line.connect(self._on_line)
        self._process.gone.connect(self._on_end)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self.start)

    @property
    def process_id(self) -> int:
        """0 while it does not run."""
        return self._process.processId()

    def start(self) -> None:
        """Have it run; harmless when it does."""
        if self._stopping or self._process.running:
            return
        self._process.begin()
        frame, memory = self._frame, self.memory
        begin = Begin(frame.lon, frame.lat, frame.height, memory.path, memory.slot_bytes)
        known = [self._sky, self.around, self._shape, *self._layers.values()]
        hidden = [ShowLayer(layer, False) for layer in sorted(self._hidden)]
        for request in [begin, *known, *hidden, *self._features.values()]:
            if request is not None:
                self._write(request)

    def look(self, look: Look) -> None:
        """Ask for a picture; one at a time."""
        self._write(look)

    def look_part(self, look: LookPart) -> None:
        """Ask for a part of a large picture; one at a time."""
        self._write(look)

    def lay(self, lay: Lay) -> None:
        """A picture over everything; on a process that comes later whoever painted it lays it anew."""
        self._write(lay)

    def ask(self, ask: Ask | AskWithin) -> bool:
        """Which feature is somewhere; False: nobody is there to answer."""
        if self.ready is not None:
            self._write(ask)
        return self.ready is not None

    def feature(self, request: ColorFeatures | ChooseFeature) -> None:
        """How features look from now on."""
        self._features[request.layer if isinstance(request, ColorFeatures) else ""] = request
        self._write(request)

    def put(
        self,
        request: Sky | AddTileset | RemoveLayer | ShowLayer | PlaceLayer | SetSurroundings | SetShape,
    ) -> None:
        """What there is to be drawn from now on."""
        match request:
            case Sky():
                self._sky = request
            case SetSurroundings():
                self.around = request
            case SetShape():
                self._shape = request
            case AddTileset():
                self._layers[request.layer] = request
            case RemoveLayer():
                self._layers.pop(request.layer, None)
                self._hidden.discard(request.layer)
            case ShowLayer():
                (self._hidden.discard if request.visible else self._hidden.add)(request.layer)
            case PlaceLayer():
                known = self._layers[request.layer]
                self._layers[request.layer] = msgspec.structs.replace(known, placed=request.placed)
        self._write(request)

    def let_go(self) -> None:
        """Have it end by itself soon; nothing is heard of it any more."""
        self._stopping = True
        self._again.stop()
        self.left.emit()
        self.blockSignals(True)
        if not self._process.running:
            self._on_end()
            return
        self._process.closeWriteChannel()
        QTimer.singleShot(GRACE, self._process, self._process.kill)

    def stop(self) -> None:
        """End it; returns when it has ended."""
        if not self._stopping:
            self.let_go()
        if self._process.running:
            if not self._process.waitForFinished(GRACE):
                self._process.kill()
            self._process.waitForFinished(3000)

    def _write(self, request: Request) -> None:
        if self._process.running and not self._stopping:
            self._process.write(encode(request))

    def _on_line(self, line: bytes) -> None:
        try:
            reply = decode_reply(line)
        except msgspec.DecodeError:
            log.warning("the drawing process said %.200r", line)
            return
        if isinstance(reply, Ready):
            self.ready = reply
            log.info("scenes are drawn with %s", reply.renderer)
        self.replied.emit(reply)

    def _on_end(self) -> None:
        if self._stopping:
            self.memory.close()
            return
        now = time.monotonic()
        self._deaths = [death for death in self._deaths if now - death < LATELY] + [now]
        failing = len(self._deaths) >= PATIENCE
        log.warning("the drawing process ended (%s)", self._process.errorString())
        self.ready = None
        self._again.start(10_000 if failing else 250 * len(self._deaths))
        self.died.emit(failing)
