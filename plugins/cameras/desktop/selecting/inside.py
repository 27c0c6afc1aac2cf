"""Which places lie within an outline, along a line, or around a place. Places are WGS84 degrees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from console.sdk import haversine
from console.sdk.records import LonLat

Rows = NDArray[np.intp]
"""Of places, the most wanted first."""


def in_ring(places: NDArray[np.float64], ring: Sequence[LonLat]) -> Rows:
    """Within *ring*, whether it crosses itself or not, from its middle outwards. *places*: (n, 2)."""
    ground = shapely.make_valid(shapely.Polygon(ring))
    shapely.prepare(ground)
    rows = np.flatnonzero(shapely.intersects_xy(ground, places[:, 0], places[:, 1]))
    middle = shapely.centroid(ground)
    return rows[_by_distance(places[rows], (middle.x, middle.y))]


def along(places: NDArray[np.float64], line: Sequence[LonLat], metres: float) -> Rows:
    """Within *metres* of *line*, in the order in which one comes by."""
    scale = _scale(np.mean(np.asarray(line, np.float64), axis=0))
    way = shapely.LineString(np.asarray(line, np.float64) * scale)
    points: Any = shapely.points(places * scale)
    rows = np.flatnonzero(shapely.dwithin(points, way, metres))
    return rows[np.argsort(shapely.line_locate_point(way, points[rows]), kind="stable")]


def around(places: NDArray[np.float64], where: LonLat, metres: float) -> Rows:
    """Within *metres* of *where*, the nearest first."""
    rows = np.flatnonzero(haversine(*where, places[:, 0], places[:, 1]) <= metres)
    return rows[_by_distance(places[rows], where)]


def _by_distance(places: NDArray[np.float64], where: LonLat) -> Rows:
    return np.argsort(haversine(*where, places[:, 0], places[:, 1]), kind="stable")


def _scale(middle: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres a degree of longitude and latitude there: right to a thousandth within a district."""
    lon, lat = middle.tolist()
    step = 0.01
    return np.array([haversine(lon, lat, lon + step, lat), haversine(lon, lat, lon, lat + step)]) / step
