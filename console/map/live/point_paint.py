"""Symbols of points onto a painter: which atlas, which fragments."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from PySide6.QtGui import QPainter

from console.map.live.columns import Columns, Floats, Ints
from console.map.live.fragments import FIELDS, draw_fragments
from console.map.live.screen import device, downwards
from console.map.live.sprites import Atlas, Colors, make_atlas
from console.map.viewport import Viewport
from console.sdk.symbols import PointStyle

SMALL = 0.62
ORDERED = 5_000
"""Layers with more points are painted from top to bottom, which is quicker; who covers whom is not seen."""


class Look:
    """Symbols for one screen, with headings or without."""

    def __init__(self, style: PointStyle, colors: Colors, dpr: float, headings: bool) -> None:
        self.dpr, self.headings = dpr, headings
        self._make = lambda scale, selected: make_atlas(
            style.sprites, colors, dpr * scale, headings=headings, selected=selected
        )
        self.plain = self._make(1.0, False)

    @cached_property
    def small(self) -> Atlas:
        """For a crowd: less covers less, and takes half the time."""
        return self._make(SMALL, False)

    @cached_property
    def selected(self) -> Atlas:
        """Larger and ringed; drawn when first there is a selection."""
        return self._make(1.0, True)


class SymbolPainter:
    """Draws rows of columns as pieces of an atlas; keeps its memory from frame to frame, as fresh is slow."""

    def __init__(self) -> None:
        self._buffer = np.empty((0, FIELDS))

    def draw(
        self,
        painter: QPainter,
        viewport: Viewport,
        atlas: Atlas,
        columns: Columns,
        places: Floats,
        rows: Ints,
    ) -> tuple[Ints, Floats]:
        """Draw *rows* of *columns* at world *places*, later ones on top unless there are very many.

        Gives the rows as they were drawn with their device pixels.
        """
        xy = device(viewport, places)
        if len(columns) > ORDERED:
            down = downwards(viewport, places)
            rows, xy = rows[down], xy[down]
        if len(rows) > len(self._buffer):
            self._buffer = np.empty((len(rows) * 5 // 4, FIELDS))
        fragments, sprite = self._buffer[: len(rows)], columns.sprite[rows]
        fragments[:, 0:2] = xy
        fragments[:, 1] -= np.rint(atlas.lift[sprite])
        atlas.fill(fragments, sprite, None if columns.heading is None else columns.heading[rows])
        fragments[:, 9] = 1.0 if columns.opacity is None else columns.opacity[rows]
        draw_fragments(painter, fragments, atlas.pixmap)
        return rows, xy
