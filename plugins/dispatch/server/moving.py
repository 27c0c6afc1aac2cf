"""Where people are heading, as far as a fix tells: only of somebody who moves, and only just now."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from console.sdk import Positions
from console.sdk.records import Means
from console.sdk.server import Facing
from plugins.dispatch.model import HEADING_SECONDS, MOVING_METRES_PER_SECOND

Floats = npt.NDArray[np.float64]


def headings(positions: Positions, now: float) -> Floats:
    """(n,) degrees from north; NaN where the fix is old, the device stands, or nothing is known."""
    fresh = now - positions.time < HEADING_SECONDS
    moving = positions.speed > MOVING_METRES_PER_SECOND  # NaN is not greater
    return np.where(fresh & moving, positions.heading, np.nan).astype(np.float64)


def facing(heading: Floats, means: Means) -> Facing | None:
    """What a router takes of headings; None when nobody's is known, and for walkers, who turn at will."""
    if means is Means.FOOT or np.isnan(heading).all():
        return None
    return Facing(heading=heading, level=np.full(len(heading), np.nan))
