"""Reading of numbers and times that devices send in many ways."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

import msgspec

KNOT = 1852.0 / 3600.0
"""Metres a second."""
KMH = 1.0 / 3.6
"""Metres a second."""
_MILLISECONDS_FROM = 1e11
"""A number beyond is milliseconds: as seconds it would be the year 5138."""
MAX_FIXES = 1000
"""Fixes taken from one request."""


def number(value: Any) -> float | None:
    """A finite number from text or JSON, else None."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        result = float(value)
    except (ValueError, OverflowError):
        return None
    return result if math.isfinite(result) else None


def scaled(value: Any, factor: float) -> float | None:
    """A number that is not negative, times *factor*; -1 means absent in many clients."""
    result = number(value)
    return None if result is None or result < 0 else result * factor


def place(lon: Any, lat: Any) -> tuple[float, float]:
    """Longitude and latitude in degrees. Raises ValueError when missing, not finite or out of range."""
    x, y = number(lon), number(lat)
    if x is None or y is None:
        raise ValueError("longitude and latitude must be finite numbers")
    if not (-180.0 <= x <= 180.0 and -90.0 <= y <= 90.0):
        raise ValueError("longitude or latitude is out of range")
    return x, y


def time_of(value: Any) -> float | None:
    """Seconds since 1970 from seconds, milliseconds, ISO 8601 or ``yyyy-MM-dd HH:mm:ss`` (UTC)."""
    seconds = number(value)
    if seconds is not None:
        return seconds / 1000.0 if abs(seconds) > _MILLISECONDS_FROM else seconds
    if not isinstance(value, str) or not value.strip():
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        raise ValueError("the time is not understood") from None


def json_object(body: bytes) -> Any:
    """Decoded JSON. Raises ValueError."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise ValueError("the body is not JSON") from error


def as_table(value: Any) -> dict[str, Any]:
    """A JSON object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}
