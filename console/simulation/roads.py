"""The roads of the loaded city as somebody walks them: pieces, crossings, ways on."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from console.model.coordinates import haversine
from console.model.layers import LayerPackage
from console.model.records import LonLat, Means

Floats = npt.NDArray[np.float64]

_STRAIGHT_HOME = 0.75
"""Share of crossings where who is bound for a place takes the way that ends nearest; always would trap."""
_ACCESS = {Means.FOOT: 1, Means.BICYCLE: 2, Means.CAR: 4, Means.MOTORCYCLE: 4, Means.EMERGENCY: 4}


@dataclass(frozen=True, slots=True)
class Path:
    """A line to go along. ``points`` (n, 2) WGS84 degrees, ``metres`` (n,) from its start."""

    points: Floats
    metres: Floats

    @classmethod
    def through(cls, points: Floats) -> Path:
        """Measure a line of at least one point."""
        lon, lat = points[:, 0], points[:, 1]
        steps = haversine(lon[:-1], lat[:-1], lon[1:], lat[1:])
        return cls(points, np.concatenate([[0.0], np.cumsum(steps)]))

    @property
    def length(self) -> float:
        """Metres from end to end."""
        return float(self.metres[-1])

    def at(self, metres: float) -> LonLat:
        """The place *metres* from the start."""
        lon = np.interp(metres, self.metres, self.points[:, 0])
        lat = np.interp(metres, self.metres, self.points[:, 1])
        return float(lon), float(lat)

    def heading(self, metres: float) -> float:
        """Degrees clockwise from north at *metres* from the start."""
        if len(self.points) < 2:
            return 0.0
        row = int(np.clip(np.searchsorted(self.metres, metres, side="right"), 1, len(self.points) - 1))
        (lon1, lat1), (lon2, lat2) = self.points[row - 1], self.points[row]
        east = (lon2 - lon1) * np.cos(np.radians(lat1))
        return float(np.degrees(np.arctan2(east, lat2 - lat1)) % 360)


class Roads:
    """Road pieces by the crossings they join, from a ``road`` layer package."""

    def __init__(self, layer: LayerPackage) -> None:
        self._vertices = layer.degrees
        self._first = layer.part_start[layer.feature_start]
        self._from, self._to = layer.columns["from_node"], layer.columns["to_node"]
        self._one_way, self._access = layer.columns["oneway"], layer.columns["access"]
        self._ways = self._ways_by_node()
        starts = self._vertices[self._first[:-1]]
        self._starts_lon, self._starts_lat = starts[:, 0], starts[:, 1]

    def _ways_by_node(self) -> dict[int, list[tuple[int, bool]]]:
        ways: dict[int, list[tuple[int, bool]]] = {}
        for piece, (start, end) in enumerate(zip(self._from.tolist(), self._to.tolist(), strict=True)):
            ways.setdefault(start, []).append((piece, True))
            ways.setdefault(end, []).append((piece, False))
        return ways

    def __len__(self) -> int:
        return len(self._from)

    def nearest(self, where: LonLat, means: Means) -> int:
        """The piece that *means* may use whose start lies nearest to *where*."""
        away = haversine(self._starts_lon, self._starts_lat, where[0], where[1])
        usable = (self._access & _ACCESS[means]) > 0
        return int(np.where(usable, away, np.inf).argmin())

    def piece(self, piece: int, forward: bool) -> Path:
        """The line of one piece, in the direction of travel."""
        points = self._vertices[self._first[piece] : self._first[piece + 1]]
        return Path.through(points if forward else points[::-1])

    def onward(
        self, piece: int, forward: bool, means: Means, chance: random.Random, toward: LonLat | None = None
    ) -> tuple[int, bool]:
        """A way on from the end of *piece*, mostly *toward* a place; back only from a dead end."""
        node = int(self._to[piece] if forward else self._from[piece])
        ways = [way for way in self._ways[node] if way[0] != piece and self._may(way, means)]
        if not ways:
            return piece, not forward
        if toward is not None and chance.random() < _STRAIGHT_HOME:
            return min(ways, key=lambda way: haversine(*self._end(*way), *toward))
        return chance.choice(ways)

    def _end(self, piece: int, forward: bool) -> LonLat:
        """Where one comes out of *piece*."""
        lon, lat = self._vertices[self._first[piece + 1] - 1 if forward else self._first[piece]].tolist()
        return lon, lat

    def _may(self, way: tuple[int, bool], means: Means) -> bool:
        piece, forward = way
        if not self._access[piece] & _ACCESS[means]:
            return False
        return means is not Means.CAR or self._one_way[piece] != (-1 if forward else 1)
