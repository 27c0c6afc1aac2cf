"""Where the map looks: Web Mercator in float64, so that a street stays still at zoom 22.

*World* coordinates run from 0 to 1, x east and y south, over the Web Mercator
square; a view of zoom z shows the world ``256 * 2**z`` logical pixels wide.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from console.model.coordinates import MERCATOR_LIMIT, from_mercator, to_mercator

Floats = npt.NDArray[np.float64]
Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees, or left, top, right, bottom in world units."""

MIN_ZOOM, MAX_ZOOM = 2.0, 22.0
EARTH_CIRCUMFERENCE = 2 * MERCATOR_LIMIT
"""Metres along the equator."""


def to_world(lon: Any, lat: Any) -> tuple[Floats, Floats]:
    """WGS84 degrees to world units, vectorised."""
    x, y = to_mercator(lon, lat)
    return x / EARTH_CIRCUMFERENCE + 0.5, 0.5 - y / EARTH_CIRCUMFERENCE


def from_world(x: Any, y: Any) -> tuple[Floats, Floats]:
    """World units to WGS84 degrees, vectorised."""
    return from_mercator(
        (np.asarray(x, float) - 0.5) * EARTH_CIRCUMFERENCE, (0.5 - np.asarray(y, float)) * EARTH_CIRCUMFERENCE
    )


def world_bounds(bounds: Bounds) -> Bounds:
    """West, south, east, north in degrees to left, top, right, bottom in world units."""
    x, y = to_world([bounds[0], bounds[2]], [bounds[3], bounds[1]])
    return float(x[0]), float(y[0]), float(x[1]), float(y[1])


def metres_per_pixel(lat: float, zoom: float) -> float:
    """Ground metres that one logical pixel covers at a latitude (degrees)."""
    return EARTH_CIRCUMFERENCE * math.cos(math.radians(lat)) / (256.0 * 2.0**zoom)


def clamp_zoom(zoom: float) -> float:
    return min(max(zoom, MIN_ZOOM), MAX_ZOOM)


def resting_zoom(zoom: float) -> float:
    """The nearest zoom at which tiles are shown pixel for pixel: half levels."""
    return clamp_zoom(round(zoom * 2) / 2)


@dataclass(frozen=True, slots=True)
class Viewport:
    """One state of the view: centre in world units, zoom, size in logical pixels."""

    x: float = 0.5
    y: float = 0.5
    zoom: float = 4.0
    width: float = 1
    height: float = 1
    dpr: float = 1.0
    """Device pixels in one logical pixel."""

    @property
    def scale(self) -> float:
        """Logical pixels across the world."""
        return 256.0 * 2.0**self.zoom

    @property
    def center(self) -> tuple[float, float]:
        """Longitude, latitude in degrees."""
        lon, lat = from_world(self.x, self.y)
        return float(lon), float(lat)

    @property
    def world(self) -> Bounds:
        """Left, top, right, bottom in world units."""
        dx, dy = self.width / 2 / self.scale, self.height / 2 / self.scale
        return self.x - dx, self.y - dy, self.x + dx, self.y + dy

    @property
    def origin(self) -> tuple[int, int]:
        """Whole device pixel at which the world's corner lies. All that is drawn is rounded on the ground
        and then moved by it, so that nothing trembles against anything else while panning."""
        size = self.scale * self.dpr
        return round(self.width * self.dpr / 2 - self.x * size), round(
            self.height * self.dpr / 2 - self.y * size
        )

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north in degrees."""
        left, top, right, bottom = self.world
        lon, lat = from_world([left, right], [bottom, top])
        return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])

    @property
    def metres_per_pixel(self) -> float:
        """Ground metres in one logical pixel at the centre."""
        return metres_per_pixel(self.center[1], self.zoom)

    def to_pixels(self, x: Any, y: Any) -> tuple[Any, Any]:
        """World units to logical pixels of the widget, vectorised."""
        return (x - self.x) * self.scale + self.width / 2, (y - self.y) * self.scale + self.height / 2

    def from_pixels(self, px: Any, py: Any) -> tuple[Any, Any]:
        """Logical pixels of the widget to world units, vectorised."""
        return (px - self.width / 2) / self.scale + self.x, (py - self.height / 2) / self.scale + self.y

    def pixel_of(self, lon: float, lat: float) -> tuple[float, float]:
        """Logical pixel of a place in degrees."""
        px, py = self.to_pixels(*to_world(lon, lat))
        return float(px), float(py)

    def place_at(self, px: float, py: float) -> tuple[float, float]:
        """Longitude, latitude in degrees under a logical pixel."""
        lon, lat = from_world(*self.from_pixels(px, py))
        return float(lon), float(lat)

    def resized(self, width: int, height: int, dpr: float) -> Viewport:
        return replace(self, width=max(width, 1), height=max(height, 1), dpr=dpr)

    def panned(self, dx: float, dy: float) -> Viewport:
        """The content moved by logical pixels; the centre stays in the world."""
        return self.at(self.x - dx / self.scale, self.y - dy / self.scale)

    def at(self, x: float, y: float) -> Viewport:
        """Centred on a place in world units."""
        return replace(self, x=min(max(x, 0.0), 1.0), y=min(max(y, 0.0), 1.0))

    def zoomed(self, zoom: float, px: float | None = None, py: float | None = None) -> Viewport:
        """At another zoom, with the place under a pixel (default: the centre) held still."""
        px = self.width / 2 if px is None else px
        py = self.height / 2 if py is None else py
        x, y = self.from_pixels(px, py)
        new = replace(self, zoom=clamp_zoom(zoom))
        left, top = new.from_pixels(px, py)
        return new.at(new.x + x - left, new.y + y - top)

    def fitted(self, bounds: Bounds, margin: float = 0.1) -> Viewport:
        """Showing west, south, east, north whole, at the largest resting zoom that does."""
        left, top, right, bottom = world_bounds(bounds)
        share = max(1.0 - 2 * margin, 0.1)
        across = max((right - left) / (self.width * share), (bottom - top) / (self.height * share), 1e-12)
        zoom = math.floor(math.log2(1.0 / (across * 256.0)) * 2) / 2
        return replace(self, zoom=clamp_zoom(zoom)).at((left + right) / 2, (top + bottom) / 2)
