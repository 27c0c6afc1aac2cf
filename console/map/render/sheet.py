"""A piece of the world being painted: a tile, or the whole sheet of an export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from PySide6.QtGui import QPainterPath

from console.map.live.paths import paths_of
from console.map.render.geometry import LayerGeometry, Ragged
from console.map.viewport import Bounds

HUGE = 6000.0
"""Parts longer than this many pixels are cut to the sheet: dashes and strokes far outside cost as well."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """*left*, *top* in world units, *scale* device pixels a world unit, size in device pixels."""

    left: float
    top: float
    scale: float
    width: int
    height: int
    zoom: float
    """Style zoom."""
    dpr: float

    def area(self, margin: float) -> Bounds:
        """World box of the sheet and a margin in device pixels."""
        m = margin / self.scale
        right = self.left + self.width / self.scale
        bottom = self.top + self.height / self.scale
        return self.left - m, self.top - m, right + m, bottom + m

    def pixels(self, xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """(m, 2) world units to device pixels of the sheet."""
        return (xy - (self.left, self.top)) * self.scale

    def parts(self, layer: LayerGeometry, rows: npt.NDArray[np.bool_] | None, margin: float) -> Ragged:
        """The features of the mask *rows* on the sheet, in pixels."""
        level = layer.level(self.zoom)
        return self._cut(level.found(self.area(margin), rows), layer.polygon, margin)

    def paths(
        self, layer: LayerGeometry, rows: npt.NDArray[np.bool_] | None = None, margin: float = 64.0
    ) -> list[QPainterPath]:
        """The features of the mask *rows* on the sheet, in pieces."""
        parts = self.parts(layer, rows, margin * self.dpr)
        return paths_of(parts.xy, parts.counts, parts.owner)

    def _cut(self, found: Ragged, polygon: bool, margin: float) -> Ragged:
        xy, counts = self.pixels(found.xy), found.counts
        if len(xy) == 0:
            return Ragged(xy, counts, found.owner)
        far = np.maximum(np.abs(xy).max(axis=1) - max(self.width, self.height), 0) > HUGE
        part = np.repeat(np.arange(len(counts)), counts)
        huge = np.zeros(len(counts), bool)
        huge[part[far]] = True
        if polygon:  # a hole is none without its shell
            huge = np.isin(found.owner, found.owner[huge])
        if not huge.any():
            return Ragged(xy, counts, found.owner)
        inside, more, source = _clipped(xy, part, huge, polygon, self, margin + 64)
        near = ~huge[part]
        return Ragged(
            np.concatenate([xy[near], inside]),
            np.concatenate([counts[~huge], more]),
            np.concatenate([found.owner[~huge], found.owner[huge][source]]),
        )


def _clipped(
    xy: npt.NDArray[np.float64],
    part: npt.NDArray[np.intp],
    huge: npt.NDArray[np.bool_],
    polygon: bool,
    sheet: Sheet,
    margin: float,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The huge parts cut to the sheet, with vertex counts and which part each was of.

    Rings are cut one by one and keep their direction, by which the winding rule knows holes.
    """
    chosen = huge[part]
    index = (np.cumsum(huge) - 1)[part[chosen]]
    make: Any = shapely.linearrings if polygon else shapely.linestrings
    shapes: Any = make(xy[chosen], indices=index)
    clockwise: Any = ~shapely.is_ccw(shapes) if polygon else np.zeros(len(shapes), bool)
    if polygon:
        shapes = shapely.polygons(shapes)
    box = (-margin, -margin, sheet.width + margin, sheet.height + margin)
    pieces, source = shapely.get_parts(shapely.clip_by_rect(shapes, *box), return_index=True)
    if polygon:
        pieces, at = shapely.get_rings(pieces, return_index=True)
        source = source[at]
        wrong = ~np.asarray(shapely.is_ccw(pieces)) != clockwise[source]
        pieces[wrong] = shapely.reverse(pieces[wrong])
    cut, of = shapely.get_coordinates(pieces, return_index=True)
    return cut, np.bincount(of, minlength=len(pieces)).astype(np.intp), source
