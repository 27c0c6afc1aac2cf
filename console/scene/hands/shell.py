"""Where a ray meets the surface that lies at one height above the ellipsoid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from console.scene.ellipsoid import A, B
from console.scene.frame import Frame

Point = NDArray[np.float64]


def meet(frame: Frame, eye: Point, ray: Point, height: float) -> Point | None:
    """(3,) in *frame*: the nearest point ahead along the unit *ray* (3,) that is *height* metres above the
    ellipsoid; None: the ray passes by."""
    start, way = _as_sphere(frame, eye, ray, height)
    # |start + t way| = 1; the form of the root that loses no digits when the eye is close to the surface.
    a, b, c = way @ way, start @ way, start @ start - 1.0
    root = b * b - a * c
    if root < 0 or (b >= 0 and c > 0):
        return None
    along = c / (-b + np.sqrt(root)) if b < 0 else (-b + np.sqrt(root)) / a
    return _settled(frame, eye, ray, float(along), height)


def graze(frame: Frame, eye: Point, ray: Point, height: float) -> Point:
    """(3,) in *frame*: of the surface at a height the point below the ray's nearest to it."""
    start, way = _as_sphere(frame, eye, ray, height)
    nearest = eye + ray * max(-float(start @ way) / float(way @ way), 0.0)
    lon, lat, _ = frame.geographic(nearest)
    return frame.place(lon, lat, height)


def _as_sphere(frame: Frame, eye: Point, ray: Point, height: float) -> tuple[Point, Point]:
    """The ray's start and direction where the ellipsoid with longer axes is the unit sphere."""
    turn, scale = frame.to_ecef[:3, :3], 1.0 / np.array([A + height, A + height, B + height])
    return (turn @ eye + frame.to_ecef[:3, 3]) * scale, turn @ ray * scale


def _settled(frame: Frame, eye: Point, ray: Point, along: float, height: float) -> Point:
    """An ellipsoid with longer axes is not quite the surface of one height: set right along the ray."""
    for _ in range(2):
        point = eye + ray * along
        slope = float(ray @ frame.axes_at(point)[2])
        if abs(slope) > 1e-6:
            along -= (float(frame.geographic(point)[2]) - height) / slope
    return eye + ray * along
