"""A camera that is known: where each place is in its picture, and which way each pixel looks.

Places in the picture are shares of its width and height from the top left: the same in the full and in the
small picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from plugins.linkage.lens.earth import Around, Floats

NEAREST = 0.5
"""Metres ahead of the eye under which nothing counts as seen."""
_ROUNDS = 12


class Seen(NamedTuple):
    """Columns (n,); where ``inside`` is false the others may mean nothing."""

    u: Floats
    v: Floats
    metres: Floats
    """From the eye."""
    inside: np.ndarray
    """Ahead of the camera and within its picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """A pinhole with one term of bending (Brown's k1)."""

    lon: float
    lat: float
    """Of the eye, WGS84 degrees."""
    height: float
    """Of the eye, metres above the ellipsoid (or above whatever zero the heights of places have)."""
    heading: float
    """Degrees clockwise from north."""
    tilt: float
    """Degrees above the horizon."""
    roll: float = 0.0
    """Degrees clockwise, seen from behind the camera."""
    focal: float
    """In widths of the picture."""
    aspect: float
    """Height of the picture over its width."""
    bend: float = 0.0

    @property
    def across(self) -> float:
        """Degrees that the picture is wide, without the bending."""
        return math.degrees(2 * math.atan(0.5 / self.focal))

    def axes(self) -> Floats:
        """(3, 3): rows right, down, ahead in metres east, north, up."""
        return axes_of(*np.radians([self.heading, self.tilt, self.roll]))

    def around(self) -> Around:
        """Metres with the eye as their origin."""
        return Around(self.lon, self.lat, self.height)

    def project(self, lon: Floats, lat: Floats, height: Floats) -> Seen:
        """Where places (n,) are in the picture."""
        metres = self.around().metres(lon, lat, height)
        u, v, ahead, true = to_picture(metres @ self.axes().T, self.focal, self.aspect, self.bend)
        inside = (ahead > NEAREST) & true & (u >= 0) & (u <= 1) & (v >= 0) & (v <= 1)
        return Seen(u, v, np.linalg.norm(metres, axis=-1), inside)

    def ray(self, u: float, v: float) -> Floats:
        """(3,): unit direction east, north, up through a place of the picture."""
        x, y = (u - 0.5) / self.focal, (v - 0.5) * self.aspect / self.focal
        bent = math.hypot(x, y)
        plain = bent
        for _ in range(_ROUNDS if self.bend else 0):  # Newton: bent = plain (1 + k plain²)
            slope = 1 + 3 * self.bend * plain * plain
            plain -= (plain * (1 + self.bend * plain * plain) - bent) / max(slope, 0.1)
        share = plain / bent if bent else 1.0
        ray = np.array([x * share, y * share, 1.0]) @ self.axes()
        return ray / np.linalg.norm(ray)

    def place_along(self, u: float, v: float, metres: float) -> tuple[float, float, float]:
        """Degrees and height of what lies so many metres from the eye behind a place of the picture."""
        lon, lat, height = self.around().places(self.ray(u, v) * metres).tolist()
        return lon, lat, height

    def level_place(
        self, u: float, v: float, height: float, farthest: float = 20_000.0
    ) -> tuple[float, float, float] | None:
        """Where the ray meets a level ground (or ceiling) at *height*; None: it does not within *farthest*.

        The ground bends with the Earth.
        """
        ray, around = self.ray(u, v), self.around()
        metres = 0.0
        for _ in range(8):
            _, _, here = around.places(ray * metres)
            if abs(ray[2]) < 1e-6:
                return None
            metres += float(height - here) / float(ray[2])
            if not 0 < metres <= farthest:
                return None
        lon, lat, found = around.places(ray * metres).tolist()
        return (lon, lat, found) if abs(found - height) < 0.01 else None


def axes_of(heading: float, tilt: float, roll: float) -> Floats:
    """(3, 3): rows right, down, ahead; radians."""
    sin_h, cos_h, sin_t, cos_t = math.sin(heading), math.cos(heading), math.sin(tilt), math.cos(tilt)
    right = np.array([cos_h, -sin_h, 0.0])
    ahead = np.array([sin_h * cos_t, cos_h * cos_t, sin_t])
    down = np.cross(ahead, right)
    sin_r, cos_r = math.sin(roll), math.cos(roll)
    return np.array([cos_r * right + sin_r * down, cos_r * down - sin_r * right, ahead])


def angles_of(axes: Floats) -> tuple[float, float, float]:
    """Heading, tilt and roll, radians, of ``axes_of``."""
    right, down, ahead = axes
    heading = math.atan2(ahead[0], ahead[1])
    tilt = math.asin(max(-1.0, min(1.0, float(ahead[2]))))
    level = np.array([math.cos(heading), -math.sin(heading), 0.0])
    return heading, tilt, math.atan2(-float(down @ level), float(right @ level))


def to_picture(
    points: Floats, focal: float, aspect: float, bend: float
) -> tuple[Floats, Floats, Floats, np.ndarray]:
    """u, v, metres ahead, whether the bending tells rays apart there; of (n, 3) right, down, ahead."""
    right, down, ahead = np.moveaxis(points, -1, 0)
    depth = np.where(ahead > 1e-3, ahead, 1e-3)
    x, y = right / depth, down / depth
    square = x * x + y * y
    scale = focal * (1 + bend * square)
    return 0.5 + x * scale, 0.5 + y * scale / aspect, ahead, 1 + 3 * bend * square > 0
