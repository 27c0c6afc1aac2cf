"""Edges at angles of 45° to the one before, for what is built square. World units are true to angles."""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from typing import NamedTuple

from console.map.editing.strokes import rounded
from console.map.viewport import from_world, to_world
from console.model.records import LonLat
from console.sdk.ui.words import word

STEP = math.pi / 4


class Squared(NamedTuple):
    """Where the hand's vertex goes."""

    first: LonLat
    last: LonLat
    """Of what is drawn."""
    place: LonLat
    turn: int | None
    """Degrees off the course of the edge before, 0 to 180; None for the first edge."""
    aligned: bool
    """The edge from here to the first vertex would be at such an angle to the first edge, too."""

    @property
    def text(self) -> str:
        """What the note beside the hand says."""
        angle = word("straight on") if self.turn == 0 else f"{self.turn}°" if self.turn else ""
        said = [word("Right angles"), angle, word("in line with the start") if self.aligned else ""]
        return " · ".join(part for part in said if part)


def squared(ring: Sequence[LonLat], hand: LonLat, reach: float) -> Squared | None:
    """The place nearest to the hand in a direction of 45° steps from the last vertex of *ring*.

    The first edge counts from the north. Within *reach* world units of where the way back to the first
    vertex is at such an angle to the first edge, the place is there: the fourth corner of a rectangle is
    found. None while nothing is drawn, and on the last vertex itself.
    """
    points = [_plane(place) for place in ring]
    if not points or _plane(hand) == points[-1]:
        return None
    last, way = points[-1], _plane(hand) - points[-1]
    course = last - points[-2] if len(points) > 1 else 1j
    steps = round(cmath.phase(way / course) / STEP)
    along = course / abs(course) * cmath.rect(1.0, steps * STEP)
    length = (way / along).real
    corner = _corner(points, along, length, reach)
    place = last + along * (length if corner is None else corner)
    lon, lat = from_world(place.real, place.imag)
    turn = abs(steps) * 45 if len(points) > 1 else None
    return Squared(ring[0], ring[-1], rounded((float(lon), float(lat))), turn, corner is not None)


def _corner(points: Sequence[complex], along: complex, length: float, reach: float) -> float | None:
    """How far along the way to go for a square way back; None when that is not near *length*."""
    if len(points) < 3:
        return None
    first, last = points[0], points[-1]
    course = (points[1] - first) / abs(points[1] - first)
    found: list[float] = []
    for step in range(4):  # lines, not directions: the other four are the same
        back = course * cmath.rect(1.0, step * STEP)
        across = (along * back.conjugate()).imag
        if abs(across) > 1e-9:
            found.append(((first - last) * back.conjugate()).imag / across)
    near = min((each for each in found if each > 0), key=lambda each: abs(each - length), default=math.inf)
    return near if abs(near - length) <= reach else None


def _plane(place: LonLat) -> complex:
    x, y = to_world(*place)
    return complex(float(x), float(y))
