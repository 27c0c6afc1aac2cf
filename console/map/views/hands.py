"""The user's hands on a view: mouse, wheel, fingers and keys go to the tool at work, else to the map."""

from __future__ import annotations

import time
from typing import NamedTuple

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from console.map.listeners import Listeners
from console.map.live.layer import LiveLayer
from console.map.tool_bench import ToolBench
from console.map.viewport import Viewport
from console.map.views import picking
from console.map.views.navigator import Navigator
from console.map.views.pointer import Pointer

GLIDE = 33
"""Milliseconds between answers to the pointer."""


class Heard(NamedTuple):
    """What listeners learn of the user's hands, in whichever view they are. Places in degrees."""

    place_left: Listeners[[]]
    place_clicked: Listeners[[float, float]]
    place_hovered: Listeners[[float, float]]
    menu_wanted: Listeners[[float, float]]


class HandledView(QWidget):
    """A view as far as it is touched; what it shows is that of ``MapView``."""

    def __init__(self, bench: ToolBench, heard: Heard) -> None:
        super().__init__()
        self.navigator = Navigator()
        self.bench = bench
        self.place_left, self.place_clicked = heard.place_left, heard.place_clicked
        self.place_hovered, self.menu_wanted = heard.place_hovered, heard.menu_wanted
        self.pointer_moved: Listeners[[float, float]] = Listeners()
        """Where the pointer is in this view, in degrees."""
        self.pointer_left = Listeners[[]]()
        """It is in this view no longer."""
        self._pointer = Pointer(self)  # events come from the next line on
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self._hover = QTimer(self, singleShot=True, interval=GLIDE)
        self._hover.timeout.connect(self._on_hover)

    # ---- what a view is ----

    @property
    def viewport(self) -> Viewport:
        return self.navigator.viewport

    def moved(self, *, by_user: bool) -> None:
        """The view has changed or is about to."""
        raise NotImplementedError

    def live_at(self, px: float, py: float) -> list[LiveLayer]:
        """The live layers that are shown at a logical pixel, topmost first."""
        raise NotImplementedError

    def full_extent(self) -> None:
        raise NotImplementedError

    def show_view(self, viewport: Viewport) -> None:
        """Be there at once."""
        raise NotImplementedError

    def in_hand(self) -> None:
        """The user works in this view now."""
        raise NotImplementedError

    # ---- the hands ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._pointer.move(event) and not self._hover.isActive():
            self._hover.start()
        if self.bench.tool is not None:
            self.in_hand()
            self.bench.tool.move(self.viewport.place_at(event.position().x(), event.position().y()))
            self.bench.moved.fire()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointer.release(event)
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.bench.tool is not None:
            self.bench.tool.double_click()
            self.bench.done()
        elif event.button() == Qt.MouseButton.LeftButton:
            where, goal = event.position(), self.navigator.goal_zoom + 1
            if picking.double_click(self.live_at(where.x(), where.y()), self.viewport, where.x(), where.y()):
                return
            self.navigator.zoom_to(goal, where.x(), where.y(), time.monotonic())
            self.moved(by_user=False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._pointer.wheel(event)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        fast = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self.bench.tool is not None and self.bench.tool.key(event.key(), fast):
            self.bench.done()
        elif not self._pointer.key(event):
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.bench.tool is None:
            self.in_hand()
            self.menu_wanted.fire(*self.viewport.place_at(event.pos().x(), event.pos().y()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointer_left.fire()

    def event(self, event: QEvent) -> bool:
        return self._pointer.gesture(event) or super().event(event)

    def clicked(self, px: float, py: float) -> None:
        """A click that was no drag: to the tool, else to the topmost symbol, else to the place."""
        place = self.viewport.place_at(px, py)
        self.in_hand()
        if self.bench.tool is not None:
            self.bench.tool.click(place)
            self.bench.done()
            return
        found = picking.click(self.live_at(px, py), self.viewport, px, py)
        if found == "cluster":
            self.navigator.zoom_to(self.navigator.goal_zoom + 1.5, px, py, time.monotonic())
            self.moved(by_user=False)
        elif not found:
            self.place_clicked.fire(*place)

    def _on_hover(self) -> None:
        """Tell where the pointer is, and what is under it."""
        where = self.mapFromGlobal(self.cursor().pos())
        if not self.rect().contains(where):
            return
        place = self.viewport.place_at(where.x(), where.y())
        self.pointer_moved.fire(*place)
        self.place_hovered.fire(*place)
        layers = self.live_at(where.x(), where.y())
        text = picking.tip(layers, self.viewport, where.x(), where.y())
        QToolTip.showText(self.mapToGlobal(where), text, self)  # an empty one hides it
