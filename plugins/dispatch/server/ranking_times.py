"""Travel times of a roster: by road, or from the straight line where no router answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from console.sdk import haversine
from console.sdk.records import Closure, Duty, FoundBy, LonLat, Means
from console.sdk.server import NoRoads, Router
from plugins.dispatch.server.moving import times_heading
from plugins.dispatch.server.ranking_roster import Floats, Roster

NO_ANSWER = (NoRoads, OSError)
"""What a router raises that has no roads, or cannot be reached."""
DETOUR = 1.4
"""Ways in a city are so much longer than the straight line."""
_STRAIGHT_METRES_PER_SECOND = {Means.FOOT: 1.2, Means.BICYCLE: 3.6}
_OTHERWISE = 6.0


def straight_metres(roster: Roster, where: LonLat) -> Floats:
    """Metres as the crow flies from each of the roster; NaN without a fix."""
    lon, lat = roster.lonlat[:, 0], roster.lonlat[:, 1]
    return haversine(lon, lat, np.float64(where[0]), np.float64(where[1]))


def travel_seconds(
    roster: Roster, where: LonLat, router: Router, closures: Sequence[Closure], straight: Floats
) -> tuple[Floats, dict[Means, FoundBy]]:
    """Seconds to *where* (inf where no road leads), and how they were found for each means.

    Nobody off duty is asked for. Everybody sets out at once, in the traffic of the hour.
    """
    eta, by = np.full(len(roster.staff), np.inf), dict[Means, FoundBy]()
    means = np.array([member.means for member in roster.staff], dtype=object)
    on_duty = np.array([member.duty is Duty.ON for member in roster.staff], bool)
    located = on_duty & np.isfinite(roster.lonlat).all(axis=1) & ~roster.bad
    for kind in Means:
        rows = np.flatnonzero(located & (means == kind))
        if not len(rows):
            continue
        try:
            starts, heads = roster.lonlat[rows], roster.heading[rows]
            found = times_heading(router, starts, where, kind, closures, roster.at, heads)
            eta[rows], by[kind] = found.seconds, found.by
        except NO_ANSWER:
            speed = _STRAIGHT_METRES_PER_SECOND.get(kind, _OTHERWISE)
            eta[rows], by[kind] = straight[rows] * DETOUR / speed, FoundBy.STRAIGHT
    return eta, by
