"""The map's symbols in the sizes that distances have, and their pieces onto a painter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainter

from console.map.live.columns import Columns
from console.map.live.fragments import FIELDS, draw_fragments
from console.map.live.sprites import Atlas, Colors, make_atlas
from console.sdk.symbols import PointStyle

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
SIZES = np.array([1.0, 0.82, 0.66])
"""Few, each with pictures of its own: a fragment that is scaled leaves the fast path."""
FARTHER = np.array([1.5, 5.0])
"""Metres in a pixel beyond which a point is of the next size."""
CHOSEN = 1.25
"""Times as large are selected ones, by their atlas."""


class Symbols:
    """Of one style, for one theme, screen and kind of columns."""

    def __init__(self, style: PointStyle, colors: Colors) -> None:
        self._style, self._colors = style, colors
        self._atlases: dict[tuple[float, float, bool, bool], Atlas] = {}
        self._buffer = np.empty((0, FIELDS))

    def draw(
        self,
        painter: QPainter,
        columns: Columns,
        rows: Ints,
        xy: Floats,
        opacity: Floats,
        heading: float,
        dpr: float,
        *,
        size: int,
        selected: bool = False,
    ) -> None:
        """Rows at (n, 2) device pixels, later ones on top; *heading*: where the screen's top is (degrees)."""
        if not len(rows):
            return
        atlas = self._atlas(dpr, float(SIZES[size]), columns.heading is not None, selected)
        if len(rows) > len(self._buffer):
            self._buffer = np.empty((len(rows) * 5 // 4, FIELDS))
        fragments, sprite = self._buffer[: len(rows)], columns.sprite[rows]
        fragments[:, 0:2] = np.rint(xy)
        fragments[:, 1] -= np.rint(atlas.lift[sprite])
        atlas.fill(fragments, sprite, None if columns.heading is None else columns.heading[rows] - heading)
        fragments[:, 9] = opacity
        draw_fragments(painter, fragments, atlas.pixmap)

    def prepare(self, dpr: float, *, headings: bool, selected: bool) -> bool:
        """Draw one of the pictures that a screen of *dpr* will need; whether one was missing.

        All at once would hold the window for a large picture: some 10 ms each.
        """
        looks = [(size, False) for size in SIZES.tolist()] + ([(1.0, True)] if selected else [])
        for size, ringed in looks:
            if (dpr, size, headings, ringed) not in self._atlases:
                self._atlas(dpr, size, headings, ringed)
                return True
        return False

    def _atlas(self, dpr: float, size: float, headings: bool, selected: bool) -> Atlas:
        key = (dpr, size, headings, selected)
        if key not in self._atlases:
            screens = list(dict.fromkeys([*(old[0] for old in self._atlases), dpr]))
            kept = {dpr, *screens[-2:]}  # the window's, and those of the picture that is being made
            self._atlases = {old: atlas for old, atlas in self._atlases.items() if old[0] in kept}
            self._atlases[key] = make_atlas(
                self._style.sprites, self._colors, dpr * size, headings=headings, selected=selected
            )
        return self._atlases[key]
