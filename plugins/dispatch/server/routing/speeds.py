"""How fast each means goes on each class of road, km/h. Classes are OpenStreetMap's ``highway`` values."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from console.sdk.records import Means

WALK_METRES_PER_SECOND = 1.2
"""Off the road, to or from its nearest point, everybody walks."""

ACCESS_BIT = {Means.FOOT: 1, Means.BICYCLE: 2, Means.CAR: 4, Means.MOTORCYCLE: 4, Means.EMERGENCY: 4}
OBEYS_ONE_WAY = {means: means is not Means.FOOT for means in Means}

_DEFAULT = {
    Means.FOOT: 4.8,
    Means.BICYCLE: 15.0,
    Means.CAR: 30.0,
    Means.MOTORCYCLE: 30.0,
    Means.EMERGENCY: 40.0,
}
_BY_CLASS: dict[Means, dict[str, float]] = {
    Means.FOOT: {"steps": 2.4, "path": 4.2, "track": 4.2},
    Means.BICYCLE: {"footway": 7.0, "pedestrian": 7.0, "path": 10.0, "track": 10.0, "steps": 2.0},
    Means.CAR: {
        "motorway": 90.0,
        "motorway_link": 50.0,
        "trunk": 65.0,
        "trunk_link": 40.0,
        "primary": 45.0,
        "primary_link": 35.0,
        "secondary": 40.0,
        "secondary_link": 30.0,
        "tertiary": 35.0,
        "tertiary_link": 28.0,
        "unclassified": 28.0,
        "residential": 24.0,
        "living_street": 12.0,
        "service": 14.0,
        "track": 14.0,
        "pedestrian": 8.0,
    },
}
_CAR_SHARE_OF_LIMIT = 0.8
"""Junctions and traffic keep a car below the posted limit."""


def metres_per_second(
    classes: list[str], limits: npt.NDArray[np.float32], means: Means
) -> npt.NDArray[np.float64]:
    """Speed on each road piece; *limits* are posted limits in km/h, 0 where unknown."""
    table = _BY_CLASS.get(means, _BY_CLASS[Means.CAR])
    speed = np.array([table.get(name, _DEFAULT[means]) for name in classes], float)
    if ACCESS_BIT[means] == ACCESS_BIT[Means.CAR]:
        speed = np.where(limits > 0, limits * _CAR_SHARE_OF_LIMIT, speed)
    return np.maximum(speed, 1.0) / 3.6
