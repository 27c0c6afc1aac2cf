"""A picture larger than the window, put together from parts while the view goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage
from shiboken6 import isValid

from console.scene.lens import Lens, Part
from console.scene.process.client import SceneProcess
from console.scene.process.memory import BYTES_A_PIXEL, Memory
from console.scene.process.messages import LookPart, PartDrawn, Reply, vector
from console.sdk.scene_picture import NoPicture
from console.sdk.ui.words import word

PIXELS = 1 << 19
"""Of a part: copying it takes the window up to eight milliseconds, as memory is taken up."""
PATIENCE = 60.0
"""Seconds that the tiles of the whole are waited for."""
AGAIN = 150
"""Milliseconds between two questions whether they are there."""
SILENCE = 30_000
"""Milliseconds without an answer after which the process is given up."""


@dataclass(frozen=True, eq=False)
class Shot:
    """What was drawn; see ``Drawn``."""

    image: QImage
    depths: NDArray[np.float32]
    near: float
    far: float
    lacking: int


class LargeShot(QObject):
    """One picture. Its future is cancelled by whoever does not want it any more."""

    def __init__(
        self,
        process: SceneProcess,
        lens: Lens,
        clearance: float,
        on_progress: Callable[[float], None] | None,
    ) -> None:
        """*lens*: of the whole, in pixels. Whoever makes it closes it."""
        super().__init__()
        self.future: Future[Shot] = Future()
        self._process, self._lens, self._clearance = process, lens, clearance
        self._on_progress = on_progress
        self._parts = parts_of(lens.width, lens.height)
        self._done, self._number, self._lacking = 0, 0, 0
        self._until = time.monotonic() + PATIENCE
        self._image = QImage(lens.width, lens.height, QImage.Format.Format_RGBX8888)
        self._pixels = np.frombuffer(self._image.bits(), np.uint8).reshape(lens.height, lens.width, 4)
        self._depths = np.empty((lens.height, lens.width), np.float32)
        self._again = QTimer(self, singleShot=True, interval=AGAIN)
        self._again.timeout.connect(self._ask)
        self._watch = QTimer(self, singleShot=True, interval=SILENCE)
        self._watch.timeout.connect(self._on_death)
        self._memory = Memory(max(PIXELS, lens.width) * BYTES_A_PIXEL)  # last: it is freed by close alone
        process.replied.connect(self._on_reply)
        process.died.connect(self._on_death)
        process.left.connect(self._on_left)
        self._ask()

    def close(self) -> None:
        """Nothing is asked for any more."""
        self._again.stop()
        self._watch.stop()
        if isValid(self._process):
            self._process.replied.disconnect(self._on_reply)
            self._process.died.disconnect(self._on_death)
            self._process.left.disconnect(self._on_left)
        self._memory.close()
        self.deleteLater()

    def _ask(self) -> None:
        if self.future.done():
            return
        self._number += 1
        lens, part = self._lens, self._parts[self._done]
        eye, ahead, above = (vector(each) for each in (lens.eye, lens.ahead, lens.above))
        patient = time.monotonic() < self._until
        where = (part.x, part.y, part.width, part.height)
        look = LookPart(
            self._number, eye, ahead, above, lens.fovy, lens.width, lens.height, self._clearance,
            where, self._memory.path, self._memory.slot_bytes, patient,
        )  # fmt: skip
        self._process.look_part(look)
        self._watch.start()

    def _on_reply(self, reply: Reply) -> None:
        if not isinstance(reply, PartDrawn) or reply.number != self._number or self.future.done():
            return
        self._watch.stop()
        if not reply.drawn:
            self._again.start()
            return
        self._lacking = max(self._lacking, reply.lacking)
        self._take(self._parts[self._done])
        self._done += 1
        if self._on_progress is not None:
            self._on_progress(self._done / len(self._parts))
        if self._done < len(self._parts):
            self._ask()
        else:
            shot = Shot(self._image, self._depths, reply.near, reply.far, self._lacking)
            self.future.set_result(shot)

    def _take(self, part: Part) -> None:
        rows = slice(part.y, part.y + part.height)
        self._pixels[rows] = self._memory.picture(0, part.width, part.height)
        self._depths[rows] = self._memory.depths(0, part.width, part.height)

    def _on_death(self) -> None:
        self._fail(word("The 3D view had to start again; please try once more"))

    def _on_left(self) -> None:
        self._fail(word("The 3D view was closed"))

    def _fail(self, why: str) -> None:
        if not self.future.done():
            self.future.set_exception(NoPicture(why))


def parts_of(width: int, height: int) -> list[Part]:
    """All of a picture in strips: what is written lies together, and takes up memory as it comes."""
    rows = max(PIXELS // width, 1)
    return [Part(0, y, width, min(rows, height - y)) for y in range(0, height, rows)]
