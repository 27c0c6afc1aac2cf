"""The ground that a drone's picture shows: as it says itself, or worked out from how it flies and looks.

Places are WGS84 degrees; lengths are metres in a plane that touches the ellipsoid below the drone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from console.sdk.media import Metadata
from console.sdk.records import LonLat

FARTHEST = 50_000.0
"""Metres from the drone beyond which a place that it tells of is not believed."""
FLATTEST = 20.0
"""Heights of the drone at which a picture that shows the horizon is cut off."""
LOWEST = 1.0
"""Metres above the ground below which nothing is worked out."""
METRES_A_DEGREE = 111_320.0
_CORNERS = ((-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0))
"""Right and down in halves of the picture, from the upper left clockwise."""
_Vector = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Footprint:
    """What can be drawn of a drone's sight."""

    place: LonLat
    """Of the drone."""
    center: LonLat | None = None
    """The ground in the middle of the picture."""
    corners: tuple[LonLat, ...] = ()
    """The ground at the corners, clockwise, or nothing."""
    computed: bool = False
    """Whether the corners were worked out on level ground, for the drone did not tell them."""
    above: float | None = None
    """Metres of the drone above the ground that it looks at."""


def footprint(said: Metadata) -> Footprint | None:
    """None: it does not say where it is."""
    if said.longitude is None or said.latitude is None or abs(said.latitude) > 89:
        return None
    place = (said.longitude, said.latitude)
    center = said.center if said.center and _near(place, said.center) else None
    turn = _turn(said)
    above = _above(said, place, center, turn)
    corners = said.corners if len(said.corners) == 4 and all(_near(place, c) for c in said.corners) else ()
    if turn is None or above is None:
        return Footprint(place, center, corners, above=above)
    center = center or _ground(place, turn[:, 0], above)
    if corners:
        return Footprint(place, center, corners, above=above)
    corners = _computed(said, place, turn, above)
    return Footprint(place, center, corners, bool(corners), above)


def _near(place: LonLat, other: LonLat) -> bool:
    return float(np.hypot(*_metres(place, other))) < FARTHEST


def _metres(origin: LonLat, place: LonLat) -> tuple[float, float]:
    """North and east."""
    across = METRES_A_DEGREE * float(np.cos(np.radians(origin[1])))
    return (place[1] - origin[1]) * METRES_A_DEGREE, (place[0] - origin[0]) * across


def _turn(said: Metadata) -> npt.NDArray[Any] | None:
    """Columns: ahead, right and down of the picture, each as north, east, down. None: it does not say."""
    if said.heading is None or said.sensor_azimuth is None or said.sensor_elevation is None:
        return None
    flies = _turned(said.heading, said.pitch or 0.0, said.roll or 0.0)
    return flies @ _turned(said.sensor_azimuth, said.sensor_elevation, said.sensor_roll or 0.0)


def _turned(yaw: float, pitch: float, roll: float) -> npt.NDArray[Any]:
    """Degrees: about down, then right, then ahead."""
    (cy, cp, cr), (sy, sp, sr) = (f(np.radians([yaw, pitch, roll])) for f in (np.cos, np.sin))
    about_down = np.array([[cy, -sy, 0], [sy, cy, 0], [0, 0, 1]])
    about_right = np.array([[cp, 0, sp], [0, 1, 0], [-sp, 0, cp]])
    about_ahead = np.array([[1, 0, 0], [0, cr, -sr], [0, sr, cr]])
    return about_down @ about_right @ about_ahead


def _above(
    said: Metadata, place: LonLat, center: LonLat | None, turn: npt.NDArray[Any] | None
) -> float | None:
    """By the height of the ground, else by the distance to it, else by where its middle is."""
    found = None
    if said.altitude is not None and said.center_height is not None:
        found = said.altitude - said.center_height
    elif turn is not None and said.distance:
        found = said.distance * float(turn[2, 0])
    elif turn is not None and center is not None:
        level = float(np.hypot(turn[0, 0], turn[1, 0]))
        found = float(np.hypot(*_metres(place, center))) * float(turn[2, 0]) / level if level > 1e-3 else None
    return found if found is not None and LOWEST < found < FARTHEST else None


def _ground(place: LonLat, way: _Vector, above: float) -> LonLat | None:
    """Where a ray meets the ground; None: nowhere near."""
    north, east, down = (float(part) for part in way)
    level = float(np.hypot(north, east))
    if down <= 0 or level / down > FLATTEST:
        return None
    return _moved(place, north / down * above, east / down * above)


def _computed(said: Metadata, place: LonLat, turn: npt.NDArray[Any], above: float) -> tuple[LonLat, ...]:
    """Corners; those above the horizon, or nearly, are cut off far away. None: it looks into the sky."""
    half_width, half_height = _half(said.view_width), _half(said.view_height)
    if not half_width or not half_height:
        return ()
    ways = [turn @ np.array([1.0, right * half_width, down * half_height]) for right, down in _CORNERS]
    grounds: Sequence[LonLat | None] = [_ground(place, way, above) for way in ways]
    if not any(grounds):
        return ()
    return tuple(found or _far(place, way, above) for found, way in zip(grounds, ways, strict=True))


def _far(place: LonLat, way: _Vector, above: float) -> LonLat:
    level = max(float(np.hypot(way[0], way[1])), 1e-9)
    scale = FLATTEST * above / level
    return _moved(place, float(way[0]) * scale, float(way[1]) * scale)


def _half(degrees: float | None) -> float:
    """Half a picture's side at a distance of 1; 0: it is not said, or cannot be."""
    if degrees is None or not 0.1 < degrees < 170:
        return 0.0
    return math.tan(math.radians(degrees) / 2)


def _moved(place: LonLat, north: float, east: float) -> LonLat:
    across = METRES_A_DEGREE * float(np.cos(np.radians(place[1])))
    return place[0] + east / across, place[1] + north / METRES_A_DEGREE
