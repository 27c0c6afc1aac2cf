"""A perspective view in a local frame: from points to pixels and back."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
FOVY = math.radians(40.0)
"""The whole vertical angle that we look with."""


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle of a picture, in pixels from its top left."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, eq=False)
class Lens:
    """Eye and axes in metres of a frame, size in pixels. Pixels run right and down from the top left."""

    eye: Points
    """(3,)."""
    ahead: Points
    """(3,), unit."""
    above: Points
    """(3,), unit, at a right angle to *ahead*."""
    fovy: float
    """Radians."""
    width: int
    height: int

    @cached_property
    def axes(self) -> Points:
        """(3, 3): rows right, above, ahead."""
        return np.array([np.cross(self.ahead, self.above), self.above, self.ahead])

    @property
    def focal(self) -> float:
        """Pixels that a metre takes at a metre's distance."""
        return self.height / (2 * math.tan(self.fovy / 2))

    def project(self, points: Points) -> tuple[Points, Points, Points]:
        """x, y in pixels and metres ahead of the eye, of (…, 3); behind the eye x and y mean nothing."""
        right, above, ahead = np.moveaxis((np.asarray(points, np.float64) - self.eye) @ self.axes.T, -1, 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = self.focal / ahead
            return self.width / 2 + right * scale, self.height / 2 - above * scale, ahead

    def rays(self, x: NDArray[np.float64] | float, y: NDArray[np.float64] | float) -> Points:
        """(…, 3) unit directions from the eye through pixels."""
        x, y = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(y, np.float64))
        right = (x - self.width / 2) / self.focal
        above = (self.height / 2 - y) / self.focal
        rays = np.stack([right, above, np.ones_like(right)], axis=-1) @ self.axes
        return rays / np.linalg.norm(rays, axis=-1, keepdims=True)

    def at_depth(self, x: float, y: float, depth: float) -> Points:
        """(3,): the point seen at a pixel, *depth* metres ahead of the eye (not along the ray)."""
        ray = self.rays(x, y)
        return self.eye + ray * (depth / float(ray @ self.ahead))

    def sized(self, width: int, height: int) -> Lens:
        """The same look in another number of pixels."""
        return replace(self, width=width, height=height)
