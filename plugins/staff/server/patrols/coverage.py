"""How much of a way, or of streets, was walked. Pure; lengths in metres."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely

from plugins.staff.server.tracks.measure import GAP, Points

BESIDE = 25.0
"""Metres beside a way that still count as on it: the accuracy of phones between houses."""
NEAR_ROAD = 12.0
"""Metres beside a way brought to the roads that count as on it: the other pavement of the same street."""
_DEGREE = 111_195.0

Floats = npt.NDArray[np.float64]
Lines = Sequence[shapely.LineString]


class Ground:
    """A flat plane in metres around one place; good for a district."""

    def __init__(self, lon: float, lat: float) -> None:
        self._origin = np.array([lon, lat])
        self._scale = np.array([math.cos(math.radians(lat)) * _DEGREE, _DEGREE])

    def metres(self, degrees: Floats) -> Floats:
        """(n, 2) degrees to (n, 2) metres east and north."""
        return (degrees - self._origin) * self._scale

    def degrees(self, metres: Floats) -> Floats:
        """And back."""
        return metres / self._scale + self._origin


def walked_ground(ground: Ground, tracks: Sequence[Points]) -> shapely.Geometry:
    """All that lies within BESIDE of where somebody went; over gaps nobody knows."""
    lines: list[shapely.Geometry] = []
    for points in tracks:
        if not len(points):
            continue
        breaks = np.flatnonzero(np.diff(points[:, 2]) > GAP) + 1
        for part in np.split(ground.metres(points[:, :2]), breaks):
            lines.append(shapely.LineString(part) if len(part) > 1 else shapely.Point(part[0]))
    simple = shapely.simplify(np.array(lines, object), 3.0)
    return shapely.union_all(shapely.buffer(simple, BESIDE, quad_segs=4))


def walked_share(ground: Ground, path: Floats, walked: shapely.Geometry) -> tuple[float, float]:
    """Length of *path* ((n, 2) degrees), and the share of it that lies on *walked*."""
    line = shapely.LineString(ground.metres(path))
    if line.length == 0:
        return 0.0, 0.0
    return line.length, shapely.intersection(line, walked).length / line.length


def walked_by_road(planned: Lines, walked: Lines, path: shapely.LineString, strip: shapely.Geometry) -> float:
    """Share of the way *path* that was walked; all in metres.

    Where the way follows roads (*planned*), what was *walked* along the same roads counts, not
    what was walked in the lane beside; elsewhere, as in a park, what lies on *strip*.
    """
    roads = shapely.union_all(list(planned))
    rest = shapely.difference(path, shapely.buffer(roads, BESIDE))
    trodden = shapely.buffer(shapely.union_all(list(walked)), NEAR_ROAD)
    whole = roads.length + rest.length
    done = shapely.intersection(roads, trodden).length + shapely.intersection(rest, strip).length
    return done / whole if whole else 0.0


def first_reached(
    ground: Ground, where: tuple[float, float], radius: float, tracks: Sequence[Points]
) -> float | None:
    """When somebody first came within *radius* of a place."""
    place = ground.metres(np.array([where]))[0]
    found: list[float] = []
    for points in tracks:
        near = np.hypot(*(ground.metres(points[:, :2]) - place).T) <= radius
        if near.any():
            found.append(float(points[near, 2][0]))
    return min(found, default=None)


def streets_walked(
    names: Sequence[str], lines: npt.NDArray[np.object_], walked: shapely.Geometry
) -> dict[str, tuple[float, float]]:
    """Length of each named street and how much of it was walked; *lines* (metres) lie along *names*."""
    length = shapely.length(lines)
    done = np.zeros(len(lines))
    shapely.prepare(walked)
    near = np.flatnonzero(shapely.intersects(lines, walked))
    done[near] = shapely.length(shapely.intersection(lines[near], walked))
    found: dict[str, tuple[float, float]] = {}
    for name, whole, part in zip(names, length.tolist(), done.tolist(), strict=True):
        before = found.get(name, (0.0, 0.0))
        found[name] = (before[0] + whole, before[1] + part)
    return found
