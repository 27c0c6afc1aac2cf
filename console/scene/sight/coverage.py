"""How many cameras see each place of an area, from what was worked out for each."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from console.scene.frame import Frame
from console.scene.refusal import refused
from console.scene.sight.mesh import FineMesh
from console.scene.sight.seen import Seen
from console.scene.sight.viewshed import Cell, LookingCancelled, look_up, outlines

Bounds = tuple[float, float, float, float]
"""West, south, east, north, WGS84 degrees."""
WIDEST = 4000.0
"""Metres of an area's side."""
CELLS = 400
"""To a side at most; of one metre at least."""


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """A raster in a frame at the area's middle, its first row the northernmost."""

    frame: Frame
    cell: float
    """Metres."""
    counts: NDArray[np.uint16]
    """(k, k) cameras that see a cell."""
    asked: NDArray[np.bool_]
    """(k, k) whether the cell lies in the area and anything is known there."""

    def areas(self, least: int, most: int) -> shapely.MultiPolygon:
        """Where so many cameras see, both numbers among them; WGS84 degrees."""
        return outlines(self._mask(least, most), self.cell, self.frame)

    def share(self, least: int, most: int) -> float:
        """0..1 of what was asked about; 0 for nothing."""
        whole = int(self.asked.sum())
        return int(self._mask(least, most).sum()) / whole if whole else 0.0

    def _mask(self, least: int, most: int) -> NDArray[np.bool_]:
        return self.asked & (self.counts >= least) & (self.counts <= most)


def coverage(seen: Iterable[Seen], mesh: FineMesh, bounds: Bounds, cancelled: Callable[[], bool]) -> Coverage:
    """*seen*: each camera that counts. Raises SceneRefused (area too wide), LookingCancelled."""
    west, south, east, north = bounds
    frame = Frame((west + east) / 2, (south + north) / 2, mesh.frame.height)
    side = radius_of(bounds) * 2
    cell = max(1.0, side / CELLS)
    half = math.ceil(side / 2 / cell)
    line = (np.arange(2 * half, dtype=np.float64) - half + 0.5) * cell
    x, y = np.meshgrid(line, line[::-1])
    places = frame.geographic(np.stack([x, y, np.zeros_like(x)], axis=-1))
    lon, lat = places[..., 0], places[..., 1]
    within = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    counts = np.zeros(x.shape, np.uint16)
    for each in seen:
        if cancelled():
            raise LookingCancelled
        _count(each, frame, line, lon, lat, counts)
    return Coverage(frame, cell, counts, within & (_known(mesh, lon, lat) | (counts > 0)))


def radius_of(bounds: Bounds) -> float:
    """Metres from the middle to the farther sides. Raises SceneRefused: too wide, or no area."""
    west, south, east, north = bounds
    frame = Frame((west + east) / 2, (south + north) / 2)
    corners = frame.place([west, east, west, east], [south, south, north, north])
    radius = float(np.abs(corners[:, :2]).max())
    if not (west < east and south < north and radius * 2 <= WIDEST):
        raise refused("范围过大：请放大地图，边长不超过 4 公里", "too wide an area: 4 km to a side at most")
    return radius


def _count(
    seen: Seen,
    frame: Frame,
    line: NDArray[np.float64],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    counts: NDArray[np.uint16],
) -> None:
    """Add one where the camera sees; only cells within its range are looked at."""
    if not seen.cells.size:
        return
    reach = len(seen.cells) / 2 * seen.cell
    x, y, _ = frame.place(seen.lon, seen.lat, seen.elevation).tolist()
    columns = slice(*np.searchsorted(line, [x - reach, x + reach]).tolist())
    low, high = np.searchsorted(line, [y - reach, y + reach]).tolist()
    part = slice(len(line) - high, len(line) - low), columns
    place = seen.frame.place(lon[part], lat[part], seen.elevation)
    counts[part] += look_up(seen.cells, seen.cell, place) == Cell.SEEN


def _known(mesh: FineMesh, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where the mesh has blocks."""
    flat = mesh.frame.place(lon, lat, mesh.frame.height)[..., :2]
    found = np.zeros(lon.shape, np.bool_)
    low, high = flat.reshape(-1, 2).min(axis=0), flat.reshape(-1, 2).max(axis=0)
    for block in mesh.blocks:
        if (block.low[:2] <= high).all() and (block.high[:2] >= low).all():
            found |= ((flat >= block.low[:2]) & (flat <= block.high[:2])).all(axis=-1)
    return found
