"""The line of sight between two places, and the cut through the world along it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.scene.refusal import refused
from console.scene.sight.rays import Rays

Points = NDArray[np.float64]
Values = NDArray[np.float64]
MOST_STEPS = 20_000
"""Of a profile."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place to look from or to."""

    lon: float
    lat: float
    """WGS84 degrees."""
    above: float = 1.6
    """Metres above the surface there; the eyes of somebody who stands."""
    height: float | None = None
    """Metres above the ellipsoid, in place of *above*."""


@dataclass(frozen=True, slots=True, eq=False)
class SightLine:
    """Whether two places see one another."""

    eye: Points
    """(3,) WGS84 degrees and metres above the ellipsoid."""
    target: Points
    """(3,) likewise."""
    length: float
    """Metres between them."""
    blocked: Points | None
    """(3,) likewise: what is first in the way, seen from the eye; None: nothing is."""
    distance: float
    """Metres from the eye to there; the whole length if nothing is."""

    @property
    def visible(self) -> bool:
        return self.blocked is None


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """The cut along a line of sight, n places."""

    distance: Values
    """(n,) metres along the ground's plane from the eye."""
    surface: Values
    """(n,) metres above the ellipsoid of the highest surface; NaN: none there."""
    line: Values
    """(n,) metres above the ellipsoid of the line of sight: bent, since the Earth is round."""


def standing(rays: Rays, spot: Spot) -> Points:
    """(3,) of the frame. Raises SceneRefused: no surface to stand on."""
    height = spot.height
    if height is None:
        under = float(rays.heights(spot.lon, spot.lat))
        if not np.isfinite(under):
            raise refused("此处没有地面或模型数据", "there is neither ground nor a model at this place")
        height = under + spot.above
    return rays.frame.place(spot.lon, spot.lat, height)


def sight_line(rays: Rays, eye: Spot, target: Spot) -> SightLine:
    """The same answer from both ends. Raises SceneRefused."""
    start, end = standing(rays, eye), standing(rays, target)
    length = float(np.linalg.norm(end - start))
    hit = rays.first_between(start, end)
    places = rays.frame.geographic(np.stack([start, end]))
    blocked = None
    if np.isfinite(hit):
        blocked = rays.frame.geographic(start + (end - start) * (hit / length))
    return SightLine(places[0], places[1], length, blocked, min(hit, length))


def profile(rays: Rays, eye: Spot, target: Spot, step: float = 1.0) -> Profile:
    """A place every *step* metres or more, both ends among them. Raises SceneRefused."""
    start, end = standing(rays, eye), standing(rays, target)
    flat = float(np.hypot(*(end - start)[:2]))
    count = int(np.clip(np.ceil(flat / max(step, 1e-3)), 1, MOST_STEPS)) + 1
    part = np.linspace(0.0, 1.0, count)
    places = rays.frame.geographic(start + (end - start) * part[:, None])
    return Profile(part * flat, rays.heights(places[:, 0], places[:, 1]), places[:, 2])
