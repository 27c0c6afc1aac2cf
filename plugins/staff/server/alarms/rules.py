"""When somebody counts as silent or out of their range. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

OUTSIDE_FOR = 300.0
"""Seconds outside before it is told: who crosses the street at the border has left nothing."""
WAY_BACK = 1800.0
"""Seconds that the way back from a job may take before it counts as outside."""
MARGIN = 150.0
"""Metres around a range that still count as in it: borders run along streets, and fixes are off."""
DEFAULT = "*"


@dataclass(frozen=True, slots=True)
class WatchRule:
    """Minutes of silence, and digits of the area code that the activity range shares."""

    silent_minutes: int = 10
    range_digits: int = 9


def rule_of(rules: Mapping[str, WatchRule], role: str) -> WatchRule:
    """The rule of a role, else the one of all."""
    return rules.get(role) or rules.get(DEFAULT) or WatchRule()


def is_silent(last_fix: float, on_since: float, now: float, minutes: int) -> bool:
    """Whether nothing came for too long since they are on duty; *last_fix* -inf: never."""
    heard = max(last_fix, on_since)
    return math.isfinite(heard) and now - heard > minutes * 60


def is_outside(
    at: str, home: str, own: Sequence[str], digits: int, beside: Collection[str] = frozenset()
) -> bool:
    """Whether a place in area *at* (empty: none) lies outside of the range of somebody of *home*.

    *own*: ranges given to the person, which replace the role's. *beside*: areas that touch
    *home*; a role's range takes them in.
    """
    if own:
        return not at.startswith(tuple(own))
    return not at.startswith((home[:digits], *beside))
