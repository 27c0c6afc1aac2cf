"""What both halves speak of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from console.sdk.records import Role

DISTRICT_DIGITS, STREET_DIGITS = 6, 9
"""Digits of the codes of a district and of a street."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenBy:
    """A camera that sees a place, in the user's words."""

    camera: str
    name: str
    reason: str
    """Distance, pixels a metre, angle, what stands by; whether it is offline or walls are not known."""


class Health(StrEnum):
    """Whether a camera's stream answers."""

    UNKNOWN = "unknown"
    """Not asked yet, or it cannot be asked."""
    ONLINE = "online"
    OFFLINE = "offline"
    BLIND = "blind"
    """It answers, but its picture is black, covered or frozen."""
    REFUSED = "refused"
    """It answers, but does not accept the sign-in."""


def steering_rank(role: Role, areas: Iterable[str]) -> int:
    """Who goes first where two want to steer a camera: the higher one.

    Who commands goes before who operates; among those, the larger area before the smaller.
    """
    commands = role in (Role.DISPATCHER, Role.ADMINISTRATOR)
    widest = min((len(area) for area in areas), default=STREET_DIGITS + 1)
    level = 2 if widest <= DISTRICT_DIGITS else 1 if widest <= STREET_DIGITS else 0
    return 10 * commands + level
