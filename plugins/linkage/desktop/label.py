"""A name in the picture."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """``u`` and ``v``: shares from the top left."""

    u: float
    v: float
    text: str
    kind: str
    metres: float
    color: str
    """A theme token."""
    place: tuple[float, float, float]
    """WGS84 degrees and metres, of the zero of the calibration's heights."""
    walled: bool = False
    """Whether something stands in the way."""
