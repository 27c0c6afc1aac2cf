"""A map and a scene that show the same place: centre and scale of the one for the other.

Scales are ground metres in one logical pixel, as Web Mercator has them at the latitude of the centre.
"""

from __future__ import annotations

import math
from dataclasses import replace

from console.scene.lens import FOVY
from console.scene.pose import Pose

EQUATOR = 2 * math.pi * 6_378_137.0
"""Metres around it, on the sphere of Web Mercator."""
TILE = 256.0
"""Logical pixels of the world at zoom 0."""
SAME_PIXELS, SAME_SCALE = 0.01, 1e-6
"""Differences below which a map shows what the scene does: in pixels, and as a share of the scale."""


def map_of_pose(
    pose: Pose, height: int, scales: tuple[float, float], fovy: float = FOVY
) -> tuple[float, float, float]:
    """Longitude, latitude and scale of the map for a view *height* logical pixels high; *scales* are the
    finest and the coarsest that the map can have."""
    return pose.lon, pose.lat, min(max(pose.metres_per_pixel(height, fovy), scales[0]), scales[1])


def pose_of_map(
    pose: Pose,
    lon: float,
    lat: float,
    scale: float,
    height: int,
    scales: tuple[float, float],
    fovy: float = FOVY,
) -> Pose:
    """*pose* as it follows a map to its centre (WGS84 degrees) and scale, looking the same way. A map that
    only shows what this pose told it leaves the pose as it is, though it could not come as near or go as far:
    so neither drifts while each follows the other."""
    own_lon, own_lat, own_scale = map_of_pose(pose, height, scales, fovy)
    metres = EQUATOR / 360.0
    aside = math.hypot((lon - own_lon) * metres * math.cos(math.radians(lat)), (lat - own_lat) * metres)
    if aside > SAME_PIXELS * scale:
        pose = replace(pose, lon=lon, lat=lat)
    return pose if abs(scale / own_scale - 1) <= SAME_SCALE else pose.at_scale(scale, height, fovy)


def map_zoom(scale: float, lat: float) -> float:
    """Web Mercator's zoom with a scale at a latitude (degrees)."""
    return math.log2(EQUATOR * math.cos(math.radians(lat)) / (TILE * scale))
