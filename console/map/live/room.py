"""Room for texts on one frame: who comes first has the right of way, whichever layer it is of."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from PySide6.QtCore import QRectF

from console.map.live.columns import Floats
from console.map.viewport import Viewport

CELL = 8.0
"""Logical pixels across a cell."""
INSET = 0.15
"""Share of a text's height above and below its letters."""


class Room:
    """Coarse cells of the screen that are taken, a whole number as bits a row. Fixed to the ground,
    so that the same texts win while the map is panned."""

    def __init__(self, viewport: Viewport) -> None:
        self._side = CELL * viewport.dpr
        self._offset = -np.array(viewport.origin) % self._side
        self._dpr = viewport.dpr
        self._rows: defaultdict[int, int] = defaultdict(int)
        self._covered: list[Floats] = []

    @property
    def covered(self) -> Floats:
        """(n, 4) device pixels on which texts lie, and symbols that may have texts."""
        return np.concatenate(self._covered) if self._covered else np.empty((0, 4))

    def occupy(self, xy: Floats, half: Floats) -> None:
        """Keep squares around places (device pixels) free of texts."""
        self._fill(np.hstack([xy - half[:, None], xy + half[:, None]]))

    def put(self, plate: QRectF) -> None:
        """A text on a plate is there (logical pixels), whatever else is."""
        box = np.array([[plate.left(), plate.top(), plate.right(), plate.bottom()]]) * self._dpr
        self.cover(box)
        self._fill(box)

    def cover(self, boxes: Floats) -> None:
        """Texts, or symbols that have texts, lie on (n, 4) device pixels."""
        self._covered.append(boxes)

    def take(self, corner: Floats, size: Floats, most: int) -> list[int]:
        """Occupy rectangles (device pixels) one after the other where all is free and some of it in the
        view; gives the places of the first *most* that were. The first cell of each is not looked at:
        the symbol that it belongs to may be in it, and keeps others out."""
        inset = size * (0.0, INSET)
        low = np.floor((corner + self._offset + inset) / self._side).astype(int)
        high = np.floor((corner + self._offset + size - inset) / self._side).astype(int)
        low[:, 0] = np.maximum(low[:, 0] + 1, 0)
        boxes = np.hstack([low, high]).tolist()
        taken: list[int] = []
        for place, (left, top, right, bottom) in enumerate(boxes):
            mask = ((1 << max(right - left + 1, 0)) - 1) << left
            rows = range(top, bottom + 1)
            if not mask or any(self._rows[row] & mask for row in rows):
                continue
            for row in rows:
                self._rows[row] |= mask
            taken.append(place)
            if len(taken) == most:
                break
        self.cover(np.hstack([corner + inset, corner + size - inset])[taken])
        return taken

    def _fill(self, boxes: Floats) -> None:
        cells = np.floor((boxes + np.tile(self._offset, 2)) / self._side)
        cells = np.maximum(cells, (0, 0, -1, -1)).astype(int)
        for left, top, right, bottom in cells.tolist():
            mask = ((1 << max(right - left + 1, 0)) - 1) << left
            for row in range(top, bottom + 1):
                self._rows[row] |= mask
