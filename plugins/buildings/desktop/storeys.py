"""Floors of a building, and what lies on them: from attributes and standard addresses alone."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

STOREY = 3.0
"""Metres a floor, where nothing else is known."""
MOST = 200
_ROOM = re.compile(r"(?:(?:\d+|[A-Za-z甲乙丙丁东西南北])单元)?(?:-?\d{1,3}层)?(-?\d{1,3})(\d{2})[室户]$")
"""单元, 层 and 室 at the end of an address; the digits before the last two of a room tell its floor."""


class From(StrEnum):
    """What the number of floors was found by."""

    LEVELS = "levels"
    HEIGHT = "height"


@dataclass(frozen=True, slots=True)
class Storeys:
    """Floors above the ground, counted from 1."""

    count: int
    by: From
    metres: float
    """Height of one."""

    def at(self, above_ground: float) -> int:
        """The floor at a height; what is a little below or above the building counts as its end."""
        return min(max(math.floor(above_ground / self.metres) + 1, 1), self.count)

    def span(self, floor: int) -> tuple[float, float]:
        """Bottom and top of a floor, metres above the ground."""
        return (floor - 1) * self.metres, floor * self.metres


def storeys(levels: float | None, height: float | None) -> Storeys | None:
    """By the levels, else by the height; None when neither is known."""
    if levels is not None and levels >= 1:
        count = min(round(levels), MOST)
        return Storeys(count, From.LEVELS, height / count if height else STOREY)
    if height is None:
        return None
    count = min(max(round(height / STOREY), 1), MOST)
    return Storeys(count, From.HEIGHT, height / count)


def door_of(address: str) -> str:
    """The address of the house that a room is in; one without a room as it is."""
    return _ROOM.sub("", address) or address


def rooms_by_floor(addresses: Iterable[str]) -> dict[int, tuple[str, ...]]:
    """Dwellings (the parts of addresses behind the house's) by floor, in order."""
    found: dict[int, set[str]] = defaultdict(set)
    for address in addresses:
        room = _ROOM.search(address)
        if room is not None:
            found[int(room[1])].add(room[0])
    return {floor: tuple(sorted(rooms, key=_natural)) for floor, rooms in sorted(found.items())}


def _natural(text: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", text)]
