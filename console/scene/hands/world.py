"""What the hands know of a scene: its frame, the size of the view, what is hit and how high the ground is."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from console.scene.frame import Frame
from console.scene.hands.shell import graze, meet
from console.scene.lens import FOVY, Lens
from console.scene.pose import Pose

Point = NDArray[np.float64]
MARGIN = 1.0
"""Metres that the eye stays above the surface."""
SHALLOWEST = math.radians(3.0)
"""Radians to the ground: what is seen flatter is not grabbed, a pixel there is too many metres."""
_RADIUS = 6_371_008.8


def _nothing(x: float, y: float) -> Point | None:
    return None


def _unknown(lon: float, lat: float) -> float | None:
    return None


@dataclass
class World:
    """Sizes in pixels, *fovy* in radians, as the view that owns it has them at the moment."""

    frame: Frame
    width: int = 1
    height: int = 1
    fovy: float = FOVY
    hit: Callable[[float, float], Point | None] = _nothing
    """The point (3,) of the frame that is seen at a pixel; None: nothing is drawn there."""
    surface: Callable[[float, float], float | None] = _unknown
    """Metres above the ellipsoid of what stands at WGS84 degrees; None: nothing is known there."""
    underground: bool = False
    """Whether the eye may be below the surface."""

    def lens(self, pose: Pose) -> Lens:
        return pose.lens(self.frame, self.width, self.height, self.fovy)

    def focus(self, pose: Pose) -> Point:
        """(3,): the place looked at."""
        return self.frame.place(pose.lon, pose.lat, pose.height)

    def focused(self, pose: Pose, point: Point) -> Pose:
        """*pose*, looking at another point (3,) from the same side and as far."""
        lon, lat, height = (float(value) for value in self.frame.geographic(point))
        return replace(pose, lon=lon, lat=lat, height=height)

    def eye(self, pose: Pose) -> tuple[float, float, float]:
        """Where the eye is: degrees, metres above the ellipsoid."""
        lon, lat, height = self.frame.geographic(self.lens(pose).eye)
        return float(lon), float(lat), float(height)

    def lack(self, pose: Pose) -> float:
        """Metres by which the eye is too low; not above nought: it is high enough."""
        if self.underground:
            return 0.0
        lon, lat, height = self.eye(pose)
        ground = self.surface(lon, lat)
        return -math.inf if ground is None else ground + MARGIN - height

    def clear(self, pose: Pose) -> Pose:
        """*pose* with the eye lifted out of the ground, what it looks at with it."""
        for _ in range(8):
            lack = self.lack(pose)
            if lack <= 0:
                return pose
            # A hair more: heights go through the frame and back.
            pose = replace(pose, height=pose.height + lack + 1e-6)
        return pose

    def ground_at(self, pose: Pose, x: float, y: float) -> Point:
        """(3,): what is seen at a pixel, else where its ray meets the height of the place looked at. Near the
        horizon and above it: what lies below that pixel as flat as may be grabbed."""
        lens, point = self.lens(pose), self.hit(x, y)
        if point is None:
            way = lens.rays(x, y)
        else:
            way = _unit(point - lens.eye)
            if self._depression(lens, way) >= self._least(lens, float(self.frame.geographic(point)[2])):
                return point
        return self.meet(lens, way, min(pose.height, self.eye(pose)[2] - MARGIN))

    def point_at(self, pose: Pose, x: float, y: float) -> Point:
        """(3,): what is seen at a pixel, however flat or high; else as ``ground_at``."""
        point = self.hit(x, y)
        return self.ground_at(pose, x, y) if point is None else point

    def meet(self, lens: Lens, ray: Point, height: float) -> Point:
        """(3,): where a unit direction (3,) from the eye, lowered to what may be grabbed, meets a height."""
        ray = self._lowered(lens, ray, self._least(lens, height))
        found = meet(self.frame, lens.eye, ray, height)
        return graze(self.frame, lens.eye, ray, height) if found is None else found

    def _least(self, lens: Lens, height: float) -> float:
        """Radians below the level at which a ray reaches a height as flat as may be grabbed: below the
        horizon, which itself lies lower the higher the eye is."""
        above = max(float(self.frame.geographic(lens.eye)[2]) - height, 0.0)
        return math.acos(math.cos(SHALLOWEST) * _RADIUS / (_RADIUS + above))

    def _depression(self, lens: Lens, ray: Point) -> float:
        """Radians below the level at the eye."""
        return math.asin(float(np.clip(-ray @ self.frame.axes_at(lens.eye)[2], -1.0, 1.0)))

    def _lowered(self, lens: Lens, ray: Point, least: float) -> Point:
        """A unit direction (3,), at least so many radians below the level."""
        if self._depression(lens, ray) >= least:
            return ray
        up = self.frame.axes_at(lens.eye)[2]
        level = ray - (ray @ up) * up
        if np.linalg.norm(level) < 1e-9:  # straight into the sky
            level = lens.ahead - (lens.ahead @ up) * up
        return _unit(level) * math.cos(least) - math.sin(least) * up


def _unit(vector: Point) -> Point:
    return vector / max(float(np.linalg.norm(vector)), 1e-12)
