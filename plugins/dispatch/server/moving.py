"""Where people are heading, as far as a fix tells: only of somebody who moves, and only just now."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from console.sdk import Positions
from console.sdk.records import Closure, LonLat, Means, Route
from console.sdk.server import Facing, Router, Times, Trip
from plugins.dispatch.model import HEADING_SECONDS, MOVING_METRES_PER_SECOND

Floats = npt.NDArray[np.float64]


def headings(positions: Positions, now: float) -> Floats:
    """(n,) degrees from north; NaN where the fix is old, the device stands, or nothing is known."""
    fresh = now - positions.time < HEADING_SECONDS
    moving = positions.speed > MOVING_METRES_PER_SECOND  # NaN is not greater
    return np.where(fresh & moving, positions.heading, np.nan).astype(np.float64)


def times_heading(
    router: Router,
    starts: Floats,
    goal: LonLat,
    means: Means,
    closures: Sequence[Closure],
    at: float,
    heading: Floats,
) -> Times:
    """``Router.times`` at *at* (s since 1970) of those who go on as they are heading, (n,) degrees or NaN.

    Where no way leads on so, as against a one-way street, the heading is not believed.
    """
    trip = Trip(at=at)
    found = router.times(starts, goal, means, closures, trip=trip, facing=_facing(heading, means))
    lost = ~np.isfinite(found.seconds) & np.isfinite(heading)
    if not lost.any():
        return found
    seconds = found.seconds.copy()
    seconds[lost] = router.times(starts[lost], goal, means, closures, trip=trip).seconds
    return Times(seconds=seconds, by=found.by)


def route_heading(
    router: Router,
    start: LonLat,
    goal: LonLat,
    means: Means,
    closures: Sequence[Closure],
    at: float,
    heading: float,
) -> Route | None:
    """``Router.route`` in the same way."""
    trip, heads = Trip(at=at), _facing(np.array([heading]), means)
    found = router.route(start, goal, means, closures, trip=trip, facing=heads)
    if found is None and heads is not None:
        return router.route(start, goal, means, closures, trip=trip)
    return found


def _facing(heading: Floats, means: Means) -> Facing | None:
    """What a router takes of headings; None when nobody's is known, and for walkers, who turn at will."""
    if means is Means.FOOT or np.isnan(heading).all():
        return None
    return Facing(heading=heading, level=np.full(len(heading), np.nan))
