"""Lengths and areas on the WGS84 ellipsoid, and how they are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from console.sdk.records import LonLat

Tr = Callable[..., str]
Kind = Literal["line", "polygon"]

HECTARE = 10_000.0
SQUARE_KILOMETRE = 1_000_000.0


@dataclass(frozen=True, slots=True)
class Measured:
    """A finished measurement, metres and square metres."""

    kind: Kind
    points: tuple[LonLat, ...]
    segments: tuple[float, ...]
    """Length of each side; a polygon's closes it."""
    area: float = 0.0

    @property
    def length(self) -> float:
        """Length of the line, or perimeter."""
        return sum(self.segments)


@cache
def geod() -> Any:
    """The ellipsoid. Its library takes 0.3 s to load: call it in a worker before the first measurement."""
    from pyproj import Geod

    return Geod(ellps="WGS84")


def measure(kind: Kind, points: Sequence[LonLat]) -> Measured:
    """Measure a line or polygon of WGS84 degrees; a polygon need not repeat its first point."""
    points = tuple(points)
    ring = (*points, points[0]) if kind == "polygon" and len(points) > 2 else points
    segments = _segments(ring)
    area = 0.0
    if kind == "polygon" and len(points) > 2:
        lons, lats = zip(*points, strict=True)
        area = abs(float(geod().polygon_area_perimeter(lons, lats)[0]))
    return Measured(kind, points, segments, area)


def _segments(points: Sequence[LonLat]) -> tuple[float, ...]:
    if len(points) < 2:
        return ()
    lons, lats = zip(*points, strict=True)
    return tuple(float(metres) for metres in geod().line_lengths(lons, lats))


def length_text(metres: float, tr: Tr) -> str:
    """*metres* as a person reads it: whole metres below 1 km, else kilometres to 10 m."""
    if metres < 10:
        return tr("{n} m", n=f"{metres:.1f}")
    if metres < 999.5:
        return tr("{n} m", n=f"{metres:.0f}")
    return tr("{n} km", n=f"{metres / 1000:,.2f}")


def area_text(square_metres: float, tr: Tr) -> str:
    """Square metres, hectares from 1 ha, square kilometres from 1 km²."""
    if square_metres < HECTARE:
        return tr("{n} m²", n=f"{square_metres:,.0f}")
    if square_metres < SQUARE_KILOMETRE:
        return tr("{n} ha", n=f"{square_metres / HECTARE:,.2f}")
    return tr("{n} km²", n=f"{square_metres / SQUARE_KILOMETRE:,.2f}")


def live_text(kind: Kind, points: Sequence[LonLat], tr: Tr) -> str:
    """What stands beside the pointer while drawing."""
    now = measure(kind, points)
    if not now.segments:
        return ""
    if kind == "polygon" and now.area:
        area, length = area_text(now.area, tr), length_text(now.length, tr)
        return tr("Area {area}\nPerimeter {length}", area=area, length=length)
    last = length_text(now.segments[-1], tr)
    if len(now.segments) == 1:
        return last
    return tr("Last {last}\nTotal {total}", last=last, total=length_text(now.length, tr))


def summary(measured: Measured, tr: Tr) -> str:
    """One line for the list of results."""
    if measured.kind == "polygon":
        return area_text(measured.area, tr)
    return length_text(measured.length, tr)


def as_text(measured: Measured, tr: Tr) -> str:
    """All figures, one a line, as they are copied."""
    lines: list[str] = []
    if measured.kind == "polygon":
        exact = tr("{n} m²", n=f"{measured.area:.1f}")
        lines.append(tr("Area: {n}", n=f"{area_text(measured.area, tr)} ({exact})"))
    total = f"{length_text(measured.length, tr)} ({tr('{n} m', n=f'{measured.length:.1f}')})"
    lines.append(tr("Perimeter: {n}", n=total) if measured.kind == "polygon" else tr("Total: {n}", n=total))
    if len(measured.segments) > 1:
        lines += [
            tr("Segment {i}: {n}", i=i, n=length_text(metres, tr))
            for i, metres in enumerate(measured.segments, 1)
        ]
    lines += [f"{lon:.6f}, {lat:.6f}" for lon, lat in measured.points]
    return "\n".join(lines)
