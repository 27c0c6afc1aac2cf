"""A ``Router`` that has its answers from another one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TypeVar

from console.sdk.records import Closure, LonLat, Means, Route
from console.sdk.server import Alternative, Facing, Router, Times, Trip
from plugins.dispatch.server.routing.graph import Floats

Answer = TypeVar("Answer")


class AskedRouter(ABC):
    """Hands each question on; which router is asked, and what follows when it fails, is in ``_ask``."""

    @abstractmethod
    def _ask(self, question: Callable[[Router], Answer]) -> Answer: ...

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
        """See ``Router.times``."""
        return self._ask(lambda r: r.times(starts, goal, means, closures, trip=trip, facing=facing))

    def matrix(
        self,
        starts: Floats,
        goals: Floats,
        means: Means,
        closures: Sequence[Closure] = (),
        *,
        trip: Trip = Trip(),
    ) -> Times:
        """See ``Router.matrix``."""
        return self._ask(lambda r: r.matrix(starts, goals, means, closures, trip=trip))

    def lengths(
        self,
        starts: Floats,
        goal: LonLat,
        means: Means,
        closures: Sequence[Closure] = (),
        *,
        trip: Trip = Trip(),
    ) -> list[float | None]:
        """See ``Router.lengths``."""
        return self._ask(lambda r: r.lengths(starts, goal, means, closures, trip=trip))

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
        """See ``Router.route``."""
        return self._ask(lambda r: r.route(start, goal, means, closures, trip=trip, facing=facing))

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
        """See ``Router.alternatives``."""
        return self._ask(lambda r: r.alternatives(start, goal, means, closures, trip=trip, count=count))
