"""Standard addresses of the map in memory: those in a building, and the nearest one. For worker threads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from console.sdk.feature_table import FeatureTable
from console.sdk.records import LonLat
from plugins.buildings.desktop.storeys import door_of

DEGREE = 111_320.0
"""Metres of a degree of latitude."""


class Addresses:
    """Up to some 600,000 points; their texts are read where they lie."""

    def __init__(self, packages: Sequence[str]) -> None:
        """Raises OSError, PackageError."""
        from scipy.spatial import KDTree  # takes 0.2 s to load: not before somebody asks

        tables = [FeatureTable(path) for path in packages]
        self._tables = [table for table in tables if "name" in table.columns and table.is_text("name")]
        self._starts = np.cumsum([0, *(len(table) for table in self._tables)])
        boxes = np.concatenate([table.boxes() for table in self._tables] or [np.empty((0, 4))])
        self._places = (boxes[:, :2] + boxes[:, 2:]) / 2
        middle = np.nanmean(self._places[:, 1]) if len(boxes) else 0.0
        self._scale = np.array([DEGREE * np.cos(np.radians(middle)), DEGREE])
        self._there = np.flatnonzero(~np.isnan(self._places[:, 0]))
        self._tree: Any = KDTree(self._places[self._there] * self._scale) if len(self._there) else None

    def __len__(self) -> int:
        return len(self._places)

    def inside(self, outline: shapely.MultiPolygon) -> list[str]:
        """All that lie in an outline."""
        west, south, east, north = outline.bounds
        x, y = self._places.T
        near = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
        within = near[shapely.intersects_xy(outline, x[near], y[near])]
        return [self._text(row) for row in within.tolist()]

    def nearest(self, places: npt.NDArray[np.float64], within: float) -> list[tuple[str, float]]:
        """For each (lon, lat) the next house's address and its distance in metres; empty, inf: none."""
        if self._tree is None or not len(places):
            return [("", np.inf)] * len(places)
        metres, at = self._tree.query(places * self._scale, distance_upper_bound=within)
        return [self._near(float(away), int(row)) for away, row in zip(metres, at, strict=True)]

    def matching(self, words: str, limit: int) -> list[tuple[str, LonLat]]:
        """Addresses that hold *words*, the shortest first, with their places."""
        rows: list[int] = []
        for table, start in zip(self._tables, self._starts[:-1].tolist(), strict=True):
            rows += (np.flatnonzero(table.matching("name", words))[: 50 * limit] + start).tolist()
        found = [(self._text(row), self._place(row)) for row in rows]
        return sorted(found, key=lambda pair: (len(pair[0]), pair[0]))[:limit]

    def _near(self, away: float, row: int) -> tuple[str, float]:
        return (door_of(self._text(int(self._there[row]))), away) if np.isfinite(away) else ("", np.inf)

    def _place(self, row: int) -> LonLat:
        lon, lat = self._places[row].tolist()
        return lon, lat

    def _text(self, row: int) -> str:
        at = int(np.searchsorted(self._starts, row, side="right")) - 1
        return self._tables[at].text(row - int(self._starts[at]), "name")
