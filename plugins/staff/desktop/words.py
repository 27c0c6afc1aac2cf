"""How figures about the staff are written."""

from __future__ import annotations

import math
from collections.abc import Callable

Tr = Callable[..., str]

ROLES = {
    "grid_worker": "Grid worker",
    "grid_leader": "Grid leader",
    "patrol": "Patrol",
    "police": "Police",
    "medic": "Medic",
    "firefighter": "Firefighter",
    "sanitation": "Sanitation worker",
    "city_management": "City management officer",
    "volunteer": "Volunteer",
}
STANDING = 0.3
"""Metres a second below which nobody walks."""


def role_text(role: str, tr: Tr) -> str:
    """Title of a role; an unknown one is shown as it is."""
    return tr(ROLES[role]) if role in ROLES else role


def age_text(seconds: float, tr: Tr) -> str:
    """How long ago a fix was; NaN when there was none."""
    if math.isnan(seconds):
        return tr("no fix")
    seconds = max(0, round(seconds))
    if seconds < 60:
        return tr("{n} s ago", n=seconds)
    if seconds < 3600:
        return tr("{n} min ago", n=seconds // 60)
    if seconds < 86400:
        return tr("{n} h ago", n=seconds // 3600)
    return tr("{n} d ago", n=seconds // 86400)


def speed_text(metres_a_second: float, tr: Tr) -> str:
    """Speed in km/h; empty when unknown."""
    if math.isnan(metres_a_second):
        return ""
    if metres_a_second < STANDING:
        return tr("standing")
    return tr("{n} km/h", n=f"{metres_a_second * 3.6:.1f}")


def battery_text(share: float) -> str:
    """Battery in percent; empty when unknown."""
    return "" if math.isnan(share) else f"{share * 100:.0f} %"


def accuracy_text(metres: float, tr: Tr) -> str:
    """Accuracy of a fix; says so when it is unknown."""
    return tr("unknown") if math.isnan(metres) else tr("± {n} m", n=f"{metres:.0f}")


def floor_text(floor: float, tr: Tr) -> str:
    """A storey, where the ground level is 0 on the wire; empty when unknown."""
    if math.isnan(floor):
        return ""
    if floor < 0:
        return tr("Basement {n}", n=f"{-floor:g}")
    return tr("Floor {n} (0: ground level)", n=f"{floor:g}") if floor else tr("Ground level")


def distance_text(metres: float, tr: Tr) -> str:
    """A length in m, from a kilometre on in km."""
    if metres < 1000:
        return tr("{n} m", n=f"{metres:.0f}")
    return tr("{n} km", n=f"{metres / 1000:.1f}")


def duration_text(seconds: float, tr: Tr) -> str:
    """A time span in hours and minutes."""
    minutes = round(seconds / 60)
    if minutes < 60:
        return tr("{n} min", n=minutes)
    return tr("{h} h {m} min", h=minutes // 60, m=minutes % 60)
