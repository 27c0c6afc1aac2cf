"""Shapes of cuts on the ground: metres about a place, boxes around what was drawn, outlines to be seen.

East, north, up are metres about a place; within a kilometre they are true to a millimetre in a metre.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import shapely

from console.sdk.scene import SceneModel, ScenePlace, ScenePose
from console.sdk.scene_shape import CutBox, CutPlane

A, E2 = 6378137.0, 6.69437999014e-3
"""WGS84: metres of the half axis, square of the first eccentricity."""
LEAST = 0.5
"""Metres of a side of a box."""
BELOW, ABOVE = 3.0, 1.0
"""Metres that a drawn box reaches beyond its lowest and highest place: the ground between may be uneven."""
UNKNOWN = 40.0
"""Metres that a plane is shown about its place where no model says more."""
LEAST_REACH, MOST_REACH = 5.0, 150.0
SEEN = 0.25
"""Of the distance from which one looks."""
ARROW = 0.25
"""Of the reach: how far the arrow to what is cut away leads."""

Lines = dict[str, Sequence[ScenePlace]]
"""By name; none is an area, which would be tinted."""


def per_degree(place: ScenePlace) -> tuple[float, float]:
    """Metres of a degree to the east and to the north, at its height."""
    latitude = math.radians(place.lat)
    bend = 1 - E2 * math.sin(latitude) ** 2
    east = (A / math.sqrt(bend) + place.height) * math.cos(latitude)
    north = A * (1 - E2) / bend**1.5 + place.height
    return max(math.radians(1) * east, 1.0), math.radians(1) * north


def moved(place: ScenePlace, east: float, north: float, up: float = 0.0) -> ScenePlace:
    """So many metres away."""
    across, along = per_degree(place)
    return ScenePlace(lon=place.lon + east / across, lat=place.lat + north / along, height=place.height + up)


def away(start: ScenePlace, goal: ScenePlace) -> tuple[float, float]:
    """Metres east and north from one to the other."""
    across, along = per_degree(start)
    return (goal.lon - start.lon) * across, (goal.lat - start.lat) * along


def box_around(places: Sequence[ScenePlace], height: float, *, hole: bool = False) -> CutBox:
    """The least box around a footprint, headed as near to the north as its sides let it.

    It is *height* metres high from below the lowest place, or reaches to above the highest.
    """
    start = places[0]
    footprint = shapely.MultiPoint([away(start, place) for place in places])
    rim = shapely.oriented_envelope(footprint)
    corners = shapely.get_coordinates(rim)[:3]  # two for places in a line, one for places at one spot
    sides = [
        (math.degrees(math.atan2(x1 - x0, y1 - y0)), math.hypot(x1 - x0, y1 - y0))
        for (x0, y0), (x1, y1) in pairwise(corners)
    ]
    across = (sides[0][0] + 90 if sides else 0.0, 0.0)
    sides = [*sides, across, across][:2]
    sides.sort(key=lambda side: abs(math.sin(math.radians(side[0]))))
    (heading, depth), (_, width) = sides
    lowest, highest = (end(place.height for place in places) for end in (min, max))
    tall = max(height, highest - lowest + BELOW + ABOVE)
    middle = moved(start, rim.centroid.x, rim.centroid.y)
    return CutBox(
        center=replace(middle, height=lowest - BELOW + tall / 2),
        width=max(width, LEAST),
        depth=max(depth, LEAST),
        height=tall,
        heading=(heading + 90) % 180 - 90,
        hole=hole,
    )


def bottom(box: CutBox) -> float:
    """Metres above the ellipsoid."""
    return box.center.height - box.height / 2


def resized(box: CutBox, **fields: float) -> CutBox:
    """With other fields of its own, or with another ``bottom``; what is taller grows upwards."""
    low = fields.pop("bottom", bottom(box))
    changed = replace(box, **fields)  # type: ignore[arg-type]  # they are its own
    return replace(changed, center=replace(box.center, height=low + changed.height / 2))


def upright(first: ScenePlace, second: ScenePlace, pose: ScenePose) -> CutPlane | None:
    """Through two places; what is nearer to the eye is cut away. None: they are one and the same."""
    east, north = away(first, second)
    if math.hypot(east, north) < 0.01:
        return None
    middle = moved(first, east / 2, north / 2, (second.height - first.height) / 2)
    looked_at = ScenePlace(lon=pose.lon, lat=pose.lat, height=pose.height)
    back, back_up = math.radians(pose.heading + 180), pose.distance * math.sin(math.radians(pose.tilt))
    eye = moved(looked_at, math.sin(back) * back_up, math.cos(back) * back_up)
    to_east, to_north = away(middle, eye)
    heading = math.degrees(math.atan2(east, north)) + 90
    towards = math.sin(math.radians(heading)) * to_east + math.cos(math.radians(heading)) * to_north
    return CutPlane(place=middle, heading=(heading if towards >= 0 else heading + 180) % 360)


def pushed(plane: CutPlane, metres: float) -> CutPlane:
    """Further to what is cut away."""
    east, north, up = (part * metres for part in _normal(plane))
    return replace(plane, place=moved(plane.place, east, north, up))


def turned(plane: CutPlane) -> CutPlane:
    """The other side is cut away."""
    return replace(plane, heading=(plane.heading + 180) % 360, pitch=0.0 - plane.pitch)


def reach_of(models: Sequence[SceneModel], place: ScenePlace, pose: ScenePose) -> float:
    """Metres: how much is shown of a plane, and how far it is pushed: as far as the nearest model goes, but
    not out of the picture."""
    known = [(math.hypot(*away(place, each.center)), each.radius) for each in models if each.center]
    reach = min(known)[1] if known else UNKNOWN
    return max(min(reach, MOST_REACH, pose.distance * SEEN), LEAST_REACH)


def plane_lines(plane: CutPlane, reach: float) -> Lines:
    """A square in the plane, and an arrow to what is cut away."""
    heading = math.radians(plane.heading)
    normal, side = _normal(plane), (math.cos(heading), -math.sin(heading), 0.0)
    rise = (side[1] * normal[2], -side[0] * normal[2], side[0] * normal[1] - side[1] * normal[0])
    corners = [
        moved(plane.place, *((a * x + b * y) * reach for x, y in zip(side, rise, strict=True)))
        for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    tip = moved(plane.place, *(part * reach * ARROW for part in normal))
    return {"plane": [*corners, corners[0]], "arrow": [plane.place, tip]}


def box_lines(box: CutBox) -> Lines:
    """Its edges."""
    heading = math.radians(box.heading)
    floor = []
    for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        x, y = a * box.width / 2, b * box.depth / 2
        east = x * math.cos(heading) + y * math.sin(heading)
        north = -x * math.sin(heading) + y * math.cos(heading)
        floor.append(moved(box.center, east, north, -box.height / 2))
    roof = [replace(place, height=place.height + box.height) for place in floor]
    posts = {f"post {n}": ends for n, ends in enumerate(zip(floor, roof, strict=True))}
    return {"floor": [*floor, floor[0]], "roof": [*roof, roof[0]], **posts}


def edge_height(places: Sequence[ScenePlace]) -> float:
    """Metres above the ellipsoid: the mean along the edge, however many places are close together."""
    ring = [*places, places[0]]
    sides = [(math.hypot(*away(a, b)), (a.height + b.height) / 2) for a, b in pairwise(ring)]
    whole = sum(length for length, _ in sides)
    if whole == 0:
        return places[0].height
    return sum(length * height for length, height in sides) / whole


def plan_area(places: Sequence[ScenePlace]) -> float:
    """Square metres, seen from above."""
    return shapely.Polygon([away(places[0], place) for place in places]).area


def alike(models: Sequence[SceneModel]) -> tuple[str, str] | None:
    """The two that lie upon one another most, the earlier first; None: no two do."""
    best: tuple[float, str, str] = (0.0, "", "")
    for at, first in enumerate(models):
        for second in models[at + 1 :]:
            if first.center is not None and second.center is not None:
                apart = math.hypot(*away(first.center, second.center))
                common = first.radius + second.radius - apart
                share = common / (2 * max(first.radius, second.radius, 1.0))
                if share > best[0]:
                    best = (share, first.layer_id, second.layer_id)
    return best[1:] if best[0] > 0 else None


def _normal(plane: CutPlane) -> tuple[float, float, float]:
    """East, north, up; one metre long, to what is cut away."""
    heading, pitch = math.radians(plane.heading), math.radians(plane.pitch)
    level = math.cos(pitch)
    return level * math.sin(heading), level * math.cos(heading), math.sin(pitch)
