"""Which cameras truly see a place, the best first, each with its reasons."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from console.scene.sight.kept import SightFile
from console.scene.sight.seen import Seen
from console.scene.sight.viewshed import Cell


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
_MOSTLY = 0.5
"""Of a hidden cell's neighbourhood: what must be seen so that the place counts as seen."""
_EDGE = 0.3
"""What a place at the edge of the picture loses against its middle."""


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


def cameras_seeing(file: SightFile, lon: float, lat: float) -> list[Sighting]:
    """Cameras that see the surface at WGS84 degrees, the best first. Raises SceneRefused."""
    found = [_sighting(seen, lon, lat) for seen in file.near(lon, lat)]
    return sorted((each for each in found if each), key=lambda each: (-each.score, each.metres, each.camera))


def _sighting(seen: Seen, lon: float, lat: float) -> Sighting | None:
    around = seen.around(lon, lat)
    clear = float((around == Cell.SEEN).mean())
    if around[4] == Cell.OUT or (around[4] == Cell.HIDDEN and clear < _MOSTLY):
        return None
    known, frame = seen.known, seen.frame
    way = frame.place(lon, lat, seen.ground)
    metres = max(float(np.linalg.norm(way)), 0.1)
    off = 0.0 if known.turns else _off_axis(seen, way / metres)
    pixels = known.pixels / (2 * metres * math.tan(math.radians(min(known.lens, 160.0)) / 2))
    sharp = min(1.0, math.sqrt(pixels / LEAST_PIXELS[Purpose.IDENTIFY]))
    edge = 1.0 - _EDGE * min(1.0, off / (known.lens / 2))
    purpose = next(each for each, least in LEAST_PIXELS.items() if pixels >= least)
    return Sighting(
        camera=known.record.id,
        score=sharp * clear * edge,
        metres=metres,
        off_axis=off,
        pixels_per_metre=pixels,
        purpose=purpose,
        clear=clear,
        turns=known.turns,
        moved=seen.moved,
        assumed=known.assumed,
    )


def _off_axis(seen: Seen, way: np.ndarray) -> float:
    turn, tilt = math.radians(seen.known.field.heading), math.radians(seen.known.field.tilt)
    ahead = (math.sin(tilt) * math.sin(turn), math.sin(tilt) * math.cos(turn), -math.cos(tilt))
    return math.degrees(math.acos(float(np.clip(way @ np.array(ahead), -1.0, 1.0))))
