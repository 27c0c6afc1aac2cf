"""A line on the ground: places along it, and the heights there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.scene.earthwork.site import Site
from console.scene.frame import Frame
from console.scene.refusal import refused

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Legs in the plane of a frame; metres are level, at the frame's height."""

    frame: Frame
    corners: Values
    """(n, 2) metres east and north; no two neighbours are the same."""
    starts: Values
    """(n,) metres along the line of each corner."""

    @property
    def length(self) -> float:
        """Metres."""
        return float(self.starts[-1])

    def at(self, along: Values) -> Values:
        """(m, 2) metres east and north at metres *along* the line (m,)."""
        return np.column_stack([np.interp(along, self.starts, self.corners[:, axis]) for axis in (0, 1)])


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What is met along a line, from above."""

    along: Values
    """(n,) metres from its beginning."""
    lon: Values
    lat: Values
    """(n,) WGS84 degrees."""
    surface: Values
    """(n,) metres above the ellipsoid of the topmost surface; NaN: nothing is there."""
    ground: Values
    """(n,) of the terrain; NaN: none is known."""


def line_of(frame: Frame, lonlat: Sequence[tuple[float, float]]) -> Line:
    """Through WGS84 degrees. Raises SceneRefused: two places that differ are needed."""
    lon, lat = np.array(lonlat, np.float64).reshape(-1, 2).T
    corners = frame.place(lon, lat, frame.height)[:, :2]
    steps = np.hypot(*np.diff(corners, axis=0).T)
    corners = corners[np.concatenate([[True], steps > 1e-3])]
    if len(corners) < 2:
        raise refused("剖面线至少需要两个不同的点", "a line needs two places that differ")
    starts = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    return Line(frame, corners, starts)


def profile(site: Site, line: Line, step: float) -> Profile:
    """Heights every *step* metres at most, at the corners too."""
    counts = np.maximum(1, np.ceil(np.diff(line.starts) / step)).astype(int)
    legs = zip(line.starts[:-1], line.starts[1:], counts.tolist(), strict=True)
    parts = [np.linspace(start, end, count, endpoint=False) for start, end, count in legs]
    along = np.append(np.concatenate(parts), line.length)
    lon, lat = degrees_of(line.frame, line.at(along))
    surface, ground = site.heights(lon, lat, step)
    return Profile(along, lon, lat, surface, ground)


def degrees_of(frame: Frame, flat: Values) -> tuple[Values, Values]:
    """WGS84 degrees of (n, 2) metres of a frame's plane."""
    lon, lat, _ = frame.geographic(np.column_stack([flat, np.zeros(len(flat))])).T
    return lon, lat
