"""Lengths, heights and areas in three dimensions, and how they are written."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from console.sdk.scene import ScenePlace

Tr = Callable[..., str]


@cache
def geod() -> Any:
    """The ellipsoid. Its library takes 0.3 s to load: call it in a worker before the first measurement."""
    from pyproj import Geod

    return Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class Length:
    """Of a line, metres."""

    slope: float
    """Along the line, as the crow flies from place to place."""
    level: float
    """On the ellipsoid."""
    rise: float
    """From the first place to the last; negative: down."""


@dataclass(frozen=True, slots=True)
class Area:
    """Of a polygon."""

    plan: float
    """Square metres on the ellipsoid, seen from above."""
    perimeter: float
    """Metres, along the slopes."""
    lowest: float
    highest: float
    """Metres above the ellipsoid, of its corners."""


def length_of(places: Sequence[ScenePlace]) -> Length:
    """Of a line of at least one place."""
    level = slope = 0.0
    for start, end in pairwise(places):
        metres = float(geod().inv(start.lon, start.lat, end.lon, end.lat)[2])
        level += metres
        slope += math.hypot(metres, end.height - start.height)
    return Length(slope, level, places[-1].height - places[0].height)


def area_of(places: Sequence[ScenePlace]) -> Area:
    """Of a polygon of at least three places."""
    plan, _ = geod().polygon_area_perimeter([each.lon for each in places], [each.lat for each in places])
    heights = [each.height for each in places]
    return Area(abs(float(plan)), length_of([*places, places[0]]).slope, min(heights), max(heights))


def length_text(length: Length, tr: Tr) -> str:
    """Three lines."""
    return tr(
        "Straight {slope} m\nLevel {level} m\nHeight {rise} m",
        slope=f"{length.slope:,.2f}",
        level=f"{length.level:,.2f}",
        rise=f"{length.rise:+,.2f}",
    )


def area_text(area: Area, tr: Tr) -> str:
    """Three lines."""
    return tr(
        "Area {plan} m²\nPerimeter {perimeter} m\nHeights {lowest} to {highest} m",
        plan=f"{area.plan:,.1f}",
        perimeter=f"{area.perimeter:,.2f}",
        lowest=f"{area.lowest:,.1f}",
        highest=f"{area.highest:,.1f}",
    )
