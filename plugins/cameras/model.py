"""What both halves speak of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
    REFUSED = "refused"
    """It answers, but does not accept the sign-in."""
