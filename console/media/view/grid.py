"""Many cameras beside one another, one of them enlarged when asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from console.media.engine import MediaEngine
from console.media.view.tile import CameraTile
from console.model.streams import Source
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


class CameraGrid(QWidget):
    """Arrow keys go from tile to tile, Enter enlarges one, Enter or Esc brings the others back."""

    def __init__(self, engine: MediaEngine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self.tiles: list[CameraTile] = []
        self._large: CameraTile | None = None

    def show_sources(self, sources: Sequence[Source]) -> None:
        """These cameras; tiles that show one of them already go on with it."""
        self._large = None
        while len(self.tiles) > len(sources):
            tile = self.tiles.pop()
            tile.let_go()
            tile.hide()
            tile.deleteLater()
        while len(self.tiles) < len(sources):
            self.tiles.append(self._new_tile())
        for tile, source in zip(self.tiles, sources, strict=True):
            tile.show_source(source)
        self._arrange()

    def let_go(self) -> None:
        """Look at nothing any more."""
        self.show_sources([])

    def _new_tile(self) -> CameraTile:
        tile = CameraTile(self._engine, self)
        tile.enlarged.connect(lambda: self.enlarge(None if self._large is tile else tile))
        return tile

    def enlarge(self, tile: CameraTile | None) -> None:
        """One alone; None: all."""
        self._large = tile
        self._arrange()
        if tile is not None:
            tile.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        """What no tile covers."""
        QPainter(self).fillRect(event.rect(), QColor(color("surface.chrome")))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def _arrange(self) -> None:
        shown = [self._large] if self._large else self.tiles
        columns = columns_for(len(shown), self.width(), self.height())
        rows = math.ceil(len(shown) / columns) if shown else 1
        for tile in self.tiles:
            if tile not in shown:
                tile.hide()
        for number, tile in enumerate(shown):
            tile.setGeometry(self._cell(number % columns, number // columns, columns, rows))
            tile.show()

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
        focused = next((n for n, tile in enumerate(self.tiles) if tile.hasFocus()), 0)
        columns = columns_for(len(self.tiles), self.width(), self.height())
        target = focused + right + down * columns
        if 0 <= target < len(self.tiles):
            self.tiles[target].setFocus()


def columns_for(count: int, width: int, height: int) -> int:
    """So many that pictures of the usual shape come out largest."""

    def picture_height(columns: int) -> float:
        return min(height / math.ceil(count / columns), width / columns / SHAPE)

    return max(range(1, count + 1), key=picture_height, default=1)
