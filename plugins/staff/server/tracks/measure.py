"""Distance, time on foot and stops of one track. Pure; times s, lengths m."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from console.sdk import PositionFlag, Positions
from plugins.staff.model import Stop
from plugins.staff.server.duty.plan import Span

GAP = 300.0
"""Seconds without a fix over which nothing is reckoned: nobody knows the way between."""
STOP_RADIUS = 35.0
STOP_SECONDS = 180.0
SLOWEST, FASTEST_FOOT = 0.3, 2.5
"""Metres a second of somebody on foot; below they stand, above they ride."""
_WRONG = int(PositionFlag.JUMP | PositionFlag.NULL_ISLAND)
_DEGREE = 111_195.0

Points = npt.NDArray[np.float64]
"""(n, 3) longitude, latitude, time in order."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a track comes to."""

    metres: float
    foot_seconds: float
    stops: tuple[Stop, ...]


def credible(fixes: Positions, spans: Sequence[Span]) -> Points:
    """Fixes that are not flagged and lie in *spans* of duty."""
    keep = (fixes.flags & _WRONG) == 0
    on = np.zeros(len(fixes), bool)
    for span in spans:
        on |= (fixes.time >= span.since) & (fixes.time < span.until)
    keep &= on
    return np.column_stack([fixes.lon[keep], fixes.lat[keep], fixes.time[keep]])


def measure(points: Points) -> Measured:
    """Measure a track; what happens while they stay at a place is no way."""
    if len(points) < 2:
        return Measured(0.0, 0.0, ())
    xy = in_metres(points)
    stops = list(_stops(xy, points[:, 2]))
    way = np.diff(points[:, 2]) <= GAP
    for first, last in stops:
        way[first:last] = False
    steps = np.hypot(*np.diff(xy, axis=0).T)
    seconds = np.diff(points[:, 2])
    speed = np.divide(steps, seconds, out=np.zeros(len(steps)), where=seconds > 0)
    foot = way & (speed >= SLOWEST) & (speed <= FASTEST_FOOT)
    return Measured(
        metres=float(steps[way].sum()),
        foot_seconds=float(seconds[foot].sum()),
        stops=tuple(_stop(points, first, last) for first, last in stops),
    )


def in_metres(points: Points) -> npt.NDArray[np.float64]:
    """(n, 2) metres east and north of the first point; good for a district."""
    lon, lat = points[0, 0], points[0, 1]
    east = (points[:, 0] - lon) * math.cos(math.radians(lat)) * _DEGREE
    return np.column_stack([east, (points[:, 1] - lat) * _DEGREE])


def thinned(points: Points, most: int) -> Points:
    """At most *most* points, evenly, the first and the last among them."""
    if len(points) <= most:
        return points
    return points[np.linspace(0, len(points) - 1, most).astype(int)]


def _stops(xy: npt.NDArray[np.float64], times: npt.NDArray[np.float64]) -> Iterator[tuple[int, int]]:
    """First and last fix of each stay within STOP_RADIUS of its first fix for STOP_SECONDS."""
    east, north, at = xy[:, 0].tolist(), xy[:, 1].tolist(), times.tolist()
    first, count = 0, len(at)
    while first < count - 1:
        last = first
        while (
            last + 1 < count
            and at[last + 1] - at[last] <= GAP
            and math.hypot(east[last + 1] - east[first], north[last + 1] - north[first]) <= STOP_RADIUS
        ):
            last += 1
        if at[last] - at[first] >= STOP_SECONDS:
            yield first, last
            first = last + 1
        else:
            first += 1


def _stop(points: Points, first: int, last: int) -> Stop:
    lon, lat = points[first : last + 1, :2].mean(axis=0).tolist()
    return Stop(where=(lon, lat), since=float(points[first, 2]), until=float(points[last, 2]))
