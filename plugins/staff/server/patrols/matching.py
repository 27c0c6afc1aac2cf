"""Ways and tracks brought to the roads by the service ``roads.match``, where a plugin offers it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import shapely

from console.sdk import MissingService
from console.sdk.records import LonLat, Means
from console.sdk.server import NoRoads, ServerContext
from plugins.staff.server.patrols.coverage import Floats, Ground, Lines
from plugins.staff.server.tracks.measure import Points

MATTERS = 100.0
"""Metres from the planned way within which fixes are looked at: matching is work."""
_DENSE = 15.0
"""Metres between the points that stand for a drawn way."""


class MatchedRun(Protocol):
    """An unbroken part of a track."""

    @property
    def path(self) -> tuple[LonLat, ...]:
        """Along the roads, degrees."""
        ...


Match = Callable[[Floats, Floats | None, Floats | None, Means], Sequence[MatchedRun]]
"""Degrees (n, 2), seconds (n,), accuracies (n,) in metres, means. Raises NoRoads, OSError."""


def on_roads(
    server: ServerContext, ground: Ground, path: Floats, tracks: Sequence[Points]
) -> tuple[Lines, Lines] | None:
    """The planned way and what was walked near it, along the roads in metres; None: nobody can match.

    May take a second for each track.
    """
    try:
        match: Match = server.service("roads.match")
        planned = _lines(ground, match(_dense(ground, path), None, None, Means.FOOT))
        walked = [
            line
            for points in tracks
            for part in _near(ground, path, points)
            for line in _lines(ground, match(part[:, :2], part[:, 2], None, Means.FOOT))
        ]
    except (MissingService, NoRoads, OSError) as error:
        server.log.info("patrols are measured by a strip: %s", error)
        return None
    return planned, walked


def _lines(ground: Ground, runs: Sequence[MatchedRun]) -> list[shapely.LineString]:
    return [shapely.LineString(ground.metres(np.array(run.path))) for run in runs if len(run.path) > 1]


def _dense(ground: Ground, path: Floats) -> Floats:
    """*path* with a point every few metres, as a track would have them."""
    line = shapely.segmentize(shapely.LineString(ground.metres(path)), _DENSE)
    return ground.degrees(shapely.get_coordinates(line))


def _near(ground: Ground, path: Floats, points: Points) -> list[Points]:
    """Unbroken parts of a track near the planned way, of two fixes or more."""
    if not len(points):
        return []
    way = shapely.LineString(ground.metres(path))
    near = shapely.distance(way, shapely.points(ground.metres(points[:, :2]))) <= MATTERS
    breaks = np.flatnonzero(np.diff(near)) + 1
    parts = zip(np.split(points, breaks), np.split(near, breaks), strict=True)
    return [part for part, keep in parts if keep[0] and len(part) > 1]
