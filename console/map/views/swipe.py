"""The swipe: two sets of layers in one view, on either side of a line that the user moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QWidget

from console.map.layers.layer_tree import LayerTree
from console.map.listeners import Listeners
from console.map.views.scene import SecondScene
from console.map.views.swipe_line import paint_line
from console.map.views.swipe_plate import SwipePlate
from console.sdk.map import Undo
from console.sdk.ui.words import word

if TYPE_CHECKING:
    from console.map.views.view import MapView

BROAD = 26
"""Logical pixels across the strip that takes the pointer: wide enough for a finger."""
STEP, FAST_STEP = 0.02, 0.1
"""Shares of the view that an arrow key moves the line."""


class Swipe:
    """Implements ``console.sdk.views.MapSwipe``: ``layers`` are those behind the line, right or below."""

    def __init__(self, first: MapView) -> None:
        self._first = first
        self.position = 0.5
        """Share of the view before the line."""
        self.upright = True
        self.changed = Listeners[[]]()
        self.ended = Listeners[[]]()
        self.scene = SecondScene(first.scene, first, first, first.update)
        self.scene.base.changed.connect(first.update)
        self._undo = [
            first.touched.add(self.scene.touched),
            self.scene.tree.on_change(self.changed.fire),
            self.scene.tree.on_change(self._tell),
            first.tree.on_change(self._tell),
        ]
        self.plate = SwipePlate(first)
        self.handle = Handle(self, first)
        self.handle.show()
        self.dress()
        self.place()

    @property
    def layers(self) -> LayerTree:
        return self.scene.tree

    def dress(self) -> None:
        """Colours and words anew."""
        self.scene.dress(self._first.theme, self._first.colors)
        self.handle.dress()
        self.plate.dress(self._first.colors)
        self._tell()

    def place(self) -> None:
        """The view has another size, or the line is elsewhere."""
        self.handle.place()
        self.plate.stand(self.sides()[1], BROAD // 2, upright=self.upright)

    def _tell(self) -> None:
        self.plate.tell(self._first.tree.entries(), self.layers.entries())

    def turn(self, upright: bool) -> None:
        """An upright line with right and left, or a level one with above and below."""
        if upright != self.upright:
            self.upright = upright
            self._moved()

    def move(self, position: float) -> None:
        """Put the line to a share of the view."""
        self.position = min(max(position, 0.0), 1.0)
        self._moved()

    def save(self) -> dict[str, Any]:
        """Line and layers, as plain values."""
        return {"position": self.position, "upright": self.upright, **self.layers.save()}

    def restore(self, state: dict[str, Any]) -> None:
        """What ``save`` gave; whatever is wrong with it is left out."""
        self.layers.restore(state)
        self.upright = state.get("upright") is not False
        position = state.get("position")
        self.move(float(position) if isinstance(position, int | float) and position == position else 0.5)

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when there is something else to save."""
        return self.changed.add(handler)

    def on_end(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when the user has ended it."""
        return self.ended.add(handler)

    def remove(self) -> None:
        """Give all back; harmless when it is over."""
        self._first.facet.views.end_swipe(self)

    def let_go(self) -> None:
        """It is over: for ``Views``."""
        for undo in self._undo:
            undo()
        self.scene.close()
        self.scene.base.deleteLater()
        for part in (self.handle, self.plate):
            part.hide()
            part.deleteLater()
        self.ended.fire()

    def sides(self) -> tuple[QRectF, QRectF]:
        """Before and behind the line, logical pixels of the view."""
        whole = QRectF(self._first.rect())
        line = round((whole.width() if self.upright else whole.height()) * self.position)
        if self.upright:
            return QRectF(0, 0, line, whole.height()), QRectF(line, 0, whole.width() - line, whole.height())
        return QRectF(0, 0, whole.width(), line), QRectF(0, line, whole.width(), whole.height() - line)

    def is_behind(self, px: float, py: float) -> bool:
        """Whether a logical pixel shows the layers behind the line."""
        return self.sides()[1].contains(px, py)

    def _moved(self) -> None:
        self.place()
        self._first.update()
        self.changed.fire()


class Handle(QWidget):
    """The line with its grip: dragged, or moved by arrow keys; Esc ends the swipe."""

    def __init__(self, swipe: Swipe, first: MapView) -> None:
        super().__init__(first)
        self._swipe, self._first = swipe, first
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.dress()

    def dress(self) -> None:
        """Words anew."""
        tip = word("Swipe: drag, or arrow keys (Shift: faster) · Esc: end")
        self.setToolTip(tip)
        self.setAccessibleName(tip)

    def place(self) -> None:
        """Where the line is."""
        first, swipe = self._first, self._swipe
        before = swipe.sides()[0]
        if swipe.upright:
            self.setGeometry(round(before.right()) - BROAD // 2, 0, BROAD, first.height())
            self.setCursor(Qt.CursorShape.SplitHCursor)
        else:
            self.setGeometry(0, round(before.bottom()) - BROAD // 2, first.width(), BROAD)
            self.setCursor(Qt.CursorShape.SplitVCursor)
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_line(self, self._first.colors, upright=self._swipe.upright)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            where = self.mapTo(self._first, event.position())
            along = (
                where.x() / self._first.width() if self._swipe.upright else where.y() / self._first.height()
            )
            self._swipe.move(along)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._swipe.move(0.5)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = FAST_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
        steps = {
            Qt.Key.Key_Left: -step,
            Qt.Key.Key_Right: step,
            Qt.Key.Key_Up: -step,
            Qt.Key.Key_Down: step,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self._swipe.move(self._swipe.position + steps[key])
        elif key == Qt.Key.Key_Escape:
            self._swipe.remove()
        else:
            super().keyPressEvent(event)
