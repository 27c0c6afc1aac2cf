"""What is wrong with sketches as geometry, and how large they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import shapely

from console.map.editing.kept import Kept
from console.map.editing.strokes import Sketches
from console.model.records import LonLat
from console.sdk.editing import LEAST, Sketch
from console.sdk.ui.words import word

HECTARE, SQUARE_KILOMETRE = 1e4, 1e6
_PLACE = re.compile(r"\[(\S+) (\S+)\]")


class Fault(NamedTuple):
    """Why sketches cannot be kept, in the user's words, and where it is seen."""

    text: str
    place: LonLat | None = None


def fault_of(sketches: Sketches) -> Fault | None:
    """The first fault; lines may cross themselves, as ways do. Unfinished sketches have none yet."""
    for sketch in sketches:
        if sketch.kind == "polygon" and len(sketch.points) >= LEAST["polygon"]:
            found = polygon_fault(sketch)
            if found is not None:
                return found
    return None


def _of_polygon(sketch: Sketch) -> Fault | None:
    reason = str(shapely.is_valid_reason(shapely.Polygon(sketch.points, sketch.holes)))
    if reason == "Valid Geometry":
        return None
    where = _PLACE.search(reason)
    place = (float(where[1]), float(where[2])) if where else None
    if reason.startswith(("Hole lies outside", "Holes are nested", "Interior is disconnected")):
        return Fault(word("A hole must lie inside, apart from the others"), place)
    return Fault(word("The border crosses itself"), place)


polygon_fault = Kept(_of_polygon)
"""What is wrong with one polygon."""


@cache
def geod() -> Any:
    """The ellipsoid. Its library takes 0.3 s to load: call it on another thread first."""
    from pyproj import Geod

    return Geod(ellps="WGS84")


def size_text(sketch: Sketch) -> str:
    """Length of a line, area and border of a polygon (holes taken off), coordinates of a point."""
    if sketch.kind == "point":
        return "{:.6f}, {:.6f}".format(*sketch.points[0]) if sketch.points else ""
    if len(sketch.points) < 2:
        return ""
    if sketch.kind == "line" or len(sketch.points) < LEAST["polygon"]:
        return _length_text(_length(sketch.points))
    area = _area(sketch.points) - sum(map(_area, sketch.holes))
    border = _length((*sketch.points, sketch.points[0]))
    return f"{_area_text(max(area, 0.0))} · {_length_text(border)}"


def _length(places: Sequence[LonLat]) -> float:
    """Metres."""
    lons, lats = zip(*places, strict=True)
    return float(geod().line_length(lons, lats))


def _area(ring: Sequence[LonLat]) -> float:
    """Square metres."""
    lons, lats = zip(*ring, strict=True)
    return abs(float(geod().polygon_area_perimeter(lons, lats)[0]))


def _length_text(metres: float) -> str:
    if metres < 999.5:
        return word("{n} m").format(n=f"{metres:.1f}" if metres < 10 else f"{metres:.0f}")
    return word("{n} km").format(n=f"{metres / 1000:,.2f}")


def _area_text(square_metres: float) -> str:
    if square_metres < HECTARE:
        return word("{n} m²").format(n=f"{square_metres:,.0f}")
    if square_metres < SQUARE_KILOMETRE:
        return word("{n} ha").format(n=f"{square_metres / HECTARE:,.2f}")
    return word("{n} km²").format(n=f"{square_metres / SQUARE_KILOMETRE:,.2f}")
