"""What a camera sees, as far as its record tells: field of view, and cameras near a place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import numpy as np

from console.sdk import haversine
from console.sdk.records import Camera, LonLat
from plugins.cameras.desktop.catalogue import Catalogue

OPENING = 60.0
"""Degrees across that a street camera is taken to see; records do not say."""
ARC_STEP = 5.0
STANDS_HERE = 3.0
"""Metres under which a direction says nothing."""
STREET_REACH = 80.0
HIGH_REACH = 1500.0
"""Metres within which a person can be made out."""


class Look(StrEnum):
    """Whether a camera looks at a place."""

    HERE = "here"
    """It stands at the place itself."""

    THERE = "there"
    CAN_TURN = "can_turn"
    """A dome or high-altitude camera: it can be turned to it."""
    AWAY = "away"
    TOO_FAR = "too_far"


@dataclass(frozen=True, slots=True)
class Near:
    """A camera near a place."""

    camera: Camera
    metres: float
    look: Look


@cache
def geod() -> Any:
    """The ellipsoid. Its library takes 0.3 s to load: call it in a worker first."""
    from pyproj import Geod

    return Geod(ellps="WGS84")


def reach(camera: Camera) -> float:
    """Metres that *camera* is taken to see."""
    return HIGH_REACH if camera.high else STREET_REACH


def field_of_view(camera: Camera) -> list[LonLat]:
    """Wedge of what a fixed camera sees, the camera first; empty for one that turns."""
    if camera.heading is None:
        return []
    half = OPENING / 2
    azimuths = np.arange(camera.heading - half, camera.heading + half + ARC_STEP / 2, ARC_STEP)
    n = len(azimuths)
    lon, lat = np.full(n, camera.where[0]), np.full(n, camera.where[1])
    lons, lats, _ = geod().fwd(lon, lat, azimuths, np.full(n, reach(camera)))
    return [camera.where, *zip(map(float, lons), map(float, lats), strict=True)]


def look_at(camera: Camera, where: LonLat, metres: float) -> Look:
    """Whether *camera* looks at *where*, *metres* away; walls are not known."""
    if metres < STANDS_HERE:
        return Look.HERE
    if metres > reach(camera):
        return Look.TOO_FAR
    if camera.heading is None or camera.high:
        return Look.CAN_TURN
    azimuth = geod().inv(*camera.where, *where)[0]
    off = abs((azimuth - camera.heading + 180) % 360 - 180)
    return Look.THERE if off <= OPENING / 2 else Look.AWAY


def cameras_near(catalogue: Catalogue, where: LonLat, count: int) -> list[Near]:
    """The *count* nearest cameras, nearest first."""
    if not len(catalogue):
        return []
    metres = haversine(catalogue.lon, catalogue.lat, np.array(where[0]), np.array(where[1]))
    nearest = np.argsort(metres, kind="stable")[:count]
    found = [(catalogue.cameras[row], float(metres[row])) for row in nearest.tolist()]
    return [Near(camera, far, look_at(camera, where, far)) for camera, far in found]
