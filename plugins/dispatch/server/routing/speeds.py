"""How fast each means goes: the tables to tune. Speeds are km/h.

Calibrated to the published costing of Valhalla (``docs/routing.md`` says how), so that
both makes expect the same times. Classes are OpenStreetMap's ``highway`` values.
"""

from __future__ import annotations

import time

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from console.sdk.records import Means
from console.sdk.server import Access, RoadUse, Surface
from plugins.dispatch.server.ground import to_plane
from plugins.dispatch.server.routing.graph import Floats, Mask, RoadGraph

WALK_METRES_PER_SECOND = 5.1 / 3.6
"""On foot, and off the road to or from its nearest point for everybody."""

ACCESS = {
    Means.FOOT: Access.FOOT,
    Means.BICYCLE: Access.BICYCLE,
    Means.CAR: Access.CAR,
    Means.MOTORCYCLE: Access.MOTORCYCLE,
    Means.EMERGENCY: Access.EMERGENCY,
}
MOTOR = frozenset({Means.CAR, Means.MOTORCYCLE, Means.EMERGENCY})

_TOWN = {
    "motorway": 89.0,
    "trunk": 73.0,
    "primary": 57.0,
    "secondary": 49.0,
    "tertiary": 40.0,
    "unclassified": 35.0,
    "residential": 30.0,
}
_COUNTRY = {
    "motorway": 105.0,
    "trunk": 90.0,
    "primary": 75.0,
    "secondary": 60.0,
    "tertiary": 50.0,
    "unclassified": 40.0,
    "residential": 35.0,
}
_OTHER_TOWN, _OTHER_COUNTRY, _TRACK, _SLOWEST = 20.0, 25.0, 5.0, 2.0
_LINK_TOWN = {"motorway": 0.8, "trunk": 0.8, "primary": 0.8}
_LINK = 0.85
"""Links are slower than the road they lead to by this factor."""
_BY_USE = {
    RoadUse.DRIVEWAY: 10.0,
    RoadUse.PARKING_AISLE: 15.0,
    RoadUse.DRIVE_THROUGH: 10.0,
}
_ROUNDABOUT = 0.5
_CYCLING, _PUSHING, _STAIRS = 18.0, 5.1, 1.0
_CYCLING_ON = np.array([1.0, 1.0, 1.0, 0.8, 0.6, 0.4, 0.25])
"""Factors by ``Surface``."""
BLUE_LIGHT = 1.2
_COUNTER_FLOW = 20.0
"""Against a one-way street, with blue light."""
_CITY_DENSITY = 8.5 / 0.7
"""km of road a square km from which a place is town."""
_CELL, _AROUND = 250.0, 2000.0
"""Metres: cell of the density's raster, and radius that counts."""

_HOURLY = {
    Means.CAR: (1.0,) * 6 + (0.95, 0.75, 0.65, 0.75) + (0.85,) * 6 + (0.8, 0.65, 0.65, 0.8) + (0.95,) * 4,
}
"""Factor on the speed by hour of the day (server's local time): rush hours at 8 and at 17."""
_HOURLY[Means.EMERGENCY] = tuple(0.5 + factor / 2 for factor in _HOURLY[Means.CAR])
_HOURLY[Means.MOTORCYCLE] = tuple(0.4 + 0.6 * factor for factor in _HOURLY[Means.CAR])


def traffic(means: Means, at: float | None) -> float:
    """Factor on the speed of *means* at a time (seconds since 1970); 1 without a time and on weekends."""
    if at is None or means not in _HOURLY:
        return 1.0
    local = time.localtime(at)
    return 1.0 if local.tm_wday >= 5 else _HOURLY[means][local.tm_hour]


def metres_per_second(graph: RoadGraph, means: Means) -> Floats:
    """(p,) speed on each piece on free roads."""
    if means is Means.FOOT:
        return np.full(graph.pieces, WALK_METRES_PER_SECOND)
    if means is Means.BICYCLE:
        return _cycling(graph) / 3.6
    speed = _driving(graph) / 3.6
    return speed * BLUE_LIGHT if means is Means.EMERGENCY else speed


def counter_flow_speed(speed: Floats) -> Floats:
    """(p,) speed of an emergency vehicle against the one-way street."""
    return np.minimum(speed, _COUNTER_FLOW / 3.6)


def _cycling(graph: RoadGraph) -> Floats:
    speed = np.rint(_CYCLING * _CYCLING_ON[np.clip(graph.surface, 0, len(_CYCLING_ON) - 1)])
    classes = np.array(graph.classes)
    speed[np.isin(classes, ("footway", "pedestrian"))] = _PUSHING
    speed[classes == "steps"] = _STAIRS
    return speed


def _driving(graph: RoadGraph) -> Floats:
    town = in_town(graph)
    speed = np.array(
        [_class_speed(name, inside) for name, inside in zip(graph.classes, town.tolist(), strict=True)], float
    )
    speed[graph.use == RoadUse.ROUNDABOUT] *= _ROUNDABOUT
    for use, limit in _BY_USE.items():
        speed[graph.use == use] = limit
    rough = graph.surface >= Surface.ROUGH
    speed[rough] = np.floor(speed[rough] / 2)
    posted = graph.limits.astype(float)
    slowed = posted - np.where(posted >= 50, 10.0, np.where(posted > 15, 5.0, 0.0))
    speed = np.where(posted > 0, np.where(rough, slowed, posted), speed)
    return np.maximum(speed, _SLOWEST)


def _class_speed(name: str, town: bool) -> float:
    if name == "track":
        return _TRACK
    base, link, _ = name.partition("_link")
    speed = (_TOWN if town and not link else _COUNTRY).get(base, _OTHER_TOWN if town else _OTHER_COUNTRY)
    if link:
        return speed * (_LINK_TOWN.get(base, _LINK) if town else _LINK)
    return speed


def in_town(graph: RoadGraph) -> Mask:
    """(p,) pieces around which there are as many roads as in a town."""
    xy = to_plane(graph.nodes, graph.latitude)
    if len(xy) == 0:
        return np.zeros(0, bool)
    roads = (graph.access & (Access.CAR | Access.PRIVATE)) == Access.CAR
    middle = (xy[graph.start] + xy[graph.end]) / 2
    cell = ((middle - xy.min(axis=0)) / _CELL).astype(int)
    raster: npt.NDArray[np.float64] = np.zeros(cell.max(axis=0) + 1)
    np.add.at(raster, (cell[roads, 0], cell[roads, 1]), graph.metres[roads] / 1000)
    reach = int(_AROUND / _CELL)
    y, x = np.ogrid[-reach : reach + 1, -reach : reach + 1]
    disc = (x**2 + y**2 <= reach**2).astype(float)
    around = ndimage.convolve(raster, disc, mode="constant") / (disc.sum() * (_CELL / 1000) ** 2)
    return around[cell[:, 0], cell[:, 1]] >= _CITY_DENSITY
