"""The contribution point ``routers``: who finds ways along the roads.

A server half offers one with ``server.provide("router:<name>", router)``:
``router:embedded`` and ``router:valhalla`` are makes; ``router`` is the one that the
deployment has chosen, with the embedded one behind it when it is down. Ask for ``router``.

Coordinates are WGS84 degrees, longitude first; times seconds; lengths metres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from console.model.records import Closure, FoundBy, LonLat, Means, Route

Floats = npt.NDArray[np.float64]


class NoRoads(Exception):
    """No road layer has been imported."""


class RouterDown(OSError):
    """The routing service does not answer, or not sensibly; the text says what was tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """When and how one travels, beside the means."""

    at: float | None = None
    """Departure, seconds since 1970: the hour's traffic and the closures of that time. None: free
    roads, and every closure that is given."""
    counter_flow: bool = False
    """An emergency vehicle may drive against one-way streets (slowly)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facing:
    """What is known of each start beside its place; (n,) each, NaN where unknown."""

    heading: Floats
    """Degrees clockwise from north: a vehicle goes on in this direction."""
    level: Floats
    """Level above (bridges) or below (tunnels) the ground."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Travel times: (n,) of n starts to one goal, or (n, m) to m goals; inf where no road leads."""

    seconds: Floats
    by: FoundBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One way among several."""

    route: Route
    shared: float
    """Share (0..1) of its length that it has in common with the fastest; 1 for the fastest itself."""
    more_seconds: float
    """Seconds more than the fastest."""
    only_here: tuple[str, ...] = ()
    """Names of roads that no better alternative takes, longest first."""


class Router(Protocol):
    """Ways and times on the present road layer. Called from several threads at once.

    Every method raises NoRoads, and RouterDown when it asks a service that does not answer.
    """

    def times(
        self,
        starts: Floats,
        goal: LonLat,
        means: Means,
        closures: Sequence[Closure] = (),
        *,
        trip: Trip = Trip(),
        facing: Facing | None = None,
    ) -> Times:
        """Seconds from each of *starts* (n, 2) to *goal*."""
        ...

    def matrix(
        self,
        starts: Floats,
        goals: Floats,
        means: Means,
        closures: Sequence[Closure] = (),
        *,
        trip: Trip = Trip(),
    ) -> Times:
        """Seconds from each of *starts* (n, 2) to each of *goals* (m, 2)."""
        ...

    def lengths(
        self,
        starts: Floats,
        goal: LonLat,
        means: Means,
        closures: Sequence[Closure] = (),
        *,
        trip: Trip = Trip(),
    ) -> list[float | None]:
        """Metres of the fastest way from each of *starts*; None where no road leads. For short lists."""
        ...

    def route(
        self,
        start: LonLat,
        goal: LonLat,
        means: Means,
        closures: Sequence[Closure] = (),
        *,
        trip: Trip = Trip(),
        facing: Facing | None = None,
    ) -> Route | None:
        """The fastest way, from *start* itself to *goal* itself; None where no road leads."""
        ...

    def alternatives(
        self,
        start: LonLat,
        goal: LonLat,
        means: Means,
        closures: Sequence[Closure] = (),
        *,
        trip: Trip = Trip(),
        count: int = 3,
    ) -> list[Alternative]:
        """The fastest way and up to *count* - 1 others that differ enough; empty where no road leads."""
        ...
