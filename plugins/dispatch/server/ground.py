"""Small distances on a plane of metres, and what ground a closure covers there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely

from console.sdk.records import Closure, ClosureShape, LonLat

POINT_CLOSURE_METRES = 15.0
METRES_PER_DEGREE = 111_195.0


def to_plane(lonlat: npt.ArrayLike, latitude: float) -> npt.NDArray[np.float64]:
    """WGS84 degrees to metres, true to scale at *latitude* (0.3 % off 25 km away)."""
    scale = [METRES_PER_DEGREE * np.cos(np.radians(latitude)), METRES_PER_DEGREE]
    return np.asarray(lonlat, float).reshape(-1, 2) * scale


def closed_ground(closure: Closure, latitude: float) -> shapely.Geometry:
    """What *closure* covers, on the plane of *latitude*."""
    points = to_plane(closure.points, latitude)
    if closure.shape is ClosureShape.POINT or len(points) == 1:
        return shapely.Point(points[0]).buffer(POINT_CLOSURE_METRES)
    if closure.shape is ClosureShape.LINE or len(points) == 2:
        return shapely.LineString(points)
    return shapely.make_valid(shapely.Polygon(points))


def crosses(path: Sequence[LonLat], closures: Sequence[Closure]) -> bool:
    """Whether a path runs over closed ground."""
    if len(path) < 2:
        return False
    latitude = path[0][1]
    line = shapely.LineString(to_plane(path, latitude))
    return any(bool(shapely.intersects(line, closed_ground(c, latitude))) for c in closures)
