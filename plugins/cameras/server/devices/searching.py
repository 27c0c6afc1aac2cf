"""Devices that make themselves known in the backend's network."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console.sdk.server import ApiError


@dataclass(frozen=True, slots=True, kw_only=True)
class Spotted:
    """A device that answered. What it says of itself is not to be believed."""

    driver: str
    address: str
    name: str = ""
    model: str = ""


Finder = Callable[[float], Sequence[Spotted]]
"""Looks for so many seconds."""


class Search:
    """One at a time: a search goes to all devices of a network."""

    def __init__(self) -> None:
        self.finders: list[Finder] = []
        self._busy = threading.Lock()

    def run(self, seconds: float) -> list[Spotted]:
        """What answers within *seconds*. Raises ApiError 409 while another looks."""
        if not self._busy.acquire(blocking=False):
            raise ApiError(
                409, "searching", "Somebody is searching already: wait a little", "正在搜索，请稍后再试"
            )
        try:
            return [spotted for finder in self.finders for spotted in finder(seconds)]
        finally:
            self._busy.release()
