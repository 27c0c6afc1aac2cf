"""Tools that take over the pointer: picking a place, drawing a line or polygon, the zoom box."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from console.map.aim import Aim, AimHost
from console.map.shapes import draw_note
from console.map.sprites import Colors
from console.map.viewport import Viewport, to_world
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


class DrawTool(Tool):
    """Points of a line (two at least) or polygon (three at least)."""

    def __init__(
        self,
        kind: Literal["line", "polygon"],
        prompt: str,
        on_change: Callable[[list[LonLat]], str] | None,
        start: Sequence[LonLat],
        host: AimHost,
    ) -> None:
        super().__init__(prompt)
        self._aim = Aim(host)
        self._kind = kind
        self._least = 2 if kind == "line" else 3
        self._on_change = on_change
        self._points: list[LonLat] = list(start)
        self._pointer: LonLat | None = None
        """Where the next point would be; None before pointer or keys have moved."""
        self._note = ""

    @property
    def hints(self) -> str:
        return word("Click or Space: add · Enter or double-click: finish · Backspace: undo · Esc: cancel")

    def move(self, place: LonLat) -> None:
        self._pointer = place
        self._aim.set(place)
        self._tell()

    def click(self, place: LonLat) -> None:
        if not self._points or self._points[-1] != place:
            self._points.append(place)
        self._tell()

    def double_click(self) -> None:
        self._end()

    def key(self, key: int, fast: bool = False) -> bool:
        if self._aim.key(key, fast):
            self.move(self._aim.place)
        elif key == Qt.Key.Key_Space:
            self.click(self._aim.place)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._end()
        elif key == Qt.Key.Key_Backspace:
            del self._points[-1:]
            self._tell()
        else:
            return super().key(key)
        return True

    def _end(self) -> None:
        if len(self._points) >= self._least:
            self.finish(list(self._points))

    def _tell(self) -> None:
        shown = [*self._points, *([self._pointer] if self._pointer else [])]
        self._note = self._on_change(shown) if self._on_change and shown else ""

    def draw(self, painter: QPainter, viewport: Viewport, colors: Colors) -> None:
        self._aim.draw(painter, viewport, colors)
        shown = [*self._points, *([self._pointer] if self._pointer else [])]
        if not shown:
            return
        x, y = viewport.to_pixels(*to_world(*np.array(shown).T))
        corners = [QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
        color = QColor(colors("map.measure"))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._kind == "polygon" and len(corners) > 2:
            ground = QColor(color)
            ground.setAlphaF(0.18)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawPolygon(QPolygonF(corners))
            painter.setPen(QPen(color, 1.5, Qt.PenStyle.DashLine))
            painter.drawLine(corners[-1], corners[0])
        for pen in (QPen(QColor(0, 0, 0, 140), 5.0), QPen(color, 2.5)):
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF(corners))
        painter.setPen(QPen(color, 2.0))
        painter.setBrush(QColor("#ffffff"))
        for corner in corners[: len(self._points)]:
            painter.drawEllipse(corner, 4.0, 4.0)
        if self._note:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            draw_note(painter, corners[-1].x(), corners[-1].y() - 26, self._note, color, colors)
        painter.restore()


def draw_box(painter: QPainter, box: QRectF, colors: Colors) -> None:
    """The rubber band of the zoom box."""
    color = QColor(colors("map.selection"))
    painter.setPen(QPen(color, 1.5))
    color.setAlphaF(0.12)
    painter.setBrush(color)
    painter.drawRect(box)
