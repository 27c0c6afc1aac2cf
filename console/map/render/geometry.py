"""A layer's geometry in world units, thinned once a zoom and cut out a tile by numpy alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from console.map.viewport import Bounds, to_world
from console.model.layers import FeatureShape, LayerPackage

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

WHOLE_ZOOM = 17
"""From this zoom on nothing is thinned."""
THINNING = 0.4
"""Vertices closer than this many pixels become one."""
SMALLEST = 0.8
"""Areas smaller than this many pixels both ways are not drawn."""


@dataclass(frozen=True, slots=True)
class Ragged:
    """Vertices of many parts: *xy* (m, 2), *counts* vertices a part, *owner* the feature of each part."""

    xy: Floats
    counts: Ints
    owner: Ints


@dataclass(slots=True)
class Level:
    """One layer at one zoom: parts with their boxes, in world units."""

    xy: Floats
    part_start: Ints
    owner: Ints
    """(p,) feature of each part, rising."""
    box: Floats
    """(n, 4) left, top, right, bottom of each feature."""
    drawn: npt.NDArray[np.bool_]
    """(n,) whether the feature is large enough to be seen."""
    _near: tuple[Bounds, Ints] | None = None
    """An area and the parts of the features in it: the rules of a style ask for the same area in turn."""

    def within(self, area: Bounds, rows: npt.NDArray[np.bool_] | None = None) -> npt.NDArray[np.bool_]:
        """(n,) mask of features whose box meets *area*, of those in the mask *rows*."""
        box = self.box
        hit = self.drawn & (box[:, 0] <= area[2]) & (box[:, 2] >= area[0])
        hit &= (box[:, 1] <= area[3]) & (box[:, 3] >= area[1])
        return hit if rows is None else hit & rows

    def found(self, area: Bounds, rows: npt.NDArray[np.bool_] | None = None) -> Ragged:
        """The parts of the features that ``within`` tells."""
        if self._near is None or self._near[0] != area:
            self._near = area, np.flatnonzero(self.within(area)[self.owner])
        parts = self._near[1]
        return self._parts(parts if rows is None else parts[rows[self.owner[parts]]])

    def take(self, features: npt.NDArray[np.bool_]) -> Ragged:
        """The parts of the masked features."""
        return self._parts(np.flatnonzero(features[self.owner]))

    def _parts(self, parts: Ints) -> Ragged:
        start = self.part_start[parts]
        counts = self.part_start[parts + 1] - start
        return Ragged(self.xy[runs(start, counts)], counts, self.owner[parts])


def runs(start: Ints, counts: Ints) -> Ints:
    """Indices start[0], start[0]+1, … of runs one behind the other."""
    before = np.cumsum(counts) - counts
    return np.repeat(start - before, counts) + np.arange(int(counts.sum()))


class LayerGeometry:
    """The layer as the painter needs it; levels are made when first asked for."""

    def __init__(self, package: LayerPackage) -> None:
        self.package = package
        self.polygon = package.shape is FeatureShape.POLYGON
        self.part_start = package.part_start.astype(np.intp)
        self.owner = np.repeat(np.arange(len(package)), np.diff(package.feature_start))
        self.middles: dict[int, tuple[float, float]] = {}
        """By feature, as ``middles.middle_of`` has found them."""
        self._levels: dict[int, Level] = {}
        self._masks: dict[Any, npt.NDArray[np.bool_]] = {}

    @cached_property
    def xy(self) -> Floats:
        degrees = self.package.degrees
        return np.column_stack(to_world(degrees[:, 0], degrees[:, 1]))

    @cached_property
    def box(self) -> Floats:
        """(n, 4) left, top, right, bottom of each feature in world units; nan for empty ones."""
        first = self.part_start[self.package.feature_start[:-1]]
        last = self.part_start[self.package.feature_start[1:]]
        box = np.full((len(self.package), 4), np.nan)
        full = last > first
        if full.any():
            at = first[full]
            box[full, :2] = np.minimum.reduceat(self.xy, at, axis=0)
            box[full, 2:] = np.maximum.reduceat(self.xy, at, axis=0)
        return box

    def classes(self, names: frozenset[str]) -> npt.NDArray[np.bool_] | None:
        """(n,) mask of features of these classes; None (all) for no names."""
        if not names:
            return None
        if names not in self._masks:
            codes = [i for i, text in enumerate(self.package.strings) if text in names]
            column = self.package.columns.get("class", np.zeros(len(self.package), np.int32))
            self._masks[names] = np.isin(column, codes)
        return self._masks[names]

    def flag(self, column: str) -> npt.NDArray[np.bool_]:
        """(n,) where a number column is not 0."""
        if column not in self._masks:
            values = self.package.columns.get(column)
            self._masks[column] = np.zeros(len(self.package), bool) if values is None else values != 0
        return self._masks[column]

    def level(self, zoom: float) -> Level:
        """The layer thinned for a zoom (rounded up); the same object for the same zoom."""
        whole = min(int(np.ceil(zoom)), WHOLE_ZOOM)
        if whole not in self._levels:
            self._levels[whole] = self._thin(256.0 * 2.0**whole if whole < WHOLE_ZOOM else 0.0)
        return self._levels[whole]

    def _thin(self, scale: float) -> Level:
        drawn = ~np.isnan(self.box[:, 0])
        if not scale or self.package.shape is FeatureShape.POINT:
            return Level(self.xy, self.part_start, self.owner, self.box, drawn)
        if self.polygon:
            size = (self.box[:, 2:] - self.box[:, :2]) * scale
            drawn &= (size > SMALLEST).any(axis=1)
        kept = _distinct(self.xy * (scale / THINNING), self.part_start)
        kept &= np.repeat(drawn[self.owner], np.diff(self.part_start))
        total = np.concatenate([[0], np.cumsum(kept)])
        return Level(self.xy[kept], total[self.part_start], self.owner, self.box, drawn)


def _distinct(xy: Floats, part_start: Ints) -> npt.NDArray[np.bool_]:
    """Vertices whose rounded place differs from the one before, and all ends of parts."""
    cell = np.rint(xy)
    kept = np.ones(len(xy), bool)
    kept[1:] = np.any(cell[1:] != cell[:-1], axis=1)
    full = part_start[1:] > part_start[:-1]
    kept[part_start[:-1][full]] = True
    kept[part_start[1:][full] - 1] = True
    return kept
