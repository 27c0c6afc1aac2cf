"""How well a camera sees a place: one score, whether walls are known or not."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

STREET_REACH, HIGH_REACH = 80.0, 1500.0
"""Metres within which a person can be made out, of a camera whose record says nothing."""
STREET_MAST = 6.0
"""Metres of a street camera above the ground, likewise."""
ACROSS = 60.0
"""Degrees of the picture's width, likewise."""
PIXELS = 1920
"""Of the picture's width, likewise."""


class Purpose(StrEnum):
    """What a picture is good enough for, by pixels a metre at the target (EN 62676-4:2015, 6.7.2)."""

    IDENTIFY = "identify"
    RECOGNISE = "recognise"
    OBSERVE = "observe"
    DETECT = "detect"
    MONITOR = "monitor"
    FAINT = "faint"
    """Less than the standard has a name for."""


LEAST_PIXELS = {
    Purpose.IDENTIFY: 250.0,
    Purpose.RECOGNISE: 125.0,
    Purpose.OBSERVE: 62.5,
    Purpose.DETECT: 25.0,
    Purpose.MONITOR: 12.5,
    Purpose.FAINT: 0.0,
}
"""Pixels a metre."""
_EDGE = 0.3
"""What a place at the edge of the picture loses against its middle."""
_NEAREST = 0.1
"""Metres: nothing is looked at from nearer."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A camera that sees a place, and how well."""

    camera: str
    score: float
    """0..1: root of the resolution against 250 pixels a metre, times *clear*, less up to 0.3 at the edge."""
    metres: float
    """From the eye to the place."""
    off_axis: float
    """Degrees between the middle of the picture and the place; 0 for one that can be turned to it."""
    pixels_per_metre: float
    purpose: Purpose
    clear: float
    """0..1: of the place's cell and the eight next to it, how many it sees; less: something stands by."""
    turns: bool
    moved: float
    """Metres that the camera's place was moved, since it lay within a wall."""
    assumed: tuple[str, ...]
    """Fields of its record that are our assumption."""

    @property
    def reasons(self) -> dict[str, float | str]:
        """What the score is made of, for whoever puts it into words; the weightiest first."""
        found: dict[str, float | str] = {"purpose": self.purpose, "pixels_per_metre": self.pixels_per_metre}
        found["metres"] = self.metres
        if self.turns:
            found["turns"] = 1.0
        else:
            found["off_axis"] = self.off_axis
        if self.clear < 1.0:
            found["clear"] = self.clear
        if self.moved:
            found["moved"] = self.moved
        if self.assumed:
            found["assumed"] = " ".join(self.assumed)
        return found


def rated(
    camera: str,
    metres: float,
    *,
    turns: bool,
    off_axis: float = 0.0,
    lens: float = ACROSS,
    pixels: int = PIXELS,
    clear: float = 1.0,
    moved: float = 0.0,
    assumed: tuple[str, ...] = (),
) -> Sighting:
    """A camera that sees a place so many *metres* from its eye. *lens*: degrees of the picture's width,
    which has so many *pixels*; the others as in ``Sighting``."""
    metres = max(metres, _NEAREST)
    off = 0.0 if turns else off_axis
    density = pixels / (2 * metres * math.tan(math.radians(min(lens, 160.0)) / 2))
    sharp = min(1.0, math.sqrt(density / LEAST_PIXELS[Purpose.IDENTIFY]))
    edge = 1.0 - _EDGE * min(1.0, off / (lens / 2))
    purpose = next(each for each, least in LEAST_PIXELS.items() if density >= least)
    return Sighting(camera, sharp * clear * edge, metres, off, density, purpose, clear, turns, moved, assumed)


def best_first(found: Iterable[Sighting]) -> list[Sighting]:
    """The same order each time."""
    return sorted(found, key=lambda each: (-each.score, each.metres, each.camera))
