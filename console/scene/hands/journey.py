"""The way from one pose to another: an arc over the ground, never through it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from console.scene.hands.arc import Arc
from console.scene.hands.moves import shortest
from console.scene.hands.world import World
from console.scene.pose import Pose

RADIUS = 6_371_008.8
"""Metres: the mean one of the Earth, for lengths across it."""
SCREENS = 1.6
"""A second."""
TURNING = 120.0
"""Degrees a second."""
SHORTEST, LONGEST = 0.35, 5.0
"""Seconds."""
LOOKS = 32
"""Places along the way at which the ground is asked for."""


class Journey:
    """``at(share)`` goes from *start* to *goal*, both exactly met; *seconds* is as long as it should take."""

    def __init__(self, world: World, start: Pose, goal: Pose) -> None:
        self._start, self.goal = start, goal
        self._from, self._to = _normal(start), _normal(goal)
        self._angle = math.atan2(
            float(np.linalg.norm(np.cross(self._from, self._to))), float(self._from @ self._to)
        )
        span = 2 * math.tan(world.fovy / 2)
        self._arc = Arc(start.distance * span, goal.distance * span, self._angle * RADIUS)
        self._span = span
        self._turn = shortest(start.heading, goal.heading)
        turning = max(abs(self._turn), abs(goal.tilt - start.tilt)) / TURNING
        self.seconds = min(max(self._arc.length / SCREENS, turning, SHORTEST), LONGEST)
        self._lift = self._needed_lift(world)

    def at(self, share: float) -> Pose:
        """The pose at a share of the time."""
        if share >= 1.0:
            return self.goal
        eased = max(share, 0.0) ** 2 * (3 - 2 * max(share, 0.0))
        return self._lifted(eased, self._lift)

    def _lifted(self, eased: float, lift: float) -> Pose:
        across, width = self._arc.at(eased)
        start, goal, distance = self._start, self.goal, width / self._span
        lon, lat = self._place(across)
        height = start.height + (goal.height - start.height) * eased
        # From far above one looks down.
        steep = math.sqrt(min(max(start.distance, goal.distance) / distance, 1.0))
        tilt = (start.tilt + (goal.tilt - start.tilt) * eased) * steep
        heading = start.heading + self._turn * eased
        return Pose(lon, lat, height + lift * _bump(eased), heading, tilt, distance).clamped()

    def _place(self, share: float) -> tuple[float, float]:
        """Degrees at a share of the great circle."""
        if self._angle < 1e-9:
            start, goal = self._start, self.goal
            return start.lon + (goal.lon - start.lon) * share, start.lat + (goal.lat - start.lat) * share
        here = math.sin((1 - share) * self._angle) * self._from + math.sin(share * self._angle) * self._to
        return math.degrees(math.atan2(here[1], here[0])), math.degrees(
            math.atan2(here[2], math.hypot(here[0], here[1]))
        )

    def _needed_lift(self, world: World) -> float:
        """Metres by which the middle is raised so that the eye passes over all that is known."""
        shares = (i / LOOKS for i in range(1, LOOKS))
        lacks = ((share, world.lack(self._lifted(share, 0.0))) for share in shares)
        return max(0.0, *(lack / max(_bump(share), 0.25) for share, lack in lacks))


def _bump(share: float) -> float:
    """Nought at both ends, one in the middle."""
    return 4 * share * (1 - share)


def _normal(pose: Pose) -> NDArray[np.float64]:
    """(3,): the unit normal of the ellipsoid."""
    lon, lat = math.radians(pose.lon), math.radians(pose.lat)
    return np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])
