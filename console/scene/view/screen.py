"""The picture that a view shows: asked for one at a time, the newest wins, and still when nothing moves."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from console.scene.lens import Lens, Points
from console.scene.process.client import SceneProcess
from console.scene.process.messages import Drawn, LayerState, Look, News, Opened, Ready, Reply, vector

REST = 140
"""Milliseconds without motion after which a picture with all pixels is drawn."""
PATIENCE = 10.0
"""Seconds until a picture that does not come is asked for again: its process may have died."""


@dataclass(frozen=True, eq=False)
class Picture:
    """What was drawn, with the depth of each pixel."""

    image: QImage
    lens: Lens
    """In logical pixels of the window."""
    depths: NDArray[np.float32]
    about: Drawn

    def ahead(self, x: NDArray[np.float64] | float, y: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Metres ahead of the eye at logical pixels; infinite for the sky and outside of the picture."""
        x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
        height, width = self.depths.shape
        inside = (x >= 0) & (y >= 0) & (x < self.lens.width) & (y < self.lens.height)
        column = np.where(inside, x * (width / self.lens.width), 0).astype(np.intp)
        row = np.where(inside, y * (height / self.lens.height), 0).astype(np.intp)
        depth = self.depths[row, column].astype(np.float64)
        near, far = self.about.near, self.about.far
        return np.where(inside & (depth < 1.0), near * far / (far - depth * (far - near)), np.inf)

    @cached_property
    def nearest(self) -> float:
        """Metres ahead of the eye, of what is nearest in it; infinite: all is sky."""
        depth = float(self.depths[::8, ::8].min())
        near, far = self.about.near, self.about.far
        return near * far / (far - depth * (far - near)) if depth < 1.0 else math.inf

    def hit(self, x: float, y: float) -> Points | None:
        """(3,): what is seen at a logical pixel, in the scene's frame; None: the sky."""
        ahead = float(self.ahead(x, y))
        return self.lens.at_depth(x, y, ahead) if np.isfinite(ahead) else None


class Screen(QObject):
    """Between a view and the drawing process."""

    drawn = Signal()
    """There is another picture."""
    opened = Signal(object)
    stated = Signal(object)
    """LayerState."""
    ready = Signal(object)

    def __init__(
        self,
        process: SceneProcess,
        lens: Callable[[], tuple[Lens, float, float] | None],
        parent: QObject,
    ) -> None:
        """*lens*: what to show now, in logical pixels, with the ratio to device pixels and the clearance
        (metres); None: nobody looks."""
        super().__init__(parent)
        self.picture: Picture | None = None
        self.moving = False
        """Whether thirty pictures a second matter more than their pixels."""
        self._process, self._lens = process, lens
        self._number = 0
        self._asked: tuple[Look, Lens] | None = None
        self._late = False
        """Whether what is being drawn is out of date already."""
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._on_rest)
        self._watch = QTimer(self, singleShot=True, interval=int(PATIENCE * 1000))
        self._watch.timeout.connect(self._on_silence)
        process.replied.connect(self._on_reply)
        process.died.connect(self._on_death)

    @property
    def settled(self) -> bool:
        """Whether the picture is as it will stay: all tiles, all pixels."""
        picture = self.picture
        done = picture is not None and picture.about.finest and not picture.about.waiting
        return done and self._asked is None and not self._late and not self.moving

    def want(self) -> None:
        """A picture of how things are now; if one is under way, after it."""
        self._late = True
        if self._asked is None:
            self._ask()

    def move(self, moving: bool) -> None:
        """Whether the view moves; a picture with all pixels comes a moment after it has stopped."""
        self.moving = moving
        if moving:
            self._rest.stop()
        elif not self._rest.isActive():
            self._rest.start()

    def _ask(self) -> None:
        found = self._lens()
        if found is None:
            return
        lens, ratio, clearance = found
        self._late = False
        self._number += 1
        slot = self._number % 2
        eye, ahead, above = (vector(each) for each in (lens.eye, lens.ahead, lens.above))
        width, height = round(lens.width * ratio), round(lens.height * ratio)
        look = Look(self._number, slot, eye, ahead, above, lens.fovy, width, height, clearance, self.moving)
        self._asked = look, lens
        self._process.look(look)
        self._watch.start()

    def _on_reply(self, reply: Reply) -> None:
        match reply:
            case Drawn():
                self._on_drawn(reply)
            case News():
                self.want()
            case Opened():
                self.opened.emit(reply)
                self.want()
            case LayerState():
                self.stated.emit(reply)
            case Ready():
                self.ready.emit(reply)
                self.want()

    def _on_drawn(self, drawn: Drawn) -> None:
        if self._asked is None or drawn.number != self._asked[0].number:
            return
        _, lens = self._asked
        self._asked = None
        self._watch.stop()
        pixels = self._process.memory.picture(drawn.slot, drawn.width, drawn.height)
        image = QImage(pixels.data, drawn.width, drawn.height, drawn.width * 4, QImage.Format.Format_RGBX8888)
        depths = self._process.memory.depths(drawn.slot, drawn.width, drawn.height)
        self.picture = Picture(image, lens, depths, drawn)
        self.drawn.emit()
        if self._late:
            self._ask()
        elif not drawn.finest and not self.moving and not self._rest.isActive():
            self._rest.start()

    def _on_rest(self) -> None:
        if self.picture is not None and not self.picture.about.finest:
            self.want()

    def _on_silence(self) -> None:
        self._asked = None
        self.want()

    def _on_death(self, _failing: bool) -> None:
        """The next one asks by itself when it is ready."""
        self._asked = None
        self._watch.stop()
