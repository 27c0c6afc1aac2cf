"""The views that all programs show in ``map_peers``, and the way of the pan: plain numbers, no library."""

from __future__ import annotations

SPEED = 800.0
"""Logical pixels a second eastwards while panning, half of it southwards, there and back."""
REACH = 800.0
"""Logical pixels one way."""
RENEWED = 1.0
"""Seconds between two batches of positions."""
SIZES = {"1080p": (1920, 1080), "4K": (3840, 2160)}
CITY = {"1080p": 13.5, "4K": 14.5}
"""Zoom (256-pixel pyramid) at which the whole city fills the view."""
STREET = 17.0
VIEWS = ("city", "street")
STREET_AT = (0.4, 0.6)
"""The street's place, as shares of the city's extent."""


def way(seconds: float) -> tuple[float, float]:
    """Logical pixels east and south of where the pan began."""
    gone = seconds * SPEED % (2 * REACH)
    east = gone if gone <= REACH else 2 * REACH - gone
    return east, east / 2


def zoom_of(view: str, size: str) -> float:
    return CITY[size] if view == "city" else STREET


def center_of(view: str, bounds: tuple[float, float, float, float]) -> tuple[float, float]:
    """Longitude and latitude of the middle of a view."""
    west, south, east, north = bounds
    x, y = (0.5, 0.5) if view == "city" else STREET_AT
    return west + (east - west) * x, south + (north - south) * y
