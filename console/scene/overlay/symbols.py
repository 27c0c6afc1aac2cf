"""The map's symbols in the sizes that distances have, and their pieces onto a painter."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainter

from console.map.live.columns import Columns
from console.map.live.fragments import FIELDS, draw_fragments
from console.map.live.sprites import Atlas, Colors, atlas_steps
from console.sdk.symbols import PointStyle

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
_Key = tuple[float, float, bool, bool]
"""Device pixels in a logical one, size, with headings, selected."""
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
        self._atlases: dict[_Key, Atlas] = {}
        self._begun: tuple[_Key, Iterator[Atlas | None]] | None = None
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
        """Draw one symbol of those that a screen of *dpr* will need; whether one was missing.

        All at once would hold the window, for a large picture 100 ms and more.
        """
        looks = [(size, False) for size in SIZES.tolist()] + ([(1.0, True)] if selected else [])
        for size, ringed in looks:
            key = (dpr, size, headings, ringed)
            if key not in self._atlases:
                if self._begun is None or self._begun[0] != key:
                    self._begun = key, self._steps(key)
                if (atlas := next(self._begun[1])) is not None:
                    self._keep(key, atlas)
                    self._begun = None
                return True
        return False

    def _steps(self, key: _Key) -> Iterator[Atlas | None]:
        dpr, size, headings, selected = key
        return atlas_steps(
            self._style.sprites, self._colors, dpr * size, headings=headings, selected=selected
        )

    def _keep(self, key: _Key, atlas: Atlas) -> None:
        screens = list(dict.fromkeys([*(old[0] for old in self._atlases), key[0]]))
        kept = screens[-2:]  # the window's, and those of the picture that is being made
        self._atlases = {old: each for old, each in self._atlases.items() if old[0] in kept}
        self._atlases[key] = atlas

    def _atlas(self, dpr: float, size: float, headings: bool, selected: bool) -> Atlas:
        key = (dpr, size, headings, selected)
        if key not in self._atlases:
            *_, atlas = self._steps(key)
            assert atlas is not None
            self._keep(key, atlas)
        return self._atlases[key]
