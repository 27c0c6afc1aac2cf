"""Tools that take over the pointer: picking a place, the zoom box; drawing is in editing/."""

from __future__ import annotations

from concurrent.futures import Future

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from console.map.aim import Aim, AimHost
from console.map.live.sprites import Colors
from console.map.viewport import Viewport
from console.model.records import LonLat
from console.sdk.ui.words import word


class Tool:
    """One answer asked of the user; ``future`` gets it, None when they cancel."""

    def __init__(self, prompt: str) -> None:
        self.prompt = prompt
        self.future: Future[object] = Future()
        self.future.add_done_callback(lambda _: None)

    @property
    def hints(self) -> str:
        """Keys that help, for the strip."""
        return word("Esc: cancel")

    @property
    def over(self) -> bool:
        return self.future.done()

    def finish(self, result: object) -> None:
        if not self.future.done() and self.future.set_running_or_notify_cancel():
            self.future.set_result(result)

    def move(self, place: LonLat) -> None:
        """The pointer is at a place."""

    def grab(self, viewport: Viewport, px: float, py: float) -> bool:
        """The left button went down at a logical pixel; True: the tool holds what lies there, so that
        ``move`` drags it and ``drop`` lets go, in place of panning and ``click``."""
        return False

    def drop(self, dragged: bool) -> None:
        """The button went up; *dragged*: not where it went down."""

    def click(self, place: LonLat) -> None:
        """The user clicked a place."""

    def double_click(self) -> None:
        """The second click of a double click; the first came as a click."""

    def key(self, key: int, fast: bool = False) -> bool:
        """Whether the tool took the key; *fast* while Shift is held."""
        if key == Qt.Key.Key_Escape:
            self.finish(None)
            return True
        return False

    def wants(self, key: int) -> bool:
        """Whether a key is the tool's before it is a shortcut of the window."""
        return False

    def undo(self) -> None:
        """Take the last stroke back."""

    def redo(self) -> None:
        """Do again what was taken back."""

    def draw(self, painter: QPainter, viewport: Viewport, colors: Colors) -> None:
        """Paint what has been drawn so far, in logical pixels."""


class PickTool(Tool):
    """One click gives a place, or Enter that of the crosshair."""

    def __init__(self, prompt: str, host: AimHost) -> None:
        super().__init__(prompt)
        self._aim = Aim(host)

    @property
    def hints(self) -> str:
        return word("Click or arrow keys (Shift: faster) and Enter: choose · Esc: cancel")

    def move(self, place: LonLat) -> None:
        self._aim.set(place)

    def click(self, place: LonLat) -> None:
        self.finish(place)

    def key(self, key: int, fast: bool = False) -> bool:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finish(self._aim.place)
            return True
        return self._aim.key(key, fast) or super().key(key)

    def draw(self, painter: QPainter, viewport: Viewport, colors: Colors) -> None:
        self._aim.draw(painter, viewport, colors)


def draw_box(painter: QPainter, box: QRectF, colors: Colors) -> None:
    """The rubber band of the zoom box."""
    color = QColor(colors("map.selection"))
    painter.setPen(QPen(color, 1.5))
    color.setAlphaF(0.12)
    painter.setBrush(color)
    painter.drawRect(box)
