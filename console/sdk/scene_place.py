"""A place of ``ctx.scene``: WGS84 degrees, longitude first, and metres above the ellipsoid."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenePlace:
    """A place in three dimensions."""

    lon: float
    lat: float
    height: float
