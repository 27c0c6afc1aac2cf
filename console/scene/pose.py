"""Where one looks at: the state that a view in three dimensions shares with a map."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from console.scene.frame import Frame
from console.scene.lens import FOVY, Lens

LEAST_DISTANCE, MOST_DISTANCE = 0.5, 2e7
"""Metres."""


@dataclass(frozen=True, slots=True)
class Pose:
    """The place looked at, and from where."""

    lon: float
    lat: float
    """WGS84 degrees."""
    height: float = 0.0
    """Of the place looked at, metres above the ellipsoid."""
    heading: float = 0.0
    """Degrees clockwise from north: where one looks to."""
    tilt: float = 45.0
    """Degrees: 0 straight down as on a map, 90 to the horizon, more up into the sky."""
    distance: float = 1000.0
    """Metres from the eye to the place."""

    def lens(self, frame: Frame, width: int, height: int, fovy: float = FOVY) -> Lens:
        """The view of *width* by *height* pixels in *frame*; *fovy* in radians."""
        focus = frame.place(self.lon, self.lat, self.height)
        east, north, up = frame.axes_at(focus)
        turn, tilt = math.radians(self.heading), math.radians(self.tilt)
        level = math.sin(turn) * east + math.cos(turn) * north
        ahead = math.sin(tilt) * level - math.cos(tilt) * up
        above = math.cos(tilt) * level + math.sin(tilt) * up
        return Lens(focus - self.distance * ahead, ahead, above, fovy, width, height)

    def clamped(self) -> Pose:
        """Heading in 0 to 360, distance and tilt within what can be shown."""
        return replace(
            self,
            heading=self.heading % 360.0,
            tilt=float(np.clip(self.tilt, 0.0, 179.0)),
            distance=float(np.clip(self.distance, LEAST_DISTANCE, MOST_DISTANCE)),
        )

    def metres_per_pixel(self, height: int, fovy: float = FOVY) -> float:
        """On a plane that faces the eye at the place looked at, in a view *height* pixels high."""
        return 2 * self.distance * math.tan(fovy / 2) / height

    def at_scale(self, metres_per_pixel: float, height: int, fovy: float = FOVY) -> Pose:
        """From as far as gives this scale: how a map's zoom is taken over."""
        distance = metres_per_pixel * height / (2 * math.tan(fovy / 2))
        return replace(self, distance=float(np.clip(distance, LEAST_DISTANCE, MOST_DISTANCE)))


def looking(frame: Frame, lens: Lens, distance: float) -> Pose:
    """The pose of *lens*, looking at what is *distance* metres ahead; roll is left out."""
    focus = lens.eye + lens.ahead * distance
    lon, lat, height = (float(value) for value in frame.geographic(focus))
    east, north, up = frame.axes_at(focus)
    tilt = math.degrees(math.acos(float(np.clip(-lens.ahead @ up, -1.0, 1.0))))
    level = lens.ahead if 1e-6 < tilt < 180 - 1e-6 and abs(lens.ahead @ up) < 0.999999 else lens.above
    heading = math.degrees(math.atan2(float(level @ east), float(level @ north))) % 360.0
    return Pose(lon, lat, height, heading, tilt, distance)
