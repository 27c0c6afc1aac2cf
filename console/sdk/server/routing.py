"""The contribution point ``routers``: who finds ways along the roads.

A server half offers one with ``server.provide("router:<name>", router)``;
``router:embedded`` is the default.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from console.model.records import Closure, LonLat, Means, Route


class NoRoads(Exception):
    """No road layer has been imported."""


class Router(Protocol):
    """Ways and times on the present road layer. Called from several threads at once."""

    def times(
        self,
        starts: npt.NDArray[np.float64],
        goal: LonLat,
        means: Means,
        closures: Sequence[Closure] = (),
    ) -> npt.NDArray[np.float64]:
        """Seconds from each of *starts* ((n, 2) WGS84 degrees) to *goal*; inf where no road leads.

        Raises NoRoads.
        """
        ...

    def lengths(
        self,
        starts: npt.NDArray[np.float64],
        goal: LonLat,
        means: Means,
        closures: Sequence[Closure] = (),
    ) -> list[float | None]:
        """Metres of the fastest way from each of *starts*; None where no road leads. For short lists."""
        ...

    def route(
        self, start: LonLat, goal: LonLat, means: Means, closures: Sequence[Closure] = ()
    ) -> Route | None:
        """The fastest way, from *start* itself to *goal* itself; None where no road leads. Raises NoRoads."""
        ...
