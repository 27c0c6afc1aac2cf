"""From a place in the picture to angles of the head."""

from __future__ import annotations

import math
import time

from console.sdk.records import Pose
from plugins.cameras.server.devices.driver import Ability, Steering

ACROSS = 60.0
"""Degrees of the widest picture, where the camera's list does not say."""
CLOSEST = 20.0
"""How many times closer the narrowest picture is than the widest: devices seldom say, most have 20 to 30."""
NUDGE = 0.6
"""Seconds that a head without angles moves for a step."""


def seen_across(across: float | None, zoom: float) -> float:
    """Degrees of the picture's width at *zoom*, 0 to 1."""
    half = math.tan(math.radians(min(across or ACROSS, 120.0) / 2))
    return math.degrees(2 * math.atan(half / magnified(zoom)))


def magnified(zoom: float) -> float:
    """How many times closer than the widest picture."""
    return 1.0 + zoom * (CLOSEST - 1.0)


def aimed(pose: Pose, x: float, y: float, width: float, across: float | None, shape: float = 16 / 9) -> Pose:
    """The pose that has a place of the present picture in its middle.

    *x* and *y* are -0.5 to 0.5 of the picture, right and down; *width* is the part of the picture's width
    that shall fill it, 1: as it is; *shape* its width by its height.
    """
    half = math.tan(math.radians(seen_across(across, pose.zoom) / 2))
    right, up = 2 * x * half, -2 * y * half / shape
    tilt = math.radians(pose.tilt)
    ahead, high = math.cos(tilt) - up * math.sin(tilt), math.sin(tilt) + up * math.cos(tilt)
    turned = math.degrees(math.atan2(right, ahead))
    risen = math.degrees(math.atan2(high, math.hypot(right, ahead)))
    closer = (magnified(pose.zoom) / max(width, 0.01) - 1.0) / (CLOSEST - 1.0)
    pan = (pose.pan + turned + 180.0) % 360.0 - 180.0
    return Pose(pan, min(max(risen, -90.0), 90.0), min(max(closer, 0.0), 1.0))


def nudge(steering: Steering, x: float, y: float, width: float) -> None:
    """For a head without angles: a step there, as far as it goes in a moment."""
    zoom = 0.0 if width == 1.0 or Ability.ZOOM not in steering.abilities else 0.5 if width < 1.0 else -0.5
    steering.move(min(max(2 * x, -1.0), 1.0), min(max(-2 * y, -1.0), 1.0), zoom)
    time.sleep(NUDGE)
    steering.stop()
