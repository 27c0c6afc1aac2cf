"""The router ``router``: the make that the deployment has chosen, and the other one when it is down."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from console.sdk.records import Closure, LonLat, Means, Route
from console.sdk.server import Alternative, Facing, Router, RouterDown, Times, Trip
from plugins.dispatch.server.routing.graph import Floats

_REST_SECONDS = 15.0
"""A make that was down is left alone for so long, so that not every question waits for it."""
_Answer = TypeVar("_Answer")


class ChosenRouter:
    """A ``Router`` that asks *first*, and *second* while that is down. Answers say who gave them."""

    def __init__(
        self,
        first: Router,
        second: Router,
        log: logging.Logger,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._first, self._second = first, second
        self._log, self._clock = log, clock
        self._lock = threading.Lock()
        self._down_until = 0.0

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

    def _ask(self, question: Callable[[Router], _Answer]) -> _Answer:
        with self._lock:
            rests = self._clock() < self._down_until
        if not rests:
            try:
                return question(self._first)
            except RouterDown as error:
                self._log.warning("%s; the embedded router answers for %d s", error, _REST_SECONDS)
                with self._lock:
                    self._down_until = self._clock() + _REST_SECONDS
        return question(self._second)
