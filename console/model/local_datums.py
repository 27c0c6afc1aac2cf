"""A datum of a city's own as a deployment enters it: plane, four and seven parameters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from console.model.shifts import Floats

LOCAL = "local:"
"""Before the name of a local datum, where datums are named."""


class Rotation(StrEnum):
    """Which way the rotations of seven parameters are counted; the two differ in sign alone."""

    POSITION_VECTOR = "position_vector"
    """EPSG 9606, Bursa-Wolf: the usual one in China and Europe."""
    COORDINATE_FRAME = "coordinate_frame"
    """EPSG 9607."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Helmert:
    """Seven parameters from the local datum to WGS84 (or CGCS2000)."""

    dx: float = 0.0
    """Metres, as are dy and dz."""
    dy: float = 0.0
    dz: float = 0.0
    rx: float = 0.0
    """Seconds of arc, as are ry and rz."""
    ry: float = 0.0
    rz: float = 0.0
    scale: float = 0.0
    """Parts per million."""
    rotation: Rotation = Rotation.POSITION_VECTOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Similarity:
    """Four parameters in the plane: turn, stretch and shift the city's coordinates onto those of its CRS."""

    dx: float = 0.0
    """Metres east."""
    dy: float = 0.0
    """Metres north."""
    angle: float = 0.0
    """Seconds of arc, anticlockwise."""
    scale: float = 0.0
    """Parts per million."""

    def apply(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Plane metres to plane metres."""
        a, b = self._turn
        return self.dx + a * x - b * y, self.dy + b * x + a * y

    def undo(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """The inverse of ``apply``."""
        a, b = self._turn
        x, y, square = x - self.dx, y - self.dy, a * a + b * b
        return (a * x + b * y) / square, (a * y - b * x) / square

    @property
    def _turn(self) -> tuple[float, float]:
        angle, stretch = math.radians(self.angle / 3600.0), 1.0 + self.scale * 1e-6
        return stretch * math.cos(angle), stretch * math.sin(angle)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalDatum:
    """A datum of a city's own: from its plane by four parameters onto a CRS, and on by seven."""

    name: str
    title_zh: str
    title_en: str
    crs: str
    """EPSG code, PROJ string or WKT of a projected CRS, x east and y north in metres."""
    similarity: Similarity | None = None
    helmert: Helmert | None = None
    """None: PROJ knows the way from the CRS's own datum."""
