"""Where a camera's head looks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pose:
    """By the camera's own zero."""

    pan: float
    """Degrees clockwise, seen from above, -180 to 180."""
    tilt: float
    """Degrees above the horizon of its foot, -90 to 90."""
    zoom: float
    """0 widest, 1 narrowest."""
