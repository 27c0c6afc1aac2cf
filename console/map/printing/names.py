"""Names of live layers on a sheet: on nothing else that is written, and nothing is written on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from console.map.live.sprites import FAMILY, Colors, reach_of, resolve
from console.map.printing.messages import Drawing, Live, Marks
from console.map.render.sheet import Sheet

TEXT = 12.0
"""Logical pixels of a name."""
GAP = 3.0
"""Logical pixels between a symbol and its name."""
MOST = 4000
"""Names of a layer."""

_Cell = tuple[int, int]


class Names:
    """Placed once for the whole sheet, the topmost layer first, beside the notes of drawings; in sheet
    pixels from the map's corner."""

    def __init__(self, live: Sequence[Live], sheet: Sheet) -> None:
        self._sheet = sheet
        self._side = TEXT * sheet.dpr
        self._font = QFont(FAMILY)
        self._font.setPixelSize(round(self._side))
        self._taken: set[_Cell] = set()
        self._written: set[_Cell] = set()
        marks = [layer for layer in live if isinstance(layer, Marks) and layer.labels and not layer.gather]
        for layer in marks:
            for place, reach in self._places(layer):
                half = 0.7 * reach
                box = QRectF(place.x() - half, place.y() - half, 2 * half, 2 * half)
                self._taken |= self._cells(box)
        for drawing in live:
            if isinstance(drawing, Drawing):
                for left, top, right, bottom in drawing.plates:
                    self._written |= self._cells(QRectF(left, top, right - left, bottom - top))
        self._taken |= self._written
        self._placed = [each for layer in reversed(marks) for each in self._find_room(layer)]

    def hide(self, box: QRectF) -> bool:
        """Whether a name covers some of *box*."""
        return not self._written.isdisjoint(self._cells(box))

    def paint(self, painter: QPainter, colors: Colors) -> None:
        """The painter's origin is the map's corner, its unit the sheet pixel."""
        painter.save()
        halo = QPen(resolve("surface", colors), 3 * self._sheet.dpr)
        halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setFont(self._font)
        painter.setPen(resolve("text", colors))
        for text, where, opacity in self._placed:
            painter.setOpacity(opacity)
            path = QPainterPath()
            path.addText(where, self._font, text)
            painter.strokePath(path, halo)
            painter.drawText(where, text)
        painter.restore()

    def _places(self, marks: Marks) -> Iterator[tuple[QPointF, float]]:
        """Where the symbols stand and how far they reach."""
        sheet = self._sheet
        world = np.frombuffer(marks.xy).reshape(-1, 2)
        reach = [reach_of(sprite) * sheet.dpr for sprite in marks.sprites]
        pixels = ((world - (sheet.left, sheet.top)) * sheet.scale).tolist()
        for (x, y), kind in zip(pixels, np.frombuffer(marks.sprite, np.int32).tolist(), strict=True):
            yield QPointF(x, y), reach[kind]

    def _find_room(self, marks: Marks) -> Iterator[tuple[str, QPointF, float]]:
        """Texts to the right of their symbols where there is room, and where they begin."""
        metrics, whole = QFontMetricsF(self._font), QRectF(0, 0, self._sheet.width, self._sheet.height)
        drop = (metrics.ascent() - metrics.descent()) / 2
        for text, (place, reach) in zip(marks.labels[:MOST], self._places(marks), strict=False):
            left = place.x() + reach + GAP * self._sheet.dpr
            box = QRectF(left, place.y() - self._side / 2, metrics.horizontalAdvance(text), self._side)
            # The symbol's own cell keeps others out; the first half cell may be in it.
            cells = self._cells(box.adjusted(self._side / 2, 0, 0, 0))
            if text and whole.contains(box) and cells.isdisjoint(self._taken):
                self._taken |= cells
                self._written |= self._cells(box)
                yield text, QPointF(left, place.y() + drop), marks.opacity

    def _cells(self, box: QRectF) -> set[_Cell]:
        side = self._side
        columns = range(int(box.left() // side), int(box.right() // side) + 1)
        rows = range(int(box.top() // side), int(box.bottom() // side) + 1)
        return {(column, row) for column in columns for row in rows}
