"""What the service ``cameras`` answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenBy:
    """A camera that sees a place, in the user's words."""

    camera: str
    name: str
    reason: str
    """Distance, pixels a metre, angle, what stands by; whether it is offline or walls are not known."""
