"""Places, lines and areas that the user draws in the scene, on whatever is seen there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Literal

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF

from console.scene.lens import Points
from console.scene.overlay.plates import plate
from console.scene.view.screen import Picture
from console.scene.view.view import SceneView

Kind = Literal["place", "line", "polygon"]
Note = Callable[[Sequence[Points]], str]
"""Points of the frame so far, the pointer's included, to a text beside the pointer."""
LEAST = {"place": 1, "line": 2, "polygon": 3}
LINE, DOT = QColor("#ffd24a"), QColor("#ffffff")
_RADIUS = 4.0


class Sketch(QObject):
    """Implements ``Over``. Click adds, double click or Enter ends, Backspace takes back, Escape gives up."""

    def __init__(self, view: SceneView, kind: Kind, prompt: str, note: Note | None = None) -> None:
        super().__init__(view)
        self.future: Future[list[Points] | None] = Future()
        self._view, self._kind, self._prompt, self._note = view, kind, prompt, note
        self._points: list[Points] = []
        self._pointer: tuple[float, float] | None = None
        view.over.append(self)
        view.installEventFilter(self)
        view.setCursor(Qt.CursorShape.CrossCursor)
        view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.future.add_done_callback(lambda _: self._end())
        view.update()

    def click(self, x: float, y: float) -> Literal["", "hit", "cluster"]:
        """See ``Over``: every click is the sketch's."""
        point = self._view.hit(x, y)
        if point is not None:
            self._points.append(point)
            if self._kind == "place":
                self._finish()
        self._view.update()
        return "hit"

    def tip(self, x: float, y: float) -> str:
        """See ``Over``."""
        return ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent):
            self._pointer = (event.position().x(), event.position().y())
            self._view.update()
            if event.type() == QEvent.Type.MouseButtonDblClick:
                self._finish()
                return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            ours = event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Backspace, Qt.Key.Key_Return)
            event.setAccepted(ours)
            return ours
        return (
            isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._key(event.key())
        )

    def _key(self, key: int) -> bool:
        if key == Qt.Key.Key_Escape:
            self._give(None)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish()
        elif key == Qt.Key.Key_Backspace:
            del self._points[-1:]
            self._view.update()
        else:
            return False
        return True

    def _finish(self) -> None:
        if len(self._points) >= LEAST[self._kind]:
            self._give(self._points)

    def _give(self, points: list[Points] | None) -> None:
        if not self.future.done():
            self.future.set_result(points)

    def _end(self) -> None:
        if self in self._view.over:
            self._view.over.remove(self)
            self._view.removeEventFilter(self)
            self._view.unsetCursor()
            self._view.update()

    def paint(self, painter: QPainter, picture: Picture) -> None:
        """See ``Over``."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        points = self._with_pointer()
        seen = [(x, y) for x, y, ahead in (picture.lens.project(point) for point in points) if ahead > 0]
        places = [QPointF(float(x), float(y)) for x, y in seen]
        shape = QPolygonF(places)
        painter.setPen(QPen(LINE, 2.5))
        if self._kind == "polygon":
            painter.setBrush(QColor(255, 210, 74, 50))
            painter.drawPolygon(shape)
        else:
            painter.drawPolyline(shape)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(DOT)
        for place in places:
            painter.drawEllipse(place, _RADIUS, _RADIUS)
        self._write(painter, points)
        painter.restore()

    def _with_pointer(self) -> list[Points]:
        hit = self._view.hit(*self._pointer) if self._pointer is not None else None
        return [*self._points, hit] if hit is not None else list(self._points)

    def _write(self, painter: QPainter, points: Sequence[Points]) -> None:
        plate(painter, QPointF(self._view.width() / 2, 24), self._prompt, middle=True)
        if self._note is not None and self._pointer is not None and points and (text := self._note(points)):
            plate(painter, QPointF(self._pointer[0] + 16, self._pointer[1] + 20), text)
