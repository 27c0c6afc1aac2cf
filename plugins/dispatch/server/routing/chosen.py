"""The router ``router``: the make that the deployment has chosen, and the other one when it is down."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from console.sdk.server import Router, RouterDown
from plugins.dispatch.server.routing.asked import Answer, AskedRouter

_REST_SECONDS = 15.0
"""A make that was down is left alone for so long, so that not every question waits for it."""


class ChosenRouter(AskedRouter):
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

    def _ask(self, question: Callable[[Router], Answer]) -> Answer:
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
