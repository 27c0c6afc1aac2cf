"""What one reads off a skyline: its highest points, a line in the scene, a table."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console.sdk.scene import ScenePlace
from console.sdk.sight import SceneSkyline

Tr = Callable[..., str]
PEAKS = 5
APART = 15.0
"""Degrees either side of a peak in which it is the highest."""
JUMP = 0.25
"""Of the distance: what jumps further is another thing, and the line breaks."""
WINDS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


@dataclass(frozen=True, slots=True)
class Peak:
    """A highest point."""

    azimuth: float
    elevation: float
    metres: float
    place: ScenePlace


def peaks(found: SceneSkyline) -> list[Peak]:
    """The highest above the horizontal first; around each, nothing is higher."""
    rows = zip(found.azimuths, found.elevations, found.metres, found.places, strict=True)
    standing = [Peak(a, e, m, place) for a, e, m, place in rows if place is not None and e > 0]
    chosen: list[Peak] = []
    for each in sorted(standing, key=lambda peak: -peak.elevation):
        near = [other for other in standing if _apart(each, other) < APART]
        if each.elevation >= max(other.elevation for other in near) and not any(a in near for a in chosen):
            chosen.append(each)
    return chosen[:PEAKS]


def runs(found: SceneSkyline) -> list[list[ScenePlace]]:
    """Places that hang together."""
    lines: list[list[ScenePlace]] = [[]]
    before = math.inf
    for place, metres in zip(found.places, found.metres, strict=True):
        if place is None or abs(metres - before) > JUMP * min(metres, before):
            lines.append([])
        if place is not None:
            lines[-1].append(place)
        before = metres if place is not None else math.inf
    return [line for line in lines if len(line) > 1]


def open_sky(found: SceneSkyline) -> float:
    """0..1 of the half dome above the horizontal, by solid angle."""
    if not found.elevations:
        return 1.0
    free = [
        1.0 - math.sin(math.radians(max(0.0, each))) if each == each else 1.0 for each in found.elevations
    ]
    return sum(free) / len(free)


def peak_text(peak: Peak, tr: Tr) -> str:
    """Where, how high, how far."""
    wind = tr(WINDS[round(peak.azimuth / 45) % 8])
    return f"{wind} {peak.azimuth:.0f}° · {peak.elevation:.1f}° · {peak.metres:,.0f} m"


def table(found: SceneSkyline, tr: Tr) -> list[Sequence[str]]:
    """Headings, then a row an azimuth; empty where nothing stands."""
    rows: list[Sequence[str]] = [
        [
            tr(each)
            for each in (
                "Azimuth (°)",
                "Elevation (°)",
                "Distance (m)",
                "Longitude",
                "Latitude",
                "Height (m)",
            )
        ]
    ]
    for a, e, m, place in zip(found.azimuths, found.elevations, found.metres, found.places, strict=True):
        if place is None:
            rows.append([f"{a:g}", "", "", "", "", ""])
        else:
            where = f"{place.lon:.7f}", f"{place.lat:.7f}", f"{place.height:.2f}"
            rows.append([f"{a:g}", f"{e:.2f}", f"{m:.1f}", *where])
    return rows


def _apart(a: Peak, b: Peak) -> float:
    return abs((a.azimuth - b.azimuth + 180) % 360 - 180)
