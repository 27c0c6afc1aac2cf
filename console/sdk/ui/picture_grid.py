"""Pictures beside one another, one of them enlarged when asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from console.sdk.ui.theming import color

GAP = 2
SHAPE = 16 / 9
"""Width by height of most cameras: the grid has as many columns as make them largest."""
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class PictureGrid(QWidget):
    """Arrow keys go from one to the next; Esc brings all back. Whoever puts a widget in takes it out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._widgets: list[QWidget] = []
        self._large: QWidget | None = None

    def set_widgets(self, widgets: Sequence[QWidget]) -> None:
        """These, in this order."""
        for widget in widgets:
            if widget.parentWidget() is not self:
                widget.setParent(self)
        self._widgets = list(widgets)
        if self._large not in self._widgets:
            self._large = None
        self._arrange()

    def enlarge(self, widget: QWidget | None) -> None:
        """One alone; None: all."""
        self._large = widget
        self._arrange()
        if widget is not None:
            widget.setFocus()

    def toggle(self, widget: QWidget) -> None:
        """Enlarge it, or bring the others back."""
        self.enlarge(None if self._large is widget else widget)

    @property
    def focused(self) -> QWidget | None:
        """The one that has the focus, or holds what has it."""
        focus = QApplication.focusWidget()
        for each in self._widgets:
            if each is focus or (focus is not None and each.isAncestorOf(focus)):
                return each
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        """What no picture covers."""
        QPainter(self).fillRect(event.rect(), QColor(color("surface.chrome")))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def _arrange(self) -> None:
        shown = [self._large] if self._large else self._widgets
        columns = columns_for(len(shown), self.width(), self.height())
        rows = math.ceil(len(shown) / columns) if shown else 1
        for widget in self._widgets:
            if widget not in shown:
                widget.hide()
        for number, widget in enumerate(shown):
            widget.setGeometry(self._cell(number % columns, number // columns, columns, rows))
            widget.show()

    def _cell(self, column: int, row: int, columns: int, rows: int) -> QRect:
        """Edges are rounded, not sizes: no gap grows."""
        left, right = (round(at * (self.width() + GAP) / columns) for at in (column, column + 1))
        top, bottom = (round(at * (self.height() + GAP) / rows) for at in (row, row + 1))
        return QRect(left, top, right - left - GAP, bottom - top - GAP)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self._large:
            self.enlarge(None)
        elif key in _STEPS and not self._large:
            self._step(*_STEPS[key])
        else:
            super().keyPressEvent(event)

    def _step(self, right: int, down: int) -> None:
        focused = self.focused
        at = self._widgets.index(focused) if focused else 0
        target = at + right + down * columns_for(len(self._widgets), self.width(), self.height())
        if 0 <= target < len(self._widgets):
            self._widgets[target].setFocus()


def columns_for(count: int, width: int, height: int) -> int:
    """So many that pictures of the usual shape come out largest."""

    def picture_height(columns: int) -> float:
        return min(height / math.ceil(count / columns), width / columns / SHAPE)

    return max(range(1, count + 1), key=picture_height, default=1)
